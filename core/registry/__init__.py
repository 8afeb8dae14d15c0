"""Model versions on disk: kept with digests, opened only when every digest fits, promoted and rolled back."""

from core.registry.artefacts import (
    MANIFEST,
    load_estimator,
    load_manifest,
    load_model,
    load_reference,
    manifest_in,
    save_model,
)
from core.registry.lists import CHANGED, Lists, champion_since, change_lists, changed_at, keep_lists, read_lists
from core.registry.versions import (
    ModelVersion,
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
    "CHANGED",
    "MANIFEST",
    "Lists",
    "ModelVersion",
    "champion_since",
    "champion_version",
    "change_lists",
    "changed_at",
    "keep_lists",
    "list_versions",
    "load_estimator",
    "load_manifest",
    "load_model",
    "load_reference",
    "manifest_in",
    "open_champion",
    "promote",
    "read_lists",
    "refuse_unfit",
    "retire",
    "retired_versions",
    "roll_back",
    "save_model",
    "version_before",
    "version_folder",
]
