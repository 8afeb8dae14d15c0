"""A real PostgreSQL for the tests, from the binaries of the wheel ``pgserver``.

The wheel's own starter adds a system user and opens folders to everybody when it runs as root. Here the binaries are
copied into a temporary folder then, and run as ``nobody``; nothing of the machine changes.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

import psycopg


def wheel() -> Path | None:
    """Where the binaries are; None where the wheel does not exist for this platform."""
    found = importlib.util.find_spec("pgserver")
    if found is None or found.origin is None:
        return None
    return Path(found.origin).parent / "pginstall"


class Postgres:
    """A server of its own data folder, reached through a socket; it loses data in a power cut, for speed."""

    def __init__(self, binaries: Path) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="jorge-pg-"))
        self._user: dict[str, Any] = {}
        if os.geteuid() == 0:
            binaries = self._as_nobody(binaries)
        self._bin = binaries / "bin"
        self._data = self._folder / "data"
        self._server: subprocess.Popen[bytes] | None = None
        self._made = 0
        self._run("initdb", "-D", str(self._data), "-U", "tester", "--no-locale", "--encoding=UTF8", "--no-sync")
        self.start()

    def _as_nobody(self, binaries: Path) -> Path:
        import pwd

        nobody = pwd.getpwnam("nobody")
        site = binaries.parent.parent
        own = self._folder / "wheel"
        shutil.copytree(binaries, own / "pgserver" / "pginstall", ignore=shutil.ignore_patterns("include", "*.a"))
        if (site / "pgserver.libs").exists():  # shared libraries, found relative to the binaries
            shutil.copytree(site / "pgserver.libs", own / "pgserver.libs")
        shutil.chown(self._folder, nobody.pw_uid, nobody.pw_gid)
        self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        return own / "pgserver" / "pginstall"

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd=self._folder, **self._user)

    def start(self) -> None:
        """Start the server and return when it answers."""
        options = ["-c", "listen_addresses=", "-k", str(self._folder), "-c", "fsync=off", "-c", "max_connections=200"]
        self._server = subprocess.Popen(
            [str(self._bin / "postgres"), "-D", str(self._data), *options],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._user,
        )
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL did not start within 10 s")

    def stop(self) -> None:
        """Stop the server; its data stay."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)  # a fast shutdown, which does not wait for clients
            self._server.wait(20)
            self._server = None

    def close(self) -> None:
        """Stop the server and delete its data."""
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)  # an immediate shutdown: the data go anyway
            self._server.wait(20)
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://tester@/{database}?host={self._folder}"

    def new_database(self) -> str:
        """Make an empty database; return its address."""
        self._made += 1
        name = f"jorge_{self._made}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)
