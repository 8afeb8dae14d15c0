"""A server on loopback that speaks the part of GoHighLevel's REST API that we call."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl

TOKEN = "pit-of-the-tests"
LOCATION = "ve9EPM428h8vShlRW1KT"


class Rest:
    """What was asked, when; ``answers`` are the next statuses with their headers, 200 when there is none."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, str, dict[str, Any]]] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        self.told: dict[str, Any] = {}  # what is answered to a GET, by its path without the query, or what makes it
        self.otherwise = 401  # to every other path
        self.url = ""

    def fields(self, contact_id: str) -> dict[str, Any]:
        """The custom fields of a contact as they stand."""
        found: dict[str, Any] = {}
        for _, path, body in self.asked:
            if path == f"/contacts/{contact_id}":
                found |= {field["id"]: field["field_value"] for field in body["customFields"]}
        return found


@contextmanager
def running() -> Iterator[Rest]:
    rest = Rest()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        served: ClassVar[Rest] = rest

        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status, headers = rest.answers.pop(0) if rest.answers else (200, {})
            if self.headers["authorization"] != f"Bearer {TOKEN}" or self.headers["version"] != "2021-07-28":
                status = 401
            if status == 200:
                rest.asked.append((time.monotonic(), self.path, body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def do_GET(self) -> None:
            path, _, query = self.path.partition("?")
            asked = dict(parse_qsl(query))
            status, headers = rest.answers.pop(0) if rest.answers else (200, {})
            if self.headers["authorization"] != f"Bearer {TOKEN}" or LOCATION not in (
                asked.get("locationId"),
                path[11:],
            ):
                status = 401
            rest.asked.append((time.monotonic(), path, asked))
            told = rest.told.get(path)
            if told is None:
                status, told = max(status, rest.otherwise), {}
            answer = json.dumps(told(asked) if callable(told) else told).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    rest.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield rest
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
