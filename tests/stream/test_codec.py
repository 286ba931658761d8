"""What is decoded and what is not, and what the browser is told about its bit rate."""

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
)
from aiortc.codecs.h264 import H264Encoder, h264_depayload
from aiortc.codecs.vpx import Vp8Encoder, vp8_depayload
from aiortc.jitterbuffer import JitterFrame

from core.settings import WebSettings
from core.stream.codec import decoder, use_codecs
from tests.portraits import astronaut

SETTINGS = WebSettings()
CODECS = {
    name: RTCRtpCodecParameters(mimeType=f"video/{name}", clockRate=90_000, payloadType=97) for name in ("VP8", "H264")
}
ENCODER = {"VP8": Vp8Encoder, "H264": H264Encoder}
DEPAYLOAD = {"VP8": vp8_depayload, "H264": h264_depayload}
PICTURE = cv2.resize(astronaut().rgb, (480, 360))


def film(count: int) -> list[av.VideoFrame]:
    frames = []
    for number in range(count):
        frame = av.VideoFrame.from_ndarray(np.roll(PICTURE, 2 * number, axis=1), format="rgb24")
        frame.pts, frame.time_base = number * 6000, Fraction(1, 90_000)
        frames.append(frame)
    return frames


@pytest.mark.parametrize("name", ["VP8", "H264"])
def test_pictures_larger_than_a_webcams_should_not_be_decoded(name: str) -> None:
    sent, ticks = ENCODER[name]().encode(film(1)[0])
    data = b"".join(DEPAYLOAD[name](packet) for packet in sent)
    assert decoder(CODECS[name], SETTINGS).decode(JitterFrame(data=data, timestamp=ticks))
    limit = replace(SETTINGS, max_decoded_megapixels=0.1)
    with pytest.raises(av.FFmpegError):  # aiortc takes it for a damaged picture
        decoder(CODECS[name], limit).decode(JitterFrame(data=data, timestamp=ticks))


def test_sound_should_be_left_to_aiortc() -> None:
    sound = RTCRtpCodecParameters(mimeType="audio/PCMU", clockRate=8000, payloadType=0)
    assert type(decoder(sound, SETTINGS)).__name__ == "PcmuDecoder"


def test_the_answer_should_tell_the_browser_its_bit_rates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtcrtpreceiver, "get_decoder", rtcrtpreceiver.get_decoder)
    monkeypatch.setitem(codecs.CODECS, "video", deepcopy(codecs.CODECS["video"]))
    use_codecs(replace(SETTINGS, camera_least_bits=100_000, camera_start_bits=500_000, camera_bits=2_000_000))

    answer = asyncio.run(answered())
    for kind in ("VP8", "H264"):
        number = re.search(rf"a=rtpmap:(\d+) {kind}/90000", answer)
        assert number is not None
        fmtp = re.search(rf"a=fmtp:{number[1]} (.*)", answer)
        assert fmtp is not None
        rates = {"x-google-min-bitrate=100", "x-google-start-bitrate=500", "x-google-max-bitrate=2000"}
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
