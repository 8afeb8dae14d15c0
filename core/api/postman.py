"""A Postman collection made from the OpenAPI document: ``python -m core.api.postman`` writes docs/api/ anew."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from core.api import examples
from core.settings import PROJECT_ROOT

FILE: Final = PROJECT_ROOT / "docs" / "api" / "jorge.postman_collection.json"
SCHEMA: Final = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
_IN_PATH: Final = {"lead_id": examples.LEAD_ID}
_JSON: Final = {"key": "Content-Type", "value": "application/json"}
_PLACE = re.compile(r"\{(\w+)\}")


def collection(document: dict[str, Any]) -> dict[str, Any]:
    """The collection, in format 2.1: a folder for each tag, a request for each example, with its answer.

    ``{{baseUrl}}`` and ``{{token}}`` are variables; set the token before the first call.
    """
    info = document["info"]
    folders = [
        {"name": tag["name"], "description": tag["description"], "item": _requests(document, tag["name"])}
        for tag in document["tags"]
    ]
    return {
        "info": {
            "name": info["title"],
            "description": info["description"],
            "version": info["version"],
            "schema": SCHEMA,
        },
        "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]},
        "variable": [
            {"key": "baseUrl", "value": "http://127.0.0.1:8501/api", "type": "string"},
            {"key": "token", "value": "", "type": "string", "description": "What `jorge token` prints"},
        ],
        "item": folders,
    }


def _requests(document: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    found = []
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if tag in operation["tags"]:
                found += [
                    _item(path, method.upper(), operation, name, body) for name, body in _bodies(operation).items()
                ]
    return found


def _bodies(operation: dict[str, Any]) -> dict[str, Any]:
    """The bodies of the operation's examples by title; one None where it takes none."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    told = {example["summary"]: example["value"] for example in content.get("examples", {}).values()}
    return told or {operation["summary"]: None}


def _item(path: str, method: str, operation: dict[str, Any], name: str, body: Any) -> dict[str, Any]:
    request: dict[str, Any] = {
        "method": method,
        "header": [] if body is None else [_JSON],
        "url": _url(path, operation),
        "description": operation["description"],
    }
    if "security" not in operation:
        request["auth"] = {"type": "noauth"}
    if body is not None:
        request["body"] = {"mode": "raw", "raw": _text(body), "options": {"raw": {"language": "json"}}}
    title = operation["summary"] if body is None else f"{operation['summary']}: {name[:1].lower()}{name[1:]}"
    return {"name": title, "request": request, "response": [_answer(operation["responses"]["200"], request)]}


def _url(path: str, operation: dict[str, Any]) -> dict[str, Any]:
    parameters = operation.get("parameters", [])
    words = [_PLACE.sub(r":\1", word) for word in path.strip("/").split("/")]
    url: dict[str, Any] = {"raw": "/".join(["{{baseUrl}}", *words]), "host": ["{{baseUrl}}"], "path": words}
    query = [_parameter(told) | {"disabled": True} for told in parameters if told["in"] == "query"]
    places = [_parameter(told) for told in parameters if told["in"] == "path"]
    return url | ({"query": query} if query else {}) | ({"variable": places} if places else {})


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    name = told["name"]
    default = told.get("schema", {}).get("default", "")
    value = _IN_PATH.get(name, "" if isinstance(default, list) else str(default).lower())
    return {"key": name, "value": value, "description": told.get("description", "")}


def _answer(told: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": told["description"],
        "originalRequest": request,
        "code": 200,
        "header": [_JSON],
        "_postman_previewlanguage": "json",
        "body": _text(told["content"]["application/json"]["example"]),
    }


def _text(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def write(file: Path = FILE) -> None:
    """Write the collection of the API as it is now."""
    from core.api.build import build_api
    from core.services.center import current

    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_text(collection(build_api(current).openapi())) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
