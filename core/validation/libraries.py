"""Are the libraries there, in versions that pyproject.toml allows, and does what is configured answer?"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from core.errors import JorgeError
from core.settings import PROJECT_ROOT
from core.validation.room import Room

_LOCKED = re.compile(r"^([A-Za-z0-9._-]+==[^\\\n]+)", re.MULTILINE)


class LibraryMissing(JorgeError):
    """A library is not there, or not as it is needed."""


def look(room: Room) -> str:
    """Raises LibraryMissing; StoreUnavailable or FeedUnavailable when what is configured does not answer."""
    needed = list(applying(_needed(PROJECT_ROOT / "pyproject.toml")))
    wrong = problems(needed)
    if wrong:
        raise LibraryMissing("; ".join(wrong))
    locked = list(applying(_LOCKED.findall((PROJECT_ROOT / "requirements.lock").read_text(encoding="utf-8"))))
    others = len(problems(locked))
    told = f"{len(needed)} libraries as required, {len(locked) - others} of {len(locked)} in the locked version"
    return ", ".join([told, *_answering(room)])


def applying(requirements: Iterable[str]) -> Iterator[Requirement]:
    """Those that this machine and this Python need.

    >>> [str(one) for one in applying(["numpy>=2", "pywin32>=1; sys_platform == 'no system'"])]
    ['numpy>=2']
    """
    for text in requirements:
        requirement = Requirement(text)
        if requirement.marker is None or requirement.marker.evaluate():
            yield requirement


def problems(requirements: Iterable[Requirement]) -> list[str]:
    """What is wrong with the libraries that are installed here; nothing is imported.

    >>> problems(applying(["numpy>=2", "no-such-library>=1"]))
    ['no-such-library is not installed (>=1 is required)']
    """
    modules: dict[str, list[str]] = {}
    for module, names in packages_distributions().items():
        for name in names:
            modules.setdefault(canonicalize_name(name), []).append(module)
    return [told for one in requirements if (told := _problem(one, modules))]


def _problem(requirement: Requirement, modules: dict[str, list[str]]) -> str | None:
    name, allowed = requirement.name, requirement.specifier
    try:
        installed = version(name)
    except PackageNotFoundError:
        return f"{name} is not installed ({allowed} is required)"
    if not allowed.contains(installed, prereleases=True):
        return f"{name} is {installed} ({allowed} is required)"
    own = [module for module in modules.get(canonicalize_name(name), []) if module.isidentifier()]
    if own and not any(find_spec(module) for module in own):
        return f"{name} {installed} cannot be imported"
    return None


def _needed(pyproject: Path) -> list[str]:
    found: list[str] = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]["dependencies"]
    return found


def _answering(room: Room) -> Iterator[str]:
    """Ask the database and the Redis that are set whether they are there, and nothing else."""
    settings = room.settings
    if settings.jorge_database_url:
        from sqlalchemy import text

        from core.store.connect import Database

        database = Database(settings.jorge_database_url)
        try:
            with database.read() as connection:
                connection.execute(text("SELECT 1"))
        finally:
            database.close()
        yield "the database answers"
    if settings.jorge_redis_url:
        from core.realtime import connect, redis_errors

        client = connect(settings.jorge_redis_url)
        try:
            with redis_errors("answering"):
                client.ping()
        finally:
            client.close()
        yield "Redis answers"
