"""A limit to what is decoded, and the bit rate that the browser is asked for."""

from __future__ import annotations

from functools import partial

from aiortc import RTCRtpCodecParameters, codecs, rtcrtpreceiver
from aiortc.codecs.base import Decoder
from aiortc.codecs.h264 import H264Decoder
from aiortc.codecs.vpx import Vp8Decoder

from core.settings import WebSettings

_ASKED = ("video/vp8", "video/h264")


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
    bits = {"min": settings.camera_least_bits, "start": settings.camera_start_bits, "max": settings.camera_bits}
    return {f"x-google-{name}-bitrate": str(rate // 1000) for name, rate in bits.items()}


def use_codecs(settings: WebSettings) -> None:
    """Have aiortc do so in the whole process: it has no setting for that."""
    for codec in codecs.CODECS["video"]:
        if codec.mimeType.lower() in _ASKED:
            codec.parameters.update(camera_bits(settings))
    rtcrtpreceiver.get_decoder = partial(decoder, settings=settings)
