"""What a filled-in field says, in words: for pages that show two versions beside each other."""

from dataclasses import dataclass

from flask_babel import gettext as _
from wtforms import FieldList, FormField, SelectField, SelectMultipleField
from wtforms.fields import Field

from facilities.catalogue.models import Listing
from facilities.manage.editing import Saved
from facilities.manage.forms.fields import Tick, YesNo
from facilities.manage.forms.section import Rows, SectionForm
from facilities.manage.forms.texts import Texts, field_of

Said = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Version:
    """What a field says: lines with what each is called, which may be empty."""

    lines: Said

    @property
    def empty(self) -> bool:
        return not self.lines


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that are decided together: what they said, what they say now, what the author wrote."""

    unit: str
    label: str
    before: Version | None
    theirs: Version
    mine: Version


def versions_of(form: type[SectionForm], listing: Listing, saved: Saved) -> list[Group]:
    """The collisions in the words of the section's form. What was there before is left out if it is not known."""
    said_before = {collision.name: collision.before for collision in saved.collisions}
    theirs, mine, before = (
        form(listing, values=values, formdata=None)
        for values in (saved.current, saved.draft, {**saved.current, **said_before})
    )
    units: dict[str, list[str]] = {}
    for collision in saved.collisions:
        units.setdefault(collision.unit, []).append(collision.name)
    known = any(value is not None for value in said_before.values())
    return [
        Group(
            unit,
            ", ".join(label_of(theirs, name) for name in names),
            _together(before, names) if known else None,
            _together(theirs, names),
            _together(mine, names),
        )
        for unit, names in units.items()
    ]


def _together(form: SectionForm, names: list[str]) -> Version:
    lines = [
        (label or (label_of(form, name) if len(names) > 1 else ""), words)
        for name in names
        for label, words in version(form, name).lines
    ]
    return Version(lines)


def version(form: SectionForm, name: str) -> Version:
    """What the form says in a field of `catalogue.content`."""
    if isinstance(form, Texts) and name != "language":
        return Version(_texts(form, name))
    if name == "access":
        return Version([line for field in form for line in _said(field)])
    return Version(
        [("", words) for _label, words in _said(form[name])] if not _has_rows(form, name) else _said(form[name])
    )


def label_of(form: SectionForm, name: str) -> str:
    """What a field of `catalogue.content` is called."""
    if isinstance(form, Texts) and name != "language":
        return _("Other languages") if name == "texts" else str(form.block(form.main)[name].label.text)
    return _("Access") if name == "access" else str(form[name].label.text)


def _has_rows(form: SectionForm, name: str) -> bool:
    return isinstance(form[name], Rows)


def _texts(form: Texts, name: str) -> Said:
    if name in form.parts:
        return [("", words) for _label, words in _said(form.block(form.main)[name])]
    others = [code for code in form.open_languages if code != form.main]
    return [
        (f"{form.language_name(code)}, {label}", words)
        for code in others
        for field in form[field_of(code)]
        for label, words in _said(field)
    ]


def _said(field: Field) -> Said:
    """What one field says; nothing if it is empty."""
    if isinstance(field, FieldList):
        return [
            (f"{field.each} {number}", _row(entry)) for number, entry in enumerate(field, 1) if not entry.form.blank
        ]
    words = _words(field)
    return [(str(field.label.text), words)] if words else []


def _row(entry: FormField) -> str:
    parts = ((str(inner.label.text), _words(inner)) for inner in entry)
    return "; ".join(f"{label}: {words}" for label, words in parts if words)


def _words(field: Field) -> str:
    if isinstance(field, YesNo):
        return {True: _("Yes"), False: _("No")}.get(field.data, "")
    if isinstance(field, Tick):
        return _("Yes") if field.data else ""
    if isinstance(field, SelectMultipleField):
        return ", ".join(str(choice.label) for choice in field.choices if choice.value in field.data)
    if isinstance(field, SelectField):
        return next((str(each.label) for each in field.choices if each.value == field.data and each.value), "")
    return str(field._value())
