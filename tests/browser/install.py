"""Find a Chromium or Chrome for the browser tests; ``python -m tests.browser.install`` installs one if need be."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_browser() -> str | None:
    """Path of a browser that Playwright can drive, or None. ``JORGE_TEST_BROWSER`` goes before all."""
    named = os.environ.get("JORGE_TEST_BROWSER")
    if named:
        return named
    on_path = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if on_path:
        return on_path
    return str(_MAC) if _MAC.exists() else _of_playwright()


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _run(*command: str) -> bool:
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


def install_browser() -> None:
    """Playwright's own Chromium, else the system's package."""
    if _run(sys.executable, "-m", "playwright", "install", "--with-deps", "chromium") and find_browser():
        return
    if shutil.which("apt-get"):
        _run("apt-get", "update", "-qq")
        _run("apt-get", "install", "-y", "-qq", "chromium")


if __name__ == "__main__":
    if find_browser() is None:
        install_browser()
    if find_browser() is None:
        sys.exit("No Chromium or Chrome was found and none could be installed; install one and run again.")
