"""``jorge token``: a token for the API, on its own on stdout."""

from __future__ import annotations

import argparse

from core.services.access import Role, api_token
from core.services.center import CommandCenter
from core.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument(
        "--role",
        choices=[role.value for role in Role],
        default=Role.MANAGER.value,
        help="an agent sees own and unassigned leads, a manager all, an admin may change models (default %(default)s)",
    )
    parser.add_argument("--hours", type=float, default=24.0, help="how long it is valid (default 24)")
    parser.add_argument(
        "--subject",
        default="command-line",
        help="whom it names: an e-mail with a role, or the agent as leads name them (default command-line)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the token."""
    with CommandCenter(load_settings()) as center:
        print(api_token(center, arguments.subject, Role(arguments.role), arguments.hours))
    return 0
