"""What a server loads before its first screen."""

from __future__ import annotations

import subprocess
import sys

from core.settings import PROJECT_ROOT

HEAVY = ("core.charts", "pandas", "pyarrow", "numba", "llvmlite", "scipy", "sklearn", "shap", "anthropic")


def loaded_by(statement: str) -> str:
    script = f"import sys, logging; logging.disable(); {statement}; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], cwd=PROJECT_ROOT, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def test_the_server_starts_without_tables_charts_compilers_and_statistics() -> None:
    assert loaded_by("import app") == "[]"


def test_a_look_at_drift_needs_no_library_of_statistics() -> None:
    look = "population_stability_index, kolmogorov_smirnov, chi_squared"
    assert loaded_by(f"from core.monitoring.drift import {look}") == "[]"


def test_opening_any_page_needs_nothing_that_trains_or_asks_claude() -> None:
    parts = "[importlib.import_module(one.name) for one in pkgutil.walk_packages(parts.__path__, 'pages.components.')]"
    everything = f"import pkgutil, importlib, pages.components as parts; {parts}"
    loaded = loaded_by(everything)
    assert not any(name in loaded for name in ("numba", "llvmlite", "scipy", "sklearn", "shap", "anthropic")), loaded
