"""The forms of a thread's page. Each carries the name of its act; those that tell the requester something carry the id
of the last message that their author has seen."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from facilities.accounts.models import User
from facilities.db import as_id, now
from facilities.enquiries.file_field import FilesField
from facilities.enquiries.models import AnswerTemplate, Quote, Thread
from facilities.form_fields import at_most, line, lines
from facilities.manage.forms.fields import Amount, Day, Number

CURRENCIES = ("EUR", "SEK", "NOK", "DKK", "ISK", "GBP", "CHF", "USD")
LONGEST_LEAD = 3650
LONGEST = 8000
QUOTE = ("amount", "currency", "basis", "lead_days", "valid_until", "quote_terms")
"""The fields of an offer; the currency alone is none."""


def still_to_come(_form: Form, field: Field) -> None:
    """A day that has not passed anywhere on earth."""
    if field.data and date.fromisoformat(field.data) < (now() - timedelta(days=1)).date():
        raise ValidationError(_("Choose a day that is still to come."))


class SeenForm(FlaskForm):
    """A form that knows which message was the last when its page was opened."""

    seen = HiddenField()

    @property
    def seen_id(self) -> int:
        return as_id(self.seen.data or "")


class AnswerForm(SeenForm):
    """An answer to the requester, with an offer if one is filled in."""

    body = TextAreaField(_("Your answer"), [at_most(LONGEST)], [lines])
    template = SelectField(_("Answer template"), validate_choice=False)
    asks_back = BooleanField(_("I need something from the requester before I can go on"))
    amount = Amount(_("Price"))
    currency = SelectField(_("Currency"), choices=[SelectChoice(code, code) for code in CURRENCIES])
    basis = StringField(_("Per"), [at_most(120)], [line], render_kw={"placeholder": _("sample")})
    lead_days = Number(_("Lead time in days"), high=LONGEST_LEAD)
    valid_until = Day(_("Valid until"), [still_to_come])
    quote_terms = TextAreaField(_("Terms of the offer"), [at_most(2000)], [lines])
    files = FilesField(_("Files"))

    def offer(self, templates: Iterable[AnswerTemplate], *, seen: str, currency: str) -> None:
        """Have the author choose between these templates; `seen` and `currency` hold unless the form says another."""
        for field, value in ((self.seen, seen), (self.currency, currency)):
            if not field.raw_data:
                field.data = value
        chosen = [SelectChoice(str(each.id), each.name) for each in templates]
        self.template.choices = [SelectChoice("", _("Choose a template")), *chosen]

    @property
    def quotes(self) -> bool:
        """Whether any field of an offer is filled in."""
        return any(self[name].data not in (None, "") for name in QUOTE if name != "currency")

    @property
    def quote_failed(self) -> bool:
        return any(self[name].errors for name in QUOTE)

    def quote(self) -> Quote | None:
        """The offer as filled in; None if there is none."""
        if not self.quotes:
            return None
        return Quote(
            amount=Decimal(self.amount.data) if self.amount.data else None,
            currency=self.currency.data if self.amount.data else "",
            basis=self.basis.data,
            lead_days=self.lead_days.data,
            valid_until=date.fromisoformat(self.valid_until.data) if self.valid_until.data else None,
            terms=self.quote_terms.data,
        )

    def validate_body(self, field: Field) -> None:
        if not field.data and not self.quotes and not self.files.chosen:
            raise ValidationError(_("Write an answer, fill in an offer, or choose a file."))


class NoteForm(FlaskForm):
    """A note that only owners and the desk see."""

    note = TextAreaField(_("Note"), [DataRequired(_("Write the note.")), at_most(LONGEST)], [lines])


class EndForm(SeenForm):
    """Words with which a thread is accepted, declined or closed."""

    words = TextAreaField(_("Your words to the requester"), [at_most(LONGEST)], [lines])


class AssignForm(FlaskForm):
    """The colleague to whom a thread is left; none: all again."""

    colleague = SelectField(_("Assigned to"), validate_choice=False)

    def offer(self, colleagues: Iterable[User], chosen: int | None) -> None:
        named = [SelectChoice(str(each.id), each.actor.name) for each in colleagues]
        self.colleague.choices = [SelectChoice("", _("Everybody")), *named]
        if not self.colleague.raw_data:
            self.colleague.data = str(chosen or "")


class TermsForm(FlaskForm):
    """The requester's terms, to be accepted before what is held back can be read."""

    agree = BooleanField(_("I accept these terms"), [DataRequired(_("Tick this to accept the terms."))])


def last_seen(thread: Thread) -> str:
    """What a form that is opened now has seen."""
    return str(max((message.id for message in thread.messages), default=0))
