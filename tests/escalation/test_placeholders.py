"""Nothing that tells who a lead is leaves; everything comes back in its place."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Literal
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.escalation.conversation import conversation_of
from core.escalation.fake import Plan
from core.escalation.placeholders import Placeholders
from core.escalation.visible import visible
from core.leads import Lead, LeadHistory
from core.sample import generate
from core.sample.words.names import CULTURES
from tests.escalation.asking import ask_all, question, question_of

Form = Literal["NFC", "NFD"]
ANA = LeadHistory(
    lead=Lead(
        lead_id="a",
        name="Ana Lima-Ortega",
        email="analima77@example.com",
        phone="+15125550198",
        agent="Will Brandt",
        listing_address="4715 Brushy Creek Rd, Cedar Park",
    )
)


def hidden(text: str, history: LeadHistory = ANA) -> str:
    """``text`` as it would be sent."""
    return Placeholders(history, [text]).hide(visible(text))


@pytest.mark.parametrize(
    ("text", "secrets"),
    [
        ("call me at (512) 555-0198 or 512.555.0198", ["555", "0198"]),
        ("my cell 5125550198, office +1 512-555-0142 x2", ["5550198", "0142"]),
        ("or 555-0142 after six", ["0142"]),
        ("just ring 5550198, or 555 01 98", ["5550198", "01 98"]),  # their own, without its area
        ("from Germany: +49 171 1234567, 0171 1234567", ["1234567", "171"]),
        ("London 020 7946 0958", ["7946"]),
        ("ANALIMA77@EXAMPLE.COM, or analima77 on insta, @ana_l", ["analima77", "ana_l"]),
        ("bob (at) mail (dot) org and bob at mail dot org", ["bob"]),
        ("1204 Elm St, 88-12 W 5th Avenue, 12 Oak Hill Dr apt 4B #12", ["1204", "88-12", "4B", "#12"]),
        ("is 4715 still there? we drove by 4715", ["4715"]),
        ("Hauptstraße 12a, Calle de Alcalá 45, P.O. Box 881", ["12a", "45", "881"]),
        ("ana here, ANA LIMA, Lima's husband, lima ortega", ["ana", "lima", "ortega"]),
        ("my wife Mirelle and I; Mirelle works at Dell", ["mirelle"]),
        ("Thanks,\nZbigniew", ["zbigniew"]),
        ("thx carlos", ["carlos"]),
        ("Will showed us around", ["will"]),
        ("Dr. Quesenberry told me to ask", ["quesenberry"]),
        ("SSN 123-45-6789, card 4111 1111 1111 1111, account 000123456789", ["6789", "4111", "123456789"]),
        ("see https://zillow.com/homes/ana-lima_1204-elm?u=5 or zillow.com/x", ["zillow", "1204", "lima"]),
        ("José, JOSE and josé", ["jos"]),
    ],
)
def test_what_tells_who_somebody_is_gets_a_placeholder(text: str, secrets: list[str]) -> None:
    sent = hidden(text).casefold()
    assert [secret for secret in secrets if secret.casefold() in sent] == []


@pytest.mark.parametrize(
    "name", ["Begoña Muñoz", "Zoë Nuñez-Åberg", "김민수", "がくと さとう", "Nguyễn Thị Hồng", "Yẹ́misí"]
)
@pytest.mark.parametrize("of_record", ["NFC", "NFD"])
@pytest.mark.parametrize("of_text", ["NFC", "NFD"])
def test_a_known_name_is_hidden_in_either_way_of_storing_its_accents(name: str, of_record: Form, of_text: Form) -> None:
    history = LeadHistory(lead=Lead(lead_id="a", name=normalize(of_record, name)))
    text = normalize(of_text, f"Hello, it is {name}, and {name} again.")
    left = normalize("NFC", hidden(text, history))
    assert [word for word in re.split("[ -]", name) if word in left] == []


@pytest.mark.parametrize(
    ("name", "text", "sent"),
    [
        ("राहुल शर्मा", "मेरा नाम राहुल शर्मा है", "मेरा नाम [NAME_1] [NAME_2] है"),
        ("สมชาย ใจดี", "ผมชื่อสมชายครับ", "ผมชื่อ[NAME_1]ครับ"),
        ("김민수", "저는 김민수입니다", "저는 [NAME_1]입니다"),
        ("मह\u200dेश", "महेश यहाँ", "[NAME_1] यहाँ"),
    ],
)
def test_a_name_is_hidden_whole_in_scripts_whose_words_hold_marks(name: str, text: str, sent: str) -> None:
    assert hidden(text, LeadHistory(lead=Lead(lead_id="a", name=name))) == sent


@pytest.mark.parametrize(
    "text",
    [
        "budget $450,000 to 500k, 450000-500000 tops, 20 % down",
        "3 beds 2 baths, 2000 sq ft, ZIP 78704 and 78745-1234",
        "closes on September 19, so we need a place by then",
        "will you have time? may we come at 10:30?",
        "we like San Antonio, Santa Ana, Martin Creek, Sam Bass Rd and Garcia St",
        "Thanks, Saturday works. I told Zillow. Best, I'll call",
        "in 2021 we bought near Ann Arbor, 15 minutes from work, 1/2 acre",
        "pre-approved at 6.25%, 30 year fixed",
    ],
)
def test_what_an_opinion_needs_stays(text: str) -> None:
    assert hidden(text, LeadHistory(lead=Lead(lead_id="a", name="Will May"))) == text


@pytest.mark.parametrize("name", ["joy brown", "li na", "grace", "A. B.", "Q", "van wood & may hill"])
def test_a_name_on_record_is_hidden_though_its_words_are_those_of_every_day(name: str) -> None:
    """Forms are filled in without capitals; alone in a message such a word may be no name, the whole one is."""
    told = conversation_of(LeadHistory(lead=Lead(lead_id="a", name=name, message=f"This is {name}. I joy at woods.")))
    profile, message = (json.loads(line) for line in told.lines)
    words = re.findall(r"\w+", name)
    assert re.findall(r"\w+", re.sub(r"\[NAME_\d(\.\d)?\]", "", profile["profile"]["name"])) == []
    if len(words) > 1:
        assert name not in message["text"]
        assert message["text"].count("[NAME_") == len(words)
    assert message["text"].endswith("I joy at woods.")


def test_the_same_words_get_the_same_placeholder_in_every_message() -> None:
    held = Placeholders(ANA, ["My friend Ximeno sent me."])
    assert held.hide("Ana and Ximeno") == "[NAME_1] and [NAME_3]"
    assert held.hide("XIMENO, ana") == "[NAME_3.2], [NAME_1.2]"
    assert held.hide("512-555-0198") == "[PHONE_1.2]"


def test_a_name_without_spaces_around_it_is_found() -> None:
    history = LeadHistory(lead=Lead(lead_id="a", name="王伟"))
    assert hidden("我是王伟,想买房", history) == "我是[NAME_1],想买房"


@given(st.text(max_size=200) | st.from_regex(r"(ANA|ana|Lima|\[NAME_1\]|512 555 0198|a@b\.co|12 Elm St|[ ,.\n]){1,20}"))
def test_everything_comes_back_as_it_was_written(text: str) -> None:
    held = Placeholders(ANA, [text])
    seen = visible(text)
    assert held.restore(held.hide(seen)) == seen


@given(
    st.integers(0, 80), st.sampled_from(["ana.lima@example.com", "(512) 555-0198", "https://x.co/ana", "4715 Elm St"])
)
def test_a_cut_never_leaves_half_of_something_personal(most: int, secret: str) -> None:
    text = f"write to {secret} or to {secret} soon"
    held = Placeholders(ANA, [text])
    whole = held.hide(text)
    cut = held.hide(text, most)
    assert cut == whole or whole.startswith(cut.removesuffix(" [...]"))


END = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_nothing_personal_of_four_hundred_sample_leads_is_in_a_request() -> None:
    """Read at the server, byte by byte: names, e-mails, telephones and house numbers of the record, in any case."""
    leads = [sample.history for sample in generate(400, seed=5, end=END)]
    plan = Plan()
    ask_all([question_of(history) for history in leads], plan)
    assert len(plan.asked) == len(leads)
    leaks = [leak for history, request in zip(leads, plan.asked, strict=True) for leak in _leaks(history, request.body)]
    assert leaks == []


def _leaks(history: LeadHistory, body: bytes) -> list[str]:
    lead = history.lead
    content = json.loads(body)["messages"][0]["content"]
    sent = "\n".join(block["text"] for block in content)
    assert lead.lead_id not in body.decode()
    digits = re.sub(r"\D", "", sent)
    words = {word.casefold() for word in re.findall(r"[^\W\d_]+", re.sub(r"\[[A-Z]+_[\d.]+\]", " ", sent))}
    leaks = [part for part in re.split(r"[ '’-]", f"{lead.name} {lead.agent}") if len(part) > 3]
    leaks = [part for part in leaks if part.casefold() in words and part.casefold() not in _ALSO_WORDS]
    leaks += [lead.email] if lead.email and lead.email.casefold() in sent.casefold() else []
    leaks += [lead.phone] if lead.phone and lead.phone[-7:] in digits else []
    number = re.match(r"\d{3,}", lead.listing_address or "")
    leaks += [number[0]] if number and re.search(rf"(?<!\d){number[0]}(?!\d)", sent) else []
    return leaks


_ALSO_WORDS = {"park", "grant", "grace", "brooke", "rose", "price", "young", "battle"}


def test_hardly_any_given_name_of_a_third_person_is_left_in_the_samples_conversations() -> None:
    """Those that nothing gives away may be left; fewer than one lead in fifty."""
    given_names = {name for given, _ in CULTURES.values() for name in given} - {"Grant", "Grace", "Rosa", "Mei", "Li"}
    named = re.compile(rf"(?<![\w\[])(?:{'|'.join(sorted(given_names))})(?![\w])(?! (?:St|Ave|Dr|Rd|Ln|Blvd|Creek))")
    left = 0
    for sample in generate(500, seed=9, end=END):
        lines = conversation_of(sample.history).lines
        left += any(named.search(json.loads(line).get("text", "")) for line in lines)
    assert left < 10


def test_a_form_of_a_question_is_given_as_first_name_and_family_name() -> None:
    plan = Plan()
    ask_all([question("Hi, Ana here", source="Zillow")], plan)
    profile = json.loads(json.loads(plan.received[0].body)["messages"][0]["content"][1]["text"].split("\n")[1])
    assert profile["profile"] == {
        "name": "[NAME_1] [NAME_2]",
        "side": "buyer",
        "stage": "generated",
        "source": "Zillow",
    }
