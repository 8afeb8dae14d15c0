"""Documentation is held to the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.cli.main import COMMANDS
from core.settings import PROJECT_ROOT, Settings


def test_every_setting_has_its_heading_and_no_heading_is_left_over() -> None:
    headings = re.findall(r"^## ([A-Z_]+)$", (PROJECT_ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(name.upper() for name in Settings.model_fields)


def test_a_decision_is_at_most_25_lines() -> None:
    for page in (PROJECT_ROOT / "docs/decisions").glob("*.md"):
        assert len(page.read_text().splitlines()) <= 25, page.name


PAGES = [*PROJECT_ROOT.glob("*.md"), *PROJECT_ROOT.glob("docs/**/*.md")]


def anchors(page: Path) -> set[str]:
    """The headings of a page as addresses: small letters, what is neither letter, digit, _, - nor blank left out."""
    told = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ +(.+?) *$", told, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_ROOT)))
def test_every_link_in_the_documentation_leads_somewhere(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", page.read_text()):
        there = page.parent / target if target else page
        assert there.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(there), f"{page.name} links to {target}#{anchor}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT_ROOT)))
def test_every_command_that_the_documentation_names_is_one(page: Path) -> None:
    named = re.findall(r"(?:^|[`/ ])jorge ([a-z][a-z-]+)", "\n".join(code_in(page.read_text())), re.MULTILINE)
    assert set(named) <= COMMANDS.keys()


def code_in(text: str) -> list[str]:
    """What stands in blocks and in single backticks."""
    blocks = re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return blocks + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def test_the_guide_names_every_command() -> None:
    guide = (PROJECT_ROOT / "docs/guide.md").read_text()
    assert [name for name in COMMANDS if f"`jorge {name}" not in guide] == []
