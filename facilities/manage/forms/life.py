"""The forms by which listings leave the catalogue."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _t
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, Field, Form, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, StopValidation, ValidationError

from facilities.catalogue.models import Listing
from facilities.db import now
from facilities.form_fields import line

REASON_LENGTH = Length(max=400, message=_("Shorten the reason to 400 characters."))


def reason_field() -> StringField:
    return StringField(
        _("Reason"),
        [DataRequired(_("Write why it is withdrawn, for instance “Replaced by a newer one”.")), REASON_LENGTH],
        filters=[line],
        description=_("Whoever follows a link to the listing reads it."),
    )


def day_if_later(form: Form, field: Field) -> None:
    """A day to come, asked for only where the listing is to be withdrawn later."""
    field.errors = []
    if form["when"].data != "later":
        field.data = None
        raise StopValidation
    if field.data is None:
        raise StopValidation(_t("Choose the day, or choose “At once”."))
    if field.data < (now() + timedelta(days=1)).date():
        raise StopValidation(_t("Choose a day from tomorrow on, or choose “At once”."))


class SeveralForm(FlaskForm):
    """Several listings are withdrawn with one reason."""

    reason = reason_field()


class WithdrawForm(FlaskForm):
    """One listing is withdrawn, now or on a day, with what belongs to it and with the name of a successor."""

    reason = reason_field()
    successor = StringField(
        _("Successor"),
        [Length(max=600)],
        filters=[line],
        description=_("The listing that visitors should use instead: its name, or its number."),
    )
    found = RadioField(_("Which one is the successor?"), [Optional()], validate_choice=False)
    when = RadioField(
        _("When"),
        choices=[SelectChoice("now", _("At once")), SelectChoice("later", _("On a day"))],
        default="now",
        validators=[DataRequired(_("Choose when."))],
    )
    withdraw_on = DateField(_("The day, if later"), [day_if_later])
    below = BooleanField()
    unknown_successor = False

    def __init__(self, *args: Any, below: int = 0, **values: Any) -> None:
        super().__init__(*args, **values)
        self.number_below = below
        self.below.label.text = _below_label(below)
        if not below:
            del self.below

    def offer(self, successors: Sequence[Listing]) -> None:
        """Have the author choose between the listings that the successor's name may mean."""
        self.found.choices = [SelectChoice(str(each.id), _one_of(each)) for each in successors]

    def ask_which(self) -> None:
        """The successor's name may mean several listings."""
        self.found.validators = [DataRequired(_t("Choose the successor, or leave its name out."))]
        self.found.flags.required = False

    def ask_anew(self) -> None:
        """No listing is called so."""
        self.unknown_successor = True

    def validate_successor(self, field: Field) -> None:
        if self.unknown_successor:
            raise ValidationError(
                _t("No published listing is called so. Copy its name from its page, or leave this empty.")
            )

    def validate_below(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_t("Tick this, or first move what should stay to another facility or organisation."))


def _below_label(number: int) -> LazyString | str:
    if number == 1:
        return _("Withdraw the one listing below it too")
    return _("Withdraw the %(num)s listings below it too", num=number)


def _one_of(listing: Listing) -> str:
    parent = listing.parent.name if listing.parent else listing.place.short
    return f"{listing.name} ({', '.join(filter(None, (str(listing.kind.label), parent)))})"
