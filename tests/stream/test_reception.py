"""Lost packets: asked for again, and given up for a key frame when no picture comes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain, count

import pytest
from aiortc.codecs.vpx import Vp8Decoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtp import RtpPacket

from core.settings import ReceptionSettings
from core.stream.reception import PictureBuffer, RepeatedNack, begins_key_frame
from tests.fakes import Clock
from tests.stream.test_codec import DEPAYLOAD, ENCODER, film

SETTINGS = ReceptionSettings()
FPS = 15.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


def packets(
    pictures: int, key_frames: Sequence[int] = (), kind: str = "VP8", *, marked: bool = True
) -> list[list[RtpPacket]]:
    """The packets of each picture, as a browser sends them; the first and those named are key frames.

    marked: the last of each picture says so.
    """
    encoder = ENCODER[kind]()
    numbers = count(65_500)  # sequence numbers wrap around on the way
    sent: list[list[RtpPacket]] = []
    for index, frame in enumerate(film(pictures)):
        payloads, ticks = encoder.encode(frame, force_keyframe=index in key_frames)
        sent.append([])
        for payload in payloads:
            packet = RtpPacket(sequence_number=next(numbers) % 65_536, timestamp=ticks, payload=payload)
            packet._data = DEPAYLOAD[kind](payload)  # type: ignore[attr-defined]
            sent[-1].append(packet)
        sent[-1][-1].marker = int(marked)
    return sent


def receive(buffer: PictureBuffer, sent: Sequence[RtpPacket]) -> tuple[bool, list[JitterFrame]]:
    """Whether a key frame was asked for, and the pictures that came out."""
    answers = [buffer.add(packet) for packet in sent]
    return any(asked for asked, _ in answers), [picture for _, picture in answers if picture is not None]


def numbers(*each: int) -> list[RtpPacket]:
    return [RtpPacket(sequence_number=number) for number in each]


def test_a_missing_packet_should_be_asked_for_at_once_and_then_again(clock: Clock) -> None:
    nack = RepeatedNack(SETTINGS, clock)

    first, gap, soon = (nack.add(packet) for packet in numbers(1, 3, 4))
    clock.now += SETTINGS.ask_again_s
    assert [first, gap, soon, nack.add(numbers(5)[0])] == [False, True, False, True]
    assert nack.missing == {2}


def test_a_packet_that_has_come_should_not_be_asked_for(clock: Clock) -> None:
    nack = RepeatedNack(SETTINGS, clock)

    for packet in numbers(1, 3, 2):
        nack.add(packet)
    clock.now += SETTINGS.ask_again_s
    assert not nack.add(numbers(4)[0])


def test_a_packet_should_be_asked_for_no_more_once_a_key_frame_is(clock: Clock) -> None:
    nack = RepeatedNack(SETTINGS, clock)

    for packet in numbers(1, 3):
        nack.add(packet)
    clock.now += SETTINGS.key_frame_s
    assert not nack.add(numbers(4)[0])
    assert not nack.missing


@pytest.mark.parametrize("kind", ["VP8", "H264"])
def test_should_tell_key_frames_from_others(kind: str) -> None:
    first, later, key = packets(3, key_frames=[2], kind=kind)

    starts = [begins_key_frame(picture[0]._data) for picture in (first, later, key)]  # type: ignore[attr-defined]
    assert starts == [True, False, True]
    assert not begins_key_frame(b"")


@pytest.mark.parametrize("kind", ["VP8", "H264"])
def test_should_give_each_picture_with_its_last_packet(clock: Clock, kind: str) -> None:
    buffer = PictureBuffer(512, SETTINGS, clock)

    for sent in packets(6, kind=kind):
        asked, pictures = receive(buffer, sent)
        assert not asked
        assert [picture.timestamp for picture in pictures] == [sent[0].timestamp]
        assert pictures[0].data == b"".join(packet._data for packet in sent)  # type: ignore[attr-defined]


def test_should_give_a_picture_with_the_packet_that_was_missing(clock: Clock) -> None:
    first, second = packets(2)
    buffer = PictureBuffer(512, SETTINGS, clock)
    receive(buffer, first)

    late = second.pop(0)
    assert receive(buffer, second) == (False, [])
    assert [picture.timestamp for picture in receive(buffer, [late])[1]] == [late.timestamp]


def test_should_wait_for_the_next_picture_where_the_last_packet_is_not_marked(clock: Clock) -> None:
    sent = packets(6, marked=False)
    asked, pictures = receive(PictureBuffer(512, SETTINGS, clock), list(chain(*sent)))

    assert not asked
    assert [picture.timestamp for picture in pictures] == [picture[0].timestamp for picture in sent[:-1]]


def test_should_take_no_padding_for_a_picture(clock: Clock) -> None:
    sent = packets(3)
    padding = RtpPacket(sequence_number=sent[1][0].sequence_number, timestamp=sent[0][0].timestamp)
    padding._data = b""  # type: ignore[attr-defined]
    for packet in chain(*sent[1:]):
        packet.sequence_number += 1

    asked, pictures = receive(PictureBuffer(512, SETTINGS, clock), [*sent[0], padding, *sent[1], *sent[2]])
    assert not asked
    assert [picture.timestamp for picture in pictures] == [picture[0].timestamp for picture in sent]


def test_a_packet_that_comes_late_should_cost_no_picture(clock: Clock) -> None:
    first, second, third, fourth = packets(4)
    buffer = PictureBuffer(512, SETTINGS, clock)

    late = second.pop(0)
    receive(buffer, [*first, *second, *third])
    clock.now += SETTINGS.key_frame_s / 2
    asked, pictures = receive(buffer, [late, *fourth])
    assert not asked
    assert late.timestamp in [picture.timestamp for picture in pictures]


def test_a_picture_that_never_comes_whole_should_be_given_up_for_a_key_frame(clock: Clock) -> None:
    sent = packets(30, key_frames=[15])
    buffer, requests, pictures = PictureBuffer(512, SETTINGS, clock), [], []

    for index, picture in enumerate(sent):
        asked, whole = receive(buffer, picture[1:] if index == 4 else picture)
        requests += [clock.now] if asked else []
        pictures += [(clock.now, one) for one in whole]
        clock.now += 1 / FPS

    assert len(requests) == 1
    assert [one.timestamp for _, one in pictures] == [p[0].timestamp for p in sent[:4] + sent[15:]]
    assert pictures[4][0] == pytest.approx(15 / FPS)
    decoder = Vp8Decoder()
    assert sum(len(decoder.decode(one)) for _, one in pictures) == len(pictures)


def test_should_ask_again_while_no_key_frame_comes(clock: Clock) -> None:
    sent = packets(40)
    buffer, requests = PictureBuffer(512, SETTINGS, clock), 0

    for index, picture in enumerate(sent):
        asked, _ = receive(buffer, picture[1:] if index == 1 else picture)
        requests += asked
        clock.now += 1 / FPS
    assert requests == 38 // math.ceil(SETTINGS.key_frame_s * FPS)


def test_a_buffer_that_runs_over_should_go_on_with_a_key_frame_only(clock: Clock) -> None:
    sent = packets(45, key_frames=[40])
    buffer = PictureBuffer(64, SETTINGS, clock)

    asked, pictures = receive(buffer, [*sent[0], *chain(*sent[2:])])
    assert asked
    assert [one.timestamp for one in pictures] == [picture[0].timestamp for picture in sent[:1] + sent[40:]]
