"""A real server that speaks Redis, kept running beside this process and shared by all that use one data folder.

A lock file says who runs the server. The server inherits the lock, so it is held exactly as long as the server
lives, however it ends. Whoever gets the lock starts the server; everyone else uses the socket and waits for their
turn, so a server that dies with its owner is started again by another process.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

from core.errors import FeedUnavailable
from core.realtime.binary import NO_SERVER, find_server
from core.realtime.connection import connect, redis_errors

LONGEST_SOCKET = 100  # bytes; the operating systems allow 103 (macOS) and 107 (Linux)
TURN_S = 0.05
READY_S = 10.0
STOP_S = 3.0
STEADY_S = 5.0  # a server that lived this long has started well
_UNREADABLE = re.compile(rb"Bad file format|RDB format version|[Cc]orrupt|checksum")
_TAIL_FILES = ("appendonlydir", "appendonly.aof")

# Asks the kernel to end the server when the thread that started it ends, then becomes the server. A program of
# its own instead of preexec_fn, which may deadlock in a process with threads.
_LAUNCH = """
import ctypes, os, sys
if ctypes.CDLL(None).prctl(1, 15) != 0 or os.getppid() != int(sys.argv[1]):
    sys.exit("the starting process is gone")
os.execv(sys.argv[2], sys.argv[2:])
"""

_log = logging.getLogger(__name__)


class EmbeddedRedis:
    """A server with its files in ``data_dir/redis``, restarted whenever it ends, until ``close``.

    ``url`` is its unix:// address and never changes. ``problem`` is the server's own last words while it cannot
    be started, else None. Made by ``start_embedded``.
    """

    def __init__(self, binary: Path, data_dir: Path) -> None:
        self._binary = binary
        self._dir = data_dir.resolve() / "redis"
        self._dir.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._socket = _socket_path(self._dir)
        self.url = "unix://" + quote(str(self._socket))
        self.problem: str | None = None
        self._closing = threading.Event()
        self._guard = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._made_by = os.getpid()
        # The kernel ties the server to the thread that starts it: this one lives as long as the process.
        self._thread = threading.Thread(target=self._supervise, name="embedded-redis", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The server's process id when this object runs it; None when another process does."""
        process = self._process
        return None if process is None else process.pid

    def close(self) -> None:
        """End the server if this object runs it, its data safely on disk; others may then start their own."""
        atexit.unregister(self.close)
        if os.getpid() != self._made_by:  # a fork that ends must not take the server with it
            return
        with self._guard:
            self._closing.set()
            process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
        self._thread.join(5.0)

    def _supervise(self) -> None:
        while not self._closing.is_set():
            try:
                lock = _try_lock(self._dir / "lock")
                if lock is None:
                    self._closing.wait(TURN_S)
                else:
                    self._run(lock)
            except OSError as error:
                self._failed(str(error))

    def _run(self, lock: int) -> None:
        log = self._dir / "server.log"
        try:
            with self._guard, log.open("wb") as out:
                if self._closing.is_set():
                    return
                self._process = process = self._spawn(lock, out.fileno())
        finally:
            os.close(lock)  # the server holds its own copy
        started = time.monotonic()
        code = process.wait()
        self._process = None
        if self._closing.is_set():
            return
        if code < 0 or time.monotonic() - started >= STEADY_S:
            self._failures = 0
            _log.warning("The embedded Redis ended (status %s); starting it again.", code)
            return
        said = log.read_bytes()
        if _UNREADABLE.search(said):
            self._set_aside()
        self._failed(said.strip().rpartition(b"\n")[2].decode(errors="replace") or f"ended with status {code}")

    def _spawn(self, lock: int, out: int) -> subprocess.Popen[bytes]:
        command = [str(self._binary), *_options(self._dir, self._socket)]
        if sys.platform == "linux":
            command = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), *command]
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            pass_fds=(lock,),
            start_new_session=True,  # Ctrl-C ends the dashboard first, and that ends the server
        )

    def _failed(self, problem: str) -> None:
        self._failures += 1
        self.problem = f"The embedded Redis does not start: {problem}"
        _log.warning("%s", self.problem)
        self._closing.wait(min(5.0, 0.05 * 2**self._failures))

    def _set_aside(self) -> None:
        """Move files that the server refuses out of its way; the feed is rebuilt from the database."""
        for name in _TAIL_FILES:
            path = self._dir / name
            if path.exists():
                refused = self._dir / f"{name}.refused"
                shutil.rmtree(refused, ignore_errors=True)
                refused.unlink(missing_ok=True)
                path.rename(refused)
                _log.warning("The embedded Redis refused its %s; kept as %s, starting empty.", name, refused.name)

    def wait_until_ready(self, timeout_s: float = READY_S) -> bool:
        """Whether the server answers within ``timeout_s`` seconds; gives up early when it cannot be started."""
        deadline = time.monotonic() + timeout_s
        client = connect(self.url, retries=0)
        try:
            while time.monotonic() < deadline and self._failures < 4:
                try:
                    with redis_errors("starting"):
                        client.ping()
                except FeedUnavailable:
                    self._closing.wait(0.005)
                else:
                    self.problem = None
                    return True
            return False
        finally:
            client.close()


def start_embedded(data_dir: Path) -> EmbeddedRedis | None:
    """The server of ``data_dir``, started or joined; None when no program for one is installed.

    Returns when it answers, after 10 s at most; a server that cannot be started is tried again in the
    background, with the cause in ``problem``. Without a program the cause is ``NO_SERVER``. Any number of
    processes may call this at once: they share one server. Raises FeedUnavailable when the folder cannot be used.
    """
    if sys.platform == "win32":
        return None
    binary = find_server()
    if binary is None:
        _log.warning("%s", NO_SERVER)
        return None
    try:
        server = EmbeddedRedis(binary, data_dir)
    except OSError as error:
        raise FeedUnavailable(f"The embedded Redis cannot use {data_dir}: {error}") from error
    server.wait_until_ready()
    return server


def _options(folder: Path, socket: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "save": "",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "maxmemory": "256mb",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
    }
    return [word for key, value in options.items() for word in (f"--{key}", value)]


def _try_lock(path: Path) -> int | None:
    """An open descriptor that holds the lock, or None while another process's server holds it."""
    import fcntl  # not on Windows, where this is never called

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _socket_path(folder: Path) -> Path:
    """The socket in ``folder``, or a short path when that is too long for a socket's name."""
    path = folder / "redis.sock"
    if len(os.fsencode(path)) <= LONGEST_SOCKET:
        return path
    # Not from the environment: every process must come to the same path.
    runtime = Path(f"/tmp/jorge-{os.getuid()}")  # noqa: S108 - made private, and checked to be ours
    runtime.mkdir(mode=0o700, exist_ok=True)
    status = runtime.lstat()
    if runtime.is_symlink() or status.st_uid != os.getuid() or status.st_mode & 0o077:
        raise PermissionError(f"{runtime} belongs to someone else or is open to others; remove it")
    return runtime / f"{hashlib.blake2b(os.fsencode(folder), digest_size=12).hexdigest()}.sock"
