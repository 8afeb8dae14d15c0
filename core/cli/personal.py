"""``jorge personal``: what is kept of a person, as a file, and its erasure."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from core.cli.person import person
from core.cli.shown import shown
from core.errors import InputError, NotFound
from core.services.center import CommandCenter
from core.services.lead import personal_data
from core.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("action", choices=("find", "export", "erase"), help="look up, save to a file, erase")
    parser.add_argument("who", metavar="WHO", help="e-mail address, phone number or lead id")
    parser.add_argument("-o", "--out", type=Path, help="file for export (default: stdout)")
    parser.add_argument("--yes", action="store_true", help="erase without asking")


def run(arguments: argparse.Namespace) -> int:
    """Do it for every lead of the person; 0, and 2 when nothing is kept of them."""
    with CommandCenter(load_settings()) as center:
        found = personal_data.find(center, arguments.who)
        if not found:
            raise NotFound("nothing is kept under this address, number or id")
        lead_ids = [one.lead_id for one in found]
        if arguments.action == "find":
            for one in found:
                print("\t".join(shown(told or "-") for told in (one.lead_id, one.name, one.email, one.phone)))
        elif arguments.action == "export":
            _write(personal_data.export(center, lead_ids, person()), arguments.out)
        else:
            _erase(center, lead_ids, sure=arguments.yes)
    return 0


def _write(told: bytes, out: Path | None) -> None:
    if out is None:
        sys.stdout.buffer.write(told + b"\n")
        return
    try:
        out.write_bytes(told)
    except OSError as error:
        raise InputError(f"{out} cannot be written ({error.strerror}); name another file with -o") from error


def _erase(center: CommandCenter, lead_ids: list[str], *, sure: bool) -> None:
    if not sure:
        print(f"Erase {len(lead_ids)} leads ({shown(', '.join(lead_ids))}) for good? Type yes: ", end="", flush=True)
        if sys.stdin.readline().strip().lower() != "yes":
            raise InputError("nothing was erased; type yes, or add --yes")
    erased = personal_data.erase(center, lead_ids, person())
    print(f"Erased {sum(erased.rows.values()):,} rows of {erased.leads:,} leads.")
    if erased.in_redis is None:
        print("Redis is down; what it holds goes as soon as a server finds it back.")
