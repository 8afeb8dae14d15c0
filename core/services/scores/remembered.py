"""What a process remembers of leads' words so that it need not read them twice, and how it lets go of them."""

from __future__ import annotations


def forget_texts() -> None:
    """Let go of all that leads wrote and this process remembers."""
    from core.features import forget_texts as forget_read
    from core.store.profile import area_of

    forget_read()
    area_of.cache_clear()
