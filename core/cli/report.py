"""``jorge report``: the weekly report as a file."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cli.written import write_file
from core.leads import utc_now
from core.services.center import CommandCenter
from core.services.reports.making import FORMATS, as_file
from core.settings import load_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("--format", choices=list(FORMATS), help="by default what the file's name ends in, else pdf")
    parser.add_argument("-o", "--out", type=Path, required=True, metavar="FILE")
    parser.add_argument("--days", type=int, default=7, help="whole days before today (default %(default)s)")
    parser.add_argument("--zone", help="whose days, such as America/Chicago; by default the team's")
    parser.add_argument("--source", action="append", default=[], help="only leads of this source; may be repeated")
    parser.add_argument("--agent", action="append", default=[], help="only leads of this agent; may be repeated")


def run(arguments: argparse.Namespace) -> int:
    """Make the report; 0 when it is written."""
    from core.services.reports.gather import gather
    from core.services.reports.order import Order, team_zone, zone_of
    from core.store import LeadFilter

    ending = arguments.out.suffix.lstrip(".").lower()
    kind = arguments.format or (ending if ending in FORMATS else "pdf")
    with CommandCenter(load_settings()) as center:
        zone = zone_of(arguments.zone) if arguments.zone else team_zone(center)
        wanted = LeadFilter(sources=tuple(arguments.source), agents=tuple(arguments.agent))
        content = as_file(gather(center, Order(utc_now(), arguments.days, wanted, zone)), kind)
    write_file(arguments.out, content)
    print(f"{arguments.out}: {len(content) / 1000:,.0f} kB.")
    return 0
