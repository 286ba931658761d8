"""Genuine attempts: real people on clips, and faces from photos that blink when asked, in many conditions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.attacks.camera import Camera
from benchmarks.attacks.people import (
    ATTENTIVE_BLINKS_A_MINUTE,
    BLINKS_A_MINUTE,
    Filmed,
    Person,
    Sitter,
    highlight,
    with_darker_skin,
    with_spectacles,
)
from benchmarks.attacks.sources import Sources

_LIT, _DIM = (130.0, 230.0), (80.0, 115.0)
"""Luma of the face's highlights: a camera's exposure in a lit room, and where there is hardly light enough."""

CONDITIONS = ("plain", "spectacles", "darker skin", "low light", "talking", "small head movements", "12 fps", "clip")


@dataclass(frozen=True)
class Genuine:
    """One attempt. condition: one of CONDITIONS."""

    condition: str
    person: Person
    camera: Camera


def genuine(index: int, sources: Sources, rng: np.random.Generator, *, strict: bool = False) -> Genuine:
    """The attempt number `index`; the conditions take turns. strict: somebody who waits for cues; no clip does."""
    condition = CONDITIONS[index % len(CONDITIONS)]
    clip = sources.clip(rng)
    if condition == "clip" and clip is not None and not strict:
        return Genuine(condition, Filmed(clip, rng), Camera.some(rng))
    portrait = sources.portrait(rng)
    if condition == "spectacles":
        portrait = with_spectacles(portrait, rng)
    elif condition == "darker skin":
        portrait = with_darker_skin(portrait, rng)
    person = Sitter(
        portrait,
        rng,
        talks=condition == "talking",
        moves=condition == "small head movements",
        blinks_a_minute=ATTENTIVE_BLINKS_A_MINUTE if strict else BLINKS_A_MINUTE,
    )
    fps = 12.0 if condition == "12 fps" else None
    luma = rng.uniform(*(_DIM if condition == "low light" else _LIT))
    gain = float(luma / highlight(portrait))
    return Genuine("plain" if condition == "clip" else condition, person, Camera.some(rng, fps=fps, gain=gain))
