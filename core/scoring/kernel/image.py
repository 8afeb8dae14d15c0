"""Compiled kernels on disk, ready to run: no compiler, no linker and no numba where they are used.

An image is machine code that refers to nothing outside itself (``core.scoring.kernel.build`` makes and checks it), so
it runs wherever it is mapped. It is for one kind of processor and for these very sources; every other image is passed
over, and numba compiles instead. It lies where Python keeps its own compiled files and is trusted as they are.
"""

from __future__ import annotations

import ctypes
import mmap
import platform
import struct
import sys
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Final

import numpy as np

from core.drafts import write_whole
from core.scoring.kernel.table import address_of

NAMES: Final = ("predict_one", "predict_many", "explain_one", "explain_many", "paths")
SUPPORTED: Final = sys.platform == "linux" and platform.machine() == "x86_64"
Entry = Callable[[int, int, int, int, int], object]
_HERE: Final = Path(__file__).parent
_MARK: Final = b"jorge kernels 1\n"
_PROTOTYPE: Final = (ctypes.c_int, *[ctypes.c_ssize_t] * 5)


def load() -> dict[str, Entry] | None:
    """The kernels by name; None where no image is for this processor and these sources. Calls release the GIL."""
    if not SUPPORTED:
        return None
    try:
        with image_path().open("rb") as file:
            head = file.read(len(_MARK) + 40)
            digest, size = struct.unpack("<32sq", head[len(_MARK) :])
            code = mmap.mmap(
                file.fileno(), size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ | mmap.PROT_EXEC, offset=mmap.PAGESIZE
            )
    except (OSError, ValueError, struct.error):  # none, not whole, or a disk from which nothing may run
        return None
    if not head.startswith(_MARK) or sha256(code).digest() != digest:
        return None
    start = address_of(np.frombuffer(code, dtype=np.uint8))
    offsets = struct.unpack_from(f"<{len(NAMES)}i", code)
    _mapped.append(code)
    prototype = ctypes.CFUNCTYPE(*_PROTOTYPE)
    return {name: prototype(start + offset) for name, offset in zip(NAMES, offsets, strict=True)}


_mapped: list[mmap.mmap] = []  # never unmapped: a kernel may be running


def keep(code: bytes) -> None:
    """Write an image whose code begins with the offsets of its entries; no reader ever sees half of it."""
    path = image_path()
    path.parent.mkdir(exist_ok=True)
    head = _MARK + struct.pack("<32sq", sha256(code).digest(), len(code))
    readable = 0o644  # for whoever may read the sources
    write_whole(path, head.ljust(mmap.PAGESIZE, b"\0") + code, readable, "kernels-")


def image_path() -> Path:
    """Where the image for this processor and these sources lies, or would lie."""
    return _HERE / "__pycache__" / f"kernels-{key()}.image"


@cache
def key() -> str:
    """Names the processor, the sources of the kernels and their compiler."""
    found = sha256(f"{version('numba')} {version('llvmlite')} {sys.platform} {_processor()}".encode())
    for source in (*sorted(_HERE.glob("*.py")), _HERE.parent / "forest.py"):
        found.update(source.read_bytes())
    return found.hexdigest()[:20]


def _processor() -> str:
    """What the processor is and can do; another one may not know every instruction of an image."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").split("\n\n", 1)[0].splitlines()
    except OSError:
        return platform.processor()
    return "\n".join(line for line in lines if line.startswith(("vendor_id", "model", "stepping", "flags")))
