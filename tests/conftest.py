"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# How long an example takes says how busy the machine is; speed is measured where it is promised.
settings.register_profile("unhurried", settings(deadline=None))
settings.load_profile("unhurried")
