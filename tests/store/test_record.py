from datetime import datetime, timedelta, timezone

import pytest

from core.flow.outcome import Outcome
from core.flow.snapshot import Advice, Captured, Event, Hint, Phase, Reason, Restarted, Snapshot
from core.regions import Region
from core.store.record import AttemptRecorder, Device, Mode, Step, device_kind, quarter_hour
from core.vision.reading import Reading, State

NOON = datetime(2026, 3, 1, 12, 7, 31, 500, tzinfo=timezone.utc)


def snapshot(t: float, phase: Phase, *events: Event, blocked: Region | None = None, **more: object) -> Snapshot:
    badges = {blocked: State.BLOCKED} if blocked else {}
    return Snapshot(t, phase, Advice(Hint.HOLD), Reading(t, (640, 480), 100.0), badges, events=events, **more)  # type: ignore[arg-type]


def recorded(*snapshots: Snapshot, outcome: Outcome = Outcome.LEFT):  # type: ignore[no-untyped-def]
    recorder = AttemptRecorder(Mode.STANDARD, Device.PHONE)
    for one in snapshots:
        recorder.see(one)
    return recorder.record(NOON, outcome)


def test_should_record_a_capture() -> None:
    record = recorded(
        snapshot(10.0, Phase.POSITION),
        snapshot(11.0, Phase.BLINK),
        snapshot(12.0, Phase.CHECK),
        snapshot(14.5, Phase.CAPTURED, Captured(14.5, 640, 480)),
        outcome=Outcome.CAPTURED,
    )
    assert (record.outcome, record.reached, record.seconds) == (Outcome.CAPTURED, Step.CAPTURED, 4.5)
    assert (record.mode, record.device) == (Mode.STANDARD, Device.PHONE)
    assert (record.width, record.height) == (640, 480)


def test_should_tell_frames_a_second_from_the_frames_own_time() -> None:
    assert recorded(*(snapshot(5 + index / 20, Phase.POSITION) for index in range(41))).fps == 20.0
    assert recorded(snapshot(5.0, Phase.POSITION)).fps is None


def test_should_record_how_an_attempt_ended_with_its_furthest_step() -> None:
    record = recorded(snapshot(0.0, Phase.CHECK), snapshot(1.0, Phase.BLINK), outcome=Outcome.LOST)
    assert (record.outcome, record.reached, record.seconds) == (Outcome.LOST, Step.CHECK, None)


def test_should_record_an_attempt_that_ended_on_its_very_first_frame() -> None:
    record = recorded(snapshot(0.0, Phase.ENDED), outcome=Outcome.NO_PROGRESS)
    assert (record.outcome, record.reached) == (Outcome.NO_PROGRESS, Step.POSITION)


def test_should_record_an_attempt_without_a_frame() -> None:
    record = recorded(outcome=Outcome.CAMERA_BUSY)
    assert (record.outcome, record.reached) == (Outcome.CAMERA_BUSY, Step.START)
    assert (record.width, record.height, record.fps) == (None, None, None)


def test_should_count_restarts_by_reason() -> None:
    lost, second = Restarted(1.0, Reason.FACE_LOST), Restarted(2.0, Reason.SECOND_FACE)
    record = recorded(snapshot(1.0, Phase.BLINK, lost), snapshot(2.0, Phase.BLINK, second, lost))
    assert record.restarts == {Reason.FACE_LOST: 2, Reason.SECOND_FACE: 1}


def test_should_add_up_the_time_a_region_was_blocked_but_no_gap() -> None:
    record = recorded(
        snapshot(0.0, Phase.CHECK, blocked=Region.MOUTH),
        snapshot(0.2, Phase.CHECK, blocked=Region.MOUTH),
        snapshot(0.4, Phase.CHECK),
        snapshot(0.5, Phase.CHECK, blocked=Region.NOSE),
        snapshot(60.5, Phase.CHECK, blocked=Region.NOSE),
    )
    assert record.blocked_s == {Region.MOUTH: 0.2, Region.NOSE: pytest.approx(0.6)}


def test_should_not_count_what_comes_after_the_end() -> None:
    over = snapshot(1.0, Phase.CAPTURED, Captured(1.0, 640, 480))
    after = snapshot(9.0, Phase.CAPTURED, Restarted(9.0, Reason.FACE_LOST), blocked=Region.NOSE)
    record = recorded(snapshot(0.0, Phase.CHECK), over, after)
    assert (record.seconds, record.restarts, record.blocked_s) == (1.0, {}, {})


def test_should_know_the_start_only_to_a_quarter_of_an_hour() -> None:
    assert recorded().started == datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
    jakarta = timezone(timedelta(hours=7))
    assert quarter_hour(datetime(2026, 3, 1, 0, 59, tzinfo=jakarta)) == datetime(
        2026, 2, 28, 17, 45, tzinfo=timezone.utc
    )
    with pytest.raises(ValueError, match="time zone"):
        quarter_hour(datetime(2026, 3, 1))


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605 Mobile/15E148 Safari", Device.PHONE),
        ("Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", Device.PHONE),
        ("Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0", Device.PHONE),
        ("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", Device.TABLET),
        ("Mozilla/5.0 (Android 15; Tablet; rv:140.0) Gecko/140.0 Firefox/140.0", Device.TABLET),
        ("Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605 Mobile/15E148", Device.TABLET),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Safari/605", Device.COMPUTER),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0", Device.COMPUTER),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0", Device.COMPUTER),
        ("Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) Chrome/140.0", Device.COMPUTER),
        ("curl/8.5", Device.UNKNOWN),
        ("", Device.UNKNOWN),
        (None, Device.UNKNOWN),
    ],
)
def test_should_tell_the_kind_of_device_and_nothing_finer(agent: str | None, device: Device) -> None:
    assert device_kind(agent) is device
