"""The preview's encoders: aiortc takes them, any browser can read them, and they are no worse than its own."""

from __future__ import annotations

import asyncio
import re
from copy import deepcopy
from dataclasses import replace
from fractions import Fraction

import av
import cv2
import numpy as np
import pytest
from aiortc import (
    RTCPeerConnection,
    RTCRtpCodecParameters,
    RTCSessionDescription,
    codecs,
    rtcrtpreceiver,
    rtcrtpsender,
)
from aiortc.codecs import get_decoder
from aiortc.codecs.base import Encoder
from aiortc.codecs.h264 import H264Encoder, h264_depayload
from aiortc.codecs.vpx import Vp8Encoder, vp8_depayload
from aiortc.jitterbuffer import JitterFrame

from core.settings import WebSettings
from core.stream.codec import QuickH264, QuickVp8, decoder, encoder, use_codecs
from core.stream.live import to_video
from tests.portraits import astronaut

SETTINGS = WebSettings()
MOST = SETTINGS.preview_bits
CODECS = {
    name: RTCRtpCodecParameters(mimeType=f"video/{name}", clockRate=90_000, payloadType=97) for name in ("VP8", "H264")
}
DEPAYLOAD = {"VP8": vp8_depayload, "H264": h264_depayload}
PICTURE = cv2.resize(astronaut().rgb, (480, 360))


def film(count: int, size: tuple[int, int] = (480, 360)) -> list[av.VideoFrame]:
    frames = []
    for number in range(count):
        frame = to_video(cv2.resize(np.roll(PICTURE, 2 * number, axis=1), size))
        frame.pts, frame.time_base = number * 6000, Fraction(1, 90_000)
        frames.append(frame)
    return frames


def through(name: str, sender: Encoder, frames: list[av.VideoFrame]) -> list[av.VideoFrame]:
    """What a browser would see of `frames`."""
    decoder, seen = get_decoder(CODECS[name]), []
    for frame in frames:
        packets, ticks = sender.encode(frame)
        data = b"".join(DEPAYLOAD[name](packet) for packet in packets)
        seen += decoder.decode(JitterFrame(data=data, timestamp=ticks))
    return [frame for frame in seen if isinstance(frame, av.VideoFrame)]


def error(sent: list[av.VideoFrame], seen: list[av.VideoFrame]) -> float:
    """Mean squared difference of the luma, without the first frames, which are sent in a hurry."""
    pairs = list(zip(sent, seen, strict=False))[5:]
    return float(np.mean([np.square(a.to_ndarray()[:360] - b.to_ndarray()[:360].astype(float)) for a, b in pairs]))


@pytest.mark.parametrize(("name", "kind"), [("VP8", QuickVp8), ("H264", QuickH264)])
def test_should_be_chosen_for_what_the_browser_agreed_to(name: str, kind: type[Encoder]) -> None:
    assert type(encoder(CODECS[name], SETTINGS)) is kind


@pytest.mark.parametrize("name", ["VP8", "H264"])
def test_pictures_larger_than_a_webcams_should_not_be_decoded(name: str) -> None:
    sent, ticks = encoder(CODECS[name], SETTINGS).encode(film(1)[0])
    data = b"".join(DEPAYLOAD[name](packet) for packet in sent)
    assert decoder(CODECS[name], SETTINGS).decode(JitterFrame(data=data, timestamp=ticks))
    limit = replace(SETTINGS, max_decoded_megapixels=0.1)
    with pytest.raises(av.FFmpegError):  # aiortc takes it for a damaged picture
        decoder(CODECS[name], limit).decode(JitterFrame(data=data, timestamp=ticks))


def test_sound_should_be_left_to_aiortc() -> None:
    assert (
        type(encoder(RTCRtpCodecParameters(mimeType="audio/PCMU", clockRate=8000, payloadType=0), SETTINGS)).__name__
        == "PcmuEncoder"
    )


@pytest.mark.parametrize(
    ("name", "quick", "own"), [("VP8", QuickVp8(MOST), Vp8Encoder()), ("H264", QuickH264(MOST), H264Encoder())]
)
def test_the_picture_should_be_hardly_worse_than_with_aiortcs_own(name: str, quick: Encoder, own: Encoder) -> None:
    sent = film(40)
    own.target_bitrate = 500_000  # type: ignore[attr-defined]
    ours, theirs = through(name, quick, sent), through(name, own, sent)
    assert len(ours) >= len(sent) - 1
    assert error(sent, ours) < 1.3 * error(sent, theirs)


@pytest.mark.parametrize("name", ["VP8", "H264"])
def test_should_follow_a_new_size(name: str) -> None:
    sender = encoder(CODECS[name], SETTINGS)
    through(name, sender, film(3))
    assert [(frame.width, frame.height) for frame in through(name, sender, film(3, (360, 480)))][-1] == (360, 480)


def test_should_follow_a_network_that_bears_less() -> None:
    sender = QuickVp8(MOST)
    through("VP8", sender, film(3))
    sender.target_bitrate = 300_000
    through("VP8", sender, film(2))
    assert sender.codec is not None and sender.codec.bit_rate == 300_000


@pytest.mark.parametrize("kind", [QuickVp8, QuickH264])
def test_should_not_follow_a_network_that_bears_more_than_a_preview_needs(kind: type[QuickVp8 | QuickH264]) -> None:
    sender = kind(MOST)
    sender.encode(film(1)[0])
    before = sender.codec
    sender.target_bitrate = 1_500_000
    sender.encode(film(2)[1])
    assert before is not None and sender.codec is before and before.bit_rate == 500_000


def test_the_answer_should_ask_for_the_full_size_from_the_first_frame_on(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((rtcrtpsender, "get_encoder"), (rtcrtpreceiver, "get_decoder")):
        monkeypatch.setattr(module, name, getattr(module, name))
    monkeypatch.setitem(codecs.CODECS, "video", deepcopy(codecs.CODECS["video"]))
    use_codecs(replace(SETTINGS, camera_least_bits=100_000, camera_bits=2_000_000))

    answer = asyncio.run(answered())
    for kind in ("VP8", "H264"):
        number = re.search(rf"a=rtpmap:(\d+) {kind}/90000", answer)
        assert number is not None
        fmtp = re.search(rf"a=fmtp:{number[1]} (.*)", answer)
        assert fmtp is not None
        rates = {"x-google-min-bitrate=100", "x-google-start-bitrate=2000", "x-google-max-bitrate=2000"}
        assert rates <= set(fmtp[1].strip().split(";"))


async def answered() -> str:
    """The server's answer to an offer of one video track."""
    browser, server = RTCPeerConnection(), RTCPeerConnection()
    try:
        browser.addTransceiver("video", "sendonly")
        await browser.setLocalDescription(await browser.createOffer())
        # The answer must tell it, not the offer.
        offer = re.sub(r";?x-google-[a-z]+-bitrate=\d+", "", browser.localDescription.sdp)
        await server.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await server.setLocalDescription(await server.createAnswer())
        return str(server.localDescription.sdp)
    finally:
        await browser.close()
        await server.close()
