from __future__ import annotations

import csv
import threading
import time
from pathlib import Path

import pytest

from core.errors import FileError, ModelUnavailable
from core.services.center import CommandCenter
from core.services.lead_files import file_run, files
from core.services.lead_files.files import Progress, ScoreJob, ScoreOrder, score_file
from core.transfer import SCORE_COLUMNS
from tests.services.centers import settings_in
from tests.services.stump import stump

HEADER = "Name,Email,Budget,Pre-approval,Notes"
ROWS = [
    "Ana Lima,ana@example.com,$500k-$750k,Pre-approved,",
    "Bo Reed,bo@example.com,,,",
    "Cy Poe,cy@example.com,$400k,Not yet,=HYPERLINK(1)",
    "Dee Ruiz,dee@example.com,-250000,,",  # rejected: a negative budget
    "Ana L.,ANA@example.com,,,",  # the same person again
]


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "leads.csv"
    path.write_text("\n".join([HEADER, *ROWS]) + "\n")
    return path


def written(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_is_scored_into_the_columns_of_the_contract_followed_by_its_own(
    center: CommandCenter, export: Path
) -> None:
    result = score_file(center, ScoreOrder(export, export.with_name("out.csv")))
    rows = written(result.out_path)
    assert list(rows[0]) == [*SCORE_COLUMNS, "Name", "Email", "Budget", "Pre-approval", "Notes"]
    assert [row["Name"] for row in rows] == ["Ana Lima", "Bo Reed", "Cy Poe"]
    # the stump: budget and pre-approval .8, nothing .1, budget alone .4
    assert [float(row["ml_score"]) for row in rows] == [80.0, 10.0, 40.0]
    assert [row["classification"] for row in rows] == ["hot", "cold", "warm"]
    # 625,000 and 400,000 at 6 %
    assert [row["estimated_commission"] for row in rows] == ["37500.00", "", "24000.00"]
    assert rows[2]["Notes"].startswith("'=")


def test_cents_of_a_price_in_a_file_are_kept(center: CommandCenter, tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text("Name,Max Price\nAna Lima,625000.10\nBo Reed,999999.99\n")
    rows = written(score_file(center, ScoreOrder(path, tmp_path / "out.csv")).out_path)
    # 6 %: 37,500.006 and 59,999.9994
    told = [(row["estimated_sale_price"], row["estimated_commission"]) for row in rows]
    assert told == [("625000.10", "37500.01"), ("999999.99", "60000.00")]


def test_rows_that_cannot_be_used_are_listed_with_number_and_reason_and_the_rest_is_scored(
    center: CommandCenter, export: Path
) -> None:
    result = score_file(center, ScoreOrder(export, export.with_name("out.csv")))
    assert (result.scored, result.rejected, result.duplicates) == (3, 1, 1)
    assert result.rejected_path is not None
    rows = written(result.rejected_path)
    assert [row["row_number"] for row in rows] == ["5", "6"]
    assert result.problems == tuple(row["reason"] for row in rows)


def test_the_result_counts_tiers_bins_and_what_each_feature_fills(center: CommandCenter, export: Path) -> None:
    result = score_file(center, ScoreOrder(export, export.with_name("out.csv")))
    assert result.tiers == {"hot": 1, "warm": 1, "cold": 1}
    assert sum(result.distribution) == 3
    assert (result.distribution[2], result.distribution[8], result.distribution[16]) == (1, 1, 1)  # 10, 40, 80
    assert result.to_claude == 2  # .8 and .4 are surer than .5 but not than .85; .1 is sure: .9
    assert result.filled.counts["budget_midpoint_usd"] == 2
    assert [row.name for row in result.top] == ["Ana Lima", "Cy Poe", "Bo Reed"]


def test_leads_that_the_file_calls_closed_or_lost_are_counted_and_not_among_those_to_call(
    center: CommandCenter, tmp_path: Path
) -> None:
    path = tmp_path / "stages.csv"
    path.write_text("ID,Stage\n1,Lead\n2,Closed\n3,Lost\n4,Under contract\n5,\n")
    result = score_file(center, ScoreOrder(path, tmp_path / "out.csv"))
    assert (result.scored, result.ended, sum(result.distribution)) == (5, 2, 5)
    assert {row.lead_id for row in result.top} == {"1", "4", "5"}


def test_the_leads_of_a_file_are_in_the_store_unless_that_is_not_wanted(center: CommandCenter, export: Path) -> None:
    score_file(center, ScoreOrder(export, export.with_name("out.csv"), save=False))
    assert center.store.browse().total == 0
    score_file(center, ScoreOrder(export, export.with_name("out.csv")))
    assert {row.name for row in center.store.browse().rows} == {"Ana Lima", "Bo Reed", "Cy Poe"}


def test_the_result_says_what_each_part_of_the_work_took(center: CommandCenter, export: Path) -> None:
    started = time.process_time()
    result = score_file(center, ScoreOrder(export, export.with_name("out.csv")))
    assert set(result.seconds) == {
        "reading",
        "checking cells",
        "finding repeated people",
        "features",
        "probability and contributions",
        "reasons and commission",
        "storing",
        "writing",
    }
    assert list(result.seconds.values()) == sorted(result.seconds.values(), reverse=True)
    assert 0 < sum(result.seconds.values()) <= time.process_time() - started
    assert result.processes == 1


def test_a_large_file_is_scored_in_several_processes(
    center: CommandCenter, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_run, "ROWS_FOR_WORKERS", 5)
    monkeypatch.setattr(file_run, "cores", lambda: 2)
    result = score_file(center, ScoreOrder(export, export.with_name("out.csv")))
    assert result.processes == 2
    assert (result.scored, result.rejected, result.duplicates) == (3, 1, 1)


def test_another_model_and_threshold_can_be_asked_for(center: CommandCenter, export: Path) -> None:
    order = ScoreOrder(export, export.with_name("out.csv"), threshold=0.5, model=stump("other"))
    result = score_file(center, order)
    assert result.to_claude == 0
    assert {row["model_version"] for row in written(result.out_path)} == {"other"}


def test_a_preview_shows_what_was_recognised_and_reads_nothing_into_the_store(
    center: CommandCenter, export: Path
) -> None:
    preview = files.inspect(center, export)
    assert preview.columns == ("Name", "Email", "Budget", "Pre-approval", "Notes")
    assert preview.mapping.fields["Budget"] == "budget_range"
    assert preview.rows[0][0] == "Ana Lima"
    assert len(preview.problems) == 1
    assert center.store.browse().total == 0


def test_a_mapping_that_was_edited_is_what_counts(center: CommandCenter, export: Path) -> None:
    mapping = files.inspect(center, export).mapping.with_field("Budget", None)
    result = score_file(center, ScoreOrder(export, export.with_name("out.csv"), mapping))
    assert next(row["ml_score"] for row in written(result.out_path)) == "10.00"


@pytest.mark.parametrize("content", [b"", HEADER.encode(), b"PK\x03\x04" + b"\x00" * 100])
def test_a_file_that_cannot_be_used_says_so_and_leaves_nothing_behind(
    center: CommandCenter, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "bad.csv"
    path.write_bytes(content)
    with pytest.raises(FileError):
        score_file(center, ScoreOrder(path, tmp_path / "out.csv"))
    assert [file.name for file in tmp_path.glob("*.csv*")] == ["bad.csv"]


def test_the_output_may_not_be_the_input(center: CommandCenter, export: Path) -> None:
    told = export.read_text()
    with pytest.raises(FileError, match=r"^leads\.csv is the file that is read"):
        score_file(center, ScoreOrder(export, export))
    unused = export.rename(export.with_name("leads.rejected.csv"))  # mended by hand, to be scored now
    with pytest.raises(FileError, match=r"^leads\.rejected\.csv is the file that is read"):
        score_file(center, ScoreOrder(unused, export))
    assert unused.read_text() == told


def test_a_job_reports_its_progress_and_ends_with_a_result(center: CommandCenter, export: Path) -> None:
    job = ScoreJob.start(center, export)
    assert job.wait(30)
    assert job.result is not None
    assert job.result.out_path.name == "leads.scored.csv"
    assert job.progress.share == 1
    assert (job.error, job.cancelled) == (None, False)


def test_a_job_that_is_cancelled_writes_no_file(
    center: CommandCenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "many.csv"
    path.write_text("Name,Email\n" + "".join(f"P {n},p{n}@example.com\n" for n in range(50)))
    monkeypatch.setattr(file_run, "BATCH", 10)
    reached, go_on = threading.Event(), threading.Event()

    class Slow(CommandCenter):
        def save_many(self, scored: object, closings: object = ()) -> int:
            reached.set()
            go_on.wait(10)
            return 0

    with Slow(settings_in(tmp_path / "slow"), center.models_dir) as slow:
        job = ScoreJob.start(slow, path)
        assert reached.wait(30)
        job.cancel()
        go_on.set()
        assert job.wait(30)
    assert job.cancelled
    assert not path.with_name("many.scored.csv").exists()


def test_a_job_without_a_model_ends_with_a_sentence(tmp_path: Path, export: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "data"), tmp_path / "none") as center:
        job = ScoreJob.start(center, export)
        assert job.wait(30)
        assert job.error is not None
        assert "no model" in job.error
        with pytest.raises(ModelUnavailable):
            score_file(center, ScoreOrder(export, export.with_name("out.csv")))


def test_progress_is_a_share_only_once_the_lines_are_counted() -> None:
    assert Progress("Reading the file").share is None
    assert Progress("Scoring", 5, 20).share == 0.25


def test_a_format_can_be_forced_on_a_file(center: CommandCenter, export: Path) -> None:
    dialect = files.inspect(center, export).dialect
    assert files.mapping_as(dialect).fields["Budget"] == "budget_range"
    forced = files.mapping_as(dialect, "hubspot_contacts")
    assert forced.format == "hubspot_contacts"
    assert forced.fields["Name"] == "name"
