"""``jorge personal``: what is kept of a person, as a file, and its erasure."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from core.cli.shown import shown
from core.cli.workspace import workspace
from core.cli.written import write_file
from core.errors import InputError, NotFound
from core.services.center import CommandCenter
from core.services.lead import personal_data
from core.words import counted

if TYPE_CHECKING:
    from core.store.personal import Contact

MOST_SHOWN: Final = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="{find,export,erase}", required=True)
    find = actions.add_parser("find", help="list the leads of a person: id, name, e-mail, phone")
    export = actions.add_parser("export", help="save all that is kept of them as JSON")
    export.add_argument("-o", "--out", type=Path, metavar="FILE", help="by default stdout")
    erase = actions.add_parser("erase", help="delete all that is kept of them, for good")
    erase.add_argument("--yes", action="store_true", help="erase without asking")
    for action in (find, export, erase):
        action.add_argument("who", metavar="WHO", help="e-mail address, phone number or lead id")
    for action in (export, erase):
        action.add_argument(
            "--only", action="append", default=[], metavar="LEAD_ID",
            help="only this lead of those that find lists, as others are somebody else's; may be repeated",
        )  # fmt: skip


def run(arguments: argparse.Namespace) -> int:
    """Do it for every lead of the person, or those of them that are named; 0, and 2 when nothing is kept of them."""
    with workspace() as center:
        found = personal_data.find(center, arguments.who)
        if not found:
            raise NotFound("nothing is kept under this address, number or id")
        if arguments.action == "find":
            _list(found)
            return 0
        chosen = _only(found, arguments.only)
        if arguments.action == "export":
            _write(personal_data.export(center, [one.lead_id for one in chosen]), arguments.out)
        else:
            _erase(center, chosen, sure=arguments.yes)
    return 0


def _list(found: Sequence[Contact]) -> None:
    for one in found:
        print("\t".join(shown(told or "-") for told in (one.lead_id, one.name, one.email, one.phone)))


def _only(found: Sequence[Contact], lead_ids: Sequence[str]) -> Sequence[Contact]:
    """Those of ``found`` that are named, or all where none is. Raises InputError for an id that is not among them."""
    strange = sorted(set(lead_ids) - {one.lead_id for one in found})
    if strange:
        there = ", ".join(one.lead_id for one in found)
        raise InputError(f"--only is {strange[0]!r}; must be a lead of this person: {there[:MOST_SHOWN]}")
    return [one for one in found if one.lead_id in lead_ids] if lead_ids else found


def _write(told: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(told + b"\n")
        return
    write_file(out, told, private=True)


def _erase(center: CommandCenter, found: Sequence[Contact], *, sure: bool) -> None:
    if not sure:
        _list(found)
        many = "this lead" if len(found) == 1 else f"these {len(found):,} leads"
        print(f"Erase {many} for good? Type yes: ", end="", flush=True)
        if sys.stdin.readline().strip().lower() != "yes":
            print()
            raise InputError("nothing was erased; type yes, or add --yes")
    erased = personal_data.erase(center, [one.lead_id for one in found])
    print(f"Erased {counted(sum(erased.rows.values()), 'row')} of {counted(erased.leads, 'lead')}.")
    if erased.in_redis is None:
        print("Redis is down; what it holds goes as soon as a server finds it back.")
