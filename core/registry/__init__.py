"""Model versions on disk: kept with digests, opened only when every digest fits, promoted and rolled back."""

from core.registry.artefacts import load_estimator, load_model, save_model
from core.registry.versions import (
    ModelVersion,
    champion_version,
    list_versions,
    open_champion,
    promote,
    roll_back,
    version_folder,
)

__all__ = [
    "ModelVersion",
    "champion_version",
    "list_versions",
    "load_estimator",
    "load_model",
    "open_champion",
    "promote",
    "roll_back",
    "save_model",
    "version_folder",
]
