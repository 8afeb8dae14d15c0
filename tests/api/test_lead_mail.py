"""Leads by e-mail over HTTP."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from core.api import examples
from core.api.build import build_api
from core.services.access import Scope, make_key
from core.services.center import CommandCenter

ADDRESS = "/v1/leads/email"
RAW = b"""From: leads@portal.example
Message-ID: <7@portal>
Date: Sun, 01 Mar 2026 03:30:00 -0600

Name: Ana Lima
Email: ana@example.com
Budget: $650,000
Message: Is it still there?
"""


def test_a_raw_mail_becomes_a_scored_lead_once(quick: TestClient, center: CommandCenter) -> None:
    first = quick.post(ADDRESS, content=RAW, headers={"content-type": "message/rfc822"})
    assert first.status_code == 200, first.text
    told = first.json()
    assert (told["duplicate"], told["read_from"]) == (False, "labels")
    assert told["fields"] == ["Budget", "Email", "Message", "Name"]
    again = quick.post(
        ADDRESS, content=RAW.replace(b"Ana Lima", b"Another"), headers={"content-type": "message/rfc822"}
    )
    assert again.json() == told | {"duplicate": True, "fields": ["Budget", "Email", "Message", "Name"]}
    (score,) = center.store.scores(told["lead_id"])
    assert (score.via, score.score.ml_score) == ("email", told["ml_score"])
    history = center.store.history(told["lead_id"])
    assert (history.lead.name, len(history.interactions)) == ("Ana Lima", 1)


def test_parts_as_json_and_as_a_form_and_metadata_alone_are_taken(quick: TestClient, center: CommandCenter) -> None:
    as_json = quick.post(ADDRESS, json=examples.MAIL_REQUEST).json()
    assert as_json["fields"] == examples.MAIL_ANSWER["fields"]
    form = {"from": "x@y.co", "body-plain": "Name: Bo\nPhone: 512 555 0111", "Message-Id": "<8@portal>"}
    as_form = quick.post(ADDRESS, data=form)
    assert as_form.status_code == 200, as_form.text
    assert quick.post(ADDRESS, data=form).json()["duplicate"] is True
    fields = quick.post(ADDRESS, json=examples.METADATA_REQUEST).json()
    assert (fields["read_from"], fields["lead_id"]) == ("metadata", as_json["lead_id"]), "known by the e-mail"
    lead = center.store.lead(fields["lead_id"])
    assert (lead.source, lead.listing_address) == ("zillow", "12 Oak Street, Austin")
    assert len(center.store.scores(fields["lead_id"])) == 2


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"lunch?", "message/rfc822"),
        (b"", "message/rfc822"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"{}", "application/json"),
        (b'{"lead_max_price": "1"}', "application/json"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"--x", "multipart/form-data; boundary=x"),
        (b'{"lead_name": "Ana", "lead_max_price": "-5"}', "application/json"),
    ],
)
def test_what_holds_no_lead_is_refused_in_the_one_shape(quick: TestClient, content: bytes, kind: str) -> None:
    answer = quick.post(ADDRESS, content=content, headers={"content-type": kind})
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["message"]


IN_PARTS = (
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "Name: Zo\u00eb Lima\r\nEmail: zoe@example.com\r\n"
    "--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Name: <b>Somebody else</b></p>\r\n--b--\r\n"
).encode()


@pytest.mark.parametrize("kind", ["alternative", "mixed", "related"])
def test_a_mail_in_parts_is_read_by_its_text(quick: TestClient, center: CommandCenter, kind: str) -> None:
    bare = quick.post(ADDRESS, content=IN_PARTS, headers={"content-type": f"multipart/{kind}; boundary=b"})
    assert bare.status_code == 200, bare.text
    head = f"From: leads@zillow.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/{kind}; boundary=b\r\n\r\n"
    whole = quick.post(ADDRESS, content=head.encode() + IN_PARTS, headers={"content-type": "message/rfc822"})
    assert whole.json()["lead_id"] == bare.json()["lead_id"]
    assert center.store.lead(bare.json()["lead_id"]).name == "Zo\u00eb Lima"


def test_a_form_with_files_is_read_and_the_files_passed_over(quick: TestClient, center: CommandCenter) -> None:
    told = {"from": "leads@zillow.com", "text": "Name: Zo\u00eb Lima\nEmail: zoe@example.com", "Message-Id": "<7@x>"}
    answer = quick.post(ADDRESS, data=told, files={"attachment-1": ("text", b"Name: Nobody", "text/plain")})
    assert answer.status_code == 200, answer.text
    lead = center.store.lead(answer.json()["lead_id"])
    assert (lead.name, lead.source) == ("Zo\u00eb Lima", "Zillow")
    again = quick.post(ADDRESS, data=told, files={"attachment-1": ("other", b"", "text/plain")})
    assert again.json()["duplicate"]


def test_a_form_may_hold_the_whole_mail(quick: TestClient) -> None:
    answer = quick.post(ADDRESS, data={"body-mime": RAW.decode()}, files={"x": ("x", b"")})
    assert answer.status_code == 200, answer.text
    assert answer.json()["lead_id"] == quick.post(ADDRESS, content=RAW).json()["lead_id"]


def test_a_form_of_many_parts_is_refused(quick: TestClient) -> None:
    answer = quick.post(ADDRESS, data={f"f{n}": "x" for n in range(300)}, files={"x": ("x", b"")})
    assert answer.status_code == 422
    assert "301 parts; there may be 200" in answer.text


@pytest.mark.parametrize("wrong", [["Ana"], {"first": "Ana"}, True])
def test_a_field_of_another_kind_is_named(quick: TestClient, wrong: object) -> None:
    answer = quick.post(ADDRESS, json={"lead_name": wrong, "lead_email": "ana@example.com"})
    assert answer.status_code == 422
    assert re.search("lead_name is (a list|an object|true or false); must be text", answer.text)


def test_it_takes_a_token_or_a_key_that_may_score(center: CommandCenter) -> None:
    anyone = TestClient(build_api(lambda: center))
    assert anyone.post(ADDRESS, content=RAW).status_code == 401
    for scope, status in ((Scope.READ, 403), (Scope.SCORE, 200), (Scope.ADMIN, 200)):
        key = make_key(center, scope.value, scope)
        assert anyone.post(ADDRESS, content=RAW, headers={"X-API-Key": key}).status_code == status
    key = make_key(center, "large", Scope.SCORE)
    assert anyone.post(ADDRESS, content=b"x" * 1_000_001, headers={"X-API-Key": key}).status_code == 413
