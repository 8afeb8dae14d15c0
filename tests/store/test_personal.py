"""A person's rows: all of them are found, read out and deleted, and nobody else's; on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, func, insert, select

from core.errors import LeadError, StoreUnavailable
from core.leads import Outcome, Stage
from core.scoring import Tier
from core.store import Override, Store, open_store
from core.store.crm.schema import crm_events, crm_known, crm_people
from core.store.personal import (
    NOT_OF_LEADS,
    contacts_of,
    count_of,
    erase,
    of_leads,
    rows_of,
    unheard_count,
    unheard_since,
)
from core.store.schema import metadata, scores
from tests.store.made import at, history, scored, touch

SECRET = "Zanzibar-Quokka-77"


def filled(store: Store) -> None:
    """Two leads with a row in most tables; only Ana's hold the secret."""
    for lead_id, word in (("ana", SECRET), ("bo", "nothing")):
        store.save_scored([scored(history(lead_id, touch(text=word), name=word), 0.4, Tier.WARM, 1)])
        store.add_outcomes([Outcome(lead_id=lead_id, stage=Stage.QUALIFIED, occurred_at=at(2))], word)
        store.add_override(Override(lead_id, Tier.HOT, word, "ben", at(3), None))
        store.opinions.request(lead_id, word)


def held_anywhere(store: Store, word: str) -> list[str]:
    """Tables with a row that holds ``word``."""
    with store.database.read() as connection:
        return [
            table.name
            for table in metadata.sorted_tables
            if any(word in str(value) for row in connection.execute(select(table)) for value in row)
        ]


def test_every_table_is_either_reached_or_known_to_hold_nothing_of_a_lead() -> None:
    reached = {table.name for table in metadata.sorted_tables if of_leads(table, ["ana"], [], "sqlite") is not None}
    assert reached.isdisjoint(NOT_OF_LEADS)
    assert reached | NOT_OF_LEADS == {table.name for table in metadata.sorted_tables}


def test_erasing_leaves_no_trace_of_one_and_all_of_the_other(store: Store) -> None:
    filled(store)
    assert {"leads", "lead_latest", "outbox", "overrides"} <= set(held_anywhere(store, SECRET))
    with store.database.read() as connection:
        before = count_of(connection, ["bo"])
    with store.database.write() as connection:
        gone = erase(connection, ["ana"])
    assert gone["leads"] == gone["scores"] == gone["lead_latest"] == gone["outcomes"] == gone["overrides"] == 1
    assert gone["outbox"] == 3  # scored, outcome recorded, Claude asked for
    assert held_anywhere(store, SECRET) == []
    assert held_anywhere(store, "'ana'") == []
    with store.database.read() as connection:
        assert set(count_of(connection, ["ana"]).values()) == {0}
        assert count_of(connection, ["bo"]) == before


def test_scores_stay_append_only_after_an_erasure(store: Store) -> None:
    filled(store)
    with store.database.write() as connection:
        erase(connection, ["ana"])
    with pytest.raises((LeadError, StoreUnavailable)), store.database.write() as connection:
        connection.execute(delete(scores))


def test_all_rows_are_read_out_with_their_numbers(store: Store) -> None:
    filled(store)
    with store.database.read() as connection:
        rows = rows_of(connection, ["ana"])
    assert rows["leads"][0]["name"] == SECRET
    assert len(rows["scores"][0]["features"]) == 28
    assert [row["stage"] for row in rows["outcomes"]] == ["qualified"]
    assert [row["payload"].count('"lead_id":"ana"') for row in rows["outbox"]] == [1, 1, 1]


def test_an_id_that_is_the_beginning_of_another_takes_nothing_of_it(store: Store) -> None:
    for lead_id in ("a_1", "a_11", "ab1"):  # "_" means any character to LIKE
        store.save_scored([scored(lead_id, 0.4, Tier.WARM, 1)])
    with store.database.write() as connection:
        assert erase(connection, ["a_1"])["outbox"] == 1
    with store.database.read() as connection:
        assert count_of(connection, ["a_11"])["outbox"] == count_of(connection, ["ab1"])["outbox"] == 1


def test_ids_that_differ_only_in_case_are_two_leads(store: Store) -> None:
    filled(store)
    store.save_scored([scored(history("ANA", name="Another"), 0.4, Tier.WARM, 1)])
    with store.database.write() as connection:
        assert len(rows_of(connection, ["ana"])["outbox"]) == 3  # scored, outcome recorded, Claude asked for
        assert erase(connection, ["ana"])["outbox"] == 3
        assert count_of(connection, ["ANA"])["outbox"] == 1


def test_a_person_is_found_by_address_or_number_however_they_are_written(store: Store) -> None:
    people = {
        "one": ("Ana.Lima@Example.com", None),
        "two": ("ana.lima@example.com", "+1 (512) 555-0198"),
        "three": (None, "5125550198"),
        "four": ("bo@example.com", "5125550199"),
    }
    for lead_id, (email, phone) in people.items():
        store.save_histories([history(lead_id, email=email, phone=phone)])

    def found(who: str) -> list[str]:
        with store.database.read() as connection:
            return [one.lead_id for one in contacts_of(connection, who)]

    assert found("ANA.LIMA@example.com") == ["one", "three", "two"]  # three shares its number with two
    assert found("512-555-0198") == ["one", "three", "two"]
    assert found("four") == ["four"]
    for number, phone in enumerate(("+1 512 555 01 77", "512.555.01.77", "(512) 555-0177")):
        store.save_histories([history(f"phone{number}", phone=phone)])
    for who in ("5125550177", "+1 512 555 01 77", "512-55-501-77"):
        assert found(who) == ["phone0", "phone1", "phone2"]
    store.save_histories([history("eva", email="ÉVA@example.com"), history("eva2", email="éva@example.com")])
    assert found("éva@example.com") == found("ÉVA@EXAMPLE.COM") == ["eva", "eva2"]
    assert found("0198") == found("%") == found("nobody@example.com") == []


def test_quiet_leads_are_those_not_heard_from_that_did_not_sign(store: Store) -> None:
    for number, lead_id in enumerate(("old", "new", "signed")):
        store.save_scored([scored(lead_id, 0.4, Tier.WARM, number)])
    store.add_outcomes([Outcome(lead_id="signed", stage=Stage.CONTRACT, occurred_at=at(5))], "ben")
    with store.database.read() as connection:
        assert unheard_count(connection, at(10**9)) == 2
        assert set(unheard_since(connection, at(10**9), 9)) == {"old", "new"}
        assert unheard_count(connection, at(-(10**6))) == 0


def test_what_stood_in_the_file_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "jorge.db"
    store = open_store(f"sqlite:///{path}")
    filled(store)
    with store.database.write() as connection:
        erase(connection, ["ana"])
    with store.database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    with store.database.read() as connection:
        assert connection.execute(select(func.count()).select_from(metadata.tables["leads"])).scalar_one() == 1
    store.close()
    assert SECRET.encode() not in path.read_bytes()


def test_what_a_crm_told_of_the_lead_goes_as_well(store: Store) -> None:
    filled(store)
    with store.database.write() as connection:
        for lead_id, contact_id in (("ana", "c-1"), ("bo", "c-11")):
            person = {"contact_id": contact_id, "lead_id": lead_id, "score_due": 0, "write_tries": 0}
            connection.execute(insert(crm_people).values(**person))
            fact = {"contact_id": contact_id, "kind": "contact", "entity_id": contact_id, "known": "{}"}
            connection.execute(insert(crm_known).values(**fact))
            event = {"webhook_id": contact_id, "event_type": "ContactUpdate", "state": "failed"}
            times = {"sent_at": at(1), "received_at": at(1), "payload": f'{{"id":"{contact_id}"}}'}
            connection.execute(insert(crm_events).values(**event, **times))
        gone = erase(connection, ["ana"])
        assert (gone["crm_people"], gone["crm_known"], gone["crm_events"]) == (1, 1, 1)
        left = count_of(connection, ["bo"])
        assert (left["crm_people"], left["crm_known"], left["crm_events"]) == (1, 1, 1)
