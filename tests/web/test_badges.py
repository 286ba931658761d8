import re

import pytest

from core.regions import Region
from core.vision.reading import State
from core.web import badges
from core.web.language import load, text
from tests.fakes import CLEAR


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.web.language.language", lambda: "en")


def entries(html: str) -> dict[str, tuple[str, str]]:
    """Region -> (sign, words) of a badge list."""
    pattern = r'<li class="[^"]*" data-region="(\w+)" data-state="\w+">.*?>(.)</span>(.*?)</li>'
    return {name: (sign, re.sub("<[^>]+>", "", rest).strip()) for name, sign, rest in re.findall(pattern, html)}


def test_should_have_a_badge_for_each_of_the_ten_regions() -> None:
    assert set(entries(badges.badge_list(CLEAR))) == {region.value for region in Region}


@pytest.mark.parametrize(
    ("state", "sign", "word"),
    [
        (State.OPEN, "✓", "open"),
        (State.CLOSED, "–", "closed"),
        (State.CLEAR, "✓", "free"),
        (State.BLOCKED, "✕", "covered"),
        (None, "·", "not seen"),
    ],
)
def test_should_say_the_state_in_a_sign_and_a_word(state: State | None, sign: str, word: str) -> None:
    states = {} if state is None else {Region.LEFT_EYE: state}

    assert entries(badges.badge_list(states))["left_eye"] == (sign, f"Left eye {word}")


def test_should_put_the_persons_left_on_the_left_as_a_mirror_does() -> None:
    order = list(entries(badges.badge_list(CLEAR)))

    for part in ("brow", "eye", "cheek"):
        assert order.index(f"right_{part}") == order.index(f"left_{part}") + 1


def test_should_mirror_the_right_side_of_the_map() -> None:
    drawing = badges.face_map(CLEAR)

    for part in ("brow", "eye", "cheek"):
        left = re.search(rf'data-region="left_{part}" d="([^"]+)"/>', drawing)
        right = re.search(rf'data-region="right_{part}" d="([^"]+)" transform="matrix\(-1 0 0 1 200 0\)"', drawing)
        assert left and right and left[1] == right[1]
        first = re.match(r"M(\d+)", left[1])
        assert first and int(first[1]) < 100


def test_should_stripe_what_is_blocked_and_nothing_else() -> None:
    assert 'class="stripes"' not in badges.face_map(CLEAR)
    assert badges.face_map({**CLEAR, Region.NOSE: State.BLOCKED}).count('class="stripes"') == 1


def test_should_show_the_map_grey_without_a_face() -> None:
    assert badges.face_map({}).count("part unknown") == len(Region)


def test_should_use_the_language_of_the_visit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.web.language.language", lambda: "id")

    assert entries(badges.badge_list(CLEAR))["left_eye"] == ("✓", "Mata kiri terbuka")
    assert text("region.nose") == load("id")["region.nose"]


def test_should_draw_a_poster_without_any_state() -> None:
    drawn = badges.poster()
    assert drawn.count('class="part unknown"') == len(Region)
    assert "badge" not in drawn
