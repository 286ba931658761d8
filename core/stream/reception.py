"""What is done about packets that are lost on the way from the browser.

aiortc asks once for a missing packet. When the resent one is lost as well, it waits until 512 more packets have come:
ten seconds without a picture. Here it is asked for again and again; and when no picture is complete for too long, a
whole one (a key frame) is asked for, and what came before it is let go.

aiortc also takes a picture for whole only when the next one begins: at 15 frames a second all is 67 ms late then.
Here it is whole with the packet that is marked as its last one, as RFC 7741 (VP8) and RFC 6184 (H.264) demand.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from aiortc import rtcrtpreceiver
from aiortc.jitterbuffer import JitterBuffer, JitterFrame
from aiortc.rtcrtpreceiver import NackGenerator
from aiortc.rtp import RtpPacket
from aiortc.utils import uint16_add

from core.settings import ReceptionSettings

Clock = Callable[[], float]

_VP8_KEY = b"\x9d\x01\x2a"  # behind the 3 bytes of a key frame's tag (RFC 6386, 9.1)
_H264_START = b"\0\0\0\1"
_H264_SEQUENCE = 7  # type of the unit that browsers send before each key frame (H.264, table 7-1)


class RepeatedNack(NackGenerator):
    """Asks for missing packets again and again, until a key frame is asked for instead."""

    def __init__(self, settings: ReceptionSettings, clock: Clock = time.monotonic) -> None:
        super().__init__()
        self._settings = settings
        self._clock = clock
        self._since: dict[int, float] = {}  # sequence number -> when it was first missed
        self._asked = float("-inf")

    def add(self, packet: RtpPacket) -> bool:
        """Note one packet. True when the packets that are missing shall be asked for now, all of them."""
        now, missed = self._clock(), super().add(packet)
        self._since = {number: self._since.get(number, now) for number in self.missing}
        self.missing = {number for number, since in self._since.items() if now - since < self._settings.key_frame_s}
        if self.missing and (missed or now - self._asked >= self._settings.ask_again_s):
            self._asked = now
            return True
        return False


class PictureBuffer(JitterBuffer):
    """Puts packets together to pictures, in order; what follows left out pictures begins with a key frame."""

    def __init__(self, capacity: int, settings: ReceptionSettings, clock: Clock = time.monotonic) -> None:
        """capacity: packets, a power of 2."""
        super().__init__(capacity, is_video=True)
        self._settings = settings
        self._clock = clock
        self._waiting: float | None = None  # since when packets wait for the rest of their picture
        self._key: int | None = None  # sequence number at which the latest key frame begins
        self._left_out = False  # pictures were left out, so that none but a key frame can be decoded

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """Take one packet, unpacked (`packet._data`). Whether to ask for a key frame, and the next whole picture."""
        if begins_key_frame(_data(packet)):
            self._key = packet.sequence_number
        full, picture = super().add(packet)
        self._left_out = self._left_out or full
        if picture is None or (self._left_out and not begins_key_frame(picture.data)):
            picture = self._skip_to_key_frame()
        if picture is not None:
            self._waiting, self._left_out = None, False
            return full, picture
        now = self._clock()
        self._waiting = now if self._waiting is None else self._waiting
        if now - self._waiting < self._settings.key_frame_s:
            return full, None
        self._waiting = now
        return True, None

    def _remove_frame(self, sequence_number: int) -> JitterFrame | None:
        """The next picture, once it is whole; the library's `add` asks for it after each packet."""
        assert self._origin is not None
        # Padding that follows a picture looks like a part of it.
        while (packet := self._packets[self._origin % self.capacity]) is not None and not _data(packet):
            self.remove(1)
        picture = self._whole(self._origin)
        if picture is None:
            return None
        self.remove(len(picture))
        return JitterFrame(b"".join(_data(packet) for packet in picture), picture[0].timestamp)

    def _skip_to_key_frame(self) -> JitterFrame | None:
        """The latest key frame, once it is whole and something before it is not."""
        if self._key is None or self._origin is None:
            return None
        ahead = uint16_add(self._key, -self._origin)
        if not 0 < ahead < self.capacity or self._whole(self._key) is None:
            return None
        self.remove(ahead)
        return self._remove_frame(self._key)

    def _whole(self, start: int) -> list[RtpPacket] | None:
        """The packets of the picture that begins with this one, if all are there.

        The last one is marked, or the next picture begins behind it.
        """
        picture: list[RtpPacket] = []
        for count in range(self.capacity):
            packet = self._packets[(start + count) % self.capacity]
            if packet is None:
                return None
            if picture and packet.timestamp != picture[0].timestamp:
                return picture
            picture.append(packet)
            if packet.marker:
                return picture
        return None


def _data(packet: RtpPacket) -> bytes:
    """What aiortc unpacks of it: a part of a picture."""
    data: bytes = packet._data  # type: ignore[attr-defined]
    return data


def begins_key_frame(data: bytes) -> bool:
    """Whether a key frame of VP8 or H.264 begins here. data: the start of a picture as aiortc unpacks it."""
    if data[:4] == _H264_START:
        return len(data) > 4 and data[4] & 0x1F == _H264_SEQUENCE
    return data[3:6] == _VP8_KEY and not data[0] & 1


def use_reception(settings: ReceptionSettings) -> None:
    """Have aiortc receive video in this way in the whole process: it has no setting for that."""

    def buffer(capacity: int, prefetch: int = 0, is_video: bool = False) -> JitterBuffer:
        return PictureBuffer(capacity, settings) if is_video else JitterBuffer(capacity, prefetch)

    rtcrtpreceiver.JitterBuffer = buffer  # type: ignore[assignment,misc]
    rtcrtpreceiver.NackGenerator = lambda: RepeatedNack(settings)  # type: ignore[assignment,misc,return-value]
