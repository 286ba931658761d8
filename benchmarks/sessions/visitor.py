"""A visitor without a browser: Streamlit's websocket for the page, one for the outlines, aiortc for the camera."""

from __future__ import annotations

import asyncio
import json
import struct
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_CHANGES = 8  # bytes before them in a message with outlines
_ASK_S = 0.3  # as in core/web/static/outlines.js
_INTERNAL = "$$STREAMLIT_INTERNAL_KEY"  # before the names that Streamlit gives to components' events


@dataclass
class _Board:
    """The board as it was drawn last. changes: of what it shows, so far. asked: when for another one."""

    id: str
    fragment: str
    changes: int
    asked: float = float("-inf")


class _Counted(ClientConnection):
    """A websocket that counts the bytes that come."""

    received = 0

    def data_received(self, data: bytes) -> None:
        self.received += len(data)
        super().data_received(data)


class Visitor:
    """One tab: opens the page, presses its buttons, answers its camera, refreshes what the page wants refreshed.

    outlines: time.monotonic() of each message with outlines.
    """

    def __init__(self, url: str) -> None:
        """url: http://host:port of the app."""
        self._url = url
        self._socket: _Counted | None = None
        self._buttons: dict[str, str] = {}
        self._camera: str | None = None
        self._states: dict[str, str] = {}
        self._page = ""
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._reader: asyncio.Task[None] | None = None
        self._changed = asyncio.Condition()
        self._board: _Board | None = None
        self._outlines_name = ""
        self._outlines_bytes = 0
        self._listening: asyncio.Task[None] | None = None
        self.outlines: list[float] = []
        self.started = 0.0
        self.arguments: dict[str, Any] = {}
        self.peer: RTCPeerConnection | None = None

    async def open(self) -> Visitor:
        address = self._url.replace("http", "ws", 1) + "/_stcore/stream"
        socket = await connect(
            address,
            subprotocols=["streamlit"],  # type: ignore[list-item]
            max_size=None,
            create_connection=_Counted,
        )
        assert isinstance(socket, _Counted)
        self._socket = socket
        self._reader = asyncio.create_task(self._read())
        await self._rerun()
        return self

    async def wait_for_button(self, key: str, timeout_s: float = 30.0) -> None:
        await self._wait(lambda: key in self._buttons, timeout_s)

    async def press(self, key: str) -> None:
        """Press the button with that key."""
        while (button := self._buttons.get(key)) is None:
            await self.wait_for_button(key)
        await self._rerun(trigger=button)

    async def go_live(self, track: MediaStreamTrack, timeout_s: float = 30.0) -> None:
        """Press START and connect the camera; returns when the stream is connected."""
        self.started = time.monotonic()
        await self.press("start")
        await self._wait(lambda: bool(self.arguments.get("desired_playing_state")), timeout_s)
        peer = self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        peer.addTransceiver(track, direction="sendonly")
        await peer.setLocalDescription(await peer.createOffer())
        offer = {"type": peer.localDescription.type, "sdp": peer.localDescription.sdp}
        # The last attempt's answer may still stand there.
        old = self.arguments.get("sdp_answer_json")
        await self._tell_camera(playing=False, offer=offer)
        await self._wait(lambda: self.arguments.get("sdp_answer_json") not in (None, "", old), timeout_s)
        answer = json.loads(self.arguments["sdp_answer_json"])
        await peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], answer["type"]))
        deadline = time.monotonic() + timeout_s
        while peer.connectionState != "connected":
            if time.monotonic() > deadline:
                raise TimeoutError("the stream did not connect")
            await asyncio.sleep(0.05)
        await self._tell_camera(playing=True, offer="")

    async def received(self) -> Counter[str]:
        """Bytes that came so far, as the network carries them: of the page, of its outlines, and of the stream."""
        stats = await self.peer.getStats() if self.peer else {}
        stream = sum(report.bytesReceived for report in stats.values() if report.type == "transport")
        assert self._socket is not None
        return Counter(page=self._socket.received, outlines=self._outlines_bytes, stream=stream)

    async def over(self, timeout_s: float) -> bool:
        """Wait until the page wants the camera no more; False when it still does after `timeout_s`."""
        try:
            await self._wait(lambda: not self.arguments.get("desired_playing_state"), timeout_s)
        except TimeoutError:
            return False
        return True

    async def hang_up(self) -> None:
        """Close the camera as the page asks it to when an attempt is over."""
        if self.peer is not None:
            await self.peer.close()
            self.peer = None
            await self._tell_camera(playing=False, offer="")

    async def close(self) -> None:
        """Close the tab."""
        self._stop_timers(list(self._timers))
        for task in (self._reader, self._listening):
            if task is not None:
                task.cancel()
        if self.peer is not None:
            await self.peer.close()
        if self._socket is not None:
            await self._socket.close()

    async def _tell_camera(self, *, playing: bool, offer: Any) -> None:
        assert self._camera is not None
        self._states[self._camera] = json.dumps({"playing": playing, "sdpOffer": offer, "iceCandidates": {}})
        await self._rerun()

    async def _rerun(self, *, trigger: str = "", fragment: str = "", events: tuple[str, str] | None = None) -> None:
        """trigger: a button that was pressed. events: of a component, its widget's id and they as JSON."""
        message = BackMsg()
        script = message.rerun_script
        script.page_script_hash = self._page
        script.fragment_id = fragment
        script.is_auto_rerun = bool(fragment) and events is None
        script.context_info.url = self._url
        for name, value in self._states.items():
            script.widget_states.widgets.add(id=name, json_value=value)
        if trigger:
            script.widget_states.widgets.add(id=trigger, trigger_value=True)
        if events is not None:
            script.widget_states.widgets.add(id=events[0], json_trigger_value=events[1])
        assert self._socket is not None
        await self._socket.send(message.SerializeToString())

    async def _read(self) -> None:
        assert self._socket is not None
        async for data in self._socket:
            message = ForwardMsg()
            message.ParseFromString(data if isinstance(data, bytes) else data.encode())
            kind = message.WhichOneof("type")
            if kind == "new_session" and not message.metadata.run.fragment_ids:
                # The page is drawn anew. Streamlit takes no click on a button that is not drawn yet, and the browser
                # ends all refreshes of the page before.
                self._buttons.clear()
                self._stop_timers(list(self._timers))
            elif kind == "navigation":
                self._page = message.navigation.page_script_hash
            elif kind == "auto_rerun" and message.auto_rerun.fragment_id not in self._timers:
                wanted = message.auto_rerun
                self._timers[wanted.fragment_id] = asyncio.create_task(
                    self._refresh(wanted.fragment_id, wanted.interval)
                )
            elif kind == "stop_auto_rerun":
                self._stop_timers(message.stop_auto_rerun.fragment_ids)
            elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
                self._take(message.delta.new_element, message.delta.fragment_id)
            async with self._changed:
                self._changed.notify_all()

    def _take(self, element: Any, fragment: str) -> None:
        kind = element.WhichOneof("type")
        if kind == "button":
            self._buttons[element.button.id.rpartition("-")[2]] = element.button.id
        elif kind == "component_instance" and "webrtc" in element.component_instance.component_name:
            self._camera = element.component_instance.id
            self.arguments = json.loads(element.component_instance.json_args)
        elif kind == "bidi_component" and element.bidi_component.component_name.endswith("capture_board"):
            shown = json.loads(element.bidi_component.json)
            self._board = _Board(element.bidi_component.id, fragment, shown.get("changes", 0))
            name = shown.get("outlines", "")
            if name != self._outlines_name:
                self._outlines_name = name
                if self._listening is not None:
                    self._listening.cancel()
                self._listening = asyncio.create_task(self._listen(name)) if name else None

    async def _listen(self, name: str) -> None:
        """Take the outlines as the page does, and note when."""
        address = self._url.replace("http", "ws", 1) + f"/outlines/{name}"
        async with connect(address, create_connection=_Counted) as socket:
            assert isinstance(socket, _Counted)
            before = self._outlines_bytes
            async for message in socket:
                self.outlines.append(time.monotonic())
                self._outlines_bytes = before + socket.received
                await socket.send("")
                assert isinstance(message, bytes)
                await self._hear(struct.unpack_from("<h", message, _CHANGES)[0])

    async def _hear(self, changes: int) -> None:
        """Ask for the board, as the page does, when it has changed since it was drawn."""
        board, now = self._board, time.monotonic()
        if board is not None and changes > board.changes and now - board.asked >= _ASK_S:
            board.asked = now
            news = json.dumps([{"event": "news", "value": board.changes}])
            await self._rerun(fragment=board.fragment, events=(f"{_INTERNAL}_{board.id}__events", news))

    def _stop_timers(self, fragments: Iterable[str]) -> None:
        for fragment in fragments:
            if timer := self._timers.pop(fragment, None):
                timer.cancel()

    async def _refresh(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._rerun(fragment=fragment)

    async def _wait(self, condition: Any, timeout_s: float) -> None:
        async def until() -> None:
            async with self._changed:
                await self._changed.wait_for(condition)

        await asyncio.wait_for(until(), timeout_s)
