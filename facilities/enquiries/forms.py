"""The enquiry form: a few fields for everyone, and a few more for each kind of enquiry."""

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
    TimeField,
)
from wtforms.validators import DataRequired, NumberRange, StopValidation, ValidationError

from facilities.address_field import AddressField, right_address
from facilities.catalogue.models import UserGroup
from facilities.db import now
from facilities.enquiries.booking.rows import CLOCK, NO_TIME, Row
from facilities.enquiries.booking.times import Span
from facilities.enquiries.draft import Draft
from facilities.enquiries.file_field import FilesField, expect_room
from facilities.enquiries.fitting import Kinds, every_kind
from facilities.enquiries.models import EnquiryKind
from facilities.enquiries.sealed_form import SealedForm
from facilities.form_fields import NO_DAY, at_most, line, lines

MOST_PARTICIPANTS = 500
NO_NUMBER = _("Enter a number from 1 to 500.")
OPEN, TERMS = "open", "terms"
OWN_TERMS = _(
    "Whoever accepts these terms uses the details only to answer this enquiry, shows them only to colleagues who need "
    "them for that and keep them as confidential, and deletes them if nothing comes of it. This holds for five years."
)
CHOICES = ("first", "second", "third")
DATES = tuple(f"{choice}_date" for choice in CHOICES)
HOURS = tuple(f"{choice}_{hour}" for choice in CHOICES for hour in ("from", "to"))
ASKED_OF = {
    EnquiryKind.QUESTION: (),
    EnquiryKind.BOOKING: (*DATES, *HOURS, "duration"),
    EnquiryKind.QUOTE: ("samples", "deadline_on", "budget"),
    EnquiryKind.TRAINING: ("participants",),
}
"""The fields that only one kind of enquiry asks for."""


def from_today(_form: Form, field: Field) -> None:
    """A day that has not passed anywhere on earth. One that cannot be read has been found fault with already."""
    if field.data is not None and field.data < (now() - timedelta(days=1)).date():
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


def _levels() -> list[tuple[str, Any]]:
    return [
        (OPEN, _("Whoever receives the enquiry, all of it")),
        (TERMS, _("Confidential details only after accepting my terms")),
    ]


def _groups() -> list[tuple[str, Any]]:
    asking = {UserGroup.OWN_ORGANISATION: _("The facility's own organisation")}
    return [("", _("Prefer not to say")), *((group.value, asking.get(group, group.label)) for group in UserGroup)]


class EnquiryForm(SealedForm):
    """What a visitor asks. `times` are those proposed for a booking, once the form is valid."""

    times: tuple[Span, ...] = ()

    kind = RadioField(_("What do you need?"), choices=every_kind, default=EnquiryKind.QUESTION)
    first_date = DateField(_("First choice"), [Asked(NO_DAY), from_today])
    first_from = TimeField(_("From"), [Asked(NO_TIME)], format=CLOCK)
    first_to = TimeField(_("To"), [Asked(NO_TIME)], format=CLOCK)
    second_date = DateField(_("Second choice"), [Asked(NO_DAY), from_today])
    second_from = TimeField(_("From"), [Asked(NO_TIME)], format=CLOCK)
    second_to = TimeField(_("To"), [Asked(NO_TIME)], format=CLOCK)
    third_date = DateField(_("Third choice"), [Asked(NO_DAY), from_today])
    third_from = TimeField(_("From"), [Asked(NO_TIME)], format=CLOCK)
    third_to = TimeField(_("To"), [Asked(NO_TIME)], format=CLOCK)
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
    files = FilesField(_("Files"))
    level = RadioField(
        _("Who may read what?"),
        choices=_levels,
        default=OPEN,
    )
    details = TextAreaField(
        _("Confidential details"),
        [at_most(8000)],
        [lines],
        description=_("Nobody reads them before accepting your terms: not the recipients, not the desk, no letter."),
    )
    withheld_files = FilesField(
        _("Confidential files"), withheld=True, description=_("They count among the five files that can be sent.")
    )
    terms = TextAreaField(
        _("Your terms"),
        [at_most(4000)],
        [lines],
        default=OWN_TERMS,
        description=_("A recipient reads and accepts this text; who did and when is kept. Change it as you need."),
    )
    name = StringField(_("Your name"), [DataRequired(_("Enter your name.")), at_most(120)], [line])
    email = AddressField(
        _("Your e-mail address"),
        [DataRequired(_("Enter your e-mail address.")), right_address],
        [line],
        description=_("The answer is sent here."),
    )
    organisation = StringField(_("Your organisation"), [at_most(200)], [line])
    group = SelectField(_("You are from"), choices=_groups)

    @property
    def chosen_kind(self) -> EnquiryKind:
        return next((kind for kind in EnquiryKind if kind == self.kind.data), EnquiryKind.QUESTION)

    def offer_kinds(self, kinds: Kinds) -> None:
        """Let only these kinds of enquiry be chosen; another that was sent is refused beside the field. Where there is
        one alone, the message is named after it."""
        self.kind.choices = kinds
        if len(kinds) == 1:
            self.message.label.text = kinds[0][1]
        if self.chosen_kind not in dict(kinds):
            self.kind.errors = [_("Choose what you need of what fits these listings.")]

    @property
    def withholds(self) -> bool:
        """Whether something is to be read only after terms were accepted."""
        return bool(self.level.data == TERMS)

    @property
    def files_chosen(self) -> bool:
        """Whether files came with the form, which have to be chosen again if it is shown again."""
        return self.files.chosen or self.withheld_files.chosen

    def validate_details(self, field: Field) -> None:
        """What is written or chosen as confidential, and what is to be, must agree: nothing gets out by mistake."""
        given = bool(field.data) or self.withheld_files.chosen
        if self.withholds and not given:
            raise ValidationError(_("Write the confidential details or choose a confidential file."))
        if given and not self.withholds:
            raise ValidationError(_("Choose above that these need your terms, or take them out."))

    def validate_terms(self, field: Field) -> None:
        if self.withholds and not field.data:
            raise ValidationError(_("Write the terms on which the details may be read."))

    def validate_withheld_files(self, _field: Field) -> None:
        if self.withheld_files.checked:
            expect_room([*self.files.checked, *self.withheld_files.checked])

    def validate(self, extra_validators: Any = None) -> bool:
        """Each field, and the times that are proposed for a booking."""
        super().validate(extra_validators)
        if self.chosen_kind == EnquiryKind.BOOKING:
            self.times = tuple(dict.fromkeys(filter(None, (row.read() for row in self.rows))))
        return not self.errors

    @property
    def rows(self) -> list[Row]:
        """The times that are proposed, a day alone for any time of it."""
        return [Row(self[f"{each}_date"], self[f"{each}_from"], self[f"{each}_to"]) for each in CHOICES]

    def draft(self, locale: str) -> Draft:
        """What was written, without the answers that the chosen kind does not ask for."""
        asked = {name: self[name].data for name in ASKED_OF[self.chosen_kind] if self[name].data}
        asked = {name: value for name, value in asked.items() if name not in (*DATES, *HOURS)}
        booking = self.chosen_kind == EnquiryKind.BOOKING
        dates = [row.day.data for row in self.rows if booking and row.only_day]
        return Draft(
            kind=self.chosen_kind,
            message=self.message.data,
            name=self.name.data,
            email=self.email.data,
            locale=locale,
            organisation=self.organisation.data,
            group=next((group for group in UserGroup if group == self.group.data), None),
            times=self.times,
            preferred_dates=tuple(dict.fromkeys(dates)),
            details=self.details.data if self.withholds else "",
            terms=self.terms.data if self.withholds else "",
            files=(*self.files.checked, *self.withheld_files.checked),
            **asked,
        )
