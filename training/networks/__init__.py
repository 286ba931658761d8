"""The networks: what they are, how they are trained, exported, quantised and restored."""
