"""Model versions on disk: kept with digests, opened only when every digest fits, promoted and rolled back."""

from core.registry.artefacts import load_estimator, load_model, load_reference, save_model
from core.registry.versions import (
    ModelVersion,
    champion_since,
    champion_version,
    list_versions,
    open_champion,
    promote,
    refuse_unfit,
    retire,
    retired_versions,
    roll_back,
    version_before,
    version_folder,
)

__all__ = [
    "ModelVersion",
    "champion_since",
    "champion_version",
    "list_versions",
    "load_estimator",
    "load_model",
    "load_reference",
    "open_champion",
    "promote",
    "refuse_unfit",
    "retire",
    "retired_versions",
    "roll_back",
    "save_model",
    "version_before",
    "version_folder",
]
