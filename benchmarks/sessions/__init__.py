"""How many live sessions the app holds: the app in one process, visitors without a browser in others."""
