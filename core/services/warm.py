"""Imports and compiled code, loaded before somebody waits for them."""

from __future__ import annotations

from contextlib import suppress

from core.errors import JorgeError
from core.services.center import CommandCenter


def warm_first_screen(center: CommandCenter) -> None:
    """Open the store and the model. What is down raises nothing: it is named on the screen."""
    center.open_all()


def warm_the_rest(center: CommandCenter) -> None:
    """Load compiled code and what other screens import, in the background."""
    from core.services.health import checks

    with suppress(JorgeError):
        checks(center)  # scores once, which loads the compiled kernels
    import pandas  # noqa: F401
    import plotly.graph_objects  # noqa: F401

    import core.features
    import core.transfer  # noqa: F401
