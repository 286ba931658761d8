"""What an attempt's frames go through, opened when it is needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

import cv2

from core.flow.still import Still
from core.memory import prepare, settle
from core.settings import Settings
from core.stream.intake import reduction
from core.stream.live import Processor
from core.vision.reading import Frame, Image

if TYPE_CHECKING:
    from core.vision.reader import FaceReader

OpenProcessor = Callable[[Settings, int], Processor]
"""Settings and a seed for the challenge's randomness -> a processor with models of its own."""


def open_processor(settings: Settings, seed: int) -> Processor:
    """The real one. Raises core.vision.assets.AssetError when a model file is missing or broken."""
    # Imported late: MediaPipe takes seconds to load, and the page should stand before that.
    from core.flow.processor import CaptureProcessor
    from core.vision.pixel_components import measure
    from core.vision.stream_reader import StreamReader

    return CaptureProcessor(StreamReader(settings), settings, seed, measure)


class StillReader:
    """Reads what pages hand in, for all attempts of the process; the models are loaded with the first picture."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reader: FaceReader | None = None

    def __call__(self, number: int, rgb: Image) -> Still:
        """The still that answers request `number`; rgb: (H, W, 3) uint8. Not to be called by two threads at once.

        Raises core.vision.assets.AssetError when a model file is missing or broken.
        """
        from core.vision.moment import match
        from core.vision.reader import FaceReader

        self._reader = self._reader or FaceReader(self._settings, live=False)
        height, width = rgb.shape[:2]
        step = reduction(width, height, self._settings.web.read_megapixels)
        small = cv2.resize(rgb, (width // step, height // step), interpolation=cv2.INTER_AREA)
        reading = self._reader.read(Frame(small, 0.0))
        return Still(number, rgb, reading, lambda frame, other: match(small, reading, frame.rgb, other))


def warm_up(settings: Settings) -> None:
    """Load what the first frame needs, beside the page: it takes seconds, which nobody should wait after START."""
    prepare()

    def load() -> None:
        with suppress(Exception):  # START says what is wrong, to the one who asks for the camera
            open_processor(settings, 0).close()
        settle()

    threading.Thread(target=load, name="warm-up", daemon=True).start()
