"""One folder per model version. ``manifest.json`` names every file with its SHA-256; nothing else is opened.

``forest.npz`` and ``served.json`` are all that a server reads: plain arrays and numbers. ``estimator.joblib`` is
code when read, so it is opened only for retraining and as oracle, and only when its digest stands in the manifest.
"""

from __future__ import annotations

import hashlib
import io
import json
import platform
from collections.abc import Mapping
from importlib.metadata import version as library_version
from pathlib import Path
from typing import Any, Final

import numpy as np

from core.errors import ModelRefused, ModelUnavailable
from core.monitoring.reference import Reference
from core.scoring.calibration import Head, calibration_from_json
from core.scoring.forest import Forest
from core.scoring.model import ScoringModel
from core.scoring.own_column import own_column_from_json
from core.scoring.selective import Holdout
from core.scoring.tiers import TierEdges

MANIFEST: Final = "manifest.json"
FOREST, SERVED, HOLDOUT, ESTIMATOR = "forest.npz", "served.json", "holdout.npz", "estimator.joblib"
REFERENCE: Final = "reference.npz"
_LIBRARIES: Final = ("scikit-learn", "shap", "numpy", "numba", "joblib")


def save_model(
    folder: Path,
    model: ScoringModel,
    estimator: Any,
    card: Mapping[str, Any],
    card_text: str,
    reference: Reference | None = None,
) -> None:
    """Write a version into ``folder``, the manifest last, so that an interrupted write is no model.

    ``reference`` are the held-out leads that later ones are compared with; without it drift is not known.
    Raises ModelRefused when the folder holds a version already: a version never changes.
    """
    import joblib

    if (folder / MANIFEST).exists():
        raise ModelRefused(f"version {folder.name} exists already; choose another name")
    folder.mkdir(parents=True, exist_ok=True)
    _write_arrays(folder / FOREST, model.forest.arrays())
    _write_arrays(
        folder / HOLDOUT,
        {"probability": model.holdout.probability, "converted": model.holdout.converted},
    )
    if reference is not None:
        _write_arrays(folder / REFERENCE, {name: getattr(reference, name) for name in Reference.__slots__})
    (folder / SERVED).write_text(json.dumps(_served(model), indent=1) + "\n")
    (folder / "model_card.md").write_text(card_text)
    joblib.dump(estimator, folder / ESTIMATOR, compress=("xz", 6))
    manifest = {
        "version": model.version,
        "files": {path.name: _digest(path.read_bytes()) for path in sorted(folder.iterdir())},
        "libraries": {"python": platform.python_version()} | {name: library_version(name) for name in _LIBRARIES},
        "card": dict(card),
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")


def load_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a version. Raises ModelUnavailable when there is none, ModelRefused when it cannot be read."""
    try:
        text = (folder / MANIFEST).read_text()
    except FileNotFoundError as error:
        raise ModelUnavailable(f"no model {folder.name!r}; train one with: jorge train --sample") from error
    except (OSError, ValueError) as error:
        raise ModelRefused(f"the manifest of model {folder.name!r} cannot be read; restore the folder") from error
    return manifest_in(text, folder.name)


def manifest_in(text: str, version: str) -> dict[str, Any]:
    """What a manifest says: ``files`` names each with its digest. Raises ModelRefused for what is none."""
    try:
        manifest = json.loads(text)
    except ValueError as error:
        raise ModelRefused(f"the manifest of model {version!r} cannot be read; restore the folder") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelRefused(f"the manifest of model {version!r} names no files; restore the folder")
    return manifest


def load_model(folder: Path) -> ScoringModel:
    """The version in ``folder`` as it is served.

    Raises ModelUnavailable when there is none, ModelRefused when a file is missing, changed, or not a model.
    """
    manifest = load_manifest(folder)
    try:
        served = json.loads(_verified(folder, SERVED, manifest))
        holdout = _read_arrays(_verified(folder, HOLDOUT, manifest))
        return ScoringModel(
            version=str(served["version"]),
            feature_names=tuple(served["feature_names"]),
            forest=Forest.from_arrays(_read_arrays(_verified(folder, FOREST, manifest))),
            calibration=calibration_from_json(served["calibration"]),
            tier_edges=TierEdges(**served["tier_edges"]),
            holdout=Holdout(holdout["probability"], holdout["converted"].astype(np.bool_)),
            closing=_head(served["closing"]),
            timeline=_head(served["timeline"]),
            own_columns=tuple(own_column_from_json(stored) for stored in served.get("own_columns", [])),
            card=manifest.get("card", {}),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ModelRefused(
            f"the files of model {folder.name!r} do not make a model of this version of the program ({error}); "
            "train it again, or let another one answer: jorge models"
        ) from error


def load_reference(folder: Path) -> Reference | None:
    """The leads that a version was measured on; None for a version that was registered without them.

    Raises ModelUnavailable or ModelRefused as ``load_model`` does.
    """
    manifest = load_manifest(folder)
    if REFERENCE not in manifest["files"]:
        return None
    stored = _read_arrays(_verified(folder, REFERENCE, manifest))
    try:
        return Reference(stored["features"], stored["probability"], stored["converted"].astype(np.bool_))
    except KeyError as error:
        raise ModelRefused(f"{REFERENCE} of model {folder.name!r} lacks {error}; restore the folder") from error


def load_estimator(folder: Path) -> Any:
    """The scikit-learn estimator of a version, read only after its digest was found in the manifest.

    Raises ModelUnavailable or ModelRefused as ``load_model`` does, also when these libraries cannot read it.
    """
    import joblib

    content = _verified(folder, ESTIMATOR, load_manifest(folder))
    try:
        return joblib.load(io.BytesIO(content))
    except Exception as error:  # whatever another version's pickle stumbles over
        raise ModelRefused(
            f"the estimator of model {folder.name!r} cannot be read with scikit-learn "
            f"{library_version('scikit-learn')}; train it again"
        ) from error


def _served(model: ScoringModel) -> dict[str, Any]:
    return {
        "version": model.version,
        "feature_names": list(model.feature_names),
        "calibration": model.calibration.to_json(),
        "tier_edges": {"hot": model.tier_edges.hot, "warm": model.tier_edges.warm},
        "closing": None if model.closing is None else model.closing.to_json(),
        "timeline": None if model.timeline is None else model.timeline.to_json(),
        "own_columns": [column.to_json() for column in model.own_columns],
    }


def _head(stored: Mapping[str, Any] | None) -> Head | None:
    return None if stored is None else Head(**stored)


def _write_arrays(path: Path, arrays: Mapping[str, np.typing.NDArray[Any]]) -> None:
    with path.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **dict(arrays))


def _read_arrays(content: bytes) -> dict[str, np.typing.NDArray[Any]]:
    with np.load(io.BytesIO(content), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _verified(folder: Path, name: str, manifest: Mapping[str, Any]) -> bytes:
    """The content of a file whose digest stands in the manifest; what was checked is what is used."""
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        raise ModelRefused(f"model {folder.name!r} lacks {name}; restore the folder") from error
    if _digest(content) != manifest["files"].get(name):
        raise ModelRefused(f"{name} of model {folder.name!r} is not the file that was registered; restore the folder")
    return content
