"""Imports and compiled code, loaded before somebody waits for them."""

from __future__ import annotations

from core.services.center import current


def warm_first_screen() -> None:
    """Open the store and the model, and load what the first screen imports."""
    center = current()
    center.open_all()


def warm_the_rest() -> None:
    """What other screens import, in the background."""
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    import core.transfer  # noqa: F401
