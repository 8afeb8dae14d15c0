"""The live WebSocket: who may listen, what they want to hear, and what they missed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Final

import anyio
import orjson
from fastapi import APIRouter
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from core.api.callers import shown_in
from core.api.failures import turn_away
from core.api.hosts import REFUSED, origin_allowed
from core.api.wishes import Bye, Wishes, left_off
from core.errors import AccessError, Forbidden, JorgeError, TooManyRequests, Unauthenticated, Unavailable
from core.leads import utc_now
from core.realtime import FeedEvent, FeedHub, Subscription
from core.services import access
from core.services.access import Actor, Caller, Credentials
from core.services.center import CommandCenter
from core.store.events import wire_time

AUTH_S: Final = 5.0
RECHECK_S: Final = 2.0  # with what the keys in memory may be old: a revoked one is cut off within 5
FIRST_WORD_S: Final = 0.25  # a client that named itself in a header may still say where it left off
HEARTBEAT_S: Final = 15.0
SEND_S: Final = 5.0
MESSAGE_CHARACTERS: Final = 8_192
MESSAGES_A_MINUTE: Final = 120
MOST_CLIENTS: Final = 2_000
TOO_SLOW, BUSY, GOING_AWAY = 1013, 1013, 1001

router = APIRouter()


@router.websocket("/ws/live-scores")
async def live_scores(socket: WebSocket) -> None:
    """Events of the feed as JSON texts, to whoever shows a token in the header or in the first message."""
    try:
        if not origin_allowed(socket):
            raise Forbidden("this page comes from another site; JORGE_CORS_ORIGINS names those that may listen")
        center: CommandCenter = await asyncio.to_thread(socket.app.state.center)
        shown = shown_in(socket.headers)
        named = None if shown == Credentials() else await asyncio.to_thread(access.listener, center, shown)
        socket.state.caller = named
    except JorgeError as error:
        await turn_away(socket, error)
        return
    await socket.accept()
    try:
        with _one_of_many(socket):
            await Conversation(socket, center).run(named)
    except Bye as bye:
        await _close(socket, bye.code, bye.reason)
    except WebSocketDisconnect:
        return
    except JorgeError as error:
        await _close(socket, *_last_word(error))


def _last_word(error: JorgeError) -> tuple[int, str]:
    """With which code and sentence a conversation ends that ``error`` ends."""
    if isinstance(error, Unavailable):
        return BUSY, "the live feed is not available; try again"
    told = str(error) if isinstance(error, AccessError) else "the token is not valid"
    return (BUSY if isinstance(error, TooManyRequests) else REFUSED), told


@contextmanager
def _one_of_many(socket: WebSocket) -> Iterator[None]:
    """Count a socket as long as it is open, also before anybody is named; for the thread of the event loop."""
    state = socket.app.state
    if state.sockets >= MOST_CLIENTS:
        raise Bye(BUSY, "too many clients listen already; try again")
    state.sockets += 1
    try:
        yield
    finally:
        state.sockets -= 1


async def _close(socket: WebSocket, code: int, reason: str) -> None:
    if socket.application_state is WebSocketState.CONNECTED:
        try:
            with anyio.fail_after(SEND_S):
                await socket.close(code, reason)
        except (TimeoutError, RuntimeError, WebSocketDisconnect):
            return  # whoever does not read does not hear it either


@dataclass(slots=True)
class Conversation:
    """One client's socket from its token to its end."""

    socket: WebSocket
    center: CommandCenter
    wishes: Wishes = field(default_factory=Wishes)
    last_id: str = ""
    _feed: Subscription = field(init=False)
    _began: int = 0
    _actor: Actor | None = None
    _shown: Credentials = field(default_factory=Credentials)
    _messages: int = 0
    _minute: float = field(default_factory=monotonic)

    async def run(self, named: Caller | None) -> None:
        """Talk until one side ends it."""
        hub = self.center.hub
        async with AsyncExitStack() as stack:
            if named is None:
                first = await self._first_message(AUTH_S, needed=True)
                await self._authenticate(first)
                await self._subscribe(stack, hub, left_off(first))
            else:
                self._shown = shown_in(self.socket.headers)
                # listening begins here, also while it may still say where it left off
                await self._subscribe(stack, hub, None)
                first = await self._first_message(FIRST_WORD_S, needed=False)
                await self._go_back(stack, hub, left_off(first))
            self._actor = await asyncio.to_thread(access.actor_behind, self.center, self.socket.state.caller)
            self._heed(first)
            await self._heartbeat(hub)
            await self._both_ways(hub, stack)

    async def _subscribe(self, stack: AsyncExitStack, hub: FeedHub, after: str | None) -> None:
        before = hub.position
        self._feed = await stack.enter_async_context(hub.subscribe(after, every=True))
        self._began = self._feed.position
        self.last_id = after or f"{before or hub.position}-1"

    async def _go_back(self, stack: AsyncExitStack, hub: FeedHub, after: str | None) -> None:
        """Listen from there on instead, where the record knows of it; what was told meanwhile is not told again."""
        if after is None or await asyncio.to_thread(hub.place, after) is None:
            return
        left = self._feed
        await self._subscribe(stack, hub, after)
        left.leave()

    async def _both_ways(self, hub: FeedHub, stack: AsyncExitStack) -> None:
        ending: list[Exception] = []

        async def until_it_ends(part: Coroutine[Any, Any, None]) -> None:
            try:
                await part
            except (Bye, WebSocketDisconnect, JorgeError) as error:
                ending.append(error)
                tasks.cancel_scope.cancel()

        async with anyio.create_task_group() as tasks:
            for part in (self._listen(hub, stack), self._tell(), self._beat(hub), self._watch()):
                tasks.start_soon(until_it_ends, part)
        raise ending[0]

    async def _first_message(self, within_s: float, *, needed: bool) -> dict[str, Any]:
        try:
            with anyio.fail_after(within_s):
                return await self._receive()
        except TimeoutError:
            if needed:
                raise Bye(REFUSED, "no token came within 5 seconds") from None
            return {}

    async def _authenticate(self, message: dict[str, Any]) -> None:
        token = message.get("token")
        if message.get("type") != "auth" or not isinstance(token, str):
            raise Bye(REFUSED, 'the first message must be {"type": "auth", "token": "..."}')
        self._shown = Credentials(token)
        self.socket.state.caller = await asyncio.to_thread(access.listener, self.center, self._shown)

    async def _receive(self) -> dict[str, Any]:
        message = await self.socket.receive()
        if message["type"] == "websocket.disconnect":
            raise WebSocketDisconnect(message.get("code", 1005))
        text = message.get("text")
        if text is None or len(text) > MESSAGE_CHARACTERS:
            raise Bye(REFUSED, f"messages are JSON text of at most {MESSAGE_CHARACTERS} characters")
        self._count()
        try:
            said = orjson.loads(text)
        except orjson.JSONDecodeError:
            said = None
        if not isinstance(said, dict):
            raise Bye(REFUSED, "messages are JSON objects")
        return said

    def _count(self) -> None:
        now = monotonic()
        if now - self._minute > 60:
            self._messages, self._minute = 0, now
        self._messages += 1
        if self._messages > MESSAGES_A_MINUTE:
            raise Bye(REFUSED, f"more than {MESSAGES_A_MINUTE} messages in a minute")

    async def _listen(self, hub: FeedHub, stack: AsyncExitStack) -> None:
        while True:
            is_first = self._messages == 0
            message = await self._receive()
            if is_first:  # a client that named itself in a header may take its time
                await self._go_back(stack, hub, left_off(message))
            if message.get("type") == "ping":
                await self._heartbeat(hub)
            else:
                self._heed(message)

    def _heed(self, message: dict[str, Any]) -> None:
        """Take a subscription; what else a client says is let pass, for clients of a later day."""
        if message.get("type") != "subscribe":
            return
        self.wishes = Wishes.said_in(message)

    async def _tell(self) -> None:
        feed, began, newest, told = self._feed, self._began, self._began, range(0)
        while True:
            try:
                events = await feed.batch()
            except StopAsyncIteration:
                if feed is self._feed:
                    raise Bye(GOING_AWAY, "the server is stopping") from None
                events = []
            for event in events:
                if feed is not self._feed:
                    break
                if event.passing or event.seq not in told:
                    await self._hand_on(event)
                newest = event.seq
                if feed is self._feed:
                    self.last_id = event.id
            if feed is not self._feed:  # it went back
                feed, told = self._feed, range(began + 1, newest + 1)

    async def _hand_on(self, event: FeedEvent) -> None:
        if self.wishes.fits(event) and await self._may_hear(event):
            await self._send(event.raw.decode())

    async def _may_hear(self, event: Mapping[str, Any]) -> bool:
        """Whether an event is of a lead that whoever listens may see, or of none."""
        actor, lead_id = self._actor, event.get("lead_id")
        if actor is None or actor.seen_by is None or lead_id is None:
            return True
        if "agent" in event:
            return actor.sees(event["agent"])
        try:
            return actor.sees(await asyncio.to_thread(access.owner_of, self.center, str(lead_id)))
        except Unavailable:
            return False

    async def _beat(self, hub: FeedHub) -> None:
        while True:
            await anyio.sleep(HEARTBEAT_S)
            await self._heartbeat(hub)

    async def _watch(self) -> None:
        """End the conversation soon after the token has expired, the key was revoked, or a person's role changed."""
        while True:
            await anyio.sleep(RECHECK_S)
            try:
                await asyncio.to_thread(self._check_again)
            except AccessError:
                raise Bye(REFUSED, "the token or key is not valid any more") from None
            except Unavailable:
                continue  # where it cannot be asked about, it cannot have been revoked either

    def _check_again(self) -> None:
        caller = self.socket.state.caller
        if caller.page:
            caller.require_now()
        else:
            caller = access.identify(self.center, self._shown)
        if access.actor_behind(self.center, caller) != self._actor:
            raise Unauthenticated("the role has changed")

    async def _heartbeat(self, hub: FeedHub) -> None:
        feed = hub.status()
        beat = {
            "event_type": "heartbeat",
            "event_id": self.last_id,
            "timestamp": wire_time(utc_now()),
            "feed": {"source": feed.source, "ok": feed.ok, "since": wire_time(feed.since), "detail": feed.detail},
        }
        await self._send(orjson.dumps(beat).decode())

    async def _send(self, text: str) -> None:
        """Send, unless the client has stopped reading: then it is cut off."""
        try:
            with anyio.fail_after(SEND_S):
                await self.socket.send_text(text)
        except TimeoutError:
            raise Bye(TOO_SLOW, "you do not read; come back with your last_event_id") from None
        except RuntimeError:  # it is gone already
            raise WebSocketDisconnect(1006) from None
