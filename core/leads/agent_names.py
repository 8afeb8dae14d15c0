"""Which of a team's agents a name means, as files, programs and the CRM write it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr


@dataclass(frozen=True, slots=True)
class AgentNames:
    """By what agents are known: ``called``, as leads name them; ``meant``, whom a folded name or e-mail may mean;
    ``users``, what the CRM calls the users of its ids.
    """

    called: frozenset[str] = frozenset()
    meant: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    users: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def among(
        cls, people: Iterable[tuple[str, str]], users: Iterable[tuple[str, str | None, str | None]] = ()
    ) -> AgentNames:
        """From e-mails with the agent whose leads are theirs, and users of the CRM by id, with name and e-mail."""
        known = sorted(people)
        found: dict[str, set[str]] = {}
        for email, agent in known:
            for told in (email, agent):
                found.setdefault(folded(told), set()).add(agent)
        ours = cls(frozenset(agent for _, agent in known), {key: tuple(sorted(who)) for key, who in found.items()})
        return cls(ours.called, ours.meant, {user: ours._user(name, email) for user, name, email in users if name})

    def of(self, told: str) -> str:
        """The agent as leads name them; ``told`` itself where it is nobody's name, or that of several.

        >>> names = AgentNames.among([("ana@team.example", "Ana Diaz"), ("ben@team.example", "Ben Ode")])
        >>> [names.of(told) for told in ("  ANA diaz", "Diaz, Ana", "Ana@Team.example", "Ana", "Cy Fox")]
        ['Ana Diaz', 'Ana Diaz', 'Ana Diaz', 'Ana', 'Cy Fox']
        """
        if told in self.called:
            return told
        user = self.users.get(told.strip())
        if user is not None:
            return user
        meant = self.whom(told)
        return meant[0] if len(meant) == 1 else told

    def whom(self, told: str) -> tuple[str, ...]:
        """Everybody whom a name or an e-mail may mean."""
        return self.meant.get(folded(told), ())

    def _user(self, name: str, email: str | None) -> str:
        """By the e-mail of who may sign in here, else by the name, else as the CRM calls them."""
        by_email = self.whom(email or "")
        return by_email[0] if len(by_email) == 1 else self.of(name)


def folded(told: str) -> str:
    """A name or e-mail without what differs from one program to the next: case, spaces, width, "Last, First".

    An e-mail with the name beside it counts as the e-mail.

    >>> folded("  DIAZ,  Ana ") == folded("ana diaz"), folded("Ana Diaz <Ana@team.example>")
    (True, 'ana@team.example')
    """
    if told.rstrip().endswith(">"):
        told = parseaddr(told)[1] or told
    plain = " ".join(unicodedata.normalize("NFKC", told).casefold().split())
    last, comma, first = plain.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and "," not in first and last.strip() and first.strip() else plain
