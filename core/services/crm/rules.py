"""How the team reads its CRM, kept on the settings page: what stages and fields mean, and what users are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from core.errors import InputError
from core.leads import Stage, utc_now
from core.services.access import Right, for_right
from core.services.audit import DASHBOARD, set_and_note
from core.transfer.gohighlevel import NO_STAGE, Kind, Rules, guessed_stage, project
from core.transfer.gohighlevel.project import FIELD_TARGETS

if TYPE_CHECKING:
    from core.services.center import CommandCenter

TAKEN, STAGES, FIELDS, VALUE_IS_PRICE = "crm_on", "crm_stages", "crm_fields", "crm_value_is_price"
STAGE, FIELD, USER = "stage", "field", "user"
_AT_ONCE: Final = 50
_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class StageChoice:
    """A pipeline's stage: what the team set, else what its name seems to mean; None is no stage of ours."""

    stage_id: str
    name: str | None
    stage: Stage | None
    is_guess: bool


def is_on(center: CommandCenter) -> bool:
    """Whether events are taken; yes, once a key is set, until somebody switches it off."""
    return center.setting(TAKEN) is not False


@for_right(Right.SETTINGS)
def set_on(center: CommandCenter, on: bool, actor: str = DASHBOARD) -> None:
    """Take events or refuse them. Raises StoreUnavailable."""
    set_and_note(center, TAKEN, on, actor)


def rules_of(center: CommandCenter) -> Rules:
    """The rules that count now. Raises StoreUnavailable."""
    names = center.store.crm.names(STAGE)
    return Rules(
        stages=_kept(center, STAGES),
        stage_names={stage_id: name for stage_id, name, _ in names if name},
        fields=_kept(center, FIELDS),
        agents=center.store.people.agent_names(),
        value_is_price=center.setting(VALUE_IS_PRICE) is not False,
    )


@for_right(Right.SETTINGS)
def stage_choices(center: CommandCenter) -> list[StageChoice]:
    """Every stage that events named, with what it means. Raises StoreUnavailable."""
    kept = _kept(center, STAGES)
    return [
        StageChoice(stage_id, name, Stage(kept[stage_id]) if kept[stage_id] else None, is_guess=False)
        if stage_id in kept
        else StageChoice(stage_id, name, guessed_stage(name or stage_id), is_guess=True)
        for stage_id, name, _ in center.store.crm.names(STAGE)
    ]


@for_right(Right.SETTINGS)
def set_stages(center: CommandCenter, stages: Mapping[str, Stage | None], actor: str = DASHBOARD) -> int:
    """Keep what stages mean, and read all opportunities anew by it; returns of how many contacts.

    Raises InputError, StoreUnavailable.
    """
    told = {stage_id: stage.value if stage else NO_STAGE for stage_id, stage in stages.items()}
    return _changed(center, STAGES, _kept(center, STAGES) | told, actor, Kind.OPPORTUNITY)


@for_right(Right.SETTINGS)
def set_fields(center: CommandCenter, fields: Mapping[str, str | None], actor: str = DASHBOARD) -> int:
    """Keep what custom fields hold (a name of ``FIELD_TARGETS``, None: nothing), and read all contacts anew by it."""
    for target in fields.values():
        if target is not None and target not in FIELD_TARGETS:
            raise InputError(f"a custom field cannot be read as {target!r}; choose one of the list")
    told = {**_kept(center, FIELDS), **fields}
    return _changed(center, FIELDS, {name: target for name, target in told.items() if target}, actor, Kind.CONTACT)


@for_right(Right.SETTINGS)
def set_value_is_price(center: CommandCenter, is_price: bool, actor: str = DASHBOARD) -> int:
    """Say whether an opportunity's value is the price of the sale; else it is left out."""
    return _changed(center, VALUE_IS_PRICE, is_price, actor, Kind.OPPORTUNITY)


def _changed(center: CommandCenter, key: str, value: object, actor: str, kind: Kind) -> int:
    """Keep a rule; contacts of which a ``kind`` is known are then told as if it had always counted."""
    before = rules_of(center)
    set_and_note(center, key, value, actor)
    contacts = center.store.crm.contacts_with(kind)
    read_anew(center, contacts, before)
    return len(contacts)


@for_right(Right.SETTINGS)
def read_anew(center: CommandCenter, contacts: Sequence[str], before: Rules) -> None:
    """Tell these contacts as if today's rules had always counted instead of ``before``. Raises StoreUnavailable."""
    after = rules_of(center)
    for start in range(0, len(contacts), _AT_ONCE):
        center.store.crm.read_anew(
            contacts[start : start + _AT_ONCE],
            lambda contact, known: project(contact, known, before),
            lambda contact, known: project(contact, known, after),
            utc_now(),
        )
    center.wake_feed()


def _kept(center: CommandCenter, key: str) -> dict[str, str]:
    kept = center.setting(key)
    return dict(kept) if isinstance(kept, dict) else {}
