"""Fixtures of these tests."""

from __future__ import annotations

from tests.services.centers import center, models_dir

__all__ = ["center", "models_dir"]
