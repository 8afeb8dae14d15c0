"""What stages and users are called: events name them by ids alone, the CRM's REST API tells the rest."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from core.leads import utc_now
from core.services.access import Right, for_right
from core.services.crm import rules
from core.services.running.repeated import Repeated

if TYPE_CHECKING:
    from core.services.center import CommandCenter

TURN: Final = "crm_names"
EVERY: Final = timedelta(minutes=10)  # while an id has no name; what is known is kept
LOOK_S: Final = 15.0


def locations(center: CommandCenter) -> list[str]:
    """The sub-accounts whose events are taken."""
    return [part.strip() for part in center.settings.jorge_ghl_location_ids.split(",") if part.strip()]


def can_ask(center: CommandCenter) -> bool:
    """Whether token and location are set."""
    return center.settings.jorge_ghl_api_token is not None and bool(locations(center))


def unnamed(center: CommandCenter) -> bool:
    """Whether events named a stage or user that nobody has told the name of. Raises StoreUnavailable."""
    found = (one for kind in (rules.STAGE, rules.USER) for one in center.store.crm.names(kind))
    return any(name is None and not _is_a_name(name_id) for name_id, name, _ in found)


def _is_a_name(told: str) -> bool:
    """Whether what stands in the place of an id is a name or an e-mail."""
    return " " in told or "@" in told


@for_right(Right.SETTINGS)
def ask_names(center: CommandCenter) -> int:
    """Ask the CRM for the names of all stages and users, and read the contacts anew where these change something.

    Returns of how many ids it told. Raises CrmUnavailable, InputError, StoreUnavailable.
    """
    from core.crm import GoHighLevel

    token = center.settings.jorge_ghl_api_token
    told: list[tuple[str, str, str | None, str | None]] = []
    with GoHighLevel(center.settings.jorge_ghl_api_url, token.get_secret_value() if token else "") as rest:
        for location in locations(center):
            told += [(rules.STAGE, one.name_id, one.name, None) for one in rest.stages(location)]
            told += [(rules.USER, one.name_id, one.name, one.email) for one in rest.users(location)]
    kept = False
    while not kept:
        rules.read_anew(center)  # first what an earlier change has left to do
        kept = center.store.crm.set_names(told, rules.rules_of(center))
    rules.read_anew(center)
    return len(told)


class CrmNames(Repeated):
    """A thread from ``start`` to ``close``; any number of processes may run one, and one of them asks."""

    what = "Names of the CRM"

    def __init__(self, center: CommandCenter, look_s: float = LOOK_S) -> None:
        super().__init__(look_s)
        self._center = center

    def _turn(self) -> None:
        if can_ask(self._center) and unnamed(self._center) and self._center.store.turns.take(TURN, EVERY, utc_now()):
            ask_names(self._center)
