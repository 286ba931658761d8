"""The same work on Ray Data, from one machine to a cluster. Needs requirements-cluster.txt.

Ray's usage reports are off here; what it asks the network all the same is told in docs/screening.md.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator, Sequence

os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # read when Ray is imported

import pyarrow as pa
import ray
from ray.data import ActorPoolStrategy, DataContext

from core.screen.row import SCHEMA, Load, Row, failed, load_maker, writable

LOCAL = "local"
"""In place of a cluster's address: Ray on this machine alone, for as long as the run lasts."""

_BLOCKS = (64, 1)  # files handed to an actor at a time; those that never came back, one by one
_RETRIES = 2  # of a block whose actor died
_SHARE = 0.9  # of a core that an actor asks for: Ray's own tasks need some of it
_KNOCK_S = 5.0  # seconds to answer at all
_STORE_BYTES = 200_000_000  # of Ray's memory for what is handed on, on one machine: paths and rows are small


class Actor:
    """Judges blocks of photos; Ray makes one for each core."""

    def __init__(self, load: Load) -> None:
        self._make = load()

    def __call__(self, block: pa.Table) -> pa.Table:
        """The column `path` -> rows. What is wrong with a file is in its row, and costs the others nothing."""
        return pa.Table.from_pylist([self._make(os.fsdecode(name)) for name in block["path"].to_pylist()], SCHEMA)


def screen(addresses: Sequence[str], cluster: str, workers: int | None, load: Load = load_maker) -> Iterator[list[Row]]:
    """Rows of all files as they come, in no order. cluster: its address, or `LOCAL`. workers: at most so many actors.

    Raises ConnectionError when there is no cluster at that address.
    """
    if cluster != LOCAL:
        _knock(cluster)
    alone = {"num_cpus": workers, "include_dashboard": False, "object_store_memory": _STORE_BYTES}
    ray.init(cluster, log_to_driver=False, logging_level=logging.ERROR, **(alone if cluster == LOCAL else {}))
    try:
        for block in _BLOCKS:
            missing = {writable(address): address for address in addresses}
            for rows in _rows(list(missing.values()), block, workers, load):
                for row in rows:
                    del missing[row["path"]]
                yield rows
            addresses = list(missing.values())
        if addresses:
            yield [failed(address) for address in addresses]
    finally:
        ray.shutdown()


def _knock(cluster: str) -> None:
    """Ray itself waits for minutes for what is not there. Raises ConnectionError."""
    host, _, port = cluster.rpartition("://")[2].rpartition(":")
    if port.isdecimal():  # not so "auto"
        try:
            socket.create_connection((host, int(port)), _KNOCK_S).close()
        except OSError as error:
            raise ConnectionError(cluster) from error


def _rows(addresses: Sequence[str], block: int, workers: int | None, load: Load) -> Iterator[list[Row]]:
    if not addresses:
        return
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.max_errored_blocks = -1  # of files that end their actor: `screen` comes back to them
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    names = [os.fsencode(address) for address in addresses]  # as bytes: not every file's name is text
    blocks = [pa.table({"path": names[at : at + block]}) for at in range(0, len(names), block)]
    judged = ray.data.from_arrow(blocks).map_batches(
        Actor,
        fn_constructor_args=(load,),
        compute=ActorPoolStrategy(min_size=1, max_size=workers),
        batch_size=None,
        batch_format="pyarrow",
        num_cpus=_SHARE,
        max_task_retries=_RETRIES,
    )
    for table in judged.iter_batches(batch_size=None, batch_format="pyarrow"):
        yield table.to_pylist()
