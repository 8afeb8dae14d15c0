"""A file scored by a real Dask cluster of two processes: the same bytes, and clear words when it is not to be used."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from distributed import Client

from core.cli.main import main
from core.errors import FileError, SettingsError
from core.services.center import CommandCenter
from core.services.lead_files import file_cluster, file_run
from core.services.lead_files.files import ScoreOrder, score_file
from core.settings import PROJECT_ROOT
from core.transfer.parquet import as_csv_file
from tests.services.escalations.conftest import until

NOON = datetime(2026, 8, 1, 12, tzinfo=UTC)
ROWS = 1_200


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a scheduler with two workers, each a process of its own as on machines of their own."""
    folder = tmp_path_factory.mktemp("cluster")
    told = folder / "scheduler.json"
    common = ["--scheduler-file", str(told), "--no-dashboard", "--host", "127.0.0.1"]
    with ExitStack() as running:
        running.enter_context(started("dask_scheduler", *common, "--port", "0"))
        for number in (1, 2):
            place = str(folder / f"worker-{number}")
            running.enter_context(
                started("dask_worker", *common, "--nthreads", "1", "--no-nanny", "--local-directory", place)
            )
        until(lambda: told.exists() and bool(told.read_text()))
        address = json.loads(told.read_text())["address"]
        connect: Any = Client  # which has no types
        with connect(address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=120)
        yield address


@contextmanager
def started(program: str, *words: str) -> Iterator[None]:
    command = [sys.executable, "-m", f"distributed.cli.{program}", *words]
    process = subprocess.Popen(command, cwd=PROJECT_ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()
        process.wait()


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Usable, wrong and repeated rows."""
    path = tmp_path / "many.csv"
    lines = []
    for number in range(ROWS):
        email, budget = f"p{number - number % 97 // 90}@example.com", ("$500k", "-1", "")[number % 3]
        lines.append(f'"P {number}",{email},{budget},"Is {number} in Zilker?"')
    path.write_text("\n".join(["Name,Email,Budget,Message", *lines]) + "\n")
    return path


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_writes_the_same_bytes_as_this_process(
    center: CommandCenter, many: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_run, "BATCH", 100)
    here = score_file(center, ScoreOrder(many, many.with_name("1.csv"), save=False, as_of=NOON, processes=1))
    there = score_file(
        center,
        ScoreOrder(many, many.with_name("2.csv"), save=False, as_of=NOON, scheduler=cluster),
    )
    assert here.out_path.read_bytes() == there.out_path.read_bytes()
    assert here.rejected_path is not None
    assert there.rejected_path is not None
    assert here.rejected_path.read_bytes() == there.rejected_path.read_bytes()
    assert (here.top, here.problems, here.distribution) == (there.top, there.problems, there.distribution)
    assert there.processes == 2
    assert min(here.scored, here.rejected, here.duplicates) > 0


@pytest.mark.filterwarnings("ignore")
def test_closings_that_a_cluster_reads_are_recorded_here(center: CommandCenter, tmp_path: Path, cluster: str) -> None:
    path = tmp_path / "sold.csv"
    path.write_text("ID,Stage,Close Date\n1,Closed,2026-05-01\n2,Pending,2026-05-02\n")
    result = score_file(center, ScoreOrder(path, tmp_path / "out.csv", as_of=NOON, scheduler=cluster))
    assert result.closings == 1
    assert [told.occurred_at for told in center.store.outcomes("1")] == [datetime(2026, 5, 1, tzinfo=UTC)]
    assert center.store.outcomes("2") == []


@pytest.mark.filterwarnings("ignore")
def test_workers_with_other_sources_are_refused(
    center: CommandCenter, many: Path, cluster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_cluster, "SOURCES", ("features",))  # of this process; the workers have their own
    file_cluster.fingerprint.cache_clear()
    try:
        with pytest.raises(SettingsError, match="2 workers of the cluster have another version"):
            score_file(center, ScoreOrder(many, many.with_name("o.csv"), scheduler=cluster))
    finally:
        file_cluster.fingerprint.cache_clear()
    assert not many.with_name("o.csv").exists()


@pytest.mark.filterwarnings("ignore")
def test_an_address_where_nobody_answers_is_said(
    center: CommandCenter, many: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_cluster, "CONNECT_S", 1)
    with pytest.raises(SettingsError, match="does not answer; give the address"):
        score_file(center, ScoreOrder(many, many.with_name("o.csv"), scheduler="tcp://127.0.0.1:9"))


def test_what_is_no_address_is_said_in_one_line_and_nothing_fails_after_it(many: Path, tmp_path: Path) -> None:
    out, env = str(tmp_path / "o.csv"), {**os.environ, "JORGE_DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, "-m", "core", "score", str(many), "-o", out, "--scheduler", "foo"]
    done = subprocess.run(command, cwd=PROJECT_ROOT, env=env, check=False, capture_output=True, text=True)
    told = "jorge score: --scheduler 'foo' does not answer; give the address that `dask scheduler` prints\n"
    assert (done.returncode, done.stderr) == (2, told)


def test_without_the_package_it_is_named(center: CommandCenter, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"needs the package distributed; install it with"):
        score_file(center, ScoreOrder(many, many.with_name("o.csv"), scheduler="tcp://127.0.0.1:9"))


def test_a_parquet_file_gives_what_its_csv_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JORGE_DATA_DIR", str(tmp_path / "data"))
    names = [f'Ana {number}, "the {number}"' for number in range(25_000)]
    emails = [f"p{number}@example.com" for number in range(25_000)]
    table = pa.table({"Name": names, "Email": emails, "Price Max": [450_000] * 25_000})
    pa.parquet.write_table(table, tmp_path / "leads.parquet", row_group_size=7_000)
    with as_csv_file(tmp_path / "leads.parquet") as path:
        lines = path.read_text().splitlines()
        assert len(lines) == 25_001
        assert lines[0] == '"Name","Email","Price Max"'
        assert lines[-1] == '"Ana 24999, ""the 24999""","p24999@example.com",450000'
    assert not path.exists()
    small = table.slice(0, 300)
    pa.parquet.write_table(small, tmp_path / "small.parquet")
    assert main(["score", str(tmp_path / "small.parquet"), "-o", str(tmp_path / "out.csv")]) == 0
    assert "300 leads scored" in capsys.readouterr().out
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 301


def test_a_parquet_file_is_not_called_broken_where_the_disk_is_full(tmp_path: Path) -> None:
    path = tmp_path / "leads.parquet"
    pa.parquet.write_table(pa.table({"Name": [f"Ana {number}" for number in range(5_000)]}), path)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, limits[1]))
    try:
        told = r"leads\.parquet cannot be read, or not be unpacked in .* \(File too large\)"
        with pytest.raises(FileError, match=told), as_csv_file(path):
            pass
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"Name,Email\nAna,a@example.com\n", b"PAR1" + b"\0" * 100 + b"PAR1"])
def test_what_is_no_parquet_file_is_said(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "leads.parquet"
    path.write_bytes(content)
    with pytest.raises(FileError, match=r"leads.parquet is no Parquet file that can be read"), as_csv_file(path):
        pass


def test_columns_that_no_csv_can_hold_and_missing_files_are_said(tmp_path: Path) -> None:
    pa.parquet.write_table(pa.table({"Tags": [["a", "b"]]}), tmp_path / "nested.parquet")
    with pytest.raises(FileError, match="the column 'Tags' holds lists"), as_csv_file(tmp_path / "nested.parquet"):
        pass
    with pytest.raises(FileError, match="There is no file"), as_csv_file(tmp_path / "nothing.parquet"):
        pass


def repeated(path: Path, text: str, rows: int, groups: int = 1) -> Path:
    """A small file that says the same text in ever so many rows."""
    told = pa.table({"Name": pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [text])})
    with pa.parquet.ParquetWriter(path, told.schema) as writer:
        for _ in range(groups):
            writer.write_table(told)
    return path


@pytest.mark.parametrize(
    ("text", "rows", "groups", "says"),
    [
        ("Ana", 500_000, 20, r"would unpack to 10,000,000 rows from [\d,]+ bytes; no list of leads does"),
        ("x" * 2_000_000, 10_000, 1, r"has a row of up to 2,000,000 characters; no list of leads has such rows"),
        ("x" * 100_000, 5_000, 1, r"would unpack to more than 10[\d,]+ bytes from [\d,]+ bytes"),
    ],
)
def test_a_parquet_file_that_unpacks_without_end_is_refused_at_once(
    tmp_path: Path, text: str, rows: int, groups: int, says: str
) -> None:
    path = repeated(tmp_path / "leads.parquet", text, rows, groups)
    began = time.process_time()
    with pytest.raises(FileError, match=says), as_csv_file(path):
        pass
    assert time.process_time() - began < 20, "seconds of the processor"
