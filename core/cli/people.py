"""``jorge people``: who may sign in to the dashboard, and as what."""

from __future__ import annotations

import argparse
import sys

from core.cli.workspace import workspace
from core.services.access import Role
from core.services.access.people import give_role, list_people, strangers, take_role
from core.services.center import CommandCenter
from core.words import counted


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    actions = parser.add_subparsers(dest="action", metavar="{list,add,remove}")
    actions.add_parser("list", help="list everybody (the default)")
    add = actions.add_parser("add", help="let a person in, or change their role")
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--role", choices=[role.value for role in Role], required=True, help="what they may")
    add.add_argument("--name", help="how the audit log calls them")
    add.add_argument(
        "--agent",
        help="how leads name them, which decides which leads are an agent's own; '' for none. By default as before",
    )
    actions.add_parser("remove", help="put a person out, at once").add_argument("email", metavar="EMAIL")


def run(arguments: argparse.Namespace) -> int:
    """List, add or remove."""
    with workspace() as center:
        if arguments.action == "add":
            give_role(center, arguments.email, Role(arguments.role), arguments.name, arguments.agent)
            _say(f"{arguments.email} is {arguments.role} from the next click on.")
        elif arguments.action == "remove":
            take_role(center, arguments.email)
            _say(f"{arguments.email} is out with the next click.")
        else:
            _list(center)
    return 0


def _list(center: CommandCenter) -> None:
    people = list_people(center)
    if not people:
        _say("Nobody has a role yet; give one with: jorge people add EMAIL --role admin")
        return
    print(f"{'e-mail':<32} {'role':<8} {'agent':<24} {'signed in':<16} name")
    for one in people:
        role = "out" if one.revoked_at else one.role
        last = f"{one.signed_in_at:%Y-%m-%d %H:%M}" if one.signed_in_at else "-"
        print(f"{one.email:<32} {role:<8} {one.agent or '-':<24} {last:<16} {one.name or ''}".rstrip())
    for told, n, meant in strangers(center):
        whose, them = counted(n, "lead is", "leads are"), "it" if n == 1 else "these"
        _say(f"{whose} of {told!r}, who is {' or '.join(meant) or 'none of them'}; agents do not see {them}.")


def _say(words: str) -> None:
    print(words, file=sys.stderr)
