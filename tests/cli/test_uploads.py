"""Files for the dashboard, at a real server where people sign in: only from who may see it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from websockets.sync.client import connect

from core.leads import utc_now
from tests.cli.test_serve import Running, started

COOKIE, ADA = "_streamlit_user", "ada@team.example"
HOUR_S = 3_600
SIGN_IN = {
    "JORGE_OIDC_METADATA_URL": "https://id.example/.well-known/openid-configuration",
    "JORGE_OIDC_CLIENT_ID": "jorge",
    "JORGE_OIDC_CLIENT_SECRET": "a client secret of the tests",
    "JORGE_OIDC_ADMINS": ADA,
}


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("team")
    running = started(folder / "data", folder, **SIGN_IN)
    yield running
    running.process.terminate()
    running.process.communicate(timeout=20)


@pytest.fixture
def session(team: Running) -> Iterator[str]:
    """The id of a session that is open, and shows the sign-in."""
    rerun = BackMsg()
    rerun.rerun_script.query_string = ""
    with connect(f"ws://127.0.0.1:{team.port}/_stcore/stream", max_size=None) as browser:
        browser.send(rerun.SerializeToString())
        told = ForwardMsg()
        while told.WhichOneof("type") != "new_session":
            told = ForwardMsg.FromString(browser.recv(timeout=30, decode=False))
        yield told.new_session.initialize.session_id


def signed(team: Running, email: str, hours_ago: float = 1, secret: str | None = None) -> str:
    """The cookie of somebody who signed in, as Streamlit makes it."""
    told = {"email": email, "is_logged_in": True, "iat": utc_now().timestamp() - hours_ago * HOUR_S}
    kept = (team.data_dir / "cookie_secret").read_text().strip()
    return f"{COOKIE}={create_signed_value(secret or kept, COOKIE, json.dumps(told)).decode()}"


def sent(team: Running, session: str, *cookies: str, whole: bool = False) -> int:
    """How a file of a megabyte is answered; unless it is sent as a ``whole``, after its head alone."""
    token = generate_xsrf_token_string()
    part = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.csv"\r\n\r\n'
    body = part + b"a" * 1_000_000 + b"\r\n--x--\r\n"
    connection = HTTPConnection("127.0.0.1", team.port, timeout=20)
    try:
        connection.putrequest("PUT", f"/_stcore/upload_file/{session}/any")
        connection.putheader("Content-Type", "multipart/form-data; boundary=x")
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("X-Xsrftoken", token)
        connection.putheader("Cookie", "; ".join((f"_streamlit_xsrf={token}", *cookies)))
        connection.endheaders(body if whole else None)
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_file_of_whoever_has_not_signed_in_is_not_taken(team: Running, session: str) -> None:
    assert sent(team, session) == 401
    assert sent(team, session, signed(team, ADA, secret="another secret, of more than thirty-two bytes")) == 401
    assert sent(team, session, f"{COOKIE}=x") == 401
    assert sent(team, session, signed(team, ADA, hours_ago=13)) == 401, "the sign-in has ended"
    assert sent(team, session, signed(team, "zoe@elsewhere.example")) == 403, "an account without a role"


def test_a_file_of_who_may_see_the_dashboard_is_taken(team: Running, session: str) -> None:
    assert sent(team, session, signed(team, ADA), whole=True) == 204


def test_what_a_stranger_writes_into_the_way_back_reaches_no_log(tmp_path: Path) -> None:
    running = started(tmp_path / "data", tmp_path, **SIGN_IN)
    said = "x%1b]0;owned%07%1b[31mFAKE&error_description=mail+ana@example.com"
    try:
        assert running.get(f"/oauth2callback?error={said}")[0] == 200  # it goes to the first page
    finally:
        running.process.terminate()
        output = running.process.communicate(timeout=20)[0]
    (line,) = [line for line in output.splitlines() if "authentication" in line]
    told = json.loads(line)
    assert told["message"] == "Error during authentication: %s. Error description: %s"
    assert told["logger"].startswith("streamlit.")
    assert not [word for word in ("\x1b", "\x07", "owned", "FAKE", "ana@example.com") if word in output]


def test_without_a_sign_in_this_machine_sends_files(tmp_path: Path) -> None:
    alone = started(tmp_path / "data", tmp_path)
    try:
        assert sent(alone, "nobody") == 400, "past our door; Streamlit knows no such session"
    finally:
        alone.process.terminate()
        alone.process.communicate(timeout=20)
