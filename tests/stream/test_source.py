from __future__ import annotations

import pytest

from core.stream.source import is_virtual


@pytest.mark.parametrize(
    "label",
    [
        "OBS Virtual Camera",
        "OBS-Camera",
        "ManyCam Virtual Webcam",
        "XSplit VCam",
        "e2eSoft VCam",
        "SplitCam Video Driver",
        "Snap Camera",
        "mmhmm Camera",
        "Dummy video device (0x0000)",
        "v4l2loopback",
        "Unity Video Capture",
    ],
)
def test_should_know_virtual_cameras_by_their_names(label: str) -> None:
    assert is_virtual(label)


@pytest.mark.parametrize(
    "label",
    [
        "",
        "Integrated Camera (04f2:b6d9)",
        "FaceTime HD Camera",
        "HD Pro Webcam C920 (046d:082d)",
        "camera2 1, facing front",
        "iPhone Camera",
        "DroidCam Source 3",
        "Iriun Webcam",
        "Camo",
        "Galaxy S23 (Windows Virtual Camera)",
        "fake_device_0",
        "Observer HD",
    ],
)
def test_should_take_cameras_and_phones_for_what_they_are(label: str) -> None:
    assert not is_virtual(label)
