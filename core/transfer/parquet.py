"""A Parquet file as the CSV that everything else reads: written beside, a few thousand rows at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.errors import FileError

SUFFIXES: Final = (".parquet", ".pq")
ROWS: Final = 10_000


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
                nested = [field.name for field in source.schema_arrow if pa.types.is_nested(field.type)]
                if nested:
                    raise FileError(f"{path.name}: the column {nested[0][:80]!r} holds lists or records; leave it out.")
                with pyarrow.csv.CSVWriter(out, source.schema_arrow) as writer:
                    for batch in source.iter_batches(ROWS):
                        writer.write(batch)
        except FileNotFoundError as error:
            raise FileError(f"There is no file {str(path)[:200]!r}; check the path.") from error
        except (pa.ArrowException, OSError) as error:
            raise FileError(f"{path.name} is no Parquet file that can be read ({type(error).__name__}).") from error
        yield out
