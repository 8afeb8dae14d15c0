"""Finds the command's module, and turns what goes wrong into one line and an exit status.

Only the module of the command that was asked for is imported: ``jorge token`` must not wait for a scoring model.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType

from core.cli.shown import shown
from core.cli.stopping import ended_by_sigterm
from core.errors import InputError, JorgeError, NotFound, SettingsError

COMMANDS = {
    "serve": "start the dashboard and the API",
    "score": "score a CSV file of leads",
    "sample": "load the sample workspace",
    "worker": "score what comes through the lead stream",
    "background": "ask Claude and work for the model; a server starts it by itself",
    "simulate": "post generated leads to a running server",
    "token": "print a token for the API",
    "keys": "list, make and revoke keys for the API",
    "people": "list, add and remove people who may sign in",
    "personal": "show, export or erase what is kept of a person",
    "models": "list, show, promote and roll back models",
    "train": "fit, evaluate and register a model",
    "backup": "write the whole workspace into one file, while everything goes on",
    "restore": "put a backup back",
    "migrate": "show the revision of the tables, or move them to another",
    "report": "write the weekly report as PDF or slides",
    "extract": "show features and signals of JSON lines on stdin",
    "fake-claude": "run a stand-in for Claude, to try second opinions without a key",
    "validate": "check that this installation works",
    "benchmark": "measure speed against scikit-learn and shap",
}
USAGE, FAILED, INTERRUPTED = 2, 1, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return its exit status: 2 for what cannot be used, 1 for what is down."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        try:
            print(_overview(), flush=True)
        except BrokenPipeError:
            _hush()
        return 0 if words else USAGE
    name = words[0]
    if name not in COMMANDS:
        return _complain("", f"there is no command {name[:50]!r}; there are: {', '.join(COMMANDS)}", USAGE)
    with ended_by_sigterm():
        return run_command(importlib.import_module(f"core.cli.{name.replace('-', '_')}"), name, words[1:])


def run_command(command: ModuleType, name: str, words: Sequence[str]) -> int:
    """Parse ``words`` and run; every exception ends as one line on stderr."""
    parser = argparse.ArgumentParser(prog=f"jorge {name}", description=COMMANDS[name])
    command.add_arguments(parser)
    try:
        return int(command.run(parser.parse_args(words)))
    except (InputError, SettingsError, NotFound) as error:
        return _complain(name, str(error), USAGE)
    except JorgeError as error:
        return _complain(name, str(error), FAILED)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _hush()
        return 0
    except Exception as error:
        where = error.__traceback__
        while where is not None and where.tb_next is not None:
            where = where.tb_next
        place = "" if where is None else f" at {where.tb_frame.f_code.co_filename}:{where.tb_lineno}"
        return _complain(name, f"failed with {type(error).__name__}{place}: {error}", FAILED)


def _hush() -> None:
    """Whoever read our output, such as ``head``, has enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(name: str, message: str, status: int) -> int:
    print(f"jorge {name}: ".replace(" :", ":") + shown(message), file=sys.stderr)
    return status


def _overview() -> str:
    lines = [f"  {name:<11} {told}" for name, told in COMMANDS.items()]
    return "\n".join(["usage: jorge COMMAND ...", "", *lines, "", "jorge COMMAND --help says more."])
