"""Whether lids were seen between open and shut: what tells a blink from an exchange of two pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.flow.lids import Lids
from core.settings import BlinkSettings


class LidWay:
    """Looks at the frames of a closure, at those before it and at those after it.

    Lids take a tenth of a second to shut and two to open, the last of it slowly: at 12 frames a second, too, one frame
    or more lies between. Exchanged pictures take no time, and come back to where they were.
    """

    def __init__(self, settings: BlinkSettings) -> None:
        self.settings = settings

    def seen(self, frames: Sequence[Lids], start: float, end: float) -> bool:
        """Whether the lids of a closure are seen on their way.

        frames: in their order, some before the closure and all after it so far. start, end: times of the last frame
        with open eyes before it and of the first one after it.
        """
        limits = self.settings
        during = [frame for frame in frames if start <= frame.t <= end]
        before = float(np.median([f.shape for f in frames if start - limits.before_s <= f.t <= start]))
        shut = max(frame.shape for frame in during)
        # What is within the score's own noise of open or shut is no way at all.
        high = shut - max((1 - limits.on_the_way[1]) * (shut - before), limits.shut_noise)
        shut_at = [frame.t for frame in during if frame.shape >= high]
        closing = [f for f in frames if start - limits.margin_s <= f.t < shut_at[0]]
        opening = [f for f in frames if f.t > shut_at[-1]]
        after = self._after(opening, end, before)
        noise = self._noise(frames, start)
        sides = ((closing[::-1], before), (opening, after))
        return any(self._on_the_way(frames, open_, shut, noise) for frames, open_ in sides)

    def _noise(self, frames: Sequence[Lids], start: float) -> float:
        """eyeBlink by which an open eye strays from one frame to the next."""
        limits = self.settings
        calm = [f.shape for f in frames if start - limits.noise_s <= f.t <= start and f.widest < limits.open_below]
        steps = np.abs(np.diff(calm))
        stray = float(np.median(steps)) if len(steps) > 2 else 0.0
        return min(max(limits.strays * stray, limits.open_noise), limits.max_open_noise)

    def _after(self, opening: Sequence[Lids], end: float, before: float) -> float:
        """eyeBlink of the eyes open again: it may be less than before, where the gaze has gone up."""
        late = [frame.shape for frame in opening if frame.t > end + self.settings.settle_s]
        return min(before, float(np.median(late[-2:]))) if late else before

    def _on_the_way(self, frames: Sequence[Lids], open_: float, shut: float, noise: float) -> bool:
        """Whether lids are seen between shut and open; `frames` in that order.

        Pictures that are exchanged may mix in one frame, but not in two; and then the lashes of both are in it, which
        the eye model takes for a shut eye. A third picture, of half shut eyes, stays as it is.
        """
        limits = self.settings
        low = open_ + max(limits.on_the_way[0] * (shut - open_), noise)
        moving = []
        for index, frame in enumerate(frames[:-1]):
            if frame.shape <= low:
                break
            if frame.shape - min(later.shape for later in frames[index + 1 :]) >= noise / 2:
                moving.append(frame)
        half = open_ + limits.half_shut * (shut - open_)
        return len(moving) > 1 or any(f.seen_shut <= limits.max_seen_shut[int(f.shape > half)] for f in moving)
