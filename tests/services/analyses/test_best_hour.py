"""The best hour on the viewer's clock: every try of the store is in one hour, one weekday and one cell."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from core.leads import utc_now
from core.services.analyses.best_hour import Way, best_hour
from core.services.center import CommandCenter
from core.services.sample import load_sample
from core.store import LeadFilter
from core.store.figures.best_hour import tries_by_hour

CHICAGO = ZoneInfo("America/Chicago")


def test_every_try_is_counted_once_in_each_view(center: CommandCenter) -> None:
    load_sample(center, leads=150, seed=4)
    now = utc_now()
    stored = tries_by_hour(center.store.database, LeadFilter(), now).hours
    told = {way: best_hour(center, LeadFilter(), way, CHICAGO, now) for way in Way}
    for way, found in told.items():
        assert found is not None
        mine = [one for one in stored if way is Way.ALL or one.call is (way is Way.CALLS)]
        counts = (sum(one.tries for one in mine), sum(one.answered for one in mine))
        assert (found.tries, found.answered) == counts
        for rates in (found.hours.rates, found.weekdays.rates, [rate for day in found.week for rate in day]):
            assert (sum(rate.tries for rate in rates), sum(rate.answered for rate in rates)) == counts
    everything, utc = told[Way.ALL], best_hour(center, LeadFilter(), Way.ALL, ZoneInfo("UTC"), now)
    assert everything is not None
    assert utc is not None
    by_hour = [0] * 24
    for one in stored:
        by_hour[one.hour % 24] += one.tries
    assert [rate.tries for rate in utc.hours.rates] == by_hour
    assert [rate.tries for rate in everything.hours.rates] != by_hour


def test_nothing_sent_is_none(center: CommandCenter) -> None:
    assert best_hour(center, LeadFilter(), Way.ALL, CHICAGO) is None
