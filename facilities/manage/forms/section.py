"""What the forms of all sections share: from what a listing says to fields and back, rows, and a list of problems."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import sqlalchemy as sa
from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField
from wtforms.fields import Field

from facilities.catalogue.models import KINDS, Kind, Listing
from facilities.manage.forms.fields import is_blank

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to put right: the id of the control, what it is called, what to do."""

    field_id: str
    label: str
    message: str


class SectionForm(FlaskForm):
    """The form of one section. The names of its fields are those of `catalogue.content`, unless it says otherwise in
    `shown` and `content`."""

    class Meta:
        csrf = False
        """Every request that changes something is checked already, by the application."""

    names: ClassVar[tuple[str, ...]] = ()

    def __init__(self, listing: Listing, *, values: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        self.listing = listing
        super().__init__(data=self.shown(values) if values is not None else None, **kwargs)
        self.begin()

    def begin(self) -> None:
        """What an empty form shows."""

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What the fields show when the listing says these values."""
        return dict(values)

    def content(self) -> dict[str, Any]:
        """What the listing is to say, by the names of `catalogue.content`."""
        return {name: self._value(name) for name in self.names}

    def _value(self, name: str) -> Any:
        field = self[name]
        if isinstance(field, Rows):
            return field.content()
        return None if field.data == "" and name in nullable(self.listing.kind) else field.data

    def fields(self, opened: Mapping[str, Any]) -> dict[str, Any]:
        """The same; a field that was left as it was opened says exactly what it said, although the form may write it
        otherwise."""
        typed = self.content()
        if not opened:
            return typed
        untouched = type(self)(self.listing, values=opened, formdata=None).content()
        return {name: opened[name] if value == untouched[name] else value for name, value in typed.items()}

    def change(self, order: str) -> bool:
        """Add, remove or move a row as a button asks, for instance `prices:add`, `contacts:up:2`; whether it was such a
        button."""
        name, _colon, act = order.partition(":")
        field = self._fields.get(name)
        if not isinstance(field, Rows):
            return False
        act, _colon, index = act.partition(":")
        field.change(act, int(index) if index.isdecimal() and len(index) < 10 else -1)
        return True

    @property
    def rows(self) -> "Rows":
        """The list of rows of a section that is nothing else."""
        return next(field for field in self if isinstance(field, Rows))

    def problems(self) -> list[Problem]:
        """All that has to be put right, in the order of the page."""
        whole = [Problem("content", "", str(message)) for message in self.form_errors]
        return whole + [problem for field in self for problem in _problems(field)]


@lru_cache
def nullable(kind: Kind) -> frozenset[str]:
    """The plain fields of a kind that are None rather than an empty text."""
    columns = sa.inspect(KINDS[kind]).columns
    return frozenset(column.key for column in columns if column.nullable and not isinstance(column.type, sa.Text))


def _problems(field: Field) -> Iterable[Problem]:
    if isinstance(field, FieldList | FormField):
        for inner in field:
            yield from _problems(inner)
        if isinstance(field, FieldList):
            own = [error for error in field.errors if not isinstance(error, dict | list | tuple)]
            yield from (Problem(field.id, str(field.label.text), str(error)) for error in own)
    elif field.errors:
        yield Problem(field.id, str(field.label.text), str(field.errors[0]))


class Row(Form):
    """One row of a list. A row that was left blank is no row."""

    names: ClassVar[tuple[str, ...]] = ()
    ignored: ClassVar[tuple[str, ...]] = ()
    """Fields that make no row by themselves: they are filled in beforehand."""

    @property
    def blank(self) -> bool:
        return all(is_blank(field) for field in self if field.short_name not in self.ignored)

    def validate(self, extra_validators: Any = None) -> bool:
        return self.blank or super().validate(extra_validators)

    def look_up(self) -> None:
        """Fill in what a button of the row asks for; most rows have none."""

    def content(self) -> dict[str, Any]:
        """The row as `catalogue.content` reads it: without what is empty."""
        said = ((name, self[name].data) for name in self.names)
        return {name: value for name, value in said if value not in (None, "", [])}


class Rows(FieldList):
    """A list of rows that are added, removed and moved by buttons, with or without a script."""

    def __init__(self, row: type[Row], label: Any, *, each: Any, add: Any, **kwargs: Any) -> None:
        super().__init__(FormField(row), label, max_entries=MOST_ROWS, **kwargs)
        self.row, self.each, self.add = row, each, add
        self.first: dict[str, Any] = {}

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        """The numbers of the rows that were sent; a name may hold anything in the place of one."""
        sent = (name.removeprefix(f"{prefix}-").partition("-")[0] for name in formdata if name.startswith(f"{prefix}-"))
        return (int(number) for number in sent if number.isdecimal() and len(number) < 10)

    def content(self) -> list[dict[str, Any]]:
        return [entry.form.content() for entry in self.entries if not entry.form.blank]

    def change(self, act: str, index: int) -> None:
        """Add a row at the end, or remove, move or look up the one at `index`."""
        last = len(self.entries) - 1
        if act == "add" and len(self.entries) < MOST_ROWS:
            self.append_entry(self.new_row())
        elif act == "remove" and 0 <= index <= last:
            self.pop_entry(index)
        elif act in ("up", "down") and 0 <= index <= last:
            other = min(max(index + (1 if act == "down" else -1), 0), last)
            self.entries.insert(other, self.entries.pop(index))
            self._compact_indices()
        elif act == "look_up" and 0 <= index <= last:
            self.entries[index].form.look_up()

    def new_row(self) -> dict[str, Any]:
        """What a new row begins with: what the fields that are filled in beforehand say in the last one."""
        last = self.entries[-1].form if self.entries else None
        return {name: last[name].data for name in self.row.ignored} if last else self.first

    def begin(self, **first: Any) -> None:
        """Show one row to write in if there is none; `first` is what it is filled in with."""
        self.first = first
        if not self.entries:
            self.append_entry(first)

    def blank_row(self) -> FormField:
        """A row for the script to copy; its number is `__n__`."""
        name = f"{self.name}-__n__"
        options = {"name": name, "id": name, "_meta": self.meta, "translations": self._translations}
        entry = self.meta.bind_field(self._form, self.unbound_field, options)
        entry.process(None, self.new_row())
        return entry
