"""``tests/run`` with tools that only answer: what it makes of their answers."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from core.settings import PROJECT_ROOT


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
    tools = tmp_path / ".venv/bin"
    tools.mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    script = shutil.copy(PROJECT_ROOT / "tests/run", tmp_path / "tests")
    for name in ("ruff", "lint-imports", "mypy"):
        (tools / name).write_text("#!/bin/sh\n")
    told = f'#!/bin/sh\ncase "$*" in *"not browser"*) exit {other_tests};; esac\nexit {browser_tests}\n'
    (tools / "pytest").write_text(told)
    for tool in tools.iterdir():
        tool.chmod(0o700)
    assert subprocess.run([script, *arguments], capture_output=True, check=False).returncode == ends_with
