"""What can be read on a screen, and what its own components are sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from streamlit.testing.v1 import AppTest

from tests.measure.hostile_pages import _elements, _texts

# What is not read on a screen: ids, addresses, scripts and styles, and what is shown as code.
_UNSEEN: Final = re.compile(
    r"\.(id|js_content|css_content|html_content|key|query_string|page|code_text|form_id|group_id|url)$"
)


def said(app: AppTest) -> Iterator[str]:
    """Every text of a screen, where it stands before it."""
    for where, text in _every(app):
        if not _UNSEEN.search(where):
            yield f"{where}: {text}"


def sent(app: AppTest, name: str) -> Any:
    """What the component that is sent ``name`` gets."""
    (found,) = (told for where, told in _every(app) if where.endswith(".json") and f'"{name}"' in told)
    return json.loads(found)[name]


def _every(app: AppTest) -> Iterator[tuple[str, str]]:
    for element in _elements(app._tree):
        yield from _texts(getattr(element, "proto", None), type(element).__name__)
