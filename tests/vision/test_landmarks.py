from __future__ import annotations

import numpy as np

from core.regions import EYES
from core.settings import LandmarkSettings
from core.vision import assets
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame
from core.vision.tracker import FaceTracker
from tests.drawing import shut_eyes
from tests.portraits import astronaut


def test_an_exchange_of_two_prints_should_show_no_lids_on_their_way() -> None:
    portrait = astronaut()
    shut = shut_eyes(portrait.rgb, portrait.landmarks, dict.fromkeys(EYES, 1.0))
    film = [portrait.rgb] * 6 + [shut] * 6 + [portrait.rgb] * 6
    tracker = FaceTracker(assets.ensure_face_model(), LandmarkSettings())
    seen = [tracker.find(Frame(rgb, number / 15))[0].blink[EYES[0]] for number, rgb in enumerate(film)]
    open_score, shut_score = np.median(seen[:6]), np.median(seen[6:12])
    assert shut_score - open_score > 0.3
    assert max(abs(score - shut_score) for score in seen[6:12]) < 0.02
    assert max(abs(score - open_score) for score in seen[12:]) < 0.02


def test_a_mirrored_view_should_be_read_as_the_picture_that_it_shows() -> None:
    mirrored = astronaut().rgb[:, ::-1]
    with FaceFinder(assets.ensure_face_model(), LandmarkSettings()) as finder:
        (view,) = finder.find(Frame(mirrored, 0.0))
        (copy,) = finder.find(Frame(mirrored.copy(), 0.0))
    np.testing.assert_array_equal(view.landmarks, copy.landmarks)
