"""The forms of public needs: what is posted, and what a desk decides."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from secrets import token_urlsafe
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import DateField, Field, Form, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, ValidationError
from wtforms.widgets import HiddenInput

from facilities.db import as_id
from facilities.form_fields import NO_DAY, Readable, at_most, line, lines
from facilities.formats import site_today
from facilities.languages import LANGUAGES
from facilities.needs.actions import Said
from facilities.needs.models import PublicNeed
from facilities.networks.models import Network

LONGEST_TITLE = 160
LONGEST_TEXT = 6000
LONGEST_REASON = 2000
USUAL = timedelta(days=60)
FURTHEST = timedelta(days=366)

Networks = Mapping[int, Sequence[Network]]


def within_a_year(_form: Form, field: Field) -> None:
    """A day that is still to come, at most a year ahead. One that cannot be read has been found fault with already."""
    if field.data is None:
        return
    if field.data < site_today():
        raise ValidationError(_("Choose a day that is still to come."))
    if field.data > site_today() + FURTHEST:
        raise ValidationError(_("Choose a day within a year; it can be prolonged later."))


def _id(value: object) -> int:
    return as_id(str(value))


def _choices(names: Mapping[int, Any]) -> list[SelectChoice]:
    return [SelectChoice(str(value), name) for value, name in names.items()]


class NeedForm(FlaskForm):
    """What an organisation looks for. `networks` are those that each organisation may post in."""

    organisation = SelectField(_("Posted by"), coerce=_id)
    network = SelectField(
        _("In the network"), coerce=_id, description=_("Its desk looks at the need first. Without one, ours does.")
    )
    title = StringField(
        _("We look for"),
        [DataRequired(_("Write in a few words what you look for.")), at_most(LONGEST_TITLE)],
        [line],
        description=_("One line, as you would search for it: GMP filling of small batches of a peptide."),
    )
    text = TextAreaField(
        _("More about it"),
        [at_most(LONGEST_TEXT)],
        [lines],
        description=_("How much, of what, by when, and what a good answer holds. Anybody can read it."),
    )
    place = StringField(
        _("Where"), [at_most(120)], [line], description=_("A town, if it has to be near one. It counts in the search.")
    )
    ends_on = DateField(
        _("Last day"),
        [
            InputRequired(_("Choose the last day on which an answer helps you.")),
            Readable(NO_DAY),
            within_a_year,
        ],
        description=_("After it the need is shown as ended. At most a year ahead."),
    )
    language = SelectField(_("Written in"), choices=[SelectChoice(*each) for each in LANGUAGES.items()])
    form_id = HiddenField()
    version = HiddenField()

    def __init__(self, organisations: Mapping[int, str], networks: Networks, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.networks = networks
        self.organisation.choices = _choices(organisations)
        every = {each.id: each.name for held in networks.values() for each in held}
        self.network.choices = _choices({0: _("None: for the whole catalogue")} | every)
        self.form_id.data = (self.form_id.data or token_urlsafe(24))[:64]
        if not self.is_submitted() and self.ends_on.data is None:
            self.ends_on.data = site_today() + USUAL

    def validate_network(self, field: Field) -> None:
        """A network of the organisation's own."""
        if field.data and self._network() is None:
            raise ValidationError(_("This organisation is no member of it. Choose another network, or none."))

    def _network(self) -> Network | None:
        held = self.networks.get(self.organisation.data or 0, ())
        return next((each for each in held if each.id == self.network.data), None)

    def said(self) -> Said:
        """What was filled in; valid forms only."""
        return Said(
            organisation_id=self.organisation.data,
            network=self._network(),
            title=self.title.data or "",
            text=self.text.data or "",
            place=self.place.data or "",
            ends_on=self.ends_on.data or date.max,
            language=self.language.data,
        )

    @classmethod
    def of(cls, need: PublicNeed, organisations: Mapping[int, str], networks: Networks) -> "NeedForm":
        """The form with what a need says."""
        said = {name: getattr(need, name) for name in ("title", "text", "place", "ends_on", "language", "form_id")}
        ids = {"organisation": need.organisation_id, "network": need.network_id or 0, "version": str(need.version)}
        return cls(organisations, networks, data=said | ids)


class DecisionForm(FlaskForm):
    """A desk's decision, about the need as it was when it looked."""

    version = IntegerField(widget=HiddenInput())
    reason = TextAreaField(
        _("A line to who posted it"),
        [at_most(LONGEST_REASON)],
        [lines],
        description=_("It stands in the letter. Needed if the need is not published."),
    )
