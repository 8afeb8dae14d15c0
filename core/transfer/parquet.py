"""A Parquet file as the CSV that everything else reads: written beside, a few thousand rows at a time."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from core.errors import FileError
from core.transfer.limits import MOST_ROW_CHARACTERS

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES: Final = (".parquet", ".pq")
ROWS: Final = 10_000
WRITTEN_AT_ONCE: Final = 50_000_000  # bytes
MOST_TIMES: Final = 200  # so often its size may a file unpack to,
ALLOWED: Final = 100_000_000  # and so many bytes anyway


def is_parquet(path: Path) -> bool:
    """Whether the name says so.

    >>> is_parquet(Path("leads.parquet")), is_parquet(Path("leads.csv"))
    (True, False)
    """
    return path.suffix.lower() in SUFFIXES


@contextmanager
def as_csv_file(path: Path) -> Iterator[Path]:
    """A CSV file with the rows of the Parquet file at ``path``, gone after the block; memory does not grow with it.

    Numbers, dates and texts are written as they are; a column of lists or of records is refused. Raises FileError.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    with tempfile.TemporaryDirectory(prefix="jorge-parquet-") as folder:
        out = Path(folder) / f"{path.stem}.csv"
        try:
            with pyarrow.parquet.ParquetFile(path) as source:
                schema = source.schema_arrow
            texts = [field.name for field in schema if pa.types.is_string(field.type) or pa.types.is_binary(field.type)]
            # A text that stands in a million rows is one text in the file, and stays one until it is written.
            with pyarrow.parquet.ParquetFile(path, read_dictionary=texts) as source:
                most = MOST_TIMES * path.stat().st_size + ALLOWED
                _check(path, source, schema, most)
                with pyarrow.csv.CSVWriter(out, schema) as writer:
                    for part in _parts(path, source):
                        writer.write(part.cast(schema))
                        if out.stat().st_size > most:
                            raise _packed(path, f"more than {most:,} bytes")
        except FileNotFoundError as error:
            raise FileError(f"There is no file {str(path)[:200]!r}; check the path.") from error
        except (pa.ArrowException, OSError) as error:
            if isinstance(error, OSError) and error.errno is not None:  # the disk's, of either file
                told = f"{path.name} cannot be read, or not be unpacked in {folder}"
                raise FileError(f"{told} ({os.strerror(error.errno)}).") from error
            raise FileError(f"{path.name} is no Parquet file that can be read ({type(error).__name__}).") from error
        yield out


def _check(path: Path, source: Any, schema: pa.Schema, most: int) -> None:
    """Refuse by what the file declares, before anything is unpacked. Raises FileError."""
    import pyarrow as pa

    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    if nested:
        raise FileError(f"{path.name}: the column {nested[0][:80]!r} holds lists or records; leave it out.")
    told = source.metadata
    if told.num_rows > path.stat().st_size:
        raise _packed(path, f"{told.num_rows:,} rows")
    if sum(told.row_group(number).total_byte_size for number in range(told.num_row_groups)) > most:
        raise _packed(path, f"more than {most:,} bytes")


def _parts(path: Path, source: Any) -> Iterator[pa.RecordBatch]:
    """The rows, as many at once as come to some megabytes. Raises FileError for one that no list of leads holds."""
    for batch in source.iter_batches(ROWS):
        longest = max(1, sum(map(_longest, batch.columns)))
        if longest > MOST_ROW_CHARACTERS:
            raise FileError(f"{path.name} has a row of up to {longest:,} characters; no list of leads has such rows.")
        step = min(ROWS, WRITTEN_AT_ONCE // longest)
        yield from (batch.slice(start, step) for start in range(0, batch.num_rows, step))


def _longest(column: Any) -> int:
    """The bytes of a column's longest text; a number's or a date's are few."""
    import pyarrow as pa
    import pyarrow.compute

    if pa.types.is_dictionary(column.type):
        return pyarrow.compute.max(pyarrow.compute.binary_length(column.dictionary)).as_py() or 0
    return 32


def _packed(path: Path, told: str) -> FileError:
    return FileError(f"{path.name} would unpack to {told} from {path.stat().st_size:,} bytes; no list of leads does.")
