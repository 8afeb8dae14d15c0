"""The families of trees that can be asked for, where a page that only names them loads nothing that grows them."""

from __future__ import annotations

from typing import Final

AUTO, FOREST, BOOSTING = "auto", "forest", "boosting"
CHOICES: Final = (AUTO, FOREST, BOOSTING)
