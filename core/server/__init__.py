"""One process and its tabs: seats, attempts, access, metrics."""
