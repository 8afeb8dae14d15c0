"""A dashboard session without a browser: Streamlit's own WebSocket and messages, as a browser sends and gets them."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

PATIENCE_S: Final = 60.0


@dataclass
class Session:
    """One open tab. ``wrong`` is what a person would have seen go wrong; ``got`` counts the bytes that came."""

    url: str
    wrong: list[str] = field(default_factory=list)
    got: int = 0
    _socket: ClientConnection | None = None
    _view: tuple[str, str] = ("", "")
    _fragments: dict[str, float] = field(default_factory=dict)

    async def __aenter__(self) -> Session:
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = await connect(
            address,
            subprotocols=[Subprotocol("streamlit")],
            origin=Origin(self.url),
            max_size=None,
            proxy=None,
            open_timeout=PATIENCE_S,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def open(self, page: str, query: str = "") -> float:
        """Go to a page; the seconds until all of it was there."""
        self._view, self._fragments = (page, query), {}
        return await self._run("")

    async def stay(self, seconds: float) -> list[float]:
        """Look at the page, whose parts that renew themselves do so; the seconds that each renewal took."""
        until, took = time.monotonic() + seconds, []
        due = {name: time.monotonic() + every for name, every in self._fragments.items()}
        while due and (name := min(due, key=lambda one: due[one])) and due[name] < until:
            await asyncio.sleep(max(0.0, due[name] - time.monotonic()))
            took.append(await self._run(name))
            due = {one: due.get(one, 0.0) for one in self._fragments}
            if name in due:
                due[name] = time.monotonic() + self._fragments[name]
        await asyncio.sleep(max(0.0, until - time.monotonic()))
        return took

    async def _run(self, fragment: str) -> float:
        assert self._socket is not None
        asked = BackMsg()
        page, query = self._view
        asked.rerun_script.page_name = page
        asked.rerun_script.query_string = query
        asked.rerun_script.context_info.timezone = "America/Chicago"
        if fragment:
            asked.rerun_script.fragment_id = fragment
            asked.rerun_script.is_auto_rerun = True
        began = time.monotonic()
        await self._socket.send(asked.SerializeToString())
        while True:
            told = await asyncio.wait_for(self._socket.recv(), PATIENCE_S)
            assert isinstance(told, bytes)
            self.got += len(told)
            if self._is_last(ForwardMsg.FromString(told)):
                return time.monotonic() - began

    def _is_last(self, told: ForwardMsg) -> bool:
        kind = told.WhichOneof("type")
        where = " ".join(self._view).strip() or "first screen"
        if kind == "delta" and (said := _failure(told)):
            self.wrong.append(f"{where}: {said}")
        elif kind == "page_not_found":
            self.wrong.append(f"{where}: no such page")
        elif kind == "auto_rerun":
            self._fragments[told.auto_rerun.fragment_id] = told.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            for name in told.stop_auto_rerun.fragment_ids:
                self._fragments.pop(name, None)
        elif kind == "script_finished" and told.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
            self.wrong.append(f"{where}: the script could not be read")
        return kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN


def _failure(told: ForwardMsg) -> str:
    element = told.delta.new_element
    if element.WhichOneof("type") == "exception":
        return f"{element.exception.type} {element.exception.message[:200]}"
    if element.WhichOneof("type") == "alert" and element.alert.format == Alert.ERROR:
        return element.alert.body[:200]
    return ""
