"""``jorge serve``: the dashboard and the API in one process."""

from __future__ import annotations

import argparse
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from core.api.logs import logging_to_stderr
from core.cli.shown import shown
from core.errors import SettingsError
from core.settings import PROJECT_ROOT, Settings, load_settings, misspelt

if TYPE_CHECKING:
    import uvicorn

HOST, PORT = "127.0.0.1", 8501
BACKLOG = 2048
FIRST_WORDS = """
Programs that call the API need a token, or a key of their own:
  jorge token                             prints a token for a day
  jorge keys make NAME --scope score      prints a key that lasts until it is revoked"""
ONLY_HERE = "No sign-in is set up: it answers on this machine only, and whoever sits here is its admin."
OPEN_TO_ALL = "No sign-in is set up, and --without-sign-in is on: whoever reaches this address is an admin."
STOP_S = 3
KEPT_S = 75  # longer than clients and proxies keep a connection, so that none is closed on a request under way
_ARENA_MAX = -8  # M_ARENA_MAX of malloc.h
# Bytes that a socket takes before anybody looks at them, or at who sends them. Files come by HTTP; what widgets hold is
# small, and .streamlit/config.toml names the same bound. The API alone hears of tokens and wishes.
LARGEST_MESSAGE, LARGEST_OF_PROGRAMS = 4_000_000, 65_536


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--host", default=HOST, help="address to listen on (default %(default)s: this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help="default %(default)s")
    parser.add_argument(
        "--without-sign-in",
        action="store_true",
        help="listen beyond this machine although no sign-in is set up: whoever reaches the port is then an admin",
    )
    parser.add_argument("--api-only", action="store_true", help="serve the API without the dashboard: one of several")


def run(arguments: argparse.Namespace) -> int:
    """Serve until Ctrl-C or SIGTERM; 0 on a clean stop."""
    if not 0 <= arguments.port <= 65_535:
        raise SettingsError(f"--port is {arguments.port}; must be from 0 to 65535")
    settings = load_settings()
    open_to_all = arguments.without_sign_in or settings.jorge_without_sign_in
    if not arguments.api_only:  # without a token nobody is anybody there
        check_address(settings, arguments.host, open_to_all=open_to_all)
    if open_to_all:
        os.environ["JORGE_WITHOUT_SIGN_IN"] = "true"  # app.py reads the settings anew
    share_one_heap()
    gc.disable()  # imports make lasting objects: the first screen comes 0.3 s sooner; app.py enables it again
    with only_server_of(settings.jorge_data_dir), listening(arguments.host, arguments.port) as listener:
        first_start = _check(settings)
        for name, meant in misspelt().items():
            print(f"jorge serve: {shown(name)} is no setting and does nothing; is {meant} meant?", file=sys.stderr)
        with logging_to_stderr(settings.jorge_log_level):
            if arguments.api_only:
                return _serve(listener, FIRST_WORDS if first_start else "", "core.api.alone:api_alone", factory=True)
            return _serve(listener, _first_words(settings, first_start=first_start, open_to_all=open_to_all))


def share_one_heap() -> None:
    """Have all threads allocate from one heap: glibc makes one for each, and each keeps its most. 25 MB less.

    Threads of Python hardly allocate at once, and the kernels not at all. Without glibc there is nothing to do.
    """
    if sys.platform == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)


def _check(settings: Settings) -> bool:
    """Whether the secret for tokens was made just now. Raises SettingsError for what could never work."""
    from core.services.access import secret_kept_in
    from core.services.center import CommandCenter
    from core.services.settings_check import check_settings

    kept = secret_kept_in(settings)
    known = kept is None or kept.exists()
    with CommandCenter(settings) as center:
        check_settings(center)
    return not known


def check_address(settings: Settings, host: str, *, open_to_all: bool) -> None:
    """Raise SettingsError for an address that others reach while nobody has to sign in, unless that is wanted."""
    from core.services.access.sign_in import is_loopback, is_set_up

    if is_set_up(settings) or open_to_all or is_loopback(host):
        return
    raise SettingsError(
        f"--host {host} would let whoever reaches this machine in as an admin, because no sign-in is set up; set "
        "JORGE_OIDC_METADATA_URL (docs/sign-in.md), or add --without-sign-in if that is what you want"
    )


def _first_words(settings: Settings, *, first_start: bool, open_to_all: bool) -> str:
    from core.services.access.sign_in import is_set_up

    words = FIRST_WORDS if first_start else ""
    if is_set_up(settings):
        return words
    return f"\n{OPEN_TO_ALL if open_to_all else ONLY_HERE}{words}"


def _serve(listener: socket.socket, words: str, served: str = "app:app", *, factory: bool = False) -> int:
    import uvicorn

    os.chdir(PROJECT_ROOT)  # where .streamlit/config.toml and pages/ are
    sys.path.insert(0, str(PROJECT_ROOT))
    config = uvicorn.Config(
        served,
        factory=factory,
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="on",
        ws_max_size=LARGEST_OF_PROGRAMS if factory else LARGEST_MESSAGE,
        ws_per_message_deflate=False,  # a thousandth of what it unpacks to would be enough to fill the memory
        timeout_graceful_shutdown=STOP_S,
        timeout_keep_alive=KEPT_S,
    )
    server = _server(config, listener, words)
    server.run(sockets=[listener])
    return 0 if server.started else 1


def _is_a_fault(record: logging.LogRecord) -> bool:
    """False for what uvicorn also says of a socket that was refused with an answer, as it should be."""
    return record.msg != "ASGI callable returned without completing handshake."


def _server(config: uvicorn.Config, listener: socket.socket, more: str) -> uvicorn.Server:
    import uvicorn

    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host

    class Server(uvicorn.Server):
        """Says where it is, and leaves with status 0 when it was asked to stop."""

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            logging.getLogger("uvicorn.error").addFilter(_is_a_fault)
            await super().startup(sockets)
            for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
                logging.getLogger(name).setLevel(logging.WARNING)  # Streamlit turned them on: addresses name leads
            if self.started:
                print(f"Jorge is at http://{shown}:{port} (Ctrl-C stops it){more}", flush=True)

        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)

    return Server(config)


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A socket that listens, before anything heavy is loaded. Raises SettingsError when the address is taken."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except OSError as error:
        raise SettingsError(f"--host {host!r} is no address of this machine ({error.strerror})") from error
    listener = socket.socket(found[0], socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(found[4])
        listener.listen(BACKLOG)
        listener.set_inheritable(True)
    except OSError as error:
        listener.close()
        advice = f"stop what uses it, or choose another: jorge serve --port {port + 1 if port < 65_535 else PORT}"
        raise SettingsError(f"{host}:{port} cannot be used ({error.strerror}); {advice}") from error
    try:
        yield listener
    finally:
        listener.close()


@contextmanager
def only_server_of(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this server. Raises SettingsError while another server has it."""
    path = data_dir / "server.lock"
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = path.open("a+", encoding="ascii")
    except OSError as error:
        raise SettingsError(
            f"the data folder {data_dir} cannot be used ({error.strerror}); set JORGE_DATA_DIR"
        ) from error
    with lock:
        _lock(lock, data_dir)
        lock.truncate(0)
        with suppress(OSError):  # on a full disk: it only tells others who has it, and screens can be read
            os.write(lock.fileno(), b"%d\n" % os.getpid())
        yield


def _lock(lock: TextIO, data_dir: Path) -> None:
    with suppress(ImportError):
        import fcntl  # not on Windows, where two servers on one folder are not held apart

        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            pid = lock.read(20).strip() or "?"
            raise SettingsError(
                f"another server (process {pid}) already uses the data folder {data_dir}; "
                "stop it, or set JORGE_DATA_DIR to another folder"
            ) from None
