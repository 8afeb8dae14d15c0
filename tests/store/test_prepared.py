"""A prepared statement does what SQLAlchemy would do with the same values."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from sqlalchemy import bindparam, insert, select, update

from core.errors import LeadError
from core.store import Store
from core.store.prepared import Prepared, insert_into, told_columns, upsert
from core.store.schema import lead_latest, leads, outbox

BORN = datetime(2026, 3, 1, 8, 30, 0, 250, tzinfo=UTC)
ANA = {
    **dict.fromkeys(column.name for column in leads.c),
    "lead_id": "ana",
    "name": 'Ana "100 %" Lima :x %(y)s ?',
    "created_at": BORN,
    "price_max_usd": Decimal("1234.50"),
}
LATEST = {
    **dict.fromkeys(column.name for column in lead_latest.c),
    "lead_id": "ana",
    "search": "ana",
    "stage": "generated",
    "side": "buyer",
    "probability": 0.1 + 0.2,
    "escalation_recommended": True,
}


def test_what_goes_in_comes_out(store: Store) -> None:
    into = Prepared(lambda dialect: upsert(dialect, "leads"), told_columns(leads))
    latest = Prepared(lambda dialect: upsert(dialect, "lead_latest"), told_columns(lead_latest))
    both = select(leads.c.name, leads.c.created_at, leads.c.price_max_usd, lead_latest.c.probability).join(lead_latest)
    one = Prepared(lambda _: both.where(leads.c.lead_id == bindparam("lead_id"), lead_latest.c.stage == "generated"))
    with store.database.write() as connection:
        into.run(connection, [ANA])
        latest.run(connection, [LATEST])
        into.run(connection, [ANA | {"name": "Ana"}, ANA])  # many at once, and over what is there
        assert one.read(connection, {"lead_id": "nobody"}) == []
        assert one.read(connection, {"lead_id": "ana"}) == [
            {
                "name": ANA["name"],
                "created_at": BORN,
                "price_max_usd": Decimal("1234.50"),
                "probability": 0.30000000000000004,
            }
        ]
        assert [dict(row) for row in connection.execute(both).mappings()] == one.read(connection, {"lead_id": "ana"})


def test_the_database_gives_numbers(store: Store) -> None:
    event = {"feed_seq": 1, "event_id": "a", "created_at": BORN, "payload": "{}"}
    assert "outbox_id" not in told_columns(outbox)
    with store.database.write() as connection:
        insert_into(outbox).run(connection, [event, event | {"feed_seq": 2, "event_id": "b"}])
        found = connection.execute(select(outbox.c.outbox_id, outbox.c.event_id).order_by(outbox.c.outbox_id)).all()
        moved = Prepared(
            lambda _: update(outbox).where(outbox.c.event_id == "b").values(feed_seq=bindparam("n")).returning(outbox)
        )
        (row,) = moved.read(connection, {"n": 7})
        assert (row["feed_seq"], row["event_id"], row["created_at"]) == (7, "b", BORN)
    assert [row.event_id for row in found] == ["a", "b"]
    assert found[0].outbox_id < found[1].outbox_id


def test_many_rows_are_changed_as_one_is(store: Store) -> None:
    into = Prepared(lambda dialect: upsert(dialect, "leads"), told_columns(leads))
    told = [
        ANA,
        ANA | {"lead_id": "ben", "name": None, "created_at": None, "price_max_usd": Decimal(0)},
        ANA | {"lead_id": "cy", "price_max_usd": None},
    ]
    with store.database.write() as connection:
        into.run(connection, told)
        found = connection.execute(select(leads).order_by(leads.c.lead_id)).mappings()
        assert [dict(row) for row in found] == told


def test_values_may_come_in_the_order_of_the_names(store: Store) -> None:
    names = ("feed_seq", "event_id", "created_at", "payload")
    rows = [(1, "a", BORN, "{}"), (2, "b", BORN, "[]")]
    with store.database.write() as connection:
        Prepared(lambda _: insert(outbox).inline(), names).run_in_order(connection, rows)
        found = connection.execute(select(*(outbox.c[name] for name in names)).order_by(outbox.c.feed_seq)).all()
        assert [tuple(row) for row in found] == rows
        with pytest.raises(ValueError, match="another order"):
            Prepared(lambda _: insert(outbox).inline(), names[::-1]).run_in_order(connection, rows)


def test_what_the_database_refuses_is_ours_to_say(store: Store) -> None:
    event = {"feed_seq": 1, "event_id": "a", "created_at": BORN, "payload": "{}"}
    with pytest.raises(LeadError, match="cannot store these values"), store.database.write() as connection:
        insert_into(outbox).run(connection, [event, event])


@pytest.mark.parametrize("by_sqlalchemy", [False, True])
def test_a_block_that_raises_leaves_nothing(store: Store, *, by_sqlalchemy: bool) -> None:
    event = {"feed_seq": 1, "event_id": "a", "created_at": BORN, "payload": "{}"}

    def write(event_id: str, fails: type[Exception] | None) -> None:
        with store.database.write() as connection:
            insert_into(outbox).run(connection, [event])
            if by_sqlalchemy:
                connection.execute(update(outbox).values(event_id=event_id))
            if fails:
                raise fails

    with pytest.raises(KeyError):
        write("a", fails=KeyError)
    assert store.outbox_after() == []
    write("a", fails=None)
    assert [found.event_id for found in store.outbox_after()] == ["a"]
