"""``jorge keys``: keys with which programs call the API; a new one is printed once, on its own on stdout."""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from typing import TYPE_CHECKING

from core.cli.workspace import workspace
from core.services.access import Scope, list_keys, make_key, revoke_key

if TYPE_CHECKING:
    from core.store.keys import StoredKey


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="{list,make,revoke}")
    actions.add_parser("list", help="list every key (the default)")
    make = actions.add_parser("make", help="make a key and print it; it is not kept and cannot be printed again")
    make.add_argument("name", metavar="NAME", help="whose it is, such as crm")
    make.add_argument("--scope", choices=[scope.value for scope in Scope], required=True, help="what it may do")
    actions.add_parser("revoke", help="end the life of a key, at once").add_argument("name", metavar="NAME")


def run(arguments: argparse.Namespace) -> int:
    """List, make or revoke."""
    with workspace() as center:
        if arguments.action == "make":
            print(make_key(center, arguments.name, Scope(arguments.scope)))
            _say(f"This is the key of {arguments.name}, scope {arguments.scope}. Keep it: it cannot be shown again.")
        elif arguments.action == "revoke":
            revoke_key(center, arguments.name)
            _say(f"The key of {arguments.name} is revoked; a running server refuses it within 5 seconds.")
        else:
            _list(list_keys(center))
    return 0


def _list(keys: list[StoredKey]) -> None:
    if not keys:
        _say("There are no keys; make one with: jorge keys make NAME --scope score")
        return
    print(f"{'name':<20} {'key':<15} {'scope':<6} {'made':<16} {'by':<12} {'last used':<16} revoked")
    for key in keys:
        made, used, revoked = _shown(key.made_at), _shown(key.last_used_at), _shown(key.revoked_at)
        begins = f"{key.prefix}..."
        print(f"{key.name:<20} {begins:<15} {key.scope:<6} {made:<16} {key.made_by:<12} {used:<16} {revoked}".rstrip())


def _shown(moment: datetime | None) -> str:
    return "-" if moment is None else f"{moment:%Y-%m-%d %H:%M}"


def _say(words: str) -> None:
    print(words, file=sys.stderr)
