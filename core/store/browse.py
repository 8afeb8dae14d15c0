"""The list of leads: filtered, sorted and paged by the database, from one narrow row a lead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    String,
    and_,
    cast,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    true,
)

from core.errors import InputError
from core.leads import BAND_EDGES_USD, OPEN_STAGES, Stage, Waiting
from core.scoring import Tier
from core.store.columns import to_json
from core.store.figures.ends import decided_leads
from core.store.figures.local_time import local_hour, local_weekday
from core.store.filters import MOST_PAGE_SIZE, ArrivalClock, Facets, LeadFilter, LeadGroup, LeadPage, LeadRow, LeadSort
from core.store.profile import search_words
from core.store.schema import lead_latest, outcomes, scores
from core.store.schema_analysis import ab_assignments, cluster_members

_NOT_LISTED: Final = ("search", "name_key", "stage_at", "side", "closing_probability")
_ROW: Final = select(*(column for column in lead_latest.c if column.name not in _NOT_LISTED))
_MOST_PAGE: Final = 10_000_000
FEW: Final = 2_000
_WAY: Final = (*OPEN_STAGES, Stage.CLOSED)


def browse(
    connection: Connection, wanted: LeadFilter, sort: LeadSort, page: int, page_size: int, now: datetime
) -> LeadPage:
    """Page ``page`` (from 1) of the leads that ``wanted`` lets through. Raises InputError for an impossible page."""
    if not 1 <= page <= _MOST_PAGE:
        raise InputError(f"page is {page}; must be from 1 to {_MOST_PAGE}")
    if not 1 <= page_size <= MOST_PAGE_SIZE:
        raise InputError(f"page_size is {page_size}; must be from 1 to {MOST_PAGE_SIZE}")
    conditions = conditions_of(wanted, now, connection.dialect.name)
    conditions, total = _counted(connection, conditions, few_expected=bool(wanted.text))
    skipped = (page - 1) * page_size
    if skipped >= total:
        return LeadPage([], total)
    walk = connection.dialect.name != "sqlite" or total > FEW
    query = _ROW.where(*conditions).order_by(*_order(sort, walk)).limit(page_size).offset(skipped)
    return LeadPage([_lead_row(row, now) for row in connection.execute(query).mappings()], total)


def _counted(
    connection: Connection, conditions: list[ColumnElement[bool]], few_expected: bool
) -> tuple[list[ColumnElement[bool]], int]:
    """How many leads satisfy ``conditions``; where they are few, the conditions that name them come back instead.

    A search reads every row, so what it has found is not searched for again.
    """
    if few_expected:
        found = select(lead_latest.c.lead_id).where(*conditions).limit(FEW + 1)
        ids = list(connection.execute(found).scalars())
        if len(ids) <= FEW:
            return [lead_latest.c.lead_id.in_(ids)], len(ids)
    count = select(func.count()).select_from(lead_latest).where(*conditions)
    return conditions, connection.execute(count).scalar_one()


def _order(sort: LeadSort, walk: bool) -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    """The order of ``sort``; with ``walk`` along its index.

    SQLite would walk the index of the sort past 100,000 leads to find ten; the plus sign, which changes no value, makes
    it find them first and sort them then. PostgreSQL chooses by its own statistics.
    """
    name = lead_latest.c[sort.column]
    column = name if walk else literal_column(f"+lead_latest.{sort.column}", name.type)
    lead_id = lead_latest.c.lead_id
    if sort.descending:
        return column.desc().nulls_last(), lead_id.desc()
    return column.asc().nulls_first(), lead_id.asc()


def conditions_of(wanted: LeadFilter, now: datetime, dialect: str) -> list[ColumnElement[bool]]:
    """What a row of ``lead_latest`` must satisfy to be let through at ``now``."""
    row = lead_latest.c
    found = [*seen(wanted.seen_by), *(contains(row.search, word, dialect) for word in search_words(wanted.text))]
    found += [tier_is(tiers, now) for tiers in (wanted.tiers,) if tiers]
    found += [row.lead_id.in_(_members(group)) for group in (wanted.group,) if group is not None]
    for column, chosen in ((row.source, wanted.sources), (row.agent, wanted.agents), (row.area, wanted.areas)):
        if chosen:
            found.append(_one_of(column, chosen))
    if wanted.bands:
        found.append(or_(*(_in_band(band) for band in wanted.bands)))
    if wanted.stages:
        found.append(row.stage.in_([stage.value for stage in wanted.stages]))
    if wanted.sides:
        found.append(row.side.in_([side.value for side in wanted.sides]))
    found += _on_the_way(wanted)
    found += _arrived(wanted.arrival, dialect)
    found += [_first_tier_is(tiers) for tiers in (wanted.first_tiers,) if tiers]
    found += [row.lead_id.in_(_named(ids, dialect)) for ids in (wanted.ids,) if ids is not None]
    found += _between(row.created_at, wanted.created_from, wanted.created_to)
    found += _between(row.scored_at, wanted.scored_from, wanted.scored_to)
    found += _between(row.stage_at, wanted.staged_from, wanted.staged_to)
    if wanted.score_min is not None:
        found.append(row.probability >= wanted.score_min / 100)
    if wanted.score_max is not None:
        found.append(row.probability <= wanted.score_max / 100)
    if wanted.escalated_only:
        found.append(row.escalation_recommended.is_(True))
    return found


def _one_of(column: ColumnElement[Any], chosen: Sequence[str | None]) -> ColumnElement[bool]:
    """Whether ``column`` holds one of these, or, for None among them, nothing."""
    named = column.in_([text for text in chosen if text is not None])
    return or_(named, column.is_(None)) if None in chosen else named


def _in_band(band: int | None) -> ColumnElement[bool]:
    price = lead_latest.c.sale_price_usd
    if band is None:
        return price.is_(None)
    edges = [literal(Decimal(edge), price.type) for edge in BAND_EDGES_USD]
    return and_(
        price.is_not(None),
        *(price >= edge for edge in edges[band - 1 : band] if band),
        *(price < edge for edge in edges[band : band + 1]),
    )


def _arrived(arrival: ArrivalClock | None, dialect: str) -> list[ColumnElement[bool]]:
    if arrival is None:
        return []
    came = lead_latest.c.created_at
    found: list[ColumnElement[bool]] = [came.is_not(None)]
    if arrival.hours:
        found.append(local_hour(came, arrival.zone, dialect).in_(arrival.hours))
    if arrival.weekdays:
        found.append(local_weekday(came, arrival.zone, dialect).in_(arrival.weekdays))
    return found


def _on_the_way(wanted: LeadFilter) -> list[ColumnElement[bool]]:
    found = []
    if wanted.furthest:
        came = (_furthest_is(place) for place, stage in enumerate(_WAY) if stage in wanted.furthest)
        found.append(or_(false(), *came))
    if wanted.waiting is not None:
        found.append(or_(false(), *(waits(waiting) for waiting in wanted.waiting)))
    return found


def _furthest_is(place: int) -> ColumnElement[bool]:
    """Whether a lead came as far as the stage at ``place`` of the way and no farther."""
    return and_(_came_to(place), not_(_came_to(place + 1)))


def _came_to(place: int) -> ColumnElement[bool]:
    """Whether a lead stands, or ever stood, in the stage at ``place`` of the way or beyond it."""
    stages = [stage.value for stage in _WAY[place:]]
    if place == 0 or not stages:
        return true() if place == 0 else false()
    past = select(outcomes.c.lead_id).where(outcomes.c.stage.in_(stages))
    return or_(lead_latest.c.stage.in_(stages), lead_latest.c.lead_id.in_(past))


def _members(group: LeadGroup) -> Select[tuple[str]]:
    if group.of == "test":
        given = ab_assignments.c
        return select(given.lead_id).where(given.test_id == group.number, given.variant == group.place)
    if group.of == "trial":
        return select(scores.c.lead_id).where(scores.c.trial_id == group.number, scores.c.trial_arm == group.place)
    member = cluster_members.c
    return select(member.lead_id).where(member.clustering_id == group.number, member.cluster == group.place)


def first_scores() -> Select[Any]:
    """The first score of each lead: its id and tier, which no outcome has moved.

    A lead that came in after its end, with a file of the past, has none: such a score foretold nothing.
    """
    first = select(func.min(scores.c.score_id).label("score_id")).group_by(scores.c.lead_id).subquery()
    ends = decided_leads()
    return (
        select(scores.c.lead_id, scores.c.tier)
        .join(first, first.c.score_id == scores.c.score_id)
        .outerjoin(ends, ends.c.lead_id == scores.c.lead_id)
        .where(ends.c.decided_at.is_(None) | (scores.c.scored_at < ends.c.decided_at))
    )


def _first_tier_is(tiers: Sequence[Tier | None]) -> ColumnElement[bool]:
    first = first_scores().subquery()
    values = [tier.value for tier in tiers if tier is not None]
    held = lead_latest.c.lead_id.in_(select(first.c.lead_id).where(first.c.tier.in_(values)))
    return or_(held, lead_latest.c.lead_id.not_in(select(first.c.lead_id))) if None in tiers else held


def _named(ids: Sequence[str], dialect: str) -> Select[tuple[str]]:
    """These ids as one parameter, however many they are."""
    told = to_json(list(ids))
    if dialect == "postgresql":
        each = func.json_array_elements_text(cast(literal(told, String), JSON)).table_valued("value")
    else:
        each = func.json_each(literal(told, String)).table_valued("value")
    return select(each.c.value)


def seen(seen_by: str | None) -> list[ColumnElement[bool]]:
    """What a row of ``lead_latest`` must satisfy to be of an agent or of nobody; nothing for None."""
    agent = lead_latest.c.agent
    return [] if seen_by is None else [or_(agent.is_(None), agent == seen_by)]


def waits(waiting: Waiting) -> ColumnElement[bool]:
    """Whether a lead stands in the stage since a moment of the span."""
    since = lead_latest.c.stage_at
    if waiting.undated:
        return and_(lead_latest.c.stage == waiting.stage.value, since.is_(None))
    return and_(lead_latest.c.stage == waiting.stage.value, *_between(since, waiting.since_from, waiting.since_to))


def contains(column: ColumnElement[str], word: str, dialect: str) -> ColumnElement[bool]:
    """Whether ``word`` occurs in ``column``; no character of it has a meaning of its own, as it would for LIKE."""
    position = func.strpos(column, word) if dialect == "postgresql" else func.instr(column, word)
    return position > 0


def _between(
    column: ColumnElement[datetime], start: datetime | None, end: datetime | None
) -> list[ColumnElement[bool]]:
    bounds = []
    if start is not None:
        bounds.append(column >= start)
    if end is not None:
        bounds.append(column < end)
    return bounds


def tier_is(tiers: tuple[Tier, ...], now: datetime) -> ColumnElement[bool]:
    """Whether a lead's tier, by an override in force or else by the model, is one of these."""
    row = lead_latest.c
    values = [tier.value for tier in tiers]
    in_force = and_(
        row.override_tier.is_not(None), or_(row.override_expires_at.is_(None), row.override_expires_at > now)
    )
    lapsed = or_(row.override_tier.is_(None), row.override_expires_at <= now)
    return or_(and_(row.tier.in_(values), lapsed), and_(row.override_tier.in_(values), in_force))


def _lead_row(row: RowMapping, now: datetime) -> LeadRow:
    values = dict(row)
    expires_at = values.pop("override_expires_at")
    lapsed = expires_at is not None and expires_at <= now
    values["override_tier"] = None if lapsed else _tier(values["override_tier"])
    values["tier"] = _tier(values["tier"])
    values["stage"] = Stage(values["stage"])
    return LeadRow(**values)


def _tier(stored: str | None) -> Tier | None:
    return None if stored is None else Tier(stored)


def facets(connection: Connection, seen_by: str | None = None) -> Facets:
    """Sources, agents and areas with their number of leads, counted in one walk along their common index."""
    row = lead_latest.c
    columns = (row.agent, row.source, row.area)
    agents, sources, areas = Counter[str](), Counter[str](), Counter[str]()
    for agent, source, area, leads in connection.execute(
        select(*columns, func.count()).where(*seen(seen_by)).group_by(*columns)
    ):
        for counter, value in ((agents, agent), (sources, source), (areas, area)):
            if value is not None:
                counter[value] += leads
    return Facets(*(_most_frequent_first(counter) for counter in (sources, agents, areas)))


def _most_frequent_first(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
