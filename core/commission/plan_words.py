"""Splits and terms by source as a person writes them, read and written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from core.commission.agreement import SourceTerms
from core.commission.rates import checked_share
from core.commission.splits import SplitTier, checked_tiers
from core.commission.typed import GROUPED

_TIER: Final = re.compile(r"\s*([\d.]+)\s*%?\s*(?:(?:up\s+)?to\s*\$?\s*([\d,.]+))?\s*", re.IGNORECASE)
_TERM: Final = re.compile(r"\s*(referral|split)\s+(.+)", re.IGNORECASE)
SPLIT_FORM: Final = 'write it as "70 %", or as "50 % to 100,000; 60 % to 200,000; 70 %"'
SOURCE_FORM: Final = 'write it as "Zillow: referral 35 %" or "Zillow: referral 35 %; split 50 %"'


def read_split(words: str) -> tuple[SplitTier, ...]:
    """The tiers that ``words`` tell of. Raises ValueError saying what came in and how to write it.

    >>> [(tier.up_to_usd, tier.agent_share) for tier in read_split("50 % to 100,000; 70 %")]
    [(Decimal('100000'), Decimal('0.5')), (None, Decimal('0.7'))]
    """
    tiers = tuple(_tier(piece) for piece in words.split(";"))
    try:
        checked_tiers(tiers)
    except ValueError as error:
        raise ValueError(f"split is {words!r}: {error}") from error
    if tiers[-1].up_to_usd is not None:
        raise ValueError(f"split is {words!r}: the last tier must have no end; {SPLIT_FORM}")
    return tiers


def split_words(tiers: Sequence[SplitTier]) -> str:
    """What ``read_split`` reads.

    >>> split_words(read_split("50% to 100000;70"))
    '50 % to 100,000; 70 %'
    """
    return "; ".join(
        share_words(tier.agent_share) + ("" if tier.up_to_usd is None else f" to {_plain(tier.up_to_usd):,}")
        for tier in tiers
    )


def share_words(share: Decimal) -> str:
    """A share as hundredths, without zeros at its end.

    >>> share_words(Decimal("0.0250"))
    '2.5 %'
    """
    return f"{_plain(share * 100):f} %"


def read_sources(words: str) -> dict[str, SourceTerms]:
    """A source a line, with its referral fee and, where it has its own, its split. Raises ValueError.

    >>> read_sources("Zillow: referral 35 %; split 50 %")["Zillow"].referral_rate
    Decimal('0.35')
    """
    found: dict[str, SourceTerms] = {}
    for line in words.splitlines():
        if line.strip():
            source, terms = _source(line)
            if source.casefold() in map(str.casefold, found):
                raise ValueError(f"source {source!r} stands there twice; leave one")
            found[source] = terms
    return found


def source_words(by_source: Mapping[str, SourceTerms]) -> str:
    """What ``read_sources`` reads."""
    return "\n".join(
        f"{source}: referral {share_words(terms.referral_rate)}"
        + ("" if terms.tiers is None else f"; split {split_words(terms.tiers)}")
        for source, terms in by_source.items()
    )


def _source(line: str) -> tuple[str, SourceTerms]:
    source, colon, told = line.rpartition(":")
    if not colon or not source.strip():
        raise ValueError(f"source is {line.strip()!r}; {SOURCE_FORM}")
    referral, tiers = Decimal(0), None
    first, _, rest = told.partition(";")
    for piece in (first, rest) if first.strip().lower().startswith("referral") else (told,):
        if not piece.strip():
            continue
        term = _TERM.fullmatch(piece)
        if term is None:
            raise ValueError(f"source is {line.strip()!r}; {SOURCE_FORM}")
        if term[1].lower() == "split":
            tiers = read_split(term[2])
        else:
            referral = read_split(term[2])[0].agent_share
    return source.strip(), SourceTerms(referral, tiers)


def _tier(piece: str) -> SplitTier:
    found = _TIER.fullmatch(piece)
    if found is None or ("," in (found[2] or "") and not GROUPED.fullmatch(found[2])):  # 100,00 is a slip
        raise ValueError(f"split is {piece.strip()!r}; {SPLIT_FORM}")
    try:
        up_to = None if found[2] is None else Decimal(found[2].replace(",", ""))
        return SplitTier(up_to, checked_share(Decimal(found[1]) / 100, "agent's share"))
    except InvalidOperation as error:
        raise ValueError(f"split is {piece.strip()!r}; {SPLIT_FORM}") from error


def _plain(number: Decimal) -> Decimal:
    """Without zeros at the end, and without an exponent."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()
