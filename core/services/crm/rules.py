"""How the team reads its CRM, kept on the settings page: what stages and fields mean, and what users are called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.errors import InputError
from core.leads import Stage, utc_now
from core.services.access import Right, for_right
from core.services.audit import note, set_and_note
from core.transfer.gohighlevel import NO_STAGE, Kind, Rules, guessed_stage, project
from core.transfer.gohighlevel.project import FIELD_TARGETS

if TYPE_CHECKING:
    from core.services.center import CommandCenter
    from core.store.crm.table import Project

TAKEN, STAGES, FIELDS, VALUE_IS_PRICE = "crm_on", "crm_stages", "crm_fields", "crm_value_is_price"
STAGE, FIELD, USER = "stage", "field", "user"


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


def is_connected(center: CommandCenter) -> bool:
    """Whether the CRM tells of calls and messages by itself."""
    return bool(center.settings.jorge_ghl_webhook_keys) and is_on(center)


@for_right(Right.SETTINGS)
def set_on(center: CommandCenter, on: bool) -> None:
    """Take events or refuse them. Raises StoreUnavailable."""
    set_and_note(center, TAKEN, on)


def rules_of(center: CommandCenter) -> Rules:
    """The rules that count now. Raises StoreUnavailable."""
    names = center.store.crm.names(STAGE)
    return Rules(
        stages=_kept(center, STAGES),
        stage_names={stage_id: name for stage_id, name, _ in names if name},
        fields=_kept(center, FIELDS),
        agents=center.store.people.agent_names(),
        value_is_price=center.store.workspace(VALUE_IS_PRICE) is not False,
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
def set_stages(center: CommandCenter, stages: Mapping[str, Stage | None]) -> int:
    """Keep what stages mean, and read all opportunities anew by it; returns of how many contacts.

    Raises InputError, StoreUnavailable.
    """
    told = {stage_id: stage.value if stage else NO_STAGE for stage_id, stage in stages.items()}
    return _changed(center, STAGES, lambda kept: (kept or {}) | told, Kind.OPPORTUNITY)


@for_right(Right.SETTINGS)
def set_fields(center: CommandCenter, fields: Mapping[str, str | None]) -> int:
    """Keep what custom fields hold (a name of ``FIELD_TARGETS``, None: nothing), and read all contacts anew by it."""
    for target in fields.values():
        if target is not None and target not in FIELD_TARGETS:
            raise InputError(f"a custom field cannot be read as {target!r}; choose one of the list")

    def changed(kept: dict[str, str] | None) -> dict[str, str]:
        return {name: target for name, target in {**(kept or {}), **fields}.items() if target}

    return _changed(center, FIELDS, changed, Kind.CONTACT)


@for_right(Right.SETTINGS)
def set_value_is_price(center: CommandCenter, is_price: bool) -> int:
    """Say whether an opportunity's value is the price of the sale; else it is left out."""
    return _changed(center, VALUE_IS_PRICE, lambda _: is_price, Kind.OPPORTUNITY)


def _changed(center: CommandCenter, key: str, change: Callable[[Any], Any], kind: Kind) -> int:
    """Keep a rule; contacts of which a ``kind`` is known are then told as if it had always counted."""
    changed = None
    while changed is None:
        read_anew(center)  # first what an earlier change has left to do
        changed = center.store.crm.change_rule(key, change, rules_of(center), kind)
    center.kept.forget(("setting", key))
    if changed[0] != changed[1]:
        note(center, "setting changed", key, before=changed[0], after=changed[1])
    read_anew(center)
    return len(center.store.crm.contacts_with(kind))


@for_right(Right.SETTINGS)
def read_anew(center: CommandCenter) -> None:
    """Tell contacts as if today's rules had always counted, as far as rules have changed and that is still to be done.

    Goes on where a fault stopped it; several servers may do it at once. Raises StoreUnavailable.
    """
    crm = center.store.crm
    while (left := crm.to_read_anew()) is not None:
        crm.read_anew(left, reading(left.before), reading(rules_of(center)), utc_now())
        center.wake_feed()


def reading(rules: Rules) -> Project:
    """What is known of a contact, read by ``rules``."""
    return lambda contact, known: project(contact, known, rules)


def _kept(center: CommandCenter, key: str) -> dict[str, str]:
    kept = center.store.workspace(key)
    return dict(kept) if isinstance(kept, dict) else {}
