"""What the server does beside Streamlit's pages: send outlines, take stills and, where API_KEYS is set, the API.

app.py imports this before there is a Streamlit runtime. Nothing here may import streamlit_webrtc by that time: its
component would be registered with no runtime, and the camera's frame be answered with 404.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from core.api.frames import FrameAncestors, read_origins
from core.evidence.keyfile import KeyFileError
from core.files.handout import Witness
from core.server.asset_cache import AssetCache
from core.server.outlines import outline_desk
from core.server.secrets import options
from core.server.stills import still_desk
from core.settings import Settings
from core.store.config import StoreError

if TYPE_CHECKING:
    from core.api.gateway import Gateway

logger = logging.getLogger(__name__)

EMBED_ORIGINS = "EMBED_ORIGINS"


def api_asked_for() -> bool:
    """API_KEYS is set, whatever is in it."""
    return bool(options().get("API_KEYS", "").strip())


@cache
def gateway() -> Gateway | None:
    """This process's own; None without API_KEYS, or when what is told with it makes no sense."""
    if not api_asked_for():
        return None
    from core.api.gateway import open_gateway  # what it brings takes time to load, for those who use it

    try:
        return open_gateway(options(), Settings())
    except (KeyFileError, StoreError, ValueError) as error:
        # Never the value: it may hold secrets.
        logger.error("No API: %s (%s)", error if isinstance(error, KeyFileError) else "wrong", type(error).__name__)
        return None


def witness() -> Witness | None:
    """Who signs the selfies of all visitors; None where nothing is signed."""
    shared = gateway()
    return shared.evidence if shared else None


def embedding_origins() -> list[str]:
    """Origins of the pages that may show the capture in a frame."""
    return read_origins(options().get(EMBED_ORIGINS, ""))


def routes() -> list[BaseRoute]:
    """Where pages get outlines and hand in stills; the API and the public keys."""
    shared, own = gateway(), [*outline_desk().routes(), *still_desk().routes()]
    if shared is None:
        return own
    from core.api.routes import api_routes

    return [*own, *api_routes(shared)]


def middleware() -> list[Middleware]:
    """How long browsers keep the camera's scripts, and who may show the pages in a frame."""
    own = [Middleware(AssetCache)]
    return [*own, Middleware(FrameAncestors, origins=embedding_origins())] if gateway() else own


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[dict[str, Any]]:
    """The gateway's threads run while the server does."""
    shared = gateway()
    if shared is not None:
        shared.start()
    yield {}
    if shared is not None:
        shared.stop()
