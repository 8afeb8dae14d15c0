"""Signing in with a real provider on loopback: an agent, a manager, and somebody who is put out."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import READY, ROOT, jorge, wait_for
from tests.cli.test_serve import environment

ANA, MAX, ZOE = "ana@team.example", "max@team.example", "zoe@elsewhere.example"
SECRET = "a client secret that must not be seen"


@dataclass(frozen=True)
class Team:
    """A server whose people sign in at a provider."""

    url: str
    data_dir: Path
    agent: str


@contextmanager
def provider() -> Iterator[str]:
    """The address of a provider with three accounts; the manager's role is in the claim ``groups``."""
    people = [
        {"sub": "ana", "email": ANA, "email_verified": True, "name": "Ana at the provider"},
        {"sub": "max", "email": MAX, "name": "Max Roe", "groups": ["staff", "Team leads"]},
        {"sub": "zoe", "email": ZOE, "name": "Zoe Poe", "groups": ["guests"]},
    ]
    port = _free_port()
    accounts = [word for one in people for word in ("--user-claims", json.dumps(one))]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *accounts]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/.well-known/openid-configuration", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def team(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """A server with sample leads, one of whose agents is Ana."""
    data_dir = shutil.copytree(sample, tmp_path_factory.mktemp("team") / "data")
    agent = _an_agent(data_dir)
    jorge(data_dir, "people", "add", ANA, "--role", "agent", "--agent", agent)
    port = _free_port()
    with provider() as address, (data_dir / "server.log").open("wb") as log:
        settings = {
            "JORGE_OIDC_METADATA_URL": f"{address}/.well-known/openid-configuration",
            "JORGE_OIDC_CLIENT_ID": "jorge",
            "JORGE_OIDC_CLIENT_SECRET": SECRET,
            "JORGE_OIDC_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "JORGE_OIDC_ROLE_CLAIM": "groups",
            "JORGE_OIDC_ROLES": "Team leads=manager",
            "AUTHLIB_INSECURE_TRANSPORT": "1",
        }
        command = [sys.executable, "-m", "core", "serve", "--port", str(port)]
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment(data_dir), **settings}, stdout=log, stderr=log
        )
        try:
            wait_for(f"http://127.0.0.1:{port}/_stcore/health", process, 60)
            yield Team(f"http://127.0.0.1:{port}", data_dir, agent)
        finally:
            process.terminate()
            process.wait(20)


def _an_agent(data_dir: Path) -> str:
    from core.store import open_store

    store = open_store(f"sqlite:///{data_dir / 'jorge.db'}")
    try:
        return next(iter(store.facets().agents))
    finally:
        store.close()


def sign_in(page: Page, team: Team, who: str, path: str = "") -> None:
    page.goto(team.url + path)
    page.get_by_role("button", name="Sign in with your work account").click()
    page.get_by_role("button", name=who, exact=True).click()
    page.wait_for_url(f"{team.url}/**")
    page.wait_for_selector(READY)


@pytest.mark.browser
def test_who_has_no_session_sees_one_button_whatever_the_address(browser: Browser, team: Team) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    for path in ("/", "/leads", "/commission_pipeline", "/settings"):
        page.goto(team.url + path)
        button = page.get_by_role("button", name="Sign in with your work account")
        expect(button).to_be_visible(timeout=30_000)
        assert page.get_by_test_id("stSidebarNav").count() == 0
    page.wait_for_selector(READY)
    assert button.evaluate("one => one.offsetHeight") >= 40, "as high as a finger needs"
    page.close()


@pytest.mark.browser
def test_an_agent_sees_own_leads_no_money_and_is_out_once_the_role_is_taken(tab: Page, team: Team) -> None:
    sign_in(tab, team, "ana")
    expect(tab.get_by_role("heading", name="Live scores")).to_be_visible()
    menu = tab.get_by_test_id("stSidebarNav")
    expect(menu.get_by_text("Leads", exact=True).first).to_be_visible()
    for hidden in ("Commission pipeline", "Reports", "Train", "Settings"):
        assert menu.get_by_text(hidden, exact=True).count() == 0
    tab.goto(f"{team.url}/commission_pipeline")
    expect(tab.get_by_text("This is for managers")).to_be_visible()
    tab.goto(f"{team.url}/settings")
    expect(tab.get_by_text("This is for admins")).to_be_visible()
    foreign = _lead_of_another(team)
    tab.goto(f"{team.url}/lead?id={foreign}")
    expect(tab.get_by_text("No such lead")).to_be_visible()
    jorge(team.data_dir, "people", "remove", ANA)
    tab.goto(f"{team.url}/leads")
    expect(tab.get_by_text("Your access was taken away")).to_be_visible()


@pytest.mark.browser
def test_a_manager_by_claim_sees_the_money_and_can_sign_out(tab: Page, team: Team) -> None:
    sign_in(tab, team, "max", "/commission_pipeline?show=table")
    expect(tab).to_have_url(re.compile(f"^{team.url}/commission_pipeline"))  # back where one wanted to go
    expect(tab.get_by_role("heading", name="Commission pipeline")).to_be_visible()
    tab.goto(f"{team.url}/train")
    expect(tab.get_by_text("This is for admins")).to_be_visible()
    assert "signed in" in _audit(team)
    tab.get_by_text("Max Roe").click()
    tab.get_by_role("button", name="Sign out").click()
    tab.wait_for_url(lambda address: not address.startswith(f"{team.url}/train"))
    tab.goto(team.url)
    expect(tab.get_by_role("button", name="Sign in with your work account")).to_be_visible()


@pytest.mark.browser
def test_an_account_without_a_role_is_told_so_and_no_secret_is_logged(tab: Page, team: Team) -> None:
    sign_in(tab, team, "zoe")
    expect(tab.get_by_text("Your account has no role here")).to_be_visible()
    assert tab.get_by_test_id("stSidebarNav").count() == 0
    assert SECRET not in (team.data_dir / "server.log").read_text()
    assert not [path for path in team.data_dir.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def _lead_of_another(team: Team) -> str:
    from core.store import LeadFilter, open_store

    store = open_store(f"sqlite:///{team.data_dir / 'jorge.db'}")
    try:
        other = next(name for name in store.facets().agents if name != team.agent)
        return store.browse(LeadFilter(agents=(other,))).rows[0].lead_id
    finally:
        store.close()


def _audit(team: Team) -> str:
    from core.store import open_store

    store = open_store(f"sqlite:///{team.data_dir / 'jorge.db'}")
    try:
        return " ".join(f"{one.actor} {one.action}" for one in store.audit.find())
    finally:
        store.close()
