"""What an attempt's frames go through, opened when it is needed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from core.memory import prepare, settle
from core.settings import Settings
from core.stream.live import Processor

OpenProcessor = Callable[[Settings, int], Processor]
"""Settings and a seed for the challenge's randomness -> a processor with models of its own."""


def open_processor(settings: Settings, seed: int) -> Processor:
    """The real one. Raises core.vision.assets.AssetError when a model file is missing or broken."""
    # Imported late: MediaPipe takes seconds to load, and the page should stand before that.
    from core.flow.processor import CaptureProcessor
    from core.vision.reader import FaceReader

    return CaptureProcessor(FaceReader(settings, live=True), settings, seed)


def warm_up(settings: Settings) -> None:
    """Load what the first frame needs, beside the page: it takes seconds, which nobody should wait after START."""
    prepare()

    def load() -> None:
        with suppress(Exception):  # START says what is wrong, to the one who asks for the camera
            open_processor(settings, 0).close()
        settle()

    threading.Thread(target=load, name="warm-up", daemon=True).start()
