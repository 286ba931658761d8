"""Figures that follow slowly, and states that change only when the figures are clear."""

from __future__ import annotations


def smoothed(value: float, target: float, dt_s: float, tau_s: float) -> float:
    """`value` after `dt_s` seconds on its way to `target`: a running mean over about `tau_s` seconds."""
    return value + (target - value) * min(dt_s / tau_s, 1.0)


def switched(on: bool, share: float, on_above: float, off_below: float) -> bool:
    """A switch with hysteresis: it goes on above one level and off only below a lower one."""
    return share > (off_below if on else on_above)
