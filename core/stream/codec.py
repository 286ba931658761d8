"""What encodes the preview, a limit to what is decoded, and the bit rate that the browser is asked for.

aiortc's encoders are set for one call on a machine of one's own. At 480x360 its VP8 takes 1.9 ms of processor time a
frame, a filter against noise included that blurs the preview; its H.264, which iPhones ask for first, takes 10 ms. Set
as here they take 1.1 and 1.0 ms at the same bit rate, as near to the original: 45.6 dB instead of 42.0, 46.0 instead of
46.6 (ten seconds of the tests' footage).
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial

import av
from aiortc import RTCRtpCodecParameters, codecs, rtcrtpreceiver, rtcrtpsender
from aiortc.codecs.base import Decoder, Encoder
from aiortc.codecs.h264 import MAX_FRAME_RATE, H264Decoder, H264Encoder
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder
from av.frame import Frame
from av.video.codeccontext import VideoCodecContext

from core.settings import WebSettings

_RENEW = 0.1  # share by which the asked bit rate may differ from the codec's: aiortc's own


class QuickVp8(Vp8Encoder):
    """libvpx at a constant bit rate, as fast as it goes without looking worse."""

    def __init__(self, most: int) -> None:
        """most: bits a second, whatever the network bears."""
        super().__init__()
        self._most = most

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        """See aiortc."""
        assert isinstance(frame, av.VideoFrame)
        rate = self.target_bitrate = min(self.target_bitrate, self._most)
        if not _fits(self.codec, frame, rate):
            self.codec = _codec("libvpx", frame, rate)
            self.codec.gop_size = 3000  # whole pictures come when the browser asks for one
            self.codec.qmin, self.codec.qmax = 2, 56
            self.codec.options = {
                "deadline": "realtime",
                "cpu-used": "-12",
                "lag-in-frames": "0",
                "static-thresh": "1",
                **dict.fromkeys(("minrate", "maxrate", "bufsize"), str(rate)),
                "undershoot-pct": "100",
                "overshoot-pct": "15",
            }
        return super().encode(frame, force_keyframe)


class QuickH264(H264Encoder):
    """libx264's "superfast" for what can be shown at once."""

    def __init__(self, most: int) -> None:
        """most: bits a second, whatever the network bears."""
        super().__init__()
        self._most = most

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        """See aiortc."""
        assert isinstance(frame, av.VideoFrame)
        rate = self.target_bitrate = min(self.target_bitrate, self._most)
        if not _fits(self.codec, frame, rate):
            self.codec = _codec("libx264", frame, rate)
            self.codec.framerate = Fraction(MAX_FRAME_RATE)
            self.codec.time_base = 1 / self.codec.framerate
            self.codec.options = {"preset": "superfast", "tune": "zerolatency", "level": "31"}
            self.codec.profile = "Baseline"
        return super().encode(frame, force_keyframe)


_QUICK: dict[str, type[QuickVp8] | type[QuickH264]] = {"video/vp8": QuickVp8, "video/h264": QuickH264}


def encoder(codec: RTCRtpCodecParameters, settings: WebSettings) -> Encoder:
    """The encoder for what browser and server have agreed on."""
    quick = _QUICK.get(codec.mimeType.lower())
    return quick(settings.preview_bits) if quick else codecs.get_encoder(codec)


def decoder(codec: RTCRtpCodecParameters, settings: WebSettings) -> Decoder:
    """aiortc's own, refusing pictures that no webcam sends and that would fill the memory."""
    made = codecs.get_decoder(codec)
    if isinstance(made, Vp8Decoder | H264Decoder):
        made.codec.options = {"max_pixels": str(round(settings.max_decoded_megapixels * 1e6))}
    return made


def camera_bits(settings: WebSettings) -> dict[str, str]:
    """What the answer's fmtp tells a browser made of Chromium's parts about its bit rate; others take no notice.

    Without it these begin at 300 kbit/s and grow by 8 % a second, which is longer than a capture takes.
    """
    bits = {"min": settings.camera_least_bits, "start": settings.camera_bits, "max": settings.camera_bits}
    return {f"x-google-{name}-bitrate": str(rate // 1000) for name, rate in bits.items()}


def use_codecs(settings: WebSettings) -> None:
    """Have aiortc take the codecs of this file in the whole process: it has no setting for that."""
    for codec in codecs.CODECS["video"]:
        if codec.mimeType.lower() in _QUICK:
            codec.parameters.update(camera_bits(settings))
    rtcrtpsender.get_encoder = partial(encoder, settings=settings)
    rtcrtpreceiver.get_decoder = partial(decoder, settings=settings)


def _fits(codec: VideoCodecContext | None, frame: av.VideoFrame, bit_rate: int) -> bool:
    """Whether aiortc would go on with this codec; if not, it would open one of its own."""
    if codec is None or (codec.width, codec.height) != (frame.width, frame.height):
        return False
    return abs(bit_rate - (codec.bit_rate or 0)) <= _RENEW * (codec.bit_rate or 0)


def _codec(name: str, frame: av.VideoFrame, bit_rate: int) -> VideoCodecContext:
    codec = av.CodecContext.create(name, "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height = frame.width, frame.height
    codec.bit_rate, codec.pix_fmt = bit_rate, "yuv420p"
    codec.thread_count = 1
    return codec
