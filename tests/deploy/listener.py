"""Listens to the live feed through nginx, and comes back with its last event's id whenever it is cut off."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tests.deploy.machine import Machine


class Listener:
    """Counts how often the feed told of each lead."""

    def __init__(self, machine: Machine, token: str) -> None:
        self._machine, self._token = machine, token
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self.told: Counter[str] = Counter()
        self.connected = 0

    def start(self) -> Listener:
        self._thread.start()
        while not self.connected:
            time.sleep(0.05)
        return self

    def close(self) -> None:
        self._done.set()
        self._thread.join(10)

    def _listen(self) -> None:
        last: str | None = None
        while not self._done.is_set():
            try:
                last = self._until_cut(last)
            except (OSError, WebSocketException, TimeoutError):
                time.sleep(0.2)

    def _until_cut(self, last: str | None) -> str | None:
        address = f"wss://localhost:{self._machine.tls_port}/api/v1/ml/ws/live-scores"
        seen = last
        with connect(address, ssl=self._machine.trust, open_timeout=5, proxy=None) as socket:
            first = {"type": "auth", "token": self._token} | ({"last_event_id": last} if last else {})
            socket.send(json.dumps(first))
            self.connected += 1
            try:
                while not self._done.is_set():
                    try:
                        event = json.loads(socket.recv(timeout=0.5))
                    except TimeoutError:
                        continue
                    if event["event_type"] == "lead_scored":
                        self.told[event["lead_id"]] += 1
                    if event.get("event_id") and event["event_type"] != "heartbeat":
                        seen = event["event_id"]
            except (OSError, WebSocketException):
                return seen
        return seen
