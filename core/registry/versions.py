"""Which versions there are, and which of them answers.

Shipped versions stand in ``models/``, a team's own under ``<data folder>/models/``. ``champion.json`` there lists the
promoted versions, newest last; rolling back takes the last one off. Without it the shipped default answers.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from core.errors import ModelRefused, ModelUnavailable, NotFound
from core.registry.artefacts import MANIFEST, load_estimator, load_manifest, load_model
from core.scoring.model import ScoringModel
from core.training.oracle import agreement, leads_at_every_edge, refuse_unless_exact

DEFAULT_FILE: Final = "default"
_CHAMPIONS, _RETIRED = "champion.json", "retired.json"
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
    promoted = _promoted(data_dir)
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


def promote(models_dir: Path, data_dir: Path, version: str) -> None:
    """Let ``version`` answer from now on, once it is fit to. Raises NotFound or ModelRefused, and nothing changed."""
    refuse_unfit(models_dir, data_dir, version)
    promoted = _promoted(data_dir)
    if not promoted or promoted[-1] != version:
        _write_promoted(data_dir, [*promoted, version])


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


def roll_back(models_dir: Path, data_dir: Path, only_from: str | None = None) -> str:
    """Let the version before the present one answer again; return its name.

    Raises NotFound when there is none, or when something else than ``only_from`` answers by now.
    """
    promoted = _promoted(data_dir)
    if not promoted:
        raise NotFound("nothing was promoted yet; the shipped model answers")
    if only_from not in (None, promoted[-1]):
        raise NotFound(f"{only_from!r} does not answer any longer; {promoted[-1]!r} does")
    _write_promoted(data_dir, promoted[:-1])
    return champion_version(models_dir, data_dir)


def retire(models_dir: Path, data_dir: Path, version: str) -> None:
    """Never let ``version`` answer again; its files stay, for what it once said.

    Raises NotFound, and ModelRefused for the champion and for the shipped default, which is there when all else fails.
    """
    version_folder(models_dir, data_dir, version)
    if version == champion_version(models_dir, data_dir):
        raise ModelRefused(f"{version!r} answers now; promote another version or roll back first")
    if version == _default(models_dir):
        raise ModelRefused(f"{version!r} comes with the product and answers when nothing else can; it stays")
    retired = retired_versions(data_dir)
    if version not in retired:
        _write(data_dir / "models" / _RETIRED, [*retired, version])
        _forget(data_dir, version)


def retired_versions(data_dir: Path) -> list[str]:
    """The versions that shall never answer again."""
    return _read(data_dir / "models" / _RETIRED)


def version_before(models_dir: Path, data_dir: Path) -> str | None:
    """The version that a roll back would bring; None when nothing was promoted."""
    promoted = _promoted(data_dir)
    if not promoted:
        return None
    return promoted[-2] if len(promoted) > 1 else _default(models_dir)


def champion_since(data_dir: Path) -> datetime | None:
    """When the present champion began to answer; None for the shipped one of a workspace without promotions."""
    try:
        return datetime.fromtimestamp((data_dir / "models" / _CHAMPIONS).stat().st_mtime, UTC)
    except OSError:
        return None


def _forget(data_dir: Path, version: str) -> None:
    """Take a version off the list of promoted ones, without another moment for the champion's beginning."""
    promoted = _promoted(data_dir)
    if version in promoted:
        path = data_dir / "models" / _CHAMPIONS
        began = path.stat()
        _write_promoted(data_dir, [name for name in promoted if name != version])
        os.utime(path, ns=(began.st_atime_ns, began.st_mtime_ns))


def _default(models_dir: Path) -> str | None:
    try:
        return (models_dir / DEFAULT_FILE).read_text().strip()
    except OSError:
        return None


def _promoted(data_dir: Path) -> list[str]:
    return _read(data_dir / "models" / _CHAMPIONS)


def _write_promoted(data_dir: Path, versions: list[str]) -> None:
    _write(data_dir / "models" / _CHAMPIONS, versions)


def _read(path: Path) -> list[str]:
    try:
        return [str(version) for version in json.loads(path.read_text())]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, TypeError) as error:
        raise ModelRefused(f"{path.name} in the data folder cannot be read; restore or remove it") from error


def _write(path: Path, versions: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps(versions) + "\n")
    os.replace(draft, path)
