from pathlib import Path

import pytest

from core.settings import StoreSettings
from core.store.config import StoreError, store_config

SETTINGS = StoreSettings()


@pytest.mark.parametrize("switch", [{}, {"ATTEMPT_LOG": ""}, {"ATTEMPT_LOG": "off"}, {"ATTEMPT_LOG": " OFF "}])
def test_should_keep_nothing_unless_switched_on(switch: dict[str, str]) -> None:
    assert store_config({"DATABASE_URL": "sqlite:///somewhere.sqlite", **switch}, SETTINGS) is None


def test_should_keep_a_file_for_90_days_when_switched_on() -> None:
    config = store_config({"ATTEMPT_LOG": "on"}, SETTINGS)
    assert config is not None
    assert config.url.get_backend_name() == "sqlite"
    assert Path(config.url.database or "") == Path("data/attempts.sqlite")
    assert config.keep_days == 90


def test_should_take_folder_and_days_from_outside() -> None:
    config = store_config({"ATTEMPT_LOG": "1", "ATTEMPT_LOG_DIR": "elsewhere", "ATTEMPT_LOG_DAYS": "7"}, SETTINGS)
    assert config is not None
    assert Path(config.url.database or "") == Path("elsewhere/attempts.sqlite")
    assert config.keep_days == 7


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_should_use_the_installed_driver_for_postgresql(scheme: str) -> None:
    config = store_config({"ATTEMPT_LOG": "on", "DATABASE_URL": f"{scheme}://u:p@db:5432/log"}, SETTINGS)
    assert config is not None
    assert config.url.render_as_string(hide_password=False) == "postgresql+psycopg://u:p@db:5432/log"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATTEMPT_LOG", "maybe"),
        ("ATTEMPT_LOG_DAYS", "0"),
        ("ATTEMPT_LOG_DAYS", "-3"),
        ("ATTEMPT_LOG_DAYS", "forever"),
        ("ATTEMPT_LOG_DAYS", "99999"),
        ("DATABASE_URL", "not an address"),
        ("DATABASE_URL", "mysql://u:p@db/log"),
        ("DATABASE_URL", "postgresql://u:se@cr:et@db/log"),
        ("DATABASE_URL", "postgresql://u:p@db:${PORT}/log"),
    ],
)
def test_should_name_the_setting_that_makes_no_sense(name: str, value: str) -> None:
    with pytest.raises(StoreError) as caught:
        store_config({"ATTEMPT_LOG": "on", name: value}, SETTINGS)
    assert caught.value.name == name
    assert value not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None  # nor in what the log prints of it
