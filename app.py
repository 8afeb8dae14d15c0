"""What one process serves: the dashboard, with the API mounted under /api, and its counts at /metrics."""

from __future__ import annotations

import os
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.middleware import Middleware

from core.api.build import build_api
from core.api.doors import Beside
from core.api.hosts import OwnNames, hosts_of
from core.api.uploads import Uploads
from core.api.way_back import WayBack
from core.services.access.sign_in import secrets
from core.services.center import current
from core.services.running.warm import settle, warm_and_stay_small, warm_first_screen
from core.settings import PROJECT_ROOT, load_settings
from pages.components.server_log import in_lines_of_ours
from pages.components.sign_in import claims_in

settings = load_settings()  # before the folder changes, to which relative paths of the environment belong
os.chdir(PROJECT_ROOT)  # from another folder Streamlit would silently pass over .streamlit/config.toml
in_lines_of_ours()
api = build_api(current, settings)


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Bring up what the first screen needs, serve, and stop it all again."""
    async with api.router.lifespan_context(api):  # nobody else runs it
        await anyio.to_thread.run_sync(warm_first_screen, current())
        settle()
        current().start_background()
        threading.Thread(target=warm_and_stay_small, args=(current(),), name="warm", daemon=True).start()
        yield {}


dashboard = st.App(
    str(PROJECT_ROOT / "pages" / "_app.py"),
    middleware=[
        Middleware(OwnNames, hosts=hosts_of(settings)),
        Middleware(Uploads, center=current, claims=claims_in),
        Middleware(WayBack),
    ],
    lifespan=lifespan,
    secrets=secrets(settings),  # of the sign-in, from our own settings
)
app = Beside(api, dashboard)
