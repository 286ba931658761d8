from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import pytest
from aiortc import RTCRtpCodecParameters, rtcrtpreceiver
from aiortc.codecs.vpx import Vp8Decoder

from core.server import process as module
from core.server.process import ServerProcess
from core.settings import AdmissionSettings, Settings, WebSettings
from core.store.example import made_up_attempts
from core.store.log import utc_now

SOON_S = 5.0


def process(**options: str) -> ServerProcess:
    return ServerProcess(options, Settings(admission=AdmissionSettings(drain_s=0.3, sweep_s=60.0, tidy_s=60.0)))


def test_two_who_come_first_at_once_should_share_one(monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(ServerProcess):
        def __init__(self, *given: Any) -> None:
            time.sleep(0.1)
            super().__init__(*given)

    monkeypatch.setattr(module, "ServerProcess", Slow)
    module._made.cache_clear()
    try:
        with ThreadPoolExecutor(4) as visitors:
            first, *others = visitors.map(lambda _: module.server_process(), range(4))
        assert all(other is first for other in others)
    finally:
        module._made.cache_clear()


def test_should_set_the_threads_and_codecs_of_the_process_as_its_settings_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rtcrtpreceiver, "get_decoder", rtcrtpreceiver.get_decoder)
    threads = cv2.getNumThreads()
    vp8 = RTCRtpCodecParameters(mimeType="video/VP8", clockRate=90_000, payloadType=97)
    try:
        cv2.setNumThreads(2)
        own = ServerProcess({"MAX_SESSIONS": "1"}, Settings(web=WebSettings(max_decoded_megapixels=2.0)))
        own.start()
        assert cv2.getNumThreads() == 1
        decoder = rtcrtpreceiver.get_decoder(vp8)
        assert isinstance(decoder, Vp8Decoder) and decoder.codec.options == {"max_pixels": "2000000"}
    finally:
        cv2.setNumThreads(threads)


def test_should_take_the_number_of_sessions_from_outside() -> None:
    shared = process(MAX_SESSIONS="7")
    shared.start()
    assert shared.admission.capacity == 7


@pytest.mark.parametrize("value", ["-1", "0", "many", "1.5"])
def test_should_measure_when_the_number_is_none_and_admit_one_when_that_fails(value: str) -> None:
    asked = threading.Event()

    def broken(settings: Settings, seed: int):  # type: ignore[no-untyped-def]
        asked.set()
        raise OSError("no models")

    shared = process(MAX_SESSIONS=value)
    shared.start(broken)
    assert asked.wait(SOON_S)
    assert shared.admission.capacity == 1
    assert shared.trouble == ["max_sessions"]


@pytest.mark.parametrize(("cores", "at_once"), [(0.4, 1), (2.0, 2), (64.0, 2)])
def test_should_work_on_as_many_frames_at_once_as_a_process_fills_processors(
    monkeypatch: pytest.MonkeyPatch, cores: float, at_once: int
) -> None:
    monkeypatch.setattr(module, "usable_cores", lambda: cores)
    frames, lock = ServerProcess({}, Settings()).frames, threading.Lock()
    working: list[int] = []
    seen: list[int] = []

    def work() -> None:
        with lock:
            working.append(1)
            seen.append(len(working))
        time.sleep(0.01)
        with lock:
            working.pop()

    for done in [frames.submit(work) for _ in range(8)]:
        done.result(10)

    assert len(seen) == 8 and max(seen) == at_once


def test_should_give_memory_back_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    times, twice = [], threading.Event()

    def give_back() -> None:
        times.append(time.monotonic())
        if len(times) == 2:
            twice.set()
            threading.Event().wait()  # it never ends by itself

    monkeypatch.setattr(module, "give_back", give_back)
    ServerProcess({"MAX_SESSIONS": "1"}, Settings(admission=AdmissionSettings(sweep_s=60.0, tidy_s=0.01))).start()
    assert twice.wait(SOON_S)


def test_should_stop_when_the_last_session_has_ended() -> None:
    shared, ended = process(), threading.Event()
    shared.admission.ask("a")
    shared.drain(ended.set)
    assert shared.admission.ask("b").closed
    assert not ended.wait(0.15)
    shared.admission.leave("a")
    assert ended.wait(SOON_S)


def test_should_not_wait_for_ever_for_a_session() -> None:
    shared, ended = process(), threading.Event()
    shared.admission.ask("a")
    started = time.monotonic()
    shared.drain(ended.set)
    assert ended.wait(SOON_S)
    assert time.monotonic() - started >= 0.3


def test_should_have_no_log_unless_switched_on() -> None:
    assert process().log is process().log_error is None


def test_should_open_the_log_that_is_asked_for(tmp_path: Path) -> None:
    log = process(ATTEMPT_LOG="on", ATTEMPT_LOG_DIR=str(tmp_path)).log
    assert log is not None
    log.add(made_up_attempts(1, utc_now())[0])
    log.close()
    assert (tmp_path / "attempts.sqlite").is_file()


def test_should_go_on_without_a_log_when_its_setting_makes_no_sense() -> None:
    shared = process(ATTEMPT_LOG="perhaps")
    assert shared.log is None
    assert shared.log_error is not None and shared.log_error.name == "ATTEMPT_LOG"
