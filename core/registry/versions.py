"""Which versions there are, and which of them answers.

Shipped versions stand in ``models/``, a team's own under ``<data folder>/models/``. ``champion.json`` there lists the
promoted versions, newest last; rolling back takes the last one off. Without it the shipped default answers. What
changes the lists takes ``keep``, which writes them: into the folder, unless somebody else must agree first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from core.errors import ModelRefused, ModelUnavailable, NotFound
from core.leads import utc_now
from core.registry.artefacts import MANIFEST, load_estimator, load_manifest, load_model
from core.registry.lists import Keep, change_lists, read_lists
from core.scoring.model import ScoringModel
from core.training.oracle import agreement, leads_at_every_edge, refuse_unless_exact

DEFAULT_FILE: Final = "default"
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One registered version; ``champion`` says that it answers now, ``retired`` that it never shall again."""

    version: str
    champion: bool
    shipped: bool
    card: dict[str, Any]
    retired: bool = False


def version_folder(models_dir: Path, data_dir: Path, version: str) -> Path:
    """Where ``version`` stands. Raises NotFound when it is not registered (or is no name of a version)."""
    if _VERSION.fullmatch(version):
        for folder in (data_dir / "models" / version, models_dir / version):
            if (folder / MANIFEST).is_file():
                return folder
    raise NotFound(f"no model version {version!r}; list them with: jorge models")


def list_versions(models_dir: Path, data_dir: Path) -> list[ModelVersion]:
    """Every registered version, by name."""
    champion, retired = champion_version(models_dir, data_dir), retired_versions(data_dir)
    found = {}
    for shipped, root in ((True, models_dir), (False, data_dir / "models")):
        for manifest in root.glob(f"*/{MANIFEST}"):
            version = manifest.parent.name
            card = load_manifest(manifest.parent).get("card", {})
            found[version] = ModelVersion(version, version == champion, shipped, card, version in retired)
    return [found[version] for version in sorted(found)]


def champion_version(models_dir: Path, data_dir: Path) -> str:
    """The version that answers. Raises ModelUnavailable when there is none."""
    promoted = read_lists(data_dir).promoted
    if promoted:
        return promoted[-1]
    default = _default(models_dir)
    if default is None:
        raise ModelUnavailable("no model is registered; train one with: jorge train --sample")
    return default


def open_champion(models_dir: Path, data_dir: Path) -> ScoringModel:
    """The model that answers, its files checked. Raises ModelUnavailable or ModelRefused."""
    version = champion_version(models_dir, data_dir)
    try:
        return load_model(version_folder(models_dir, data_dir, version))
    except NotFound as error:
        raise ModelUnavailable(f"the promoted model {version!r} is gone; run: jorge models rollback") from error


def promote(models_dir: Path, data_dir: Path, version: str, keep: Keep = change_lists) -> None:
    """Let ``version`` answer from now on, once it is fit to. Raises NotFound or ModelRefused, and nothing changed."""
    lists = read_lists(data_dir)
    refuse_unfit(models_dir, data_dir, version)
    if lists.promoted[-1:] != (version,):
        keep(data_dir, lists, replace(lists, promoted=(*lists.promoted, version), since=utc_now()))


def refuse_unfit(models_dir: Path, data_dir: Path, version: str) -> None:
    """Raise NotFound or ModelRefused unless ``version`` may answer: it agrees with scikit-learn and shap on 200 leads.

    Takes seconds: both libraries are imported.
    """
    folder = version_folder(models_dir, data_dir, version)
    if version in retired_versions(data_dir):
        raise ModelRefused(f"{version!r} is retired; promote another version, or train one")
    model = load_model(folder)
    if model.card.get("promotable") is False:
        raise ModelRefused(f"{version!r} is only a report: it learned from too few outcomes to replace a model")
    refuse_unless_exact(agreement(model, load_estimator(folder), leads_at_every_edge(model)))


def roll_back(models_dir: Path, data_dir: Path, only_from: str | None = None, keep: Keep = change_lists) -> str:
    """Let the version before the present one answer again; return its name.

    Raises NotFound when there is none, or when something else than ``only_from`` answers by now.
    """
    lists = read_lists(data_dir)
    if not lists.promoted:
        raise NotFound("nothing was promoted yet; the shipped model answers")
    if only_from not in (None, lists.promoted[-1]):
        raise NotFound(f"{only_from!r} does not answer any longer; {lists.promoted[-1]!r} does")
    keep(data_dir, lists, replace(lists, promoted=lists.promoted[:-1], since=utc_now()))
    return champion_version(models_dir, data_dir)


def retire(models_dir: Path, data_dir: Path, version: str, keep: Keep = change_lists) -> None:
    """Never let ``version`` answer again; its files stay, for what it once said.

    Raises NotFound, and ModelRefused for the champion and for the shipped default, which is there when all else fails.
    """
    version_folder(models_dir, data_dir, version)
    lists = read_lists(data_dir)
    if version == champion_version(models_dir, data_dir):
        raise ModelRefused(f"{version!r} answers now; promote another version or roll back first")
    if version == _default(models_dir):
        raise ModelRefused(f"{version!r} comes with the product and answers when nothing else can; it stays")
    if version not in lists.retired:
        left = (name for name in lists.promoted if name != version)
        once = tuple(name for name, _ in groupby(left))  # one that was before it and after it follows itself now
        keep(data_dir, lists, replace(lists, promoted=once, retired=(*lists.retired, version)))


def retired_versions(data_dir: Path) -> tuple[str, ...]:
    """The versions that shall never answer again."""
    return read_lists(data_dir).retired


def version_before(models_dir: Path, data_dir: Path) -> str | None:
    """The version that a roll back would bring; None when it would bring no other."""
    promoted = read_lists(data_dir).promoted
    if not promoted:
        return None
    before = promoted[-2] if len(promoted) > 1 else _default(models_dir)
    return None if before == promoted[-1] else before


def _default(models_dir: Path) -> str | None:
    try:
        return (models_dir / DEFAULT_FILE).read_text().strip()
    except OSError:
        return None
