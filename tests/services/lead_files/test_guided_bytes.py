"""Bytes changed so that they reach new lines: a small part of ``python -m tests.measure.guided``."""

from __future__ import annotations

import pytest

from tests.measure.guided import run

pytest.importorskip("atheris", reason="it has wheels for Linux on x86-64 alone")


@pytest.mark.parametrize("name", ["body", "mail"])
def test_guided_bytes_end_in_a_result_or_a_refusal(name: str) -> None:
    assert run(name, 1_000)
