"""Documentation is held to the code."""

from __future__ import annotations

import re

from core.settings import PROJECT_ROOT, Settings


def test_every_setting_has_its_heading_and_no_heading_is_left_over() -> None:
    headings = re.findall(r"^## ([A-Z_]+)$", (PROJECT_ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(name.upper() for name in Settings.model_fields)


def test_a_decision_is_at_most_25_lines() -> None:
    for page in (PROJECT_ROOT / "docs/decisions").glob("*.md"):
        assert len(page.read_text().splitlines()) <= 25, page.name


def test_every_link_in_the_documentation_leads_somewhere() -> None:
    pages = [*PROJECT_ROOT.glob("*.md"), *PROJECT_ROOT.glob("docs/**/*.md")]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
