"""The Check files page, with a reader that needs no models."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from core.vision.assets import AssetError
from tests.files.test_batch import photo
from tests.readers import GRAY, GREEN, RED, ColorReader


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> AppTest:
    monkeypatch.setattr("core.files.batch.FaceReader", ColorReader)
    monkeypatch.setattr("core.files.batch.PhotoReader", lambda settings: ColorReader(settings, live=False))
    return AppTest.from_file("../../pages/check_files.py", default_timeout=60).run()


def drop(app: AppTest, *files: tuple[str, bytes]) -> AppTest:
    app.file_uploader[0].set_value([(name, data, "application/octet-stream") for name, data in files])
    app.run()
    assert not app.exception
    return app


def table(app: AppTest) -> str:
    found = (element.value for element in app.get("html") if isinstance(element, Element))
    return "".join(html for html in found if "<table" in html)


FOUR = (("good.png", photo(GREEN)), ("mouth.png", photo(RED)), ("nobody.png", photo(GRAY)), ("broken.jpg", b"text"))


def test_should_state_the_limits_beside_the_box(page: AppTest) -> None:
    (limits,) = (caption.value for caption in page.caption if "64 megapixels" in caption.value)
    assert "60 seconds" in limits
    assert "100 MB" in limits
    assert page.file_uploader[0].proto.max_upload_size_mb == 100


def test_should_make_a_row_of_every_file(page: AppTest) -> None:
    rows = table(drop(page, *FOUR))
    assert rows.count("<tr data-verdict") == 4
    assert "Mouth covered" in rows
    assert "This is not a photo that can be read." in rows


def test_should_let_go_of_the_files_once_they_are_judged(page: AppTest) -> None:
    before = page.file_uploader[0].key
    drop(page, *FOUR)
    assert page.file_uploader[0].key != before
    assert not page.file_uploader[0].value


def test_should_keep_the_rows_when_more_files_come(page: AppTest) -> None:
    drop(page, FOUR[0])
    assert table(drop(page, FOUR[1])).count("<tr data-verdict") == 2


def test_should_filter_by_verdict_and_by_reason(page: AppTest) -> None:
    drop(page, *FOUR)
    page.button_group(key="check_verdict").set_value("retry").run()
    assert table(page).count("<tr data-verdict") == 2
    page.selectbox(key="check_reason").set_value("no_face").run()
    assert table(page).count("<tr data-verdict") == 1
    assert "nobody.png" in table(page)


def test_should_say_so_when_no_file_matches(page: AppTest) -> None:
    drop(page, *FOUR)
    page.button_group(key="check_verdict").set_value("pass").run()
    page.selectbox(key="check_reason").set_value("no_face").run()
    assert not table(page)
    assert page.info[0].value == "No file matches."


def test_should_clear_everything(page: AppTest) -> None:
    drop(page, *FOUR)
    page.button(key="check_clear").click().run()
    assert not table(page)
    assert not page.session_state["check_rows"]


def test_should_offer_csv_and_json(page: AppTest) -> None:
    drop(page, *FOUR)
    assert [button.label for button in page.get("download_button") if isinstance(button, Element)] == ["CSV", "JSON"]


def test_should_show_a_long_table_in_parts(page: AppTest) -> None:
    drop(page, *((f"{number}.png", photo(GRAY)) for number in range(60)))
    assert table(page).count("<tr data-verdict") == 50
    page.button(key="check_more").click().run()
    assert table(page).count("<tr data-verdict") == 60


def test_should_refuse_more_files_than_fit_at_a_time(page: AppTest) -> None:
    drop(page, *((f"{number}.png", photo(GRAY, size=(64, 48))) for number in range(102)))
    rows = page.session_state["check_rows"].values()
    assert [row.verdict for row in rows] == ["retry"] * 100 + ["error"] * 2


def test_should_say_what_to_do_when_the_models_are_missing(monkeypatch: pytest.MonkeyPatch, page: AppTest) -> None:
    def missing(*_: object, **__: object) -> None:
        raise AssetError("broken", file="models/eyes.onnx")

    monkeypatch.setattr("core.files.batch.PhotoReader", missing)
    drop(page, FOUR[0])
    assert "restore it from the repository" in page.error[0].value


def test_should_speak_indonesian() -> None:
    app = AppTest.from_file("../../pages/check_files.py", default_timeout=60)
    app.query_params["lang"] = "id"
    app.run()
    assert app.title[0].value == "Periksa berkas"
    assert not app.exception
