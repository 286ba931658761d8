from types import SimpleNamespace

import pytest

from core.flow.outcome import Outcome
from core.flow.snapshot import Advice, Hint, Phase, Reason, Snapshot
from core.regions import Region
from core.stream.live import View
from core.vision.outlines import LOOKS
from core.vision.reading import State
from core.web import board
from core.web.board import board_data, drawing, hint_texts, steps
from core.web.language import LANGUAGES, load
from tests.fakes import snapshot

REGIONAL = {Hint.REGION_BLOCKED}


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.web.language.language", lambda: "en")
    monkeypatch.setattr("core.web.board.language", lambda: "en")


def view(seen: Snapshot) -> View:
    return View(snapshot=seen, advice=seen.advice, frames=1, size=(640, 480))


@pytest.mark.parametrize("code", LANGUAGES)
def test_should_have_words_for_every_hint_reason_region_and_phase(code: str) -> None:
    words = load(code)

    assert {f"hint.{hint.value}" for hint in Hint} <= set(words)
    assert {f"hint_more.{hint.value}" for hint in Hint} <= set(words)
    assert {f"reason.{reason.value}" for reason in Reason} <= set(words)
    assert {f"region.{region.value}" for region in Region} <= set(words)
    assert {f"region_of.{region.value}" for region in Region} <= set(words)
    assert {f"phase.{phase.value}" for phase in Phase} <= set(words)


@pytest.mark.parametrize("hint", [hint for hint in Hint if hint not in REGIONAL])
def test_should_fill_every_hint(hint: Hint) -> None:
    for words in hint_texts(Advice(hint)):
        assert words and "{" not in words


def test_should_name_what_is_blocked_and_whose_left() -> None:
    large, more = hint_texts(Advice(Hint.REGION_BLOCKED, Region.LEFT_EYE))

    assert large == "Left eye covered"
    assert more == "Take away what is in front of your left eye."


@pytest.mark.parametrize(
    ("phase", "standings"),
    [
        (Phase.POSITION, ["now", "next", "next"]),
        (Phase.BLINK, ["done", "now", "next"]),
        (Phase.CHECK, ["done", "done", "now"]),
        (Phase.CAPTURED, ["done", "done", "done"]),
    ],
)
def test_should_show_how_far_the_steps_are(phase: Phase, standings: list[str]) -> None:
    assert [step["standing"] for step in steps(phase, 0.4)] == standings


def test_should_give_progress_to_the_present_step_only() -> None:
    assert [step["progress"] for step in steps(Phase.BLINK, 0.4)] == [1.0, 0.4, 0.0]


def test_should_ask_for_the_camera_until_the_first_frame() -> None:
    assert board_data(View())["hint"] == "Please allow the camera"
    assert board_data(View(frames=2))["hint"] == "Starting the camera"


def test_should_not_ask_for_a_camera_that_the_page_has() -> None:
    assert board_data(View())["opened"][0] == "Starting the camera"
    assert board_data(View(frames=100, failing=True))["opened"] is None


def test_should_believe_of_the_camera_only_what_is_said_of_this_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    said = SimpleNamespace(refusal={"attempt": "one", "name": "NotFoundError"}, label={"attempt": "one", "name": "OBS"})
    monkeypatch.setattr(board.st, "session_state", {"board": said})
    assert (board.camera_error("one"), board.camera_label("one")) == (Outcome.CAMERA_MISSING, "OBS")
    assert (board.camera_error("two"), board.camera_label("two")) == (None, "")
    monkeypatch.setattr(board.st, "session_state", {})
    assert (board.camera_error("one"), board.camera_label("one")) == (None, "")


def test_should_say_so_when_frames_fail_one_after_another() -> None:
    data = board_data(View(frames=100, failing=True))

    assert (data["hint"], data["tone"]) == ("Something is wrong", "fix")


def test_should_say_why_an_attempt_went_back_and_what_is_left() -> None:
    data = board_data(view(snapshot(phase=Phase.BLINK, restart=Reason.FACE_CHANGED)))

    assert data["note"] == ("Back to the blink. The face changed. It must stay the same person. Tries left: 3.")
    assert board_data(view(snapshot()))["note"] == ""


@pytest.mark.parametrize(
    ("hint", "tone"), [(Hint.HOLD, "good"), (Hint.MOVE_CLOSER, "fix"), (Hint.BLINK, "good"), (Hint.BLINK_NOW, "cue")]
)
def test_should_colour_the_hint_by_what_it_asks(hint: Hint, tone: str) -> None:
    assert board_data(view(snapshot(advice=Advice(hint))))["tone"] == tone


def test_should_tell_the_browser_the_shape_of_the_picture() -> None:
    assert board_data(view(snapshot()))["size"] == [640, 480]
    assert board_data(View(frames=2))["size"] is None


def test_should_tell_the_browser_how_each_state_looks() -> None:
    looks = drawing()["looks"]

    assert [look["striped"] for look in looks] == [LOOKS[state].striped for state in State]
    assert looks[list(State).index(State.CLEAR)]["color"] == "rgb(74, 222, 128)"
