"""Whether a server is fit for work: status 0, or 1. A health check of its own, as images have no curl."""

from __future__ import annotations

import json
import sys
import urllib.request

LIMIT_S = 4.0


def is_healthy(url: str) -> bool:
    """Whether the health at ``url`` says healthy or degraded; False when nobody answers."""
    try:
        with urllib.request.urlopen(url, timeout=LIMIT_S) as answer:  # noqa: S310 - the address is our own
            return json.load(answer).get("status") in ("healthy", "degraded")
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(0 if is_healthy(sys.argv[1]) else 1)
