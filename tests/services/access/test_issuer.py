"""Tokens that an issuer elsewhere signs, of which we have the public key."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from pydantic import SecretStr

from core.errors import SettingsError, Unauthenticated
from core.services.access import (
    Caller,
    Credentials,
    Role,
    Scope,
    admit,
    api_token,
    check_setting,
    check_token,
    listener,
    screen_token,
)
from core.services.center import CommandCenter
from tests.services.centers import SECRET, settings_in
from tests.services.issuers import ec_key, issued, private_pem, public_pem, rsa_key

KEYS: dict[str, Callable[[], Any]] = {"RS256": rsa_key, "ES256": ec_key}


def opened(folder: Path, key: str, **values: object) -> CommandCenter:
    settings = settings_in(folder, jorge_jwt_secret=None, jorge_jwt_public_key=key, **values)
    return CommandCenter(settings, folder)


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def by_hmac(head: dict[str, Any], claims: dict[str, Any], secret: bytes) -> str:
    """An HS256 token made by hand: the library refuses to sign with a public key."""
    signed = f"{part(head)}.{part(claims)}"
    mac = hmac.new(secret, signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


def claims() -> dict[str, Any]:
    body = issued(rsa_key(), "RS256", role="admin").split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(body + "==")))


@pytest.mark.parametrize("algorithm", KEYS)
def test_a_token_of_the_issuer_names_a_caller(algorithm: str, tmp_path: Path) -> None:
    key = KEYS[algorithm]()
    center = opened(tmp_path, public_pem(key))
    caller = check_token(center, issued(key, algorithm, role="manager"))
    assert (caller.subject, caller.role) == ("ana", Role.MANAGER)


def test_the_key_may_be_a_file_or_one_line_of_text(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text(public_pem(rsa_key()))
    for given in (str(tmp_path / "key.pem"), public_pem(rsa_key()).replace("\n", "\\n")):
        assert check_token(opened(tmp_path, given), issued(rsa_key(), "RS256")).subject == "ana"


REFUSED: dict[str, Callable[[], str]] = {
    "the public key taken for a secret": lambda: by_hmac(
        {"alg": "HS256", "typ": "JWT"}, claims(), public_pem(rsa_key()).encode()
    ),
    "the public key taken for a secret, without its last line end": lambda: by_hmac(
        {"alg": "HS256"}, claims(), public_pem(rsa_key()).strip().encode()
    ),
    "no algorithm": lambda: f"{part({'alg': 'none'})}.{part(claims())}.",
    "no algorithm, spelt otherwise": lambda: f"{part({'alg': 'nOnE'})}.{part(claims())}.",
    "another algorithm of the same key": lambda: issued(rsa_key(), "RS512"),
    "the same algorithm with padding of another kind": lambda: issued(rsa_key(), "PS256"),
    "a key of another kind": lambda: issued(ec_key(), "ES256"),
    "a key of another issuer": lambda: issued(rsa_key(3_072), "RS256"),
    "a key id that is a path": lambda: by_hmac({"alg": "HS256", "kid": "../../dev/null"}, claims(), b""),
    "a key id that is a query": lambda: by_hmac({"alg": "HS256", "kid": "' UNION SELECT 'x"}, claims(), b"x"),
    "a key that the token brings along": lambda: issued(
        rsa_key(3_072),
        "RS256",
        headers={"jku": "https://evil.example/keys", "jwk": {"kty": "RSA"}},
    ),
    "a demand that we do not know": lambda: issued(rsa_key(), "RS256", headers={"crit": ["b64"], "b64": False}),
    "our own secret": lambda: by_hmac({"alg": "HS256"}, claims() | {"aud": "jorge-api"}, SECRET.encode()),
    "nobody": lambda: issued(rsa_key(), "RS256", sub=""),
    "a long name": lambda: issued(rsa_key(), "RS256", sub="a" * 256),
    "a role in a list": lambda: issued(rsa_key(), "RS256", role=["admin"]),
    "a role that is none": lambda: issued(rsa_key(), "RS256", role="Admin"),
    "no time of expiry": lambda: issued(rsa_key(), "RS256", drop=("exp",)),
    "no time of issue": lambda: issued(rsa_key(), "RS256", drop=("iat",)),
    "no subject": lambda: issued(rsa_key(), "RS256", drop=("sub",)),
    "a time beyond the calendar": lambda: issued(rsa_key(), "RS256", exp=10**18),
    "a text for a time": lambda: issued(rsa_key(), "RS256", exp="tomorrow"),
    "a token for others": lambda: issued(rsa_key(), "RS256", aud="billing"),
    "a token for several others": lambda: issued(rsa_key(), "RS256", aud=["billing", "jorge-screen"]),
    "a token of five kilobytes": lambda: issued(rsa_key(), "RS256", more="x" * 5_000),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_token_with_something_wrong_is_refused(what: str, tmp_path: Path) -> None:
    with pytest.raises(Unauthenticated):
        check_token(opened(tmp_path, public_pem(rsa_key())), REFUSED[what]())


def test_an_issuers_token_cannot_take_itself_out_of_the_limits(tmp_path: Path) -> None:
    center = opened(tmp_path, public_pem(rsa_key()))
    assert check_token(center, issued(rsa_key(), "RS256", counted=False)).counted


def test_audience_and_issuer_are_asked_for_when_they_are_set(tmp_path: Path) -> None:
    center = opened(tmp_path, public_pem(rsa_key()), jorge_jwt_audience="crm", jorge_jwt_issuer="https://id.example")
    good: dict[str, Any] = {"aud": ["crm", "more"], "iss": "https://id.example"}
    check_token(center, issued(rsa_key(), "RS256", **good))
    for wrong in ({"aud": "jorge-api"}, {"iss": "https://evil.example"}, {"iss": "https://id.example/"}):
        with pytest.raises(Unauthenticated):
            check_token(center, issued(rsa_key(), "RS256", **(good | wrong)))
    for missing in good:
        with pytest.raises(Unauthenticated):
            check_token(center, issued(rsa_key(), "RS256", drop=(missing,), **good))


WRONG: dict[str, dict[str, Any]] = {
    "the token has expired": {"iat": 1_700_000_000, "exp": 1_700_003_600},
    "the token is not valid yet by this server's clock": {"nbf": 4_000_000_000},
    "the token is for another audience": {"aud": "billing"},
    "the token is of another issuer": {"iss": "https://evil.example"},
    "the token lacks exp": {"drop": ("exp",)},
    "the token lacks aud": {"drop": ("aud",)},
}


@pytest.mark.parametrize("told", WRONG)
def test_who_holds_a_token_of_the_issuer_hears_what_is_wrong_with_it_and_nobody_else(tmp_path: Path, told: str) -> None:
    center = opened(tmp_path, public_pem(rsa_key()), jorge_jwt_audience="crm", jorge_jwt_issuer="https://id.example")
    says: dict[str, Any] = {"aud": "crm", "iss": "https://id.example"} | WRONG[told]
    for key, words in ((rsa_key(), told), (rsa_key(3_072), "the token is not valid")):
        with pytest.raises(Unauthenticated) as refused:
            check_token(center, issued(key, "RS256", **says))
        assert str(refused.value) == f"{words}; get one from the issuer of your tokens"


def test_without_an_audience_set_a_token_may_name_ours_or_none(tmp_path: Path) -> None:
    center = opened(tmp_path, public_pem(rsa_key()))
    audiences: tuple[dict[str, Any], ...] = ({}, {"aud": "jorge-api"}, {"aud": ["jorge-api", "billing"]})
    for audience in audiences:
        check_token(center, issued(rsa_key(), "RS256", **audience))


def test_our_own_tokens_name_audience_and_issuer_that_are_set(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, jorge_jwt_audience="crm", jorge_jwt_issuer="us")
    center = CommandCenter(settings, tmp_path)
    token = api_token(center, "ana", Role.AGENT, 1)
    assert check_token(center, token).subject == "ana"
    for other in ({}, {"jorge_jwt_audience": "crm2"}, {"jorge_jwt_audience": "crm", "jorge_jwt_issuer": "them"}):
        with pytest.raises(Unauthenticated):
            check_token(CommandCenter(settings_in(tmp_path, **other), tmp_path), token)


def test_pages_keep_tokens_of_their_own_that_open_the_feed_and_nothing_else(tmp_path: Path) -> None:
    center = opened(tmp_path, public_pem(rsa_key()))
    shown = Credentials(screen_token(center))
    caller: Caller = listener(center, shown)
    assert caller.scopes == {Scope.READ}
    with pytest.raises(Unauthenticated):
        admit(center, shown, Scope.READ)
    assert listener(center, Credentials(issued(rsa_key(), "RS256"))).subject == "ana"


def test_we_sign_no_tokens_for_the_api_in_the_issuers_place(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="tokens come from the issuer"):
        api_token(opened(tmp_path, public_pem(rsa_key())), "ana", Role.AGENT, 1)


UNFIT: dict[str, tuple[Callable[[], str], str]] = {
    "a short RSA key": (lambda: public_pem(rsa_key(1_024)), "is an RSA key of 1024 bits"),
    "another curve": (lambda: public_pem(ec_key(ec.SECP384R1)), "is a key on the curve secp384r1"),
    "another kind of key": (lambda: public_pem(ed25519.Ed25519PrivateKey.generate()), "is a key of the kind Ed25519"),
    "a private key": (lambda: private_pem(rsa_key()), "is a private key"),
    "a broken key": (lambda: "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "is no public key"),
    "a certificate": (lambda: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "is a certificate"),
    "a file that is not there": (lambda: "/nowhere/key.pem", "names the file '/nowhere/key.pem' (No such file"),
    "nothing": (lambda: "", "names the file ''"),
}


@pytest.mark.parametrize("what", UNFIT)
def test_a_key_that_cannot_be_used_stops_the_start_and_is_not_shown(what: str, tmp_path: Path) -> None:
    make, told = UNFIT[what]
    given = make()
    with pytest.raises(SettingsError) as caught:
        check_setting(opened(tmp_path, given))
    said = str(caught.value)
    assert said.startswith("JORGE_JWT_PUBLIC_KEY ")
    assert told in said
    assert "RSA of 2048 bits or more, or EC P-256" in said
    assert not any(line in said for line in given.splitlines()[1:-1])


def test_a_secret_and_a_public_key_together_are_refused(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, jorge_jwt_secret=SecretStr(SECRET), jorge_jwt_public_key=public_pem(rsa_key()))
    with pytest.raises(SettingsError, match="set only one of them"):
        check_setting(CommandCenter(settings, tmp_path))


def test_the_audience_of_our_pages_is_no_audience_for_the_api(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="JORGE_JWT_AUDIENCE is 'jorge-screen'"):
        check_setting(CommandCenter(settings_in(tmp_path, jorge_jwt_audience="jorge-screen"), tmp_path))
