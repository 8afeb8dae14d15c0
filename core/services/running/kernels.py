"""The compiled kernels of a server: made beside it where there are none, so that no request waits for a compiler."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Final

from core.errors import ModelNotReady
from core.scoring.kernel import image, native

COMMAND: Final = (sys.executable, "-m", "core.scoring.warm")
_NOT_YET: Final = (
    "the model is being compiled for this processor, once, which takes up to a minute; try again soon "
    "(make setup does it beforehand)"
)


class Kernels:
    """``check`` them before a model is served. Thread-safe; close it."""

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._command = command
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def check(self) -> None:
        """Return when they run at once; else begin to make them, and raise ModelNotReady until they are made."""
        if not image.SUPPORTED or native.ready():
            return  # without images numba reads what it has compiled before, which takes a second
        with self._lock:
            self._begin()
        raise ModelNotReady(_NOT_YET)

    def close(self) -> None:
        """Make them no longer."""
        with self._lock:
            if self._process is not None:
                self._process.terminate()
                self._process.wait()

    def _begin(self) -> None:
        """In a process of its own, whose memory goes with it; here where that could not keep what it makes."""
        if self._process is None and _can_be_kept():
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        elif self._thread is None and (self._process is None or self._process.poll() is not None):
            self._thread = threading.Thread(target=native.compile_here, name="kernels", daemon=True)
            self._thread.start()


def _can_be_kept() -> bool:
    folder = image.image_path().parent
    return os.access(folder if folder.exists() else folder.parent, os.W_OK)
