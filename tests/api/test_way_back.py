"""After signing in people are where they wanted to be, and never at another site."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.api.way_back import COOKIE, WayBack, checked


def login(_request: Request) -> RedirectResponse:
    return RedirectResponse("https://provider.example/authorize", 302)


def callback(_request: Request) -> RedirectResponse:
    return RedirectResponse("/", 302)  # as Streamlit does


@pytest.fixture
def browser() -> TestClient:
    app = Starlette(
        routes=[Route("/auth/login", login), Route("/oauth2callback", callback)], middleware=[Middleware(WayBack)]
    )
    return TestClient(app, base_url="https://leads.example", follow_redirects=False)


def signed_in_from(browser: TestClient, referer: str | None) -> str:
    """Where the browser is sent after the provider."""
    out = browser.get("/auth/login", headers={"referer": referer} if referer else {})
    assert out.headers["location"] == "https://provider.example/authorize"
    return str(browser.get("/oauth2callback?code=x").headers["location"])


@pytest.mark.parametrize("page", ["/leads?tier=hot&q=Ana%20Lima", "/lead?id=lead_7", "/settings"])
def test_people_come_back_to_the_page_that_they_asked_for(browser: TestClient, page: str) -> None:
    assert signed_in_from(browser, f"https://leads.example{page}") == page
    assert browser.get("/oauth2callback?code=y").headers["location"] == "/", "once"


@pytest.mark.parametrize(
    "referer",
    [
        None,
        "https://leads.example/",
        "https://evil.example/leads",
        "https://leads.example.evil.example/leads",
        "https://leads.example//evil.example",
        "https://leads.example/\\evil.example",
        "https://leads.example/auth/logout",
        "https://leads.example/api/v1/ml/leads",
        "https://[",
    ],
)
def test_from_anywhere_else_they_come_to_the_first_page(browser: TestClient, referer: str | None) -> None:
    assert signed_in_from(browser, referer) == "/"


@pytest.mark.parametrize(
    "wrong", ["//evil.example", "https://evil.example", "/\\evil", "/leads\n", "/a//b", "", "leads"]
)
def test_a_cookie_that_somebody_made_leads_nowhere(browser: TestClient, wrong: str) -> None:
    assert checked(wrong) is None
    answer = browser.get("/oauth2callback", headers={"cookie": f"{COOKIE}={quote(wrong, safe='')}"})
    assert answer.headers["location"] == "/"


def test_the_cookie_is_for_the_way_back_alone(browser: TestClient) -> None:
    out = browser.get("/auth/login", headers={"referer": "https://leads.example/leads"})
    told = out.headers["set-cookie"]
    assert all(word in told for word in ("Path=/oauth2callback", "Max-Age=600", "HttpOnly", "SameSite=Lax", "Secure"))
