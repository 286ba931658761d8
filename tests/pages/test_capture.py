"""The capture page's logic, with the stream behind a function that feeds frames by hand."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from core.flow.outcome import Outcome
from core.flow.snapshot import Phase, Reason, Snapshot
from core.server.attempts import Attempts
from core.stream.live import LiveCapture
from tests.fakes import ScriptedProcessor, selfie, snapshot, video_frame


class Camera:
    """Takes the place of the stream: what the page asked for, and a way to send it frames."""

    def __init__(self) -> None:
        self.capture: LiveCapture | None = None
        self.playing = False
        self.placed = 0

    def stream(self, capture: LiveCapture | None, *, playing: bool, **_: object) -> bool:
        self.placed += 1
        self.capture, self.playing = capture or self.capture, playing
        return playing

    def send(self, frames: int = 1) -> None:
        assert self.capture is not None
        for number in range(frames):
            self.capture.receive(video_frame(number / 10))


@pytest.fixture
def camera(monkeypatch: pytest.MonkeyPatch) -> Camera:
    camera = Camera()
    monkeypatch.setattr("core.stream.camera.stream", camera.stream)
    return camera


@pytest.fixture
def page(camera: Camera) -> Callable[..., AppTest]:
    def opened(*script: Snapshot, language: str = "en") -> AppTest:
        app = AppTest.from_file("../../navigation.py", default_timeout=60)
        app.query_params["lang"] = language
        app.session_state["attempts"] = Attempts(open_processor=lambda settings, seed: ScriptedProcessor(script))
        return app.run()

    return opened


def words(app: AppTest) -> str:
    found = (element for kind in ("markdown", "html", "caption", "title") for element in app.get(kind))
    return " ".join(str(element.value) for element in found if isinstance(element, Element))


def press(app: AppTest, key: str) -> AppTest:
    return app.button(key=key).click().run()


def test_should_place_the_camera_with_start_and_not_before(page: Callable[..., AppTest], camera: Camera) -> None:
    app = page(snapshot())
    assert camera.placed == 0
    press(app, "start")
    assert camera.placed > 0 and camera.playing


CAPTURED = snapshot(0.1, Phase.CAPTURED, taken=selfie())


def captured(page: Callable[..., AppTest], camera: Camera) -> AppTest:
    app = press(page(snapshot(), CAPTURED), "start")
    camera.send(2)
    return app.run()


def test_should_say_what_happens_to_the_picture_before_it_asks_for_the_camera(
    page: Callable[..., AppTest], camera: Camera
) -> None:
    app = page(snapshot())

    assert not app.exception
    assert not camera.playing
    assert app.button(key="start").label == "Start"
    assert "only the selfie is handed to you" in words(app)


def test_should_speak_indonesian_when_asked(page: Callable[..., AppTest]) -> None:
    app = page(snapshot(), language="id")

    assert app.title[0].value == "Ambil selfie"
    assert app.button(key="start").label == "Mulai"


def test_should_start_and_stop_and_start_again(page: Callable[..., AppTest], camera: Camera) -> None:
    app = press(page(snapshot()), "start")
    assert camera.playing

    app = press(app, "stop")
    assert not camera.playing

    app = press(app, "start")
    assert camera.playing
    assert not app.exception


def test_should_show_the_badges_while_the_camera_runs(page: Callable[..., AppTest], camera: Camera) -> None:
    app = press(page(snapshot()), "start")
    camera.send()
    app = app.run()

    assert words(app).count('data-state="clear"') == 8
    assert words(app).count('data-state="open"') == 2


def test_should_hand_out_the_selfie_and_let_the_camera_go(page: Callable[..., AppTest], camera: Camera) -> None:
    app = captured(page, camera)

    assert not camera.playing
    assert "Got it" in words(app)
    labels = [button.proto.label for button in app.get("download_button")]
    assert labels[:3] == ["PNG", "JPEG", "Report"]
    assert "Download all as ZIP" in labels
    assert app.button(key="start").label == "Take another"
    assert not app.exception


def test_should_show_a_selfie_once_and_keep_it_when_the_next_attempt_fails(
    page: Callable[..., AppTest], camera: Camera
) -> None:
    app = captured(page, camera)
    assert "Selfies of this visit" not in [header.value for header in app.header]

    app = press(app, "start")
    app = press(app, "stop")

    assert "Selfies of this visit" in [header.value for header in app.header]
    assert not app.exception


def test_should_keep_the_selfies_of_the_visit(page: Callable[..., AppTest], camera: Camera) -> None:
    app = captured(page, camera)
    app = press(app, "start")
    camera.send(2)
    app = app.run()

    assert len(app.session_state["attempts"].photos) == 2
    # The latest with its three downloads, the strip with three each, and all as one.
    assert len(app.get("download_button")) == 3 + 2 * 3 + 1


def test_should_say_why_an_attempt_ended_and_offer_another(page: Callable[..., AppTest], camera: Camera) -> None:
    app = press(page(snapshot(phase=Phase.ENDED, restart=Reason.NO_PROGRESS)), "start")
    camera.send()
    app = app.run()

    assert "There was no progress for a while." in words(app)
    assert app.button(key="start").label == "Try again"
    assert not camera.playing


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome.value.startswith("camera_")])
def test_should_say_why_the_camera_stays_shut(
    outcome: Outcome, page: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = page(snapshot())
    monkeypatch.setattr("core.web.board.camera_error", lambda attempt: outcome)
    app = press(app, "start")
    monkeypatch.setattr("core.web.board.camera_error", lambda attempt: None)

    assert not app.exception
    assert app.button(key="start").label == "Try again"
    assert ("Firefox" in words(app)) == (outcome is Outcome.CAMERA_DENIED)


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "models/eyes.onnx is missing"), ("id", "models/eyes.onnx hilang atau rusak")]
)
def test_should_say_when_the_models_are_missing(
    language: str, sentence: str, page: Callable[..., AppTest], camera: Camera
) -> None:
    from core.vision.assets import AssetError

    def missing(settings: object, seed: int) -> ScriptedProcessor:
        raise AssetError("broken", file="models/eyes.onnx")

    app = page(snapshot(), language=language)
    app.session_state["attempts"].open_processor = missing
    app = press(app, "start")
    camera.send()
    app = app.run()

    assert sentence in words(app)
    assert not app.exception


def test_should_show_the_stakeholders_panel_when_asked(page: Callable[..., AppTest], camera: Camera) -> None:
    app = page(*(snapshot(number / 10) for number in range(5)))
    app = app.toggle(key="panel").set_value(True).run()
    assert "The figures show while the camera runs." in words(app)

    app = press(app, "start")
    camera.send(5)
    app = app.run()

    assert [metric.label for metric in app.metric] == ["Frames a second", "Per frame", "Camera frame"]
    assert "Blink signal" in words(app)


def test_should_lock_the_mode_while_the_camera_runs(page: Callable[..., AppTest], camera: Camera) -> None:
    app = page(snapshot())
    app = app.toggle(key="strict").set_value(True).run()
    app = press(app, "start")

    assert app.toggle(key="strict").disabled
    assert app.session_state["attempts"].strict
