"""Broken and strange files for everything that reads one: ``python -m tests.measure.files [--files N]``.

Real exports are cut off, put into other encodings, filled with what no list holds, packed, and made endless. What must
hold for each: a result, or one sentence of ours; soon, and in bounded memory.
"""

from __future__ import annotations

import argparse
import gzip
import io
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from openpyxl import Workbook

from core.errors import JorgeError
from core.services.analyses import ad_spend
from core.services.center import CommandCenter
from core.services.lead_files.files import ScoreOrder, inspect, score_file
from core.training.table.look import look_at
from tests.measure.bodies import resident_mb
from tests.measure.hostile import hostile
from tests.services.centers import settings_in
from tests.transfer.conftest import FILES

Change = Callable[[random.Random, bytes], bytes]
TEXTS = hostile(400)
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1", "shift_jis", "gb18030")
LONG_LINE = 10_000_000
LONGEST_S = 20.0


@dataclass
class Ended:
    """How files ended: with a result, or refused; ``wrong`` are those that ended in no sentence, or late."""

    results: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    longest_s: float = 0.0


def _as_it_is(chance: random.Random, content: bytes) -> bytes:
    return content


def _cut(chance: random.Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content))]


def _encoded(chance: random.Random, content: bytes) -> bytes:
    return content.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def _sown(chance: random.Random, content: bytes) -> bytes:
    """A few odd bytes anywhere."""
    told = bytearray(content)
    for _ in range(chance.choice((1, 3, 30))):
        odd = chance.choice((b"\x00", b'"', b"'", b",", b";", b"\t", b"\r", b"\n", b"\xff", b"\xed\xa0\x80", b"\x1a"))
        at = chance.randrange(len(told) + 1)
        told[at:at] = odd
    return bytes(told)


def _hostile_cells(chance: random.Random, content: bytes) -> bytes:
    parts = content.split(b",")
    for _ in range(chance.choice((1, 5, 20))):
        parts[chance.randrange(len(parts))] = chance.choice(TEXTS).encode("utf-8", "replace")
    return b",".join(parts)


def _lines_mixed(chance: random.Random, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(chance.choices(lines, k=chance.choice((1, 3, 200))))


def _header_only(chance: random.Random, content: bytes) -> bytes:
    return content.splitlines()[0] + chance.choice((b"", b"\n", b"\r\n\r\n"))


def _ragged(chance: random.Random, content: bytes) -> bytes:
    lines = content.splitlines()
    return b"\n".join(line + b",x" * chance.randrange(5) if chance.random() < 0.5 else line[:20] for line in lines)


def _packed(chance: random.Random, content: bytes) -> bytes:
    return chance.choice((_zip, gzip.compress, lambda told: _xlsx(), lambda told: gzip.compress(told)[:30]))(content)


def _other_kind(chance: random.Random, content: bytes) -> bytes:
    kinds = (b"%PDF-1.7\n", b"<html><body>", b'{"leads": [', b"\x89PNG\r\n", b"SQLite format 3\x00", b"MZ", b"")
    return chance.choice(kinds) + chance.randbytes(chance.choice((0, 20, 5_000)))


def _doubled_names(chance: random.Random, content: bytes) -> bytes:
    first, _, rest = content.partition(b"\n")
    return first.strip() + b"," + first.strip() + b"," * chance.choice((0, 3, 1_100)) + b"\n" + rest


CHANGES: dict[Change, int] = {
    _as_it_is: 1, _cut: 4, _encoded: 3, _sown: 6, _hostile_cells: 5, _lines_mixed: 2,
    _header_only: 1, _ragged: 3, _packed: 2, _other_kind: 2, _doubled_names: 1,
}  # fmt: skip


@cache
def _exports() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(FILES.glob("*.csv")))


def _zip(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("leads.csv", content)
    return packed.getvalue()


@cache
def _xlsx() -> bytes:
    book, packed = Workbook(), io.BytesIO()
    for row in (["Name", "Email"], ["Ana Lima", "ana@example.com"]):
        book.active.append(row)
    book.save(packed)
    return packed.getvalue()


def file_of(number: int, seed: int = 1) -> bytes:
    """The file with this number."""
    chance = random.Random(f"{seed}:{number}")
    content = chance.choice(_exports())
    for change in chance.choices(list(CHANGES), list(CHANGES.values()), k=chance.choice((1, 1, 2))):
        content = change(chance, content) if content else content
    return content


def monsters(packed_mb: int = 1_000) -> dict[str, bytes]:
    """Files whose size is the trouble."""
    return {
        "one line of 10 MB": b"name,email\n" + b"x" * LONG_LINE,
        "one cell of 10 MB": b'name,email\n"' + b"x\n" * (LONG_LINE // 2) + b'",a@example.com\n',
        "a header of 10 MB": b"name" + b"e" * LONG_LINE + b"\nAna\n",
        "10 MB of separators": b"name,email\n" + b"," * LONG_LINE,
        "10 MB of quotation marks": b"name,email\n" + b'"' * LONG_LINE,
        "10 MB of line ends": b"name,email\n" + b"\n" * LONG_LINE,
        "10 MB of NUL": b"\x00" * LONG_LINE,
        f"a zip of {packed_mb:,} MB of zeros": _bomb(packed_mb),
        f"a gzip of {packed_mb:,} MB of zeros": _gzip_bomb(packed_mb),
    }


def _bomb(mb: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("leads.csv", "w") as file:
        for _ in range(mb):
            file.write(bytes(1_000_000))
    return packed.getvalue()


def _gzip_bomb(mb: int) -> bytes:
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        for _ in range(mb):
            file.write(bytes(1_000_000))
    return packed.getvalue()


def take(center: CommandCenter, folder: Path, name: str, content: bytes, ended: Ended) -> None:
    """Give one file to the preview and the scorer, to training, and to the reader of costs; note how it ended."""
    path = folder / "leads.csv"
    path.write_bytes(content)
    began = time.process_time()
    readers: tuple[Callable[[], object], ...] = (
        lambda: inspect(center, path),
        lambda: score_file(center, ScoreOrder(path, folder / "out.csv", save=len(content) < 100_000)),
        lambda: look_at(path),
        lambda: ad_spend.preview(center, content),
    )
    for read in readers:
        try:
            read()
            ended.results += 1
        except JorgeError as error:
            said = str(error)
            ended.refusals[said.split(";")[0][:60]] += 1
            if "\n" in said or len(said) > 600 or "Traceback" in said:
                ended.wrong.append(f"{name}: {said[:300]}")
        except Exception as error:
            ended.wrong.append(f"{name}: {type(error).__name__}: {error}")
    took = time.process_time() - began
    ended.longest_s = max(ended.longest_s, took)
    if took > LONGEST_S:
        ended.wrong.append(f"{name}: took {took:.0f} s of CPU")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    ended, sizes = Ended(), []
    with tempfile.TemporaryDirectory() as name, CommandCenter(settings_in(Path(name) / "data")) as center:
        for number in range(arguments.files):
            take(center, Path(name), f"file {number}", file_of(number, arguments.seed), ended)
            if number % max(1, arguments.files // 10) == 0:
                sizes.append(resident_mb())
        for what, content in monsters().items():
            before = ended.longest_s
            ended.longest_s = 0.0
            take(center, Path(name), what, content, ended)
            print(f"{what}: {ended.longest_s:.1f} s of CPU")
            ended.longest_s = max(before, ended.longest_s)
    print(f"{arguments.files:,} files: {ended.results:,} results, {sum(ended.refusals.values()):,} refusals,")
    print(f"longest {ended.longest_s:.1f} s of CPU, resident MB {' '.join(f'{size:.0f}' for size in sizes)},")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB; wrong: {len(ended.wrong)}")
    for said, count in ended.refusals.most_common(25):
        print(f"  {count:5} {said}")
    for line in ended.wrong[:20]:
        print("WRONG", line)
    sys.exit(bool(ended.wrong))


if __name__ == "__main__":
    main()
