"""Screening with the pool, with Ray on this machine, and on a cluster of two nodes of which one goes in the middle.

    python -m benchmarks.screening FOLDER [pool] [ray] [two-nodes] [--files N] [--workers 2]

Prints a JSON object for each. `rate` is in photos a second from the first rows to the last, start-up apart; `once` says
whether every file came exactly once. Photos are repeated up to N files. Ray needs requirements-cluster.txt.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from core.screen import pool
from core.screen.row import Row
from core.screen.sources import list_photos


def watched(
    files: list[str], batches: Iterable[list[Row]], at_a_third: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """What came of it. at_a_third: is called once, when a third of the rows is there."""
    start = first = time.perf_counter()
    seen: Counter[str] = Counter()
    early, errors, called = 0, 0, False
    for rows in batches:
        if not seen:
            first, early = time.perf_counter(), len(rows)
        seen.update(row["path"] for row in rows)
        errors += sum(row["error"] is not None for row in rows)
        if not called and seen.total() >= len(files) / 3:
            called = True
            at_a_third()
    end = time.perf_counter()
    return {
        "files": len(files),
        "once": seen == Counter(files),
        "errors": errors,
        "start_s": round(first - start, 1),
        "wall_s": round(end - start, 1),
        "rate": round((seen.total() - early) / max(end - first, 1e-9), 1),
    }


def on_two_nodes(files: list[str]) -> dict[str, Any]:
    """Two Ray nodes of one core on this machine; one is killed when a third of the rows is there."""
    from ray.cluster_utils import Cluster

    from core.screen import cluster

    nodes = Cluster(initialize_head=True, head_node_args={"num_cpus": 1, "include_dashboard": False})
    second = nodes.add_node(num_cpus=1)
    try:
        rows = cluster.screen(files, nodes.address, None)
        return watched(files, rows, lambda: nodes.remove_node(second, allow_graceful=False))
    finally:
        nodes.shutdown()


def on_ray(files: list[str], workers: int) -> dict[str, Any]:
    """Ray on this machine alone."""
    from core.screen import cluster

    return watched(files, cluster.screen(files, cluster.LOCAL, workers))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screening", description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("ways", nargs="*", default=["pool"], help="pool, ray, two-nodes")
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, photo in enumerate(islice(cycle(list_photos([options.folder])), options.files)):
            link = Path(folder) / f"{number:06}{Path(photo).suffix}"
            link.symlink_to(photo)
            files.append(str(link))
        measures: dict[str, Callable[[], dict[str, Any]]] = {
            "pool": lambda: watched(files, pool.screen(files, options.workers)),
            "ray": lambda: on_ray(files, options.workers),
            "two-nodes": lambda: on_two_nodes(files),
        }
        for way in options.ways:
            print(json.dumps({"way": way, **measures[way]()}), flush=True)


if __name__ == "__main__":
    main()
