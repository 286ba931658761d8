"""What a cheap webcam makes of a scene: its rate, its light, its noise and its compression."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from core.vision.reading import Image


@dataclass(frozen=True)
class Camera:
    """fps: frames a second, uneven by `unevenness`; gain: of the light; gamma; noise: grey levels; quality: JPEG."""

    fps: float
    unevenness: float = 0.0
    gain: float = 1.0
    gamma: float = 1.0
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    noise: float = 1.5
    quality: int = 80
    drift: float = 0.0

    @classmethod
    def some(cls, rng: np.random.Generator, *, fps: float | None = None, gain: float | None = None) -> Camera:
        """As people have them: 12 to 18 frames a second, all sorts of light."""
        return cls(
            fps=fps or float(rng.uniform(12.0, 18.0)),
            unevenness=float(rng.uniform(0.0, 0.3)),
            gain=gain or float(rng.uniform(0.7, 1.15)),
            gamma=float(rng.uniform(0.85, 1.2)),
            tint=tuple(rng.uniform(0.92, 1.08, 3)),
            noise=float(rng.uniform(0.5, 4.0)),
            quality=int(rng.integers(45, 95)),
            drift=float(rng.uniform(0.0, 0.1)),
        )

    def times(self, rng: np.random.Generator, seconds: float) -> list[float]:
        """Moments of the frames from 0 on; a frame is dropped now and then."""
        steps = rng.uniform(1 - self.unevenness, 1 + self.unevenness, int(seconds * self.fps) + 1) / self.fps
        steps[rng.random(len(steps)) < 0.05 * self.unevenness] *= 2
        return [0.0, *np.cumsum(steps).tolist()]

    def take(self, scene: Image, rng: np.random.Generator, t: float) -> Image:
        """One picture of the scene, (H, W, 3) uint8."""
        gain = self.gain * (1 + self.drift * np.sin(2 * np.pi * 0.3 * t))
        curve = 255 * (np.arange(256) / 255) ** self.gamma * gain
        table = np.stack([curve * tint for tint in self.tint], axis=-1).clip(0, 255).astype(np.uint8)
        rgb = cv2.LUT(scene, table[:, None, :].transpose(1, 0, 2))
        speckle = np.empty(rgb.shape, np.int16)
        cv2.randn(speckle, (0, 0, 0), (self.noise,) * 3)
        noisy = cv2.add(rgb, speckle, dtype=cv2.CV_8U)
        _, data = cv2.imencode(".jpg", noisy, [cv2.IMWRITE_JPEG_QUALITY, self.quality])
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))
