"""What reruns cost while leads come in: ``python -m tests.measure.incoming FOLDER [minutes] [leads a second]``.

FOLDER holds a store as ``tests.measure.screens`` fills it; a copy is used. A server of its own takes the leads, 20 a
second unless told otherwise; in this process every view is rerun in turn, again and again, and its processor time is
printed: median and worst. Nothing else runs here but the script of a view, so leads cost these figures nothing.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from streamlit.testing.v1 import AppTest

from core.services.center import CommandCenter, use
from core.services.running.warm import warm_the_rest
from core.settings import Settings
from tests.browser.conftest import serving
from tests.measure.screens import VIEWS, opened, run_ms

MINUTES, A_SECOND = 5.0, 20.0


@contextmanager
def leads_coming_in(folder: Path, a_second: float) -> Iterator[None]:
    """A server on ``folder`` into which leads are posted until the block ends."""
    with serving(folder) as server:
        command = [sys.executable, "-m", "core", "simulate", "--rate", str(a_second), "--url", server.url]
        environment = {**os.environ, "JORGE_DATA_DIR": str(folder)}
        posting = subprocess.Popen([*command, "--token", server.token], env=environment, stdout=subprocess.DEVNULL)
        try:
            yield
            if posting.poll() is not None:
                raise RuntimeError(f"the leads ended on their own, with status {posting.returncode}")
        finally:
            posting.terminate()
            posting.wait(20)


def reruns(folder: Path, minutes: float, a_second: float) -> None:
    """Open each view, let leads come in, and rerun the views in turn until the time is up."""
    with CommandCenter(Settings(jorge_data_dir=folder)) as center:
        use(center)
        warm_the_rest(center)
        apps: dict[str, AppTest] = {}
        took: dict[str, list[float]] = {}
        for name, query in VIEWS:
            label = " ".join((name, *query.values()))
            apps[label], took[label] = opened(name, query), []
            print(f"{label:34} {run_ms(apps[label]):8.0f} ms first", flush=True)
        with leads_coming_in(folder, a_second):
            before, began = center.store.lead_count(), time.monotonic()
            while time.monotonic() - began < 60 * minutes:
                for label, app in apps.items():
                    took[label].append(run_ms(app))
            more, seconds = center.store.lead_count() - before, time.monotonic() - began
        print(f"{more:,} leads in {seconds:,.0f} s\n{'':34} {'reruns':>8} {'median':>8} {'worst':>8}   (ms)")
        for label, times in took.items():
            print(f"{label:34} {len(times):8} {median(times):8.0f} {max(times):8.0f}")


def main() -> None:
    """On a copy of the folder that is named."""
    os.environ["JORGE_RATE_LIMIT_SCORE_PER_MINUTE"] = "0"  # not what is measured
    given = dict(enumerate(sys.argv[1:]))
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "many"
        shutil.copytree(given[0], folder)
        reruns(folder, float(given.get(1, MINUTES)), float(given.get(2, A_SECOND)))


if __name__ == "__main__":
    main()
