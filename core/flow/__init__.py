"""Readings over time: pure and deterministic. Knows no clock and no pixels but the best shot's."""
