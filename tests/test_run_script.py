"""``tests/run`` with tools that only answer: what it makes of their answers."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from core.settings import PROJECT_ROOT
from tests.realtime.waiting import alive


@pytest.mark.parametrize(
    ("other_tests", "browser_tests", "arguments", "ends_with"),
    [
        (0, 0, [], 0),
        (0, 5, ["-k", "name"], 0),
        (5, 0, ["-k", "name"], 0),
        (5, 5, ["-k", "name"], 5),  # nothing was tested
        (5, 1, ["-k", "name"], 1),
        (0, 5, [], 5),
        (5, 0, [], 5),
        (0, 1, ["-k", "name"], 1),
        (1, 0, ["-k", "name"], 1),
        (0, 2, [], 2),
    ],
)
def test_a_part_without_one_kind_of_tests_is_no_fault(
    tmp_path: Path, other_tests: int, browser_tests: int, arguments: list[str], ends_with: int
) -> None:
    told = f'case "$*" in *"not browser"*) exit {other_tests};; esac\nexit {browser_tests}\n'
    assert run(tmp_path, pytest=told, arguments=arguments).returncode == ends_with


@pytest.mark.parametrize(("types", "ends_with"), [("exit 0", 0), ("sleep 0.5; echo wrong type; exit 1", 1)])
def test_the_types_are_looked_at_beside_the_tests_and_told_after_them(
    tmp_path: Path, types: str, ends_with: int
) -> None:
    done = run(tmp_path, pytest='echo "tests: $*"', mypy=types)
    assert done.returncode == ends_with
    assert ("wrong type" in done.stdout) == (ends_with == 1)
    assert done.stdout.count("tests: -m browser") == (ends_with == 0)


def test_a_look_at_the_types_ends_with_tests_that_failed(tmp_path: Path) -> None:
    looks = tmp_path / "looks"
    fails_beside_it = f"until [ -s {looks} ]; do sleep 0.05; done; exit 1"
    assert run(tmp_path, pytest=fails_beside_it, mypy=f"echo $$ >{looks}; exec sleep 60").returncode == 1
    assert not alive(int(looks.read_text()))


def run(folder: Path, *, pytest: str, mypy: str = "", arguments: Sequence[str] = ()) -> CompletedProcess[str]:
    """What the script does with tools that do what they are told in the shell's words."""
    tools = folder / ".venv/bin"
    tools.mkdir(parents=True)
    (folder / "tests").mkdir()
    script = shutil.copy(PROJECT_ROOT / "tests/run", folder / "tests")
    for name, does in {"ruff": "", "lint-imports": "", "mypy": mypy, "pytest": pytest}.items():
        (tools / name).write_text(f"#!/bin/sh\n{does}\n")
        (tools / name).chmod(0o700)
    return subprocess.run([script, *arguments], capture_output=True, text=True, check=False)


def test_every_browser_test_lies_where_the_script_looks_for_them() -> None:
    tests = PROJECT_ROOT / "tests"
    marked = [path for path in tests.rglob("*.py") if re.search(r"pytest\.mark\.browser\b", path.read_text("utf-8"))]
    assert {path.relative_to(tests).parts[0] for path in marked} == {"browser"}
