"""Which versions there are, and which of them answers.

Shipped versions stand in ``models/``, a team's own under ``<data folder>/models/``. ``champion.json`` there lists the
promoted versions, newest last; rolling back takes the last one off. Without it the shipped default answers.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from core.errors import ModelRefused, ModelUnavailable, NotFound
from core.registry.artefacts import MANIFEST, load_estimator, load_manifest, load_model
from core.scoring.model import ScoringModel
from core.training.oracle import agreement, leads_at_every_edge, refuse_unless_exact

DEFAULT_FILE: Final = "default"
_CHAMPIONS: Final = "champion.json"
_VERSION: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


@dataclass(frozen=True, slots=True)
class ModelVersion:
    """One registered version; ``champion`` says that it answers now."""

    version: str
    champion: bool
    shipped: bool
    card: dict[str, Any]


def version_folder(models_dir: Path, data_dir: Path, version: str) -> Path:
    """Where ``version`` stands. Raises NotFound when it is not registered (or is no name of a version)."""
    if _VERSION.fullmatch(version):
        for folder in (data_dir / "models" / version, models_dir / version):
            if (folder / MANIFEST).is_file():
                return folder
    raise NotFound(f"no model version {version!r}; list them with: jorge models")


def list_versions(models_dir: Path, data_dir: Path) -> list[ModelVersion]:
    """Every registered version, by name."""
    champion = champion_version(models_dir, data_dir)
    found = {}
    for shipped, root in ((True, models_dir), (False, data_dir / "models")):
        for manifest in root.glob(f"*/{MANIFEST}"):
            version = manifest.parent.name
            card = load_manifest(manifest.parent).get("card", {})
            found[version] = ModelVersion(version, version == champion, shipped, card)
    return [found[version] for version in sorted(found)]


def champion_version(models_dir: Path, data_dir: Path) -> str:
    """The version that answers. Raises ModelUnavailable when there is none."""
    promoted = _promoted(data_dir)
    if promoted:
        return promoted[-1]
    try:
        return (models_dir / DEFAULT_FILE).read_text().strip()
    except OSError as error:
        raise ModelUnavailable("no model is registered; train one with: jorge train --sample") from error


def open_champion(models_dir: Path, data_dir: Path) -> ScoringModel:
    """The model that answers, its files checked. Raises ModelUnavailable or ModelRefused."""
    version = champion_version(models_dir, data_dir)
    try:
        return load_model(version_folder(models_dir, data_dir, version))
    except NotFound as error:
        raise ModelUnavailable(f"the promoted model {version!r} is gone; run: jorge models rollback") from error


def promote(models_dir: Path, data_dir: Path, version: str) -> None:
    """Let ``version`` answer from now on, once it agrees with scikit-learn and shap on 200 leads.

    Takes seconds: both libraries are imported. Raises NotFound or ModelRefused, and then nothing changed.
    """
    folder = version_folder(models_dir, data_dir, version)
    model = load_model(folder)
    if model.card.get("promotable") is False:
        raise ModelRefused(f"{version!r} is only a report: it learned from too few outcomes to replace a model")
    refuse_unless_exact(agreement(model, load_estimator(folder), leads_at_every_edge(model)))
    promoted = _promoted(data_dir)
    if not promoted or promoted[-1] != version:
        _write_promoted(data_dir, [*promoted, version])


def roll_back(models_dir: Path, data_dir: Path) -> str:
    """Let the version before the present one answer again; return its name. Raises NotFound when there is none."""
    promoted = _promoted(data_dir)
    if not promoted:
        raise NotFound("nothing was promoted yet; the shipped model answers")
    _write_promoted(data_dir, promoted[:-1])
    return champion_version(models_dir, data_dir)


def _promoted(data_dir: Path) -> list[str]:
    try:
        return [str(version) for version in json.loads((data_dir / "models" / _CHAMPIONS).read_text())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise ModelRefused(f"{_CHAMPIONS} in the data folder cannot be read; restore or remove it") from error


def _write_promoted(data_dir: Path, versions: list[str]) -> None:
    path = data_dir / "models" / _CHAMPIONS
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(versions) + "\n")
    os.replace(draft, path)
