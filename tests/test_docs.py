"""Documentation is held to the code."""

from __future__ import annotations

import argparse
import ast
import importlib
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.cli.main import COMMANDS
from core.features.catalog import NAMES
from core.settings import PROJECT_ROOT, Settings


def test_every_setting_has_its_heading_and_no_heading_is_left_over() -> None:
    headings = re.findall(r"^## ([A-Z_]+)$", (PROJECT_ROOT / "docs/settings.md").read_text(), re.MULTILINE)
    assert sorted(headings) == sorted(name.upper() for name in Settings.model_fields)


def test_the_page_of_signals_lists_the_features_in_their_order() -> None:
    rows = re.findall(r"^\| (\d+) \| `(\w+)` \|", (PROJECT_ROOT / "docs/signals.md").read_text(), re.MULTILINE)
    assert rows == [(str(number), name) for number, name in enumerate(NAMES, start=1)]


def test_every_page_is_in_an_index() -> None:
    for folder in (PROJECT_ROOT / "docs", PROJECT_ROOT / "docs/decisions"):
        linked = set(re.findall(r"\]\(([\w-]+\.md)", (folder / "README.md").read_text()))
        assert linked == {page.name for page in folder.glob("*.md")} - {"README.md"}


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


COMMANDS_PAGE = (PROJECT_ROOT / "docs/commands.md").read_text()
SECTIONS = dict(re.findall(r"^## (\S+)\n(.*?)(?=^## |\Z)", COMMANDS_PAGE, re.MULTILINE | re.DOTALL))


def parser_of(name: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"jorge {name}")
    importlib.import_module(f"core.cli.{name.replace('-', '_')}").add_arguments(parser)
    return parser


def arguments_of(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    """What a command takes, and what its actions (``jorge keys make``) take."""
    for argument in parser._actions:
        yield argument
        if isinstance(argument, argparse._SubParsersAction):
            for below in argument.choices.values():
                yield from arguments_of(below)


def test_the_page_of_commands_has_a_section_for_each_and_leads_to_it() -> None:
    assert list(SECTIONS) == list(dict.fromkeys(re.findall(r"\]\(#([a-z-]+)\)", COMMANDS_PAGE)))
    assert SECTIONS.keys() == COMMANDS.keys()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_of_commands_says_what_the_parser_takes(name: str) -> None:
    table = "\n".join(line for line in SECTIONS[name].splitlines() if line.startswith("|"))
    code = re.findall(r"`([^`]+)`", table)
    words = {word for part in code for word in part.split()}
    taken = list(arguments_of(parser_of(name)))
    options = {option for argument in taken for option in argument.option_strings} - {"-h", "--help"}
    assert {word for word in words if word.startswith("-")} - {"--help"} == options
    assert [choice for argument in taken for choice in argument.choices or () if choice not in words] == []
    defaults = [argument.default for argument in taken if argument.default not in (None, False, [], argparse.SUPPRESS)]
    assert [default for default in defaults if str(default) not in code + sorted(words)] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_of_commands_can_be_parsed(name: str) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", SECTIONS[name], re.MULTILINE | re.DOTALL)
    examples = re.findall(r"^(?:.*\| )?jorge (\S+)(.*)$", "\n".join(blocks), re.MULTILINE)
    assert [command for command, _ in examples] == [name]
    parser_of(name).parse_args(shlex.split(examples[0][1]))


def strings_in(path: Path) -> Iterator[str]:
    """The texts that a file of ours may show; what is filled in is a line break here."""
    if path.suffix == ".js":
        yield re.sub(r"\$\{.*?\}", "\n", path.read_text())
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else "\n" for part in node.values]
            yield "".join(map(str, parts))


def test_the_messages_of_troubleshooting_are_the_products_own() -> None:
    page = (PROJECT_ROOT / "docs/troubleshooting.md").read_text()
    told = [row for row in re.findall(r"^\| `([^`]+)`", page, re.MULTILINE) if row != "ensurepip is not available"]
    assert len(told) > 30
    files = [
        *PROJECT_ROOT.glob("core/**/*.py"),
        *PROJECT_ROOT.glob("pages/**/*.py"),
        *PROJECT_ROOT.glob("pages/**/*.js"),
    ]
    ours = "\0".join([*(text for file in files for text in strings_in(file)), (PROJECT_ROOT / "Makefile").read_text()])
    parts = [part.strip(" ();:,") for message in told for part in message.split("...")]
    assert [part for part in parts if part not in ours] == []
