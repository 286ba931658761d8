"""From the stream's pictures to frames: a smaller one for the models to read, the whole one for the selfie."""

from __future__ import annotations

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange, VideoReformatter

from core.settings import WebSettings
from core.vision.reading import Frame, Image


class Intake:
    """Makes frames. What they cost to read does not grow with the camera; the whole picture is made when asked for."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        # The picture's own to_ndarray prepares the change of colours anew each time.
        self._to_rgb = VideoReformatter()

    def take(self, picture: av.VideoFrame, t: float) -> Frame:
        """The frame of a decoded picture at `t` seconds."""
        width, height = self.size(picture)
        step = reduction(width, height, self._settings.read_megapixels)
        if step == 1:
            return Frame(self._rgb(picture), t)
        if (width, height) != (picture.width, picture.height) or not _plain(picture):
            rgb = self._rgb(picture)
            return Frame(
                cv2.resize(rgb, (width // step, height // step), interpolation=cv2.INTER_AREA),
                t,
                rgb.copy,
                (width, height),
            )
        # A third of the time that it takes to change the colours first.
        small = _reduced_planes(picture, step)
        return Frame(cv2.cvtColor(small, cv2.COLOR_YUV2RGB_I420), t, lambda: self._rgb(picture), (width, height))

    def size(self, picture: av.VideoFrame) -> tuple[int, int]:
        """(width, height) of the whole frame: of the picture, or less where it is too large to keep."""
        return fitting(picture.width, picture.height, self._settings.max_frame_megapixels)

    def _rgb(self, picture: av.VideoFrame) -> Image:
        return self._to_rgb.reformat(picture, *self.size(picture), "rgb24").to_ndarray()


def reduction(width: int, height: int, megapixels: float) -> int:
    """By which whole number the sides of a picture are divided, so that it has about so many megapixels.

    Whole numbers, since dividing by others takes ten times as long. 1280x720 becomes 640x360, 960x720 stays.
    """
    return max(1, int((width * height / (megapixels * 1e6)) ** 0.5 + 0.45))


def fitting(width: int, height: int, megapixels: float) -> tuple[int, int]:
    """The size itself, or one of the same shape with at most so many megapixels and even sides."""
    scale = (megapixels * 1e6 / (width * height)) ** 0.5
    return (width, height) if scale >= 1 else (max(2, int(width * scale) & ~1), max(2, int(height * scale) & ~1))


def _plain(picture: av.VideoFrame) -> bool:
    """Colours as OpenCV takes them: BT.601, limited range."""
    return picture.format.name == "yuv420p" and picture.color_range != ColorRange.JPEG


def _reduced_planes(picture: av.VideoFrame, step: int) -> Image:
    """(H * 3 / 2, W) uint8: luma, and below it both colour planes, whose sides are half as long."""
    width, height = picture.width // 2 // step, picture.height // 2 // step
    reduced = []
    for plane, times in zip(picture.planes, (2, 1, 1), strict=True):
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        size = (times * width, times * height)
        whole = rows[: size[1] * step, : size[0] * step]
        reduced.append(cv2.resize(whole, size, interpolation=cv2.INTER_AREA).ravel())
    return np.concatenate(reduced).reshape(3 * height, 2 * width)
