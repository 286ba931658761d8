"""How many live sessions the app holds, and what each costs.

    python -m benchmarks.sessions [--counts 1 2 4] [--seconds 20] [--fps 15]   load
    python -m benchmarks.sessions --frame                           processor time and memory of the pipeline alone
    python -m benchmarks.sessions --turnover 200                    sessions started and ended: what stays behind
    python -m benchmarks.sessions --soak 600 --counts 2             captures one after the other for ten minutes
    python -m benchmarks.sessions --abuse                           a crowd, wrong codes, junk: does the app answer?

Prints one JSON object. The app is the real one: Streamlit, its websocket, its fragments, streamlit-webrtc, the whole
pipeline. The visitors are aiortc peers in processes of their own; what those use of the processors is reported
apart. What is left out: HTTPS, the relay, the network, and a browser that lowers its picture under load.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from typing import Any

from benchmarks.sessions.abuse import abuse
from benchmarks.sessions.measures import frame, load, soak, turnover


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sessions", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 2, 4], help="sessions at once")
    parser.add_argument("--seconds", type=float, default=20.0, help="of measuring, at most 20")
    parser.add_argument("--fps", type=float, default=15.0, help="frames a second of each visitor's camera")
    parser.add_argument("--turnover", type=int, help="sessions started and ended")
    parser.add_argument("--soak", type=float, help="seconds")
    parser.add_argument("--abuse", action="store_true")
    parser.add_argument("--frame", action="store_true")
    options = parser.parse_args()
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
    }
    if options.turnover:
        result["turnover"] = turnover(options.turnover)
    elif options.soak:
        result["soak"] = soak(options.counts[0], options.soak)
    elif options.frame:
        result["frame"] = frame()
    elif options.abuse:
        result["abuse"] = abuse()
    else:
        result["load"] = [load(count, options.seconds, options.fps) for count in options.counts]
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
