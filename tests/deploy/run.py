"""A whole deployment on this machine, a load through nginx while a replica is killed: ``make test-deploy``.

It takes two to three minutes, needs nginx (``apt-get install nginx-light``; done here when it may be), and is no part
of ``make test``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx2
from playwright.sync_api import sync_playwright
from websockets.sync.client import connect

from tests.browser.install import find_browser
from tests.deploy.checks import Checks
from tests.deploy.load import load
from tests.deploy.machine import Machine, nginx_program
from tests.store.postgres import wheel

HEADERS = ("strict-transport-security", "x-content-type-options", "x-frame-options", "content-security-policy")


def main() -> int:
    """0 when every check holds, 1 when one does not; 0 with a word where something cannot be had."""
    binaries = wheel()
    if binaries is None:
        return skipped("the wheel pgserver, which brings PostgreSQL, does not exist for this Python or platform")
    if nginx_program() is None and not installed():
        return skipped("nginx is not here and cannot be installed; apt-get install nginx-light")
    folder = Path(tempfile.mkdtemp(prefix="jorge-deploy-"))
    machine, checks = Machine(folder, binaries), Checks()
    try:
        machine.start()
        edge(machine, checks)
        screen(machine, checks)
        load(machine, checks)
        promotion(machine, checks)
        backup(machine, checks)
    finally:
        bad = machine.close()
    checks.hold("every process ended by itself with status 0", not bad, str(bad))
    if checks.failed:
        print(f"{checks.failed} checks failed; the logs are in {folder}")
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def edge(machine: Machine, checks: Checks) -> None:
    """What nginx adds and keeps away, and that the dashboard is behind it."""
    page = machine.get("/")
    if page is None:
        raise RuntimeError("nginx does not answer")
    status, headers, body = page
    missing = [name for name in HEADERS if name not in headers]
    checks.hold("the dashboard answers", status == 200 and b"<title>" in body)
    checks.hold("headers are there", not missing and "frame-ancestors 'none'" in headers[HEADERS[3]], str(missing))
    checks.hold("a browser keeps its dashboard", "jorge_seat=" in headers.get("set-cookie", ""))
    with connect(
        f"wss://localhost:{machine.tls_port}/_stcore/stream", ssl=machine.trust, open_timeout=10, proxy=None
    ) as socket:
        checks.hold("the dashboard's WebSocket opens", socket.response is not None)
    refused = machine.get("/metrics")
    checks.hold("/metrics is not for outside", refused is not None and refused[0] == 404)
    with httpx2.Client(verify=machine.trust, trust_env=False, timeout=60) as client:
        compressed = client.get(f"{machine.url}/api/openapi.json", headers={"accept-encoding": "gzip"})
        checks.hold("text is compressed", compressed.headers.get("content-encoding") == "gzip")
        large = client.post(f"{machine.url}/api/v1/ml/score", content=b"x" * 11_000_000)
        checks.hold("a body too large is refused", large.status_code == 413, str(large.status_code))
    key = machine.jorge("keys", "make", "prometheus", "--scope", "read")
    text = httpx2.get(
        f"http://127.0.0.1:{machine.ports['api-1']}/metrics",
        headers={"X-API-Key": key, "X-Forwarded-For": "10.0.0.9"},
        trust_env=False,
    ).text
    checks.hold("Prometheus reads with a key", 'jorge_dependency_up{dependency="database"} 1.0' in text)


def screen(machine: Machine, checks: Checks) -> None:
    """A browser draws the dashboard through nginx, and nothing that it needs is forbidden by the policy."""
    found = find_browser()
    if found is None:
        print("         SKIPPED  no browser is here")
        return
    refused: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        page = browser.new_page(ignore_https_errors=True)
        page.on("console", lambda line: refused.append(line.text) if "Content Security Policy" in line.text else None)
        for path in ("/", "/leads", "/settings"):
            page.goto(machine.url + path)
            page.get_by_role("heading", level=1).first.wait_for(timeout=60_000)
        browser.close()
    checks.hold("a browser draws it under the policy", not refused, str(refused[:3]))


def promotion(machine: Machine, checks: Checks) -> None:
    """One process registers and promotes; every replica, with a folder of its own, answers with it within 5 s."""
    machine.jorge("train", "--sample", "--leads", "1500", "--name", "second")
    machine.jorge("models", "promote", "second", "--reason", "to see it everywhere")
    promoted = time.monotonic()
    key = machine.jorge("keys", "make", "asks", "--scope", "read")
    behind = {name for name in machine.ports if name != "dashboard"}
    while behind and time.monotonic() < promoted + 30:
        behind -= {name for name in behind if answering(machine, name, key) == "second"}
    took = time.monotonic() - promoted  # with the making of a key, a start of Python
    checks.hold("a promotion is served by every replica", not behind, f"{took:.1f} s, without {sorted(behind)}")
    folders = [machine.folder / name / "models" / "second" for name in machine.ports if name != "dashboard"]
    checks.hold("each has its own copy", all(path.is_dir() and not path.is_symlink() for path in folders))
    machine.jorge("models", "rollback")


def answering(machine: Machine, name: str, key: str) -> str:
    """Which model a replica answers with."""
    told = httpx2.get(
        f"http://127.0.0.1:{machine.ports[name]}/api/v1/ml/model/status",
        headers={"X-API-Key": key, "X-Forwarded-For": "10.0.0.9"},
        trust_env=False,
        timeout=30,
    )
    return str(told.json()["version"])


def backup(machine: Machine, checks: Checks) -> None:
    """A backup of the running whole, and that it is not put back while others are connected."""
    path = machine.jorge("backup", str(machine.folder / "backups"))
    checks.hold("a backup is taken while all runs", Path(path).is_file(), f"{Path(path).stat().st_size / 1e6:.1f} MB")
    try:
        machine.jorge("restore", path)
    except subprocess.CalledProcessError as error:
        checks.hold("it is not put back while servers run", "other connections" in str(error.stderr))
    else:
        checks.hold("it is not put back while servers run", False)


def installed() -> bool:
    """Whether nginx could be installed, which takes root and apt."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "--no-install-recommends", "nginx-light"],
    ):
        if subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode:
            return False
    return nginx_program() is not None


def skipped(why: str) -> int:
    """Say so; status 0, as nothing is wrong with the product."""
    print(f"SKIPPED: {why}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
