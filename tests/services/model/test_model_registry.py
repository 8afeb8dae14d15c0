"""Servers with folders of their own and one PostgreSQL: what one registers or promotes, all have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest
from sqlalchemy import func, select, update

from core import registry
from core.errors import ModelRefused, ModelUnavailable, NotFound, StoreUnavailable
from core.services.backups.restore import restore
from core.services.backups.take import take_backup
from core.services.center import CommandCenter
from core.services.health import checks
from core.services.model import model_copies
from core.services.model.promotion import promote, retire, roll_back
from core.services.model.shadow import challenge, judge_waiting
from core.services.scores.scoring import score_lead
from core.store.model_files import model_files, model_versions
from tests.services.centers import models_dir, settings_in
from tests.services.made import told
from tests.services.stump import estimator, register
from tests.store.conftest import postgres
from tests.store.postgres import Postgres

__all__ = ["models_dir", "postgres"]

pytestmark = pytest.mark.postgres
Opened = Callable[[str], CommandCenter]


@pytest.fixture
def server(postgres: Postgres, tmp_path: Path, models_dir: Path) -> Iterator[Opened]:
    """Opens the center of one more process, whose data folder has the name."""
    url, centers = postgres.new_database(), list[CommandCenter]()

    def one(name: str) -> CommandCenter:
        centers.append(CommandCenter(settings_in(tmp_path / name, jorge_database_url=url), models_dir))
        return centers[-1]

    yield one
    for center in centers:
        center.close()


def write(center: CommandCenter, version: str) -> None:
    """As training does it, but for telling the record."""
    register(center.data_dir / "models", version, default=False, grown=estimator())


def trained(center: CommandCenter, version: str) -> None:
    write(center, version)
    center.registry.register(version)


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = monotonic() + seconds
    while not holds():
        if monotonic() > deadline:
            return False
        sleep(0.05)
    return True


def test_a_promotion_on_one_server_is_served_by_the_other_and_taken_back_there(server: Opened) -> None:
    one, other = server("one"), server("other")
    assert {score_lead(center, told()).score.model_version for center in (one, other)} == {"stump-1"}
    trained(one, "mine")
    promote(one, "mine")
    assert score_lead(one, told()).score.model_version == "mine"
    assert within(5, lambda: score_lead(other, told()).score.model_version == "mine")
    assert sorted(path.name for path in (other.data_dir / "models").iterdir()) == ["champion.json", "mine"]
    assert other.registry.champion_since() == one.registry.champion_since()
    assert roll_back(other) == "stump-1"
    assert within(5, lambda: score_lead(one, told()).score.model_version == "stump-1")


def test_a_server_that_starts_with_an_empty_folder_has_all_versions(server: Opened) -> None:
    one = server("one")
    for version in ("mine", "other", "old"):
        trained(one, version)
    promote(one, "mine")
    retire(one, "old")
    later = server("later")
    assert score_lead(later, told()).score.model_version == "mine"
    assert [(found.version, found.champion, found.shipped, found.retired) for found in later.registry.versions()] == [
        ("mine", True, False, False),
        ("old", False, False, True),
        ("other", False, False, False),
        ("stump-1", False, True, False),
    ]
    assert not (later.data_dir / "models" / "other").exists(), "fetched when it is needed"
    promote(later, "other")
    assert one.registry.open("other").version == "other"


def test_a_file_that_was_changed_in_the_record_is_refused_by_name(server: Opened) -> None:
    one, later = server("one"), server("later")
    trained(one, "mine")
    promote(one, "mine")
    with one.store.database.write() as connection:
        connection.execute(update(model_files).where(model_files.c.name == "forest.npz").values(content=b"other"))
    with pytest.raises(ModelRefused, match=r"forest\.npz of model 'mine' is not the file that was registered"):
        later.registry.open_champion()
    assert later.model_or_none is None, "the shipped model must not answer in its place"
    assert "forest.npz of model" in checks(later)["checks"]["ml_model"]["detail"]
    assert [path.name for path in (later.data_dir / "models").iterdir()] == ["champion.json"]
    assert one.model.version == "mine", "who has the right files goes on"


@pytest.mark.parametrize("name", ["../../evil", "manifest.json"])
def test_a_manifest_cannot_lead_out_of_its_folder(server: Opened, name: str) -> None:
    one, later = server("one"), server("later")
    trained(one, "mine")
    with one.store.database.write() as connection:
        connection.execute(update(model_versions).values(manifest=f'{{"files": {{"{name}": "00"}}}}'))
    with pytest.raises(ModelRefused, match="impossible file"):
        later.registry.folder("mine")
    with pytest.raises(ModelRefused, match="is not the one in the record; remove"):
        one.registry.folder("mine")


def test_of_two_models_of_one_name_the_first_counts(server: Opened) -> None:
    one, other = server("one"), server("other")
    trained(one, "mine")
    register(other.data_dir / "models", "mine", default=False, grown=None)
    with pytest.raises(ModelRefused, match="holds another model 'mine'"):
        other.registry.register("mine")
    with pytest.raises(ModelRefused, match="exists already"):
        server("third").registry.new_folder("mine")


def test_while_the_record_is_down_nothing_is_promoted_and_the_model_goes_on(
    server: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, late = server("one"), server("late")
    trained(one, "mine")
    trained(one, "next")
    promote(one, "mine")

    def down() -> None:
        raise StoreUnavailable("the database jorge does not answer")

    for center in (one, late):
        monkeypatch.setattr(center.registry, "_record", down)
    one.look_for_promotion()
    assert one.model.version == "mine"
    with pytest.raises(StoreUnavailable):
        one.registry.promote("next")
    assert registry.champion_version(one.models_dir, one.data_dir) == "mine"
    with pytest.raises(ModelUnavailable, match="stands in the record, and the database jorge does not answer"):
        late.registry.open_champion()


def test_two_promotions_at_the_same_moment_do_not_both_count(server: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = server("one"), server("other")
    trained(one, "mine")
    trained(other, "yours")
    real = registry.promote

    def meanwhile(*words: object) -> None:
        monkeypatch.setattr(registry, "promote", real)
        other.registry.promote("yours")
        real(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(registry, "promote", meanwhile)
    with pytest.raises(ModelRefused, match="at the same moment"):
        one.registry.promote("mine")
    assert (one.registry.champion(), one.registry.in_force() is not None) == ("stump-1", True)
    assert one.registry.champion() == "yours"


def test_a_model_that_is_too_large_for_the_record_says_how_large(
    server: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_copies.to_share, "__defaults__", (1_000,))
    with pytest.raises(ModelRefused, match="model 'mine' has 0 MB; the record takes up to 0"):
        trained(server("one"), "mine")


def test_a_challenger_of_one_server_judges_on_another(server: Opened) -> None:
    one, other = server("one"), server("other")
    trained(one, "mine")
    challenge(one, "mine")
    score_lead(one, told())
    assert judge_waiting(other) == 1


def test_models_of_a_folder_that_was_shared_before_are_brought_in_once(server: Opened) -> None:
    one = server("one")
    for version in ("first", "second"):
        write(one, version)
    registry.promote(one.models_dir, one.data_dir, "first")  # as an older program did, in files alone
    since = one.registry.champion_since()
    assert one.model.version == "first"
    later = server("later")
    assert later.model.version == "first"
    assert later.registry.champion_since() == since
    assert [found.version for found in later.registry.versions()] == ["first", "second", "stump-1"]


def test_a_backup_carries_the_models_with_the_database(server: Opened, tmp_path: Path) -> None:
    one = server("one")
    trained(one, "mine")
    promote(one, "mine")
    with server("operator") as operator:
        taken = take_backup(operator, tmp_path / "kept")
    roll_back(one)
    with one.store.database.write() as connection:
        for table in (model_files, model_versions):
            connection.execute(table.delete())
    one.close()
    empty = server("empty")
    restore(empty, taken.path)
    assert empty.model.version == "mine"
    assert server("another").model.version == "mine"


def test_after_a_backup_without_models_no_folder_brings_them_back(server: Opened, tmp_path: Path) -> None:
    one = server("one")
    score_lead(one, told())
    taken = take_backup(one, tmp_path / "kept")
    trained(one, "mine")
    promote(one, "mine")
    other = server("other")
    assert other.model.version == "mine"
    for center in (one, other):
        center.close()
    restore(server("operator"), taken.path)
    assert server("other").model.version == "stump-1"


def test_on_one_machine_the_folder_is_the_one_place(tmp_path: Path, models_dir: Path) -> None:
    with CommandCenter(settings_in(tmp_path / "data"), models_dir) as center:
        trained(center, "mine")
        center.registry.promote("mine")
        assert not (tmp_path / "data" / "jorge.db").exists(), "no database is opened for it"
        assert center.model.version == "mine"
        with center.store.database.read() as connection:
            assert connection.execute(select(func.count()).select_from(model_versions)).scalar() == 0
        assert center.store.models.lists() is None
        with pytest.raises(NotFound):
            center.registry.folder("none")
