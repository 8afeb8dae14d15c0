"""What Streamlit's Markdown makes a link, a browser shows as text once it went through ``choice``."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, wait_for

pytestmark = pytest.mark.browser
LINKS = (
    "https://e.example/a",
    "HTTP://E.EXAMPLE",
    "www.e.example/a",
    "_www.e.example_",
    "ana@e.example",
    "<https://e.example>",
    "<mailto:ana@e.example>",
    "<xmpp:ana@e.example>",
    "(https://e.example)",
    "[x](https://e.example)",
    "[x][1]\n\n[1]: https://e.example",
    "https:\\//e.example",
    "www\\.e.example",
    "ana\\@e.example",
    "https&colon;//e.example",
    "www&#46;e.example",
    "ana&#x40;e.example",
)
APP = """
import streamlit as st
from pages.components.words import choice

for place, text in enumerate({links}):
    told = text if "raw" in st.query_params else choice(text)
    st.caption(told)
    st.subheader(told, anchor=False)
    st.markdown(f"**{{told}}**")
    st.warning(told)
    st.checkbox(told, key=f"box{{place}}")
    st.expander(told)
    st.text(f"written {{place}}")
"""
DRAWN = ("stCaptionContainer", "stHeading", "stAlert", "stCheckbox", "stExpander", "stText")


@pytest.fixture
def app(tmp_path: Path) -> Iterator[str]:
    """The address of a page with all LINKS in it, through ``choice`` unless it is asked for them raw."""
    (tmp_path / "app.py").write_text(APP.format(links=json.dumps(LINKS)), encoding="utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    order = [sys.executable, "-m", "streamlit", "run", str(tmp_path / "app.py"), "--server.headless=true"]
    order += [f"--server.port={port}", "--server.address=127.0.0.1", "--browser.gatherUsageStats=false"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(order, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(20)


def links(page: Page, address: str) -> list[str]:
    page.goto(address)
    for drawn in DRAWN:  # each kind comes with a part of Streamlit of its own, and not in the order of the page
        expect(page.locator(f"[data-testid=stMain] [data-testid={drawn}]")).to_have_count(len(LINKS))
    found = page.locator("[data-testid='stMain'] a[href]").evaluate_all("all => all.map(one => one.href)")
    return [str(address) for address in found]


def test_no_address_in_a_text_of_others_becomes_a_link(tab: Page, app: str) -> None:
    assert len(links(tab, app + "?raw=1")) >= 4 * len(LINKS), "most are one wherever they stand as they came"
    assert links(tab, app) == []
