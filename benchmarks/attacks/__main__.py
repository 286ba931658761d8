"""Measures attacks and genuine attempts.

    python -m benchmarks.attacks [--faces DIR] [--clips DIR] [--skip PHOTO ...] [--attempts 150] [--only NAME ...]
                                 [--filmed DIR] [--json OUT] [--source NAME] [--jobs 1]

Every attempt is composed, goes through the whole pipeline, and is written to OUT at once: a run that was broken off
goes on where it stopped. Prints the JSON summary and the Markdown table.
"""

from __future__ import annotations

import argparse
import json
import os
from functools import partial
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.attacks.jobs import Jobs
from benchmarks.attacks.kinds import FILMED, KINDS, RECORDED, attempts, count
from benchmarks.attacks.recorded import STARTS
from benchmarks.attacks.report import markdown, summary
from benchmarks.attacks.sources import Sources, filmed_replays


def main() -> None:
    """Run what is missing, then report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, help="folder of photos of faces (default: the astronaut)")
    parser.add_argument("--clips", type=Path, help="folder of clips of people before a camera")
    parser.add_argument("--skip", nargs="*", default=[], help="names of photos with something before the face")
    parser.add_argument("--filmed", type=Path, help="folder of filmed replays, named ...replay...")
    parser.add_argument("--attempts", type=int, default=150, help="for each species (default 150)")
    parser.add_argument("--only", nargs="*", help="species to run (default: all)")
    parser.add_argument("--json", type=Path, help="file of outcomes; what is in it is not run again")
    parser.add_argument("--source", default="not named", help="what to call the faces and clips in the report")
    parser.add_argument("--jobs", type=int, default=1, help="processes at once (default 1)")
    options = parser.parse_args()
    try:
        open_sources = partial(Sources, options.faces, options.clips, options.skip, options.filmed)
        jobs = Jobs(attempts, open_sources, options.jobs)
        films = len(filmed_replays(options.filmed))
    except ValueError as error:
        parser.error(str(error))
    done = json.loads(options.json.read_text()) if options.json and options.json.is_file() else {}
    for name in options.only or KINDS:
        outcomes = done.setdefault(name, [])
        # The readings of a clip serve many plays.
        block = {RECORDED: max(options.attempts // options.jobs, 1), FILMED: STARTS}.get(name, 1)
        for some in jobs.run(name, len(outcomes), count(name, options.attempts, films), block):
            outcomes.extend(some)
            if options.json:
                _write(options.json, done)
    jobs.close()
    print(json.dumps(summary(done, options.source), indent=1))
    print(markdown(done, options.source))


def _write(path: Path, done: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(done))
    part.replace(path)


if __name__ == "__main__":
    main()
