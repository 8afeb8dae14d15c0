"""The page ``/docs``: Swagger UI from the files of a wheel, so that it works without the internet."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, FastAPI, HTTPException, Request
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import RedirectResponse, Response

_KINDS: Final = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
_SHOWN: Final = {
    "defaultModelsExpandDepth": 0,
    "displayRequestDuration": True,
    "persistAuthorization": False,
    "tryItOutEnabled": False,
}


def docs_page(api: FastAPI) -> APIRouter:
    """The page, its files, and the way there from the root of ``api``."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    async def root(request: Request) -> Response:
        return RedirectResponse(f"{_below(request)}/docs")

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        below = _below(request)
        return get_swagger_ui_html(
            openapi_url=f"{below}{api.openapi_url}",
            title=f"{api.title} API",
            swagger_js_url=f"{below}/docs/swagger-ui-bundle.js",
            swagger_css_url=f"{below}/docs/swagger-ui.css",
            swagger_favicon_url=f"{below}/docs/favicon.png",
            swagger_ui_parameters=_SHOWN,
        )

    @router.get("/docs/{name}")
    def asset(name: str) -> Response:
        if name not in _KINDS:
            raise HTTPException(404)
        return Response(files("fastapi_offline").joinpath("static", name).read_bytes(), media_type=_KINDS[name])

    return router


def _below(request: Request) -> str:
    return str(request.scope.get("root_path", "")).rstrip("/")
