"""The team's models: in the data folder where one machine works, in the record where several servers share it.

With PostgreSQL the record is the one place: versions with all of their files, and the lists of promoted and retired
ones. The data folder is then this machine's copy, brought up to date when somebody asks which model answers.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core import registry
from core.errors import JorgeError, ModelRefused, ModelUnavailable, NotFound, StoreUnavailable
from core.leads import utc_now
from core.registry import Lists, ModelVersion
from core.services.model.model_copies import fetched, listed, shared, to_share

if TYPE_CHECKING:
    from core.monitoring.reference import Reference
    from core.scoring.model import ScoringModel
    from core.store.model_files import ModelTable

_log = logging.getLogger(__name__)


class ModelRegistry:
    """Which versions there are, where their files are, and which answers. Thread-safe.

    ``record`` gives the table that servers share; None where the data folder is the one place.
    """

    def __init__(self, models_dir: Path, data_dir: Path, record: Callable[[], ModelTable] | None = None) -> None:
        self._models_dir, self._data_dir, self._record = models_dir, data_dir, record
        self._looking = threading.Lock()
        self._known = record is None  # whether the record ever told which model answers

    # Reading

    def in_force(self) -> int | None:
        """A number that changes when another version was promoted, here or by another server."""
        if self._record is not None and self._looking.acquire(blocking=False):
            try:
                self.take_up()
            except StoreUnavailable:
                pass  # the model that answered goes on; health names the database
            except JorgeError as error:
                _log.warning("Another promotion is not taken up: %s", error)
            finally:
                self._looking.release()
        return registry.changed_at(self._data_dir)

    def champion(self) -> str:
        """The version that answers. Raises ModelUnavailable when there is none, or when nobody can tell."""
        if not self._known:
            try:
                self.take_up()
            except StoreUnavailable as error:
                raise ModelUnavailable(f"which model answers stands in the record, and {error}") from error
        return registry.champion_version(self._models_dir, self._data_dir)

    def open_champion(self) -> ScoringModel:
        """The model that answers, its files checked. Raises ModelUnavailable or ModelRefused."""
        version = self.champion()
        try:
            return self.open(version)
        except NotFound as error:
            raise ModelUnavailable(f"the promoted model {version!r} is gone; run: jorge models rollback") from error

    def folder(self, version: str) -> Path:
        """Where the files of ``version`` are on this machine; they are fetched when they are not yet here.

        Raises NotFound, ModelRefused when they are not those that were registered, ModelUnavailable when they cannot
        be fetched now.
        """
        here = self._here(version)
        if self._record is None or (here is not None and here.parent == self._models_dir):
            return here or registry.version_folder(self._models_dir, self._data_dir, version)
        try:
            manifest = self._record().manifest(version)
            if manifest is None and here is None:
                raise NotFound(f"no model version {version!r}; list them with: jorge models")
            if here is None:
                return fetched(self._data_dir, version, str(manifest), self._record().files(version))
        except StoreUnavailable as error:
            if here is None:
                raise ModelUnavailable(f"model {version!r} is not on this machine, and {error}") from error
            return here
        if manifest is not None and (here / registry.MANIFEST).read_text() != manifest:
            raise ModelRefused(
                f"model {version!r} in the data folder is not the one in the record; remove {here} and it is fetched"
            )
        return here

    def open(self, version: str) -> ScoringModel:
        """A version as it is served, its files checked. Raises as ``folder`` does."""
        return registry.load_model(self.folder(version))

    def reference(self, version: str) -> Reference | None:
        """The leads that a version was measured on; None where it was registered without. Raises as ``folder``."""
        return registry.load_reference(self.folder(version))

    def estimator(self, version: str) -> Any:
        """The estimator that a version was made of. Raises as ``folder`` does."""
        return registry.load_estimator(self.folder(version))

    def versions(self) -> list[ModelVersion]:
        """Every registered version, by name."""
        champion, retired = self.champion(), self.retired()
        found = {one.version: one for one in registry.list_versions(self._models_dir, self._data_dir)}
        for version, manifest in self._manifests().items():
            if version not in found:
                card = registry.manifest_in(manifest, version).get("card", {})
                found[version] = ModelVersion(version, version == champion, False, card, version in retired)
        return [found[version] for version in sorted(found)]

    def retired(self) -> tuple[str, ...]:
        """The versions that shall never answer again."""
        return registry.retired_versions(self._data_dir)

    def before(self) -> str | None:
        """The version that a roll back would bring; None when nothing was promoted."""
        return registry.version_before(self._models_dir, self._data_dir)

    def champion_since(self) -> datetime | None:
        """When the present champion began to answer; None when nothing was ever promoted."""
        return registry.champion_since(self._data_dir)

    # Changing

    def new_folder(self, version: str) -> Path:
        """Where to write a version that is to be registered. Raises ModelRefused when the team has one of that name."""
        folder = self._data_dir / "models" / version
        if (folder / registry.MANIFEST).exists() or version in self._manifests():
            raise ModelRefused(f"version {version} exists already; choose another name")
        return folder

    def register(self, version: str) -> None:
        """Let all servers have the version that was written into ``new_folder``. Raises ModelRefused.

        While the record does not answer it stays on this machine, and is told when it is promoted or challenges.
        """
        try:
            self.share(version)
        except StoreUnavailable as error:
            _log.warning("Model %s is on this machine alone: %s", version, error)

    def share(self, version: str) -> None:
        """Put a version into the record unless it is there. Raises StoreUnavailable, ModelRefused."""
        folder = self._here(version)
        if self._record is None or folder is None or folder.parent == self._models_dir:
            return
        manifest, files = to_share(folder)
        if not self._record().add(version, manifest, files, utc_now()) and self._record().manifest(version) != manifest:
            raise ModelRefused(f"the record holds another model {version!r}; register yours under another name")

    def promote(self, version: str) -> None:
        """Let ``version`` answer from now on, everywhere. Raises what ``core.registry.promote`` raises.

        StoreUnavailable while servers share a record that does not answer; then nothing has changed.
        """
        self.take_up()
        self.folder(version)
        self.share(version)
        registry.promote(self._models_dir, self._data_dir, version, self._keep)

    def refuse_unfit(self, version: str) -> None:
        """Raise what ``core.registry.refuse_unfit`` raises; what is fit is everybody's from then on.

        StoreUnavailable while servers share a record that does not answer.
        """
        self.take_up()
        self.folder(version)
        registry.refuse_unfit(self._models_dir, self._data_dir, version)
        self.share(version)

    def roll_back(self, only_from: str | None = None) -> str:
        """Let the version before the present one answer again. Raises as the registry's and ``promote`` do."""
        self.take_up()
        return registry.roll_back(self._models_dir, self._data_dir, only_from, self._keep)

    def retire(self, version: str) -> None:
        """Never let ``version`` answer again. Raises as ``core.registry.retire`` and ``promote`` do."""
        self.take_up()
        self.folder(version)
        registry.retire(self._models_dir, self._data_dir, version, self._keep)

    def take_up(self) -> None:
        """Bring the lists of the record here, with the files of what they promote. Raises StoreUnavailable."""
        if self._record is None:
            return
        told, mine = self._record().lists(), registry.read_lists(self._data_dir)
        if told is None:
            self._bring_in(mine)
        elif (lists := listed(told)) != mine:
            if lists.promoted:
                self._fetch_early(lists.promoted[-1])
            registry.keep_lists(self._data_dir, mine, lists)
        self._known = True

    def settle(self) -> None:
        """After a backup was put back: the record counts, and where it tells nothing of models, the folder."""
        if self._record is not None and self._record().lists() is None:
            self._bring_in(registry.read_lists(self._data_dir), even_nothing=True)
        self.take_up()

    def _bring_in(self, mine: Lists, *, even_nothing: bool = False) -> None:
        """Nobody told the record of models yet: what this machine's folder holds becomes everybody's."""
        own = [found.parent.name for found in (self._data_dir / "models").glob(f"*/{registry.MANIFEST}")]
        if self._record is None or not (own or mine != Lists() or even_nothing):
            return
        for version in own:
            try:
                self.share(version)
            except ModelRefused as error:
                _log.warning("A model is left where it is: %s", error)
        self._record().change_lists(None, shared(mine))

    def _fetch_early(self, version: str) -> None:
        """So that the model that answered goes on until the next one is whole. What is corrupt is named when asked."""
        try:
            self.folder(version)
        except (NotFound, ModelRefused) as error:
            _log.warning("The promoted model cannot be used: %s", error)
        except ModelUnavailable as error:
            raise StoreUnavailable(str(error)) from error

    def _keep(self, data_dir: Path, before: Lists, after: Lists) -> None:
        if self._record is None:
            registry.change_lists(data_dir, before, after)
            return
        told = self._record().lists()
        agreed = told is None or listed(told) == before
        if not (agreed and self._record().change_lists(told, shared(after))):
            raise ModelRefused(registry.CHANGED)
        registry.keep_lists(data_dir, before, after)

    def _here(self, version: str) -> Path | None:
        try:
            return registry.version_folder(self._models_dir, self._data_dir, version)
        except NotFound:
            return None

    def _manifests(self) -> Mapping[str, str]:
        try:
            return {} if self._record is None else self._record().manifests()
        except StoreUnavailable:
            return {}
