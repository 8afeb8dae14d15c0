"""Which licences the dependencies have: ``python -m tests.audit.licences`` writes the page, ``--check`` compares.

Only what users install is listed: the packages of requirements.lock that this platform has.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys

from core.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs/licences.md"
HEAD = """# Licences of what is installed

Made by `python -m tests.audit.licences`; `make audit` compares. Jorge itself is under the MIT licence. What is under
the LGPL is used unchanged, as a library.

| package | licence |
|---|---|
"""


def locked() -> list[str]:
    """Names in requirements.lock."""
    text = (PROJECT_ROOT / "requirements.lock").read_text()
    return re.findall(r"^([a-z0-9_.-]+)==", text, re.MULTILINE)


def page() -> str:
    """The page as it should be. Without versions, so that it changes only when a licence or a package does."""
    command = [sys.executable, "-m", "piplicenses", "--format=json", "--from=mixed", "--packages", *locked()]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    rows = sorted((one["Name"].lower(), " ".join(one["License"].split())[:80]) for one in found)
    return HEAD + "".join(f"| {name} | {licence.replace('|', '/')} |\n" for name, licence in rows)


def main() -> int:
    """0, or 1 when the page is not up to date."""
    if "--check" not in sys.argv:
        PAGE.write_text(page())
        return 0
    if PAGE.read_text() == page():
        return 0
    print("docs/licences.md is not up to date: python -m tests.audit.licences")
    return 1


if __name__ == "__main__":
    sys.exit(main())
