"""Where the checks are made: a workspace of its own, with the model that answers for the user."""

from __future__ import annotations

import secrets
import shutil
from functools import cached_property
from pathlib import Path

from pydantic import SecretStr

from core.registry.versions import DEFAULT_FILE
from core.services.center import CommandCenter
from core.settings import MODELS_DIR, Settings


class Room:
    """``settings`` are the user's, for reading; ``center`` works in ``folder`` and asks Claude nothing.

    The center has a database and an embedded Redis in the folder, whatever the user has set.
    """

    def __init__(self, settings: Settings, folder: Path, models_dir: Path = MODELS_DIR) -> None:
        self.settings = settings
        self.models_dir = models_dir
        self._folder = folder

    @cached_property
    def center(self) -> CommandCenter:
        """Raises NotFound, ModelUnavailable when there is no model to work with."""
        models = self._folder / "models"
        with CommandCenter(self.settings, self.models_dir) as theirs:
            version = theirs.registry.champion()
            shutil.copytree(theirs.registry.folder(version), models / version)
        (models / DEFAULT_FILE).write_text(version)
        return CommandCenter(
            Settings(
                _env_file=None,
                jorge_data_dir=self._folder / "data",
                jorge_database_url=f"sqlite:///{self._folder / 'data' / 'jorge.db'}",
                jorge_redis_url=None,
                jorge_jwt_secret=SecretStr(secrets.token_urlsafe(48)),
                jorge_jwt_public_key=None,
                jorge_jwt_audience=None,
                jorge_jwt_issuer=None,
                jorge_allowed_hosts="",
                anthropic_api_key=None,
            ),
            models,
        )

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        if "center" in vars(self):
            self.center.close()
