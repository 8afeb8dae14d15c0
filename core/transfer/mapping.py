"""Which column of a file holds what."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass, field

from core.errors import FileError
from core.transfer.formats import FORMATS, GENERIC, LABELS, Format
from core.transfer.headers import OUTCOME_COLUMNS, TARGET_NAMES, WHERE_FROM, plain, target_of


@dataclass(frozen=True)
class Mapping:
    """``fields`` gives a target (of ``TARGETS``) for each column that is read; ``unmapped`` are the others.

    Immutable; ``with_field`` returns an edited copy. ``format`` is a name of ``LABELS``.
    """

    format: str
    fields: AnyMapping[str, str] = field(default_factory=dict)
    unmapped: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for column, target in self.fields.items():
            if target not in TARGET_NAMES:
                raise FileError(f"Column {column!r} cannot be read as {target!r}; choose one of the list.")
        object.__setattr__(self, "fields", dict(self.fields))

    @property
    def label(self) -> str:
        """The format in words."""
        return LABELS.get(self.format, self.format)

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns, those that are read first."""
        return (*self.fields, *self.unmapped)

    @property
    def targets(self) -> frozenset[str]:
        """What the file tells of."""
        return frozenset(self.fields.values())

    def with_field(self, column: str, target: str | None) -> Mapping:
        """Read ``column`` as ``target``, or leave it out when that is None.

        Raises FileError for a column that the file does not have and a target that does not exist.

        >>> recognise(["Full Name", "Wish"]).with_field("Wish", "message").fields["Wish"]
        'message'
        """
        if column not in self.columns:
            raise FileError(f"The file has no column {column!r}; choose one of its own.")
        fields = {name: found for name, found in self.fields.items() if name != column}
        unmapped = tuple(name for name in self.unmapped if name != column)
        if target is None:
            return Mapping(self.format, fields, (*unmapped, column))
        return Mapping(self.format, fields | {column: target}, unmapped)


def recognise(columns: Iterable[str]) -> Mapping:
    """Recognise the format by its header and guess what each column holds.

    >>> guess = recognise(["Contact Id", "First Name", "Last Name", "Email", "Last Activity", "Shoe size"])
    >>> guess.format, guess.fields["Last Activity"], guess.unmapped
    ('gohighlevel_contacts', 'last_activity_at', ('Shoe size',))
    """
    names = list(columns)
    form = format_of(names)
    own = form.fields if form else {}
    fields: dict[str, str] = {}
    for name in names:
        target = own.get(plain(name), target_of(name))
        if target:
            fields[name] = target
    if form is None and "location_preference" not in fields.values():
        fields |= {name: "location_preference" for name in names if plain(name) in WHERE_FROM}
    return Mapping(form.name if form else GENERIC, fields, tuple(name for name in names if name not in fields))


def format_of(columns: Iterable[str]) -> Format | None:
    """The format whose telltale columns are all there; the first of ``FORMATS`` when several fit."""
    present = {plain(column) for column in columns}
    for form in FORMATS:
        if any(telltale <= present for telltale in form.telltale):
            return form
    return None


def outcome_columns(columns: Iterable[str]) -> tuple[str, ...]:
    """Those of ``columns`` that tell what became of the lead.

    >>> outcome_columns(["Email", "Close Date", "status"])
    ('Close Date', 'status')
    """
    return tuple(column for column in columns if plain(column) in OUTCOME_COLUMNS)
