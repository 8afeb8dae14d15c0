"""What the views that explain cost: ``python -m tests.measure.explanation_views [leads]``, by default 10,000.

Prints medians of processor time, so that what else runs on the machine counts little, and the size of what is sent.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from time import process_time

import orjson
from streamlit.testing.v1 import AppTest

from core.charts import beeswarm, dependence, mean_contributions
from core.features.catalog import UNKNOWN
from core.services.analyses import drivers
from core.services.center import CommandCenter, use
from core.services.lead import leads, what_if
from core.services.lead.what_raises import what_raises
from core.services.sample import load_sample
from core.settings import Settings
from pages.components.drivers import SHOWN
from pages.components.lead.what_if import _sent
from pages.components.views import DRIVERS
from tests.pages.conftest import PAGES

RUNS = 15


def told(work: str, run: Callable[[], object], sent: Callable[[], int] | None = None) -> None:
    """Print the median of ``run`` and the bytes of ``sent``."""
    run()
    took = []
    for _ in range(RUNS):
        begun = process_time()
        run()
        took.append(1000 * (process_time() - begun))
    size = f"{sent() / 1000:.0f} kB" if sent else ""
    print(f"| {work} | {median(took):.1f} | {size} |")


def views(center: CommandCenter) -> None:
    """The parts of what drives the scores."""
    found = drivers.drivers(center)
    names = [driver.label for driver in found.drivers[:SHOWN]]
    contributions, values = found.columns(SHOWN)
    means = [(driver.label, driver.mean) for driver in found.drivers[:SHOWN]]
    by_value = drivers.dependence(found.selection, found.drivers[0].feature)
    shown = by_value.groups, by_value.group, by_value.values, by_value.contributions

    told("reading features and contributions, summing", lambda: drivers.summed(center.store.contributions()))
    told("means", lambda: mean_contributions(means), lambda: len(mean_contributions(means).to_json()))
    swarm = partial(beeswarm, names, contributions, values, UNKNOWN)
    told("beeswarm of 12 features", swarm, lambda: len(swarm().to_json()))
    told("grouping one feature's values", lambda: drivers.dependence(found.selection, by_value.feature))
    told("dependence of one feature", lambda: dependence(*shown), lambda: len(dependence(*shown).to_json()))


def one_lead(center: CommandCenter) -> None:
    """Trying a change, and what would raise the score."""
    detail = leads.lead_detail(center, center.store.browse(page_size=1).rows[0].lead_id)
    stored = detail.latest
    if stored is None:
        raise RuntimeError("the first lead of the list has no score")
    found = what_if.scenario(center, detail.history, stored)
    stops = sum(len(curve.values) for curve in found.curves())
    told(f"try a change: {stops} answers, with contributions", found.curves)
    told("the same as sent to the browser", lambda: _sent(found, {}), lambda: len(orjson.dumps(_sent(found, {}))))
    told("what would raise the score, pairs included", lambda: what_raises(found.model, found.present.features))


def pages(center: CommandCenter) -> None:
    """Reruns of the two pages."""
    use(center)
    lead_id = center.store.browse(page_size=1).rows[0].lead_id
    for name, query in (("leads", {"view": DRIVERS}), ("lead", {"id": lead_id})):
        app = AppTest.from_file(str(PAGES / "_app.py"), default_timeout=60).run()
        app.switch_page(str(PAGES / f"{name}.py"))
        for key, value in query.items():
            app.query_params[key] = value
        told(f"rerun of the page {name}", app.run)
        if app.exception:
            raise RuntimeError(app.exception[0].message)


def main() -> None:
    """All of it, over a folder that is thrown away."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as folder, CommandCenter(Settings(jorge_data_dir=Path(folder))) as center:
        load_sample(center, leads=count)
        print(f"{count:,} leads\n\n| work | ms | sent |\n|---|---|---|")
        views(center)
        one_lead(center)
        pages(center)


if __name__ == "__main__":
    main()
