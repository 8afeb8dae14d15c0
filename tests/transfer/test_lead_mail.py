"""Leads out of portals' mails."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from decimal import Decimal
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import InputError
from core.leads import InteractionKind, Side
from core.transfer.lead_mail import NO_LEAD, lead_of_mail, mail_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SENT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
TAGS = """<html><head><meta name="lead_name" content="Ana &amp; Bo Lima">
<meta content='ana@example.com' name='lead_email'>
<meta name="lead_type" content="Seller"><META NAME="lead_max_price" CONTENT="$750,000">
<meta name="lead_property_address" content="12 Oak Street"><meta name="lead_property_city" content="Austin">
<meta name="lead_message" content="What is it worth?"></head><body><p>Name: Somebody Else</p></body></html>"""


def mail(text: str = "", markup: str = "", **headers: str) -> EmailMessage:
    made = EmailMessage()
    fixed = {"From": "Leads <leads@mail.zillow.com>", "Date": "Sun, 01 Mar 2026 03:30:00 -0600", "Message-ID": "<1@x>"}
    for name, value in (fixed | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    if markup:
        made.add_alternative(markup, subtype="html")
    return made


def test_meta_tags_of_lead_metadata_go_before_everything_else() -> None:
    found = lead_of_mail(mail_of(mail("Name: Nobody\nPhone: 5125550111", TAGS).as_bytes()), NOW)
    lead = found.history.lead
    assert found.read_from == "metadata"
    assert (lead.name, lead.email, lead.phone, lead.side) == ("Ana & Bo Lima", "ana@example.com", None, Side.SELLER)
    assert (lead.price_max_usd, lead.listing_address) == (Decimal(750_000), "12 Oak Street, Austin")
    assert (lead.source, lead.created_at) == ("Zillow", SENT)
    (asked,) = found.history.interactions
    assert (asked.kind, asked.occurred_at, asked.text) == (InteractionKind.FORM, SENT, "What is it worth?")
    assert lead.message is None, "it counts once, as what was written then"


def test_headers_and_lines_may_carry_the_metadata_too() -> None:
    by_header = lead_of_mail(mail_of(mail("Hello", X_Lead_Name="Ana Lima", Lead_Phone="512-555-0198").as_bytes()), NOW)
    by_line = lead_of_mail(mail_of(mail("lead_name: Ana Lima\nlead_phone: 512-555-0198\n").as_bytes()), NOW)
    for found in (by_header, by_line):
        assert found.read_from == "metadata"
        assert (found.history.lead.name, found.history.lead.phone) == ("Ana Lima", "+15125550198")
    assert by_header.history.lead.lead_id == by_line.history.lead.lead_id


def test_lines_of_label_and_value_are_read_as_the_columns_of_a_file_are() -> None:
    text = """New lead!

    * First Name: Ana
    Last name: Lima
    E-mail: Ana@Example.com
    Mobile Phone: (512) 555-0198
    Price Range: 500k-750k
    Time Frame: 3-6 months
    Favourite colour: green
    Comments: Is it still there?
    We are pre-approved.

    -- sent by a portal: https://portal.example
    """
    found = lead_of_mail(mail_of(mail(text).as_bytes()), NOW)
    lead = found.history.lead
    assert found.read_from == "labels"
    assert (lead.name, lead.email, lead.phone) == ("Ana Lima", "ana@example.com", "+15125550198")
    assert (lead.budget_range, lead.timeline) == ("500k-750k", "3-6 months")
    assert found.history.interactions[0].text == "Is it still there?\nWe are pre-approved."


FORGED = """ID: lead_12345
Lead Id: lead_12345
Agent: Ben Ode
Stage: Closed
Tags: vip
Phone: 512 555 0111
Engagement level: 9
Buying signals: 12
property_views: 90
lead_assigned_agent: Ben Ode
lead_name: Ana Lima"""


@pytest.mark.parametrize("apart", ["", "\n"])
def test_what_a_lead_writes_is_never_read_as_labels(apart: str) -> None:
    text = f"Name: Eve\nEmail: eve@example.com\nMessage: Hi\n{apart}{FORGED}\n"
    found = lead_of_mail(mail_of(mail(text).as_bytes()), NOW)
    bare = lead_of_mail(mail_of(mail("Name: Eve\nEmail: eve@example.com\nMessage: Hi").as_bytes()), NOW)
    assert found.history.lead == bare.history.lead
    assert (found.read_from, found.fields) == ("labels", ("Email", "Message", "Name", "lead_source"))
    assert found.history.interactions[0].text == ("Hi" if apart else "Hi\n" + FORGED)


def test_no_line_of_a_body_tells_whose_lead_it_is_how_far_it_got_or_what_was_counted() -> None:
    forged = FORGED.replace("lead_name", "Name")
    lead = lead_of_mail(mail_of(mail(forged).as_bytes()), NOW).history.lead
    assert not lead.model_fields_set & {"agent", "stage", "tags"}
    assert not lead.measured
    assert (lead.name, lead.phone, lead.source) == ("Ana Lima", "+15125550111", "Zillow")
    assert lead.lead_id != "lead_12345"


def test_below_a_message_a_portal_still_tells_of_the_listing() -> None:
    text = """First Name: Ana
    Email Address: ana@example.com
    Comment: Is it still there?

    This lead asked about:
    Property Address: 12 Oak Street, Austin
    List Price: $500,000
    """
    lead = lead_of_mail(mail_of(mail(text).as_bytes()), NOW).history.lead
    assert (lead.listing_address, lead.listing_price_usd) == ("12 Oak Street, Austin", Decimal(500_000))
    who = "lead_name: Ana\nlead_email: a@b.co\nlead_message: Hi\n"
    what = "lead_property_address: 12 Oak Street\nlead_property_city: Austin"
    found = lead_of_mail(mail_of(mail(who + what).as_bytes()), NOW)
    assert (found.history.lead.listing_address, found.history.interactions[0].text) == ("12 Oak Street, Austin", "Hi")


def test_a_mail_that_begins_with_the_message_is_read_to_the_line_that_tells_who_it_is() -> None:
    lead = lead_of_mail(mail_of(mail("Message: Hi\nName: Ana\nPhone: 512 555 0198").as_bytes()), NOW).history.lead
    assert (lead.name, lead.phone) == ("Ana", "+15125550198")


def test_an_html_mail_without_a_text_is_read_as_a_person_reads_it() -> None:
    made = EmailMessage()
    made["From"] = "leads@portal.example"
    rows = "".join(
        f"<tr><td>{name}:</td><td>{value}</td></tr>" for name, value in (("Name", "Ana"), ("Email", "a@b.co"))
    )
    made.set_content(f"<html><body><table>{rows}</table><script>Name: x</script></body></html>", subtype="html")
    lead = lead_of_mail(mail_of(made.as_bytes()), NOW).history.lead
    assert (lead.name, lead.email, lead.source, lead.created_at) == ("Ana", "a@b.co", None, NOW)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello, lunch at noon?", NO_LEAD),
        ("Name: Ana Lima", NO_LEAD),
        ("From: ana@example.com\nDate: today", NO_LEAD),
        ("Name: Ana\nEmail: ana@example.com\nMax price: -5", "Max price is -5; must be 0 or more. Correct the row."),
    ],
)
def test_a_mail_without_a_lead_is_refused_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(InputError) as raised:
        lead_of_mail(mail_of(mail(text).as_bytes()), NOW)
    assert str(raised.value).startswith(said.removesuffix(" Correct the row."))


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "utf-16"])
def test_any_charset_is_decoded(charset: str) -> None:
    made = mail()
    made.set_content("Name: José Núñez\nEmail: jose@example.com", charset=charset)
    assert lead_of_mail(mail_of(made.as_bytes()), NOW).history.lead.name == "José Núñez"


@given(st.binary(max_size=600) | st.text(max_size=300).map(lambda text: f"Name: {text}\n\n{text}".encode()))
@settings(max_examples=200, deadline=None, derandomize=True)
def test_whatever_comes_is_read_or_refused(raw: bytes) -> None:
    try:
        lead_of_mail(mail_of(raw), NOW)
    except InputError as error:
        assert str(error)  # noqa: PT017 - either outcome is right


SLOW_HEADERS = ('"""', "((((", "<<<<", ';a="', "=?a?q?", ":;", "@[", '\\"', "=?utf-8?b?", "[", " ,\t")


@pytest.mark.parametrize("piece", SLOW_HEADERS)
@pytest.mark.parametrize(
    "name", ["To", "From", "Date", "Message-ID", "Content-Type", "Content-Disposition", "X-Lead-MLS"]
)
def test_no_header_takes_long_to_read(name: str, piece: str) -> None:
    long = piece * (200_000 // len(piece))
    raw = f"{name}: {long}\nX-Lead-Phone: 512 555 0198\n\nName: Ana\nEmail: a@b.co\n".encode()
    began = time.thread_time()
    lead = lead_of_mail(mail_of(raw), NOW).history.lead
    assert time.thread_time() - began < 1  # Python's own grammar takes hours, or has no depth left
    assert lead.phone == "+15125550198"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"Content-Type: message/rfc822\n\n" * 5_000, "the mail cannot be decoded (RecursionError)"),
        (
            b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (at, at) for at in range(200)),
            "the mail says multipart/ 200 times; 20 is the most",
        ),
        (b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\n\n" * 2_000, "the mail has more than 1,000 parts"),
        (b"Content-Type: text/plain; charset=punycode\n\n" + b"-a" * 5_000, "the mail cannot be decoded (LookupError)"),
    ],
)
def test_what_would_keep_the_reader_busy_is_refused(raw: bytes, said: str) -> None:
    with pytest.raises(InputError) as raised:
        mail_of(raw)
    assert str(raised.value).startswith(said)


def test_headers_are_read_in_the_words_and_letters_of_their_sender() -> None:
    raw = (
        "From: =?utf-8?q?Zillow=2C_Inc?= <leads@mail.zillow.com>\r\nX-Lead-Name: =?utf-8?b?QW5hIE11w7E=?=\r\n"
        " =?utf-8?q?oz?= Lima\r\nX-Lead-Message: Señor,\r\n\tplease call\r\nX-Lead-Email: ana@example.com\r\n\r\n"
    )
    history = lead_of_mail(mail_of(raw.encode()), NOW).history
    assert (history.lead.name, history.lead.source) == ("Ana Muñoz Lima", "Zillow")
    assert history.interactions[0].text == "Señor, please call"


def test_only_the_words_of_the_mail_itself_are_read() -> None:
    inner = mail("Name: Inner\nEmail: inner@example.com")
    made = mail("Name: Ana\nEmail: ana@example.com", "<p>Name: Html</p>")
    made.add_attachment("Name: Attached\nEmail: file@example.com", filename="lead.txt")
    made.add_attachment(inner)
    assert lead_of_mail(mail_of(made.as_bytes()), NOW).history.lead.name == "Ana"
    forwarding = mail()
    forwarding.clear_content()
    forwarding.make_mixed()
    forwarding.add_attachment(inner)
    with pytest.raises(InputError, match="no lead was found"):
        lead_of_mail(mail_of(forwarding.as_bytes()), NOW)


@pytest.mark.parametrize("piece", ["<meta ", "<meta name='", "Name: ", "<script>", "<", "a: b\n", "Message:\n"])
def test_the_time_to_read_grows_with_the_length_and_no_faster(piece: str) -> None:
    def took(times: int) -> float:
        body = piece * times
        made = f"From: a@b.co\nContent-Type: text/html\n\n{body}".encode()
        began = time.thread_time()
        with pytest.raises(InputError):
            lead_of_mail(mail_of(made), NOW)
        return time.thread_time() - began

    small = took(5_000)
    assert took(40_000) < 8 * 4 * max(small, 0.01)
