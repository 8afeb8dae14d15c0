"""Who may send a webhook, and what is kept of it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from core.errors import Forbidden, InputError, JorgeError, SettingsError, Unauthenticated
from core.leads import utc_now
from core.services.center import CommandCenter
from core.services.crm import intake, rules
from core.services.crm.refusals import COUNTED
from core.services.crm.signature import keys_in
from core.services.crm.work import work
from core.services.settings_check import check_settings
from core.store.crm import EventState
from tests.services.centers import settings_in
from tests.services.crm.hooks import body, event, public, sign


def taken(center: CommandCenter, sent: bytes, signed_by: str = "today") -> intake.Taken:
    return intake.take(center, sent, sign(sent, signed_by))


def test_a_signed_event_is_kept_before_it_is_acknowledged(center: CommandCenter) -> None:
    answer = taken(center, body("ContactCreate", "w1", id="ana", name="Ana Lima"))
    assert (answer.duplicate, answer.known_type) == (False, True)
    (kept,) = center.store.crm.waiting()
    assert (kept.webhook_id, kept.event_type, kept.state) == ("w1", "ContactCreate", EventState.WAITING)
    assert kept.payload is not None
    assert kept.payload["name"] == "Ana Lima"


def test_an_event_is_taken_once_however_often_it_is_sent(center: CommandCenter) -> None:
    sent = body("ContactCreate", "w1", id="ana", name="Ana Lima")
    assert not taken(center, sent).duplicate
    assert taken(center, sent).duplicate
    work(center)
    assert taken(center, sent).duplicate, "also after it was worked through"
    assert work(center) == 0
    assert len(center.store.scores("ana")) == 1


def test_only_what_a_known_key_signed_is_taken(center: CommandCenter) -> None:
    sent = body("ContactCreate", id="ana")
    for signature in ("", None):
        with pytest.raises(Unauthenticated, match="x-wh-signature is missing"):
            intake.take(center, sent, signature)
    other = sign(sent, "stranger")
    for signature in (other, "no base64!", "AAAA", sign(b"another body"), "A" * 5_000):
        with pytest.raises(Unauthenticated, match="does not fit"):
            intake.take(center, sent, signature)
    with pytest.raises(Unauthenticated):
        intake.take(center, sent + b" ", sign(sent))
    assert center.store.crm.waiting() == []


def test_while_the_key_changes_the_old_and_the_new_one_count(tmp_path: Path, models_dir: Path) -> None:
    file = tmp_path / "new.pem"
    file.write_text(public("tomorrow"))
    both = public() + public("tomorrow")
    one_line = both.replace("\n", "\\n")
    for setting in (both, one_line):
        assert len(keys_in(setting)) == 2
    assert len(keys_in(f"{file}, {file}")) == 2
    settings = settings_in(tmp_path / "data", jorge_ghl_webhook_keys=both)
    with CommandCenter(settings, models_dir) as center:
        for number, which in enumerate(("today", "tomorrow")):
            assert not taken(center, body("ContactCreate", f"w{number}", id="ana"), which).duplicate
        with pytest.raises(Unauthenticated):
            taken(center, body("ContactCreate", "w9", id="ana"), "yesterday")


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("/no/such/file.pem", "names the file '/no/such/file.pem'"),
        ("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----", "holds a private key"),
        ("-----BEGIN PUBLIC KEY-----\nc2VjcmV0\n-----END PUBLIC KEY-----", "no public key"),
        ("-----BEGIN PUBLIC KEY-----", "holds no key"),
    ],
)
def test_a_setting_that_holds_no_key_stops_the_start_and_is_not_repeated(
    setting: str, said: str, tmp_path: Path, models_dir: Path
) -> None:
    settings = settings_in(tmp_path / "data", jorge_ghl_webhook_keys=setting)
    with CommandCenter(settings, models_dir) as center, pytest.raises(SettingsError, match=said) as raised:
        check_settings(center)
    assert "c2VjcmV0" not in str(raised.value)


def test_without_a_key_and_when_switched_off_nothing_is_taken(
    center: CommandCenter, tmp_path: Path, models_dir: Path
) -> None:
    sent = body("ContactCreate", id="ana")
    with (
        CommandCenter(settings_in(tmp_path / "other"), models_dir) as closed,
        pytest.raises(Forbidden, match="set JORGE_GHL_WEBHOOK_KEYS"),
    ):
        intake.take(closed, sent, sign(sent))
    rules.set_on(center, False)
    with pytest.raises(Forbidden, match="switched off"):
        taken(center, sent)
    rules.set_on(center, True)
    assert not taken(center, sent).duplicate


@pytest.mark.parametrize("minutes", [-5.1, 5.1])
def test_an_event_of_another_time_is_refused(center: CommandCenter, minutes: float) -> None:
    now = utc_now()
    with pytest.raises(InputError, match="more than 5 minutes"):
        taken(center, body("ContactCreate", at=now + timedelta(minutes=minutes), id="ana"))
    assert not taken(center, body("ContactCreate", at=now + timedelta(minutes=minutes * 0.97), id="ana")).duplicate


@pytest.mark.parametrize("location", [None, {"": None}, [], ["ve9EPM428h8vShlRW1KT"], 7])
def test_a_location_that_is_no_text_is_of_another_location(center: CommandCenter, location: object) -> None:
    with pytest.raises(Forbidden, match="location"):
        taken(center, orjson.dumps(event("ContactCreate", "w1", id="ana") | {"locationId": location}))
    assert center.store.crm.waiting() == []


def test_an_event_of_another_location_is_refused_and_not_remembered(center: CommandCenter) -> None:
    foreign = event("ContactCreate", "w1", id="ana") | {"locationId": "elsewhere"}
    with pytest.raises(Forbidden, match="location"):
        taken(center, orjson.dumps(foreign))
    assert not taken(center, body("ContactCreate", "w1", id="ana")).duplicate


def test_an_event_of_an_unknown_type_is_acknowledged_and_counted_without_its_words(center: CommandCenter) -> None:
    answer = taken(center, body("NoteCreate", "w1", body="private"))
    assert (answer.duplicate, answer.known_type) == (False, False)
    assert taken(center, body("NoteCreate", "w1", body="private")).duplicate
    assert work(center) == 0
    (count,) = center.store.crm.counts(utc_now() - timedelta(days=7))
    assert (count.event_type, count.state, count.n) == ("NoteCreate", EventState.IGNORED, 1)
    last = center.store.crm.last_event()
    assert last is not None
    assert last.payload is None


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "no JSON object"),
        (b'{"type": "ContactCreate"}', "webhookId is missing"),
        (b'{"webhookId": "w", "timestamp": "2026-01-01T00:00:00Z"}', "type is missing"),
        (b'{"type": 7, "webhookId": "w"}', "type is missing"),
        (b'{"type": "ContactCreate", "webhookId": "a\\u0000b"}', "webhookId is missing"),
        (b'{"type": "ContactCreate", "webhookId": "w"}', "timestamp is missing"),
        (b'{"type": "ContactCreate", "webhookId": "w", "timestamp": "soon"}', "timestamp is missing"),
        (b'{"type": "ContactCreate", "webhookId": "w", "timestamp": {}}', "timestamp is missing"),
        (b'{"type": "ContactCreate", "webhookId": "w", "timestamp": "2020-01-01T00:00:00Z"}', "more than 5 minutes"),
    ],
)
def test_a_body_that_is_no_event_is_refused_in_a_sentence(center: CommandCenter, sent: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        taken(center, sent)


def test_refusals_are_counted_by_their_reason(center: CommandCenter) -> None:
    sent = body("ContactCreate", id="ana")
    for signature in (None, "", sign(b"x")):
        with pytest.raises(JorgeError):
            intake.take(center, sent, signature)
    with pytest.raises(InputError):
        taken(center, b"no JSON")
    with pytest.raises(InputError):
        taken(center, b'{"type": "ContactCreate", "webhookId": "w", "timestamp": "2020-01-01T00:00:00Z"}')
    rules.set_on(center, False)
    with pytest.raises(Forbidden):
        taken(center, sent)
    center.crm.refusals.flush()
    counted = center.store.performance.counts(utc_now())
    assert {name: n for name, n in counted.items() if name.startswith(COUNTED)} == {
        COUNTED + "no signature": 2,
        COUNTED + "wrong signature": 1,
        COUNTED + "cannot be read": 1,
        COUNTED + "too old or too new": 1,
        COUNTED + "switched off": 1,
    }


def test_an_event_that_names_nobody_fails_with_its_reason_and_stops_no_other(center: CommandCenter) -> None:
    taken(center, body("InboundMessage", "w1", body="hello"))
    taken(center, body("ContactCreate", "w2", id="ana", name="Ana Lima"))
    work(center)
    (failed,) = center.store.crm.failures()
    assert failed.reason == "contactId is missing or longer than 100 characters; the event names no one"
    assert center.store.lead("ana").name == "Ana Lima"
    assert intake.try_again(center) == 1
    assert work(center) == 1
    assert len(center.store.crm.failures()) == 1


def test_events_are_forgotten_after_thirty_days_but_not_while_they_wait(center: CommandCenter) -> None:
    taken(center, body("ContactCreate", "w1", id="ana"))
    taken(center, body("NoteCreate", "w2"))
    later = utc_now() + timedelta(days=30, minutes=1)
    assert center.store.crm.forget(later) == 1
    work(center)
    assert center.store.crm.forget(later) == 1
    assert center.store.crm.last_event() is None
