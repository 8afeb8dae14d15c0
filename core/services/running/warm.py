"""Imports and compiled code, loaded before somebody waits for them."""

from __future__ import annotations

import ctypes
import gc
from contextlib import suppress
from time import sleep

import numpy as np

from core.services.center import CommandCenter

FIRST_SCREEN_S = 1.5
GIVE_BACK_EVERY_S = 20.0
YOUNG = 25_000  # objects that are made before the collector looks: the answer to a hundred leads is some 10,000


def settle() -> None:
    """Let the collector pass over all that is loaded by now, which stays, and look for garbage less often.

    By Python's defaults a busy server spends an eighth of its time on collections that find next to nothing, and halts
    for a tenth of a second for the whole of them.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)
    gc.enable()


def warm_first_screen(center: CommandCenter) -> None:
    """Open the store and the model. What is down raises nothing: it is named on the screen."""
    center.open_all()


def warm_the_rest(center: CommandCenter, *, screens: bool = True) -> None:
    """Load compiled code and what ``screens`` import, in the background, once the first screen has had its turn."""
    sleep(FIRST_SCREEN_S)
    import core.features
    import core.transfer
    from core.services import access

    access.prepare(center)

    model = center.model_or_none
    if model is not None:
        model.score(np.full(len(core.features.NAMES), core.features.UNKNOWN, dtype=np.float32))
    if screens:
        import pandas  # noqa: F401
        import plotly.graph_objects  # noqa: F401


def warm_and_stay_small(center: CommandCenter, *, screens: bool = True) -> None:
    """``warm_the_rest``, then give memory back now and then; for a thread that lasts as long as the server."""
    warm_the_rest(center, screens=screens)
    settle()
    while True:
        give_back()
        sleep(GIVE_BACK_EVERY_S)


def give_back() -> None:
    """Return to the system what is free; malloc alone does so only at the end of its heap. Takes milliseconds."""
    with suppress(OSError, AttributeError, TypeError):  # on Windows there is no library without a name
        ctypes.CDLL(None).malloc_trim(0)
