"""A server for a measurement: a process of its own, with an embedded Redis and SQLite in a throw-away folder."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from core.errors import Unavailable
from core.services.access import Role, api_token
from core.services.center import CommandCenter
from core.settings import Settings

OURS: Final = "core"
ORACLE: Final = "core.benchmark.oracle_server"
STOP_S: Final = 20.0
_PORT = re.compile(r" at http://127\.0\.0\.1:(\d+) ")


@dataclass(frozen=True, slots=True)
class Server:
    """Where it listens, a token for it, and its process."""

    port: int
    token: str
    process_id: int

    def cpu_seconds(self) -> float | None:
        """CPU time that the process has used, without the embedded Redis beside it; None where no /proc tells."""
        try:
            told = Path(f"/proc/{self.process_id}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return None
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def serving(folder: Path, module: str = OURS) -> Iterator[Server]:
    """A running ``jorge serve`` on a free port, with nothing of the user's.

    ``ORACLE`` is the one that scores with scikit-learn and shap. Raises Unavailable when it does not start.
    """
    secret = secrets.token_urlsafe(48)
    with (folder / "server.log").open("w+", encoding="utf-8") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "serve", "--port", "0"],
            env=_environment(folder, secret),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            yield Server(_port(process, log.name), _token(folder, secret), process.pid)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _port(process: subprocess.Popen[str], log: str) -> int:
    for line in process.stdout or ():
        found = _PORT.search(line)
        if found:
            return int(found[1])
    said = Path(log).read_text(encoding="utf-8").strip()
    raise Unavailable(f"the server to be measured did not start (status {process.wait()}): {said[-300:]}")


def _token(folder: Path, secret: str) -> str:
    settings = Settings(_env_file=None, jorge_data_dir=folder, jorge_jwt_secret=SecretStr(secret))
    with CommandCenter(settings) as center:
        return api_token(center, "benchmark", Role.MANAGER, 24)  # who hears of every lead


def _environment(folder: Path, secret: str) -> dict[str, str]:
    """What is set here goes before a ``.env`` of the user's: their database and Claude are never touched."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("JORGE_", "ANTHROPIC_"))}
    limits = {f"JORGE_RATE_LIMIT_{kind}_PER_MINUTE": "0" for kind in ("SCORE", "BATCH", "READ")}
    return (
        kept
        | limits
        | {
            "JORGE_DATA_DIR": str(folder),
            "JORGE_DATABASE_URL": f"sqlite:///{folder / 'jorge.db'}",
            "JORGE_REDIS_URL": "",
            "JORGE_JWT_SECRET": secret,
            "JORGE_CLAUDE_MONTHLY_BUDGET_USD": "0",
            "JORGE_LOG_LEVEL": "WARNING",
        }
    )
