"""Measure the text signals on dialogues with known answers: ``python tests/measure/signals.py user_turns.csv``.

The file is one row per user turn of the Schema-Guided Dialogue corpus, service Homes_1, with the columns
``dialogue_id, turn_index, utterance, span_slots_json, state_json``. What counts:

- *area* and *date*: a turn's gold values are its span slots ``area`` and ``visit_date``. A finding is right when
  it overlaps the place where the gold value stands in the utterance ("overlap"), or also has the same words,
  in any case, a leading "the" aside ("same words"). Each gold value is found once; any further finding is wrong.
- *beds* and *baths*: they have no spans; a turn's gold value is what the cumulative state newly holds. A finding
  is right when the number is equal; naming a number again that the state already holds is neither right nor wrong.
- *price*: the corpus names no price at all, so every price found is wrong; the table counts them.

Dialogues are split in halves by a digest of their id. The rules were written looking at one half; the table
gives both, and the other half is the one to quote.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from core.features import Signal, signals_in

SPANS = {"area": "area", "date": "visit_date"}
COUNTS = {"beds": "number_of_beds", "baths": "number_of_baths"}
WRITTEN_ON = date(2019, 3, 1)


@dataclass
class Tally:
    """Right, wrong and missed findings."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


@dataclass(frozen=True)
class Turn:
    """One thing a user said, with what it newly names."""

    half: str
    utterance: str
    spans: dict[str, list[str]]
    counts: dict[str, str]
    held: dict[str, str]


def half_of(dialogue_id: str) -> str:
    return "written on" if hashlib.sha256(dialogue_id.encode()).digest()[0] % 2 == 0 else "held out"


def read_turns(path: Path) -> Iterator[Turn]:
    held: dict[str, str] = {}
    dialogue = ""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["dialogue_id"] != dialogue:
                dialogue, held = row["dialogue_id"], {}
            state = json.loads(row["state_json"])
            spans = {
                slot: value if isinstance(value, list) else [value]
                for slot, value in json.loads(row["span_slots_json"]).items()
            }
            now = {slot: state[slot][0] for slot in COUNTS.values() if slot in state}
            counts = {slot: value for slot, value in now.items() if held.get(slot) != value}
            yield Turn(half_of(dialogue), row["utterance"], spans, counts, dict(held))
            held = now


def same_words(text: str) -> str:
    return re.sub(r"^the ", "", " ".join(text.lower().split()))


def judge_spans(found: list[Signal], gold: list[str], utterance: str, exact: bool) -> tuple[Tally, list[str]]:
    tally, open_gold, notes = Tally(), list(gold), []
    for signal in found:
        match = next((value for value in open_gold if fits(signal, value, utterance, exact)), None)
        if match is None:
            tally.wrong += 1
            notes.append(f"wrong  {signal.text!r}")
        else:
            open_gold.remove(match)
            tally.right += 1
    tally.missed = len(open_gold)
    return tally, notes + [f"missed {value!r}" for value in open_gold]


def fits(signal: Signal, value: str, utterance: str, exact: bool) -> bool:
    if exact:
        return same_words(signal.text) == same_words(value)
    places = re.finditer(re.escape(value.lower()), utterance.lower())
    return any(place.start() < signal.end and signal.start < place.end() for place in places)


def judge_counts(found: list[Signal], gold: str | None, held: str | None) -> tuple[Tally, list[str]]:
    tally, notes, values = Tally(), [], {str(signal.value) for signal in found}
    if gold is not None:
        tally.right, tally.missed = int(gold in values), int(gold not in values)
        notes += [] if gold in values else [f"missed {gold}"]
    wrong = values - {gold, held}
    tally.wrong = len(wrong)
    return tally, notes + [f"wrong  {value}" for value in sorted(wrong)]


def add(total: Tally, part: Tally) -> None:
    total.right += part.right
    total.wrong += part.wrong
    total.missed += part.missed


def measure(turns: list[Turn], show: str | None) -> tuple[dict[str, Tally], Counter[str]]:
    totals: dict[str, Tally] = {}
    other: Counter[str] = Counter()
    for turn in turns:
        by_kind: dict[str, list[Signal]] = {}
        for signal in signals_in(turn.utterance, WRITTEN_ON):
            by_kind.setdefault(signal.kind, []).append(signal)
            other[signal.kind] += 1
        judged = {}
        for kind, slot in SPANS.items():
            found, gold = by_kind.get(kind, []), turn.spans.get(slot, [])
            judged[f"{kind}, overlap"] = judge_spans(found, gold, turn.utterance, exact=False)
            judged[f"{kind}, same words"] = judge_spans(found, gold, turn.utterance, exact=True)
        for kind, slot in COUNTS.items():
            judged[kind] = judge_counts(by_kind.get(kind, []), turn.counts.get(slot), turn.held.get(slot))
        for name, (tally, notes) in judged.items():
            add(totals.setdefault(name, Tally()), tally)
            if show == name and notes:
                print(f"{'; '.join(notes):40} {turn.utterance}")
    return totals, other


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("turns", type=Path, help="CSV of user turns")
    parser.add_argument("--show", help="also print the mistakes of one line, on the half the rules were written on")
    options = parser.parse_args()
    turns = list(read_turns(options.turns))
    print("| signal | dialogues | right | wrong | missed | precision | recall | F1 |")
    print("|---|---|---:|---:|---:|---:|---:|---:|")
    prices: Counter[str] = Counter()
    for half in ("written on", "held out"):
        chosen = [turn for turn in turns if turn.half == half]
        totals, other = measure(chosen, options.show if half == "written on" else None)
        prices[half] = other["price"]
        for name, tally in totals.items():
            print(
                f"| {name} | {half} | {tally.right} | {tally.wrong} | {tally.missed} | {tally.precision:.3f} | "
                f"{tally.recall:.3f} | {tally.f1:.3f} |"
            )
    for half, count in prices.items() if prices else ():
        size = sum(turn.half == half for turn in turns)
        print(f"\nPrices found in {size} turns that name none ({half}): {count}")


if __name__ == "__main__":
    main()
