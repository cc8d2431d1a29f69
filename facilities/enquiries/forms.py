"""The enquiry form: a few fields for everyone, and a few more for each kind of enquiry."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import (
    DateField,
    Field,
    Form,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, NumberRange, StopValidation, ValidationError

from facilities.catalogue.models import UserGroup
from facilities.db import now
from facilities.enquiries.draft import Draft
from facilities.enquiries.models import EnquiryKind
from facilities.enquiries.sealed_form import SealedForm
from facilities.form_fields import at_most, line, lines, valid_address

MOST_PARTICIPANTS = 500
NO_NUMBER = _("Enter a number from 1 to 500.")
NO_DAY = _("Write the day as year-month-day, for instance 2027-03-14.")
DATES = ("first_date", "second_date", "third_date")
ASKED_OF = {
    EnquiryKind.QUESTION: (),
    EnquiryKind.BOOKING: (*DATES, "duration"),
    EnquiryKind.QUOTE: ("samples", "deadline_on", "budget"),
    EnquiryKind.TRAINING: ("participants",),
}
"""The fields that only one kind of enquiry asks for."""


def from_today(_form: Form, field: Field) -> None:
    """A day that has not passed anywhere on earth."""
    if field.data < (now() - timedelta(days=1)).date():
        raise ValidationError(_("Choose a day that is still to come."))


class Asked:
    """Lets a field's other validators speak only if the chosen kind of enquiry asks for it and it is filled in.

    `unreadable` is what to say to an answer that is no day or no number.
    """

    field_flags: ClassVar[dict[str, Any]] = {}

    def __init__(self, unreadable: Any = "") -> None:
        self.unreadable = unreadable

    def __call__(self, form: "EnquiryForm", field: Field) -> None:
        asked = field.short_name in ASKED_OF[form.chosen_kind]
        filled = bool(field.raw_data and str(field.raw_data[0]).strip())
        if not asked or not filled or field.process_errors:
            field.errors = []
            raise StopValidation(self.unreadable if asked and filled else None)


def _kinds() -> list[tuple[str, Any]]:
    return [
        (EnquiryKind.QUESTION, _("Question")),
        (EnquiryKind.BOOKING, _("Booking")),
        (EnquiryKind.QUOTE, _("Quote")),
        (EnquiryKind.TRAINING, _("Training")),
    ]


def _groups() -> list[tuple[str, Any]]:
    asking = {UserGroup.OWN_ORGANISATION: _("The facility's own organisation")}
    return [("", _("Prefer not to say")), *((group.value, asking.get(group, group.label)) for group in UserGroup)]


class EnquiryForm(SealedForm):
    """What a visitor asks."""

    kind = RadioField(_("What do you need?"), choices=_kinds, default=EnquiryKind.QUESTION)
    first_date = DateField(_("First choice"), [Asked(NO_DAY), from_today])
    second_date = DateField(_("Second choice"), [Asked(NO_DAY), from_today])
    third_date = DateField(_("Third choice"), [Asked(NO_DAY), from_today])
    duration = StringField(
        _("For how long?"),
        [Asked(), at_most(120)],
        [line],
        description=_("For instance half a day, or 3 hours a week."),
    )
    samples = TextAreaField(
        _("Samples"), [Asked(), at_most(500)], [lines], description=_("How many, of what, and in what form.")
    )
    deadline_on = DateField(_("Results needed by"), [Asked(NO_DAY), from_today])
    budget = StringField(_("Budget, with the currency"), [Asked(), at_most(120)], [line])
    participants = IntegerField(
        _("How many people?"),
        [Asked(NO_NUMBER), NumberRange(1, MOST_PARTICIPANTS, NO_NUMBER)],
    )
    message = TextAreaField(
        _("Your message"),
        [DataRequired(_("Write what you would like to know or do.")), at_most(8000)],
        [lines],
        description=_("What you want to find out or have done, and anything that is special about it."),
    )
    name = StringField(_("Your name"), [DataRequired(_("Enter your name.")), at_most(120)], [line])
    email = StringField(
        _("Your e-mail address"),
        [DataRequired(_("Enter your e-mail address.")), at_most(254), valid_address],
        [line],
        description=_("The answer is sent here."),
    )
    organisation = StringField(_("Your organisation"), [at_most(200)], [line])
    group = SelectField(_("You are from"), choices=_groups)

    @property
    def chosen_kind(self) -> EnquiryKind:
        return next((kind for kind in EnquiryKind if kind == self.kind.data), EnquiryKind.QUESTION)

    def asked_of(self, kind: EnquiryKind) -> Iterable[Field]:
        """The fields that only this kind of enquiry asks for."""
        return [self[name] for name in ASKED_OF[kind]]

    def draft(self, locale: str) -> Draft:
        """What was written, without the answers that the chosen kind does not ask for."""
        asked = {name: self[name].data for name in ASKED_OF[self.chosen_kind] if self[name].data}
        dates = [asked.pop(name) for name in DATES if name in asked]
        return Draft(
            kind=self.chosen_kind,
            message=self.message.data,
            name=self.name.data,
            email=self.email.data,
            locale=locale,
            organisation=self.organisation.data,
            group=next((group for group in UserGroup if group == self.group.data), None),
            preferred_dates=tuple(dict.fromkeys(dates)),
            **asked,
        )
