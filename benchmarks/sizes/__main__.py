"""How large a selfie comes out of a camera, how soon, and how the picture moves on narrow and lossy links.

    python -m benchmarks.sizes [--size 1280x720] [--times 10]         a good link
    python -m benchmarks.sizes --mbit 0.6 [--times 3]                 a narrow one (Linux, as root: a network namespace)
    python -m benchmarks.sizes --loss 0.05 --stay 30                  a lossy one, looked at for half a minute
    python -m benchmarks.sizes --lose 400 --stay 20                   a packet and its resend lost, once
    python -m benchmarks.sizes --footage CLIP                         a camera that shows that clip

Prints one JSON object. Everything is real: the app, Streamlit, Chromium, its encoder, WebRTC. But browser and app share
the machine: where the two together have too little of it, the browser lowers its picture, as on a weak phone.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from pathlib import Path

from benchmarks.sizes.camera import camera
from benchmarks.sizes.visits import visits


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    return int(width), int(height)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sizes", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=_size, default=(1280, 720), help="of the camera")
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--mbit", type=float, default=0.0, help="megabits a second from the browser")
    parser.add_argument("--loss", type=float, default=0.0, help="share of the browser's packets, 0..1")
    parser.add_argument("--lose", type=int, default=0, help="number of the packet that is lost with its resend")
    parser.add_argument("--stay", type=float, default=0.0, help="seconds to look on, instead of a capture")
    parser.add_argument("--footage", type=Path, help="a clip that the camera shows")
    parser.add_argument("--cameras", type=Path, help="folder in which the cameras' clips are kept")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip = camera(options.size, options.cameras or Path(folder), options.footage, blinks=not options.stay)
        found = visits(
            clip, options.times, mbit_s=options.mbit, loss=options.loss, lose=options.lose, stay_s=options.stay
        )
    result = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
        "camera": "{}x{}".format(*options.size),
        "link": {"mbit_s": options.mbit, "loss": options.loss, "lost_twice": options.lose},
        "visits": found,
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
