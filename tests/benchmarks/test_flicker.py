from __future__ import annotations

from benchmarks.flicker import measure, paper
from core.regions import Region
from tests.footage import Scene, astronaut


def test_a_still_face_should_change_nothing() -> None:
    found = measure(Scene(astronaut(), size=(320, 240), fps=8).play(1.0))
    assert found["frames"] == 8
    assert not found["single_frames"] and not found["badges"]


def test_paper_over_the_mouth_and_away_should_change_its_badge_there_and_back() -> None:
    found = measure(Scene(astronaut(), size=(320, 240), fps=8).play(8.0), paper(Region.MOUTH))
    assert found["single_frames"] >= found["badges"] >= 2
    assert found["badges_soon"] < found["badges"]
