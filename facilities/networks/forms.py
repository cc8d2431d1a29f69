"""The forms of a network's desk."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, NumberRange, Optional, Regexp, ValidationError

from facilities.accounts.forms import InviteForm
from facilities.catalogue.names import slug_of
from facilities.form_fields import NO_DAY, Readable, at_most, valid_address
from facilities.languages import LANGUAGES
from facilities.manage.forms.fields import Degrees, line, one_line, text
from facilities.manage.forms.identifiers import web_address
from facilities.manage.forms.place import countries
from facilities.networks.models import Hub, MemberCategory, Network, NetworkKind

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
NAMES, SUMMARIES, TEXTS, JOINING = "names", "summaries", "texts", "joining"


def _texts(name: str, label: Any, most: int, *, rows: int = 0) -> dict[str, UnboundField]:
    """A field for each language, called by name and language: `names_sv`."""
    kind, clean = (TextAreaField, text) if rows else (StringField, one_line)
    return {
        f"{name}_{language}": kind(label, [at_most(most)], [clean], render_kw={"lang": language, "rows": rows or None})
        for language in LANGUAGES
    }


class _InLanguages(FlaskForm):
    """A form of which some fields stand once for each language; the first of `TOLD` must be there in one."""

    TOLD: tuple[str, ...] = (NAMES,)
    opened = HiddenField()

    @classmethod
    def of(cls, row: Any, **values: Any) -> Any:
        """The form as it shows what a row says."""
        texts = {f"{name}_{language}": said for name in cls.TOLD for language, said in getattr(row, name, {}).items()}
        return cls(obj=row, data=texts | values)

    def said(self) -> dict[str, dict[str, str]]:
        """{name: {language: text}} as written."""
        return {
            name: {language: said for language in LANGUAGES if (said := self[f"{name}_{language}"].data)}
            for name in self.TOLD
        }

    def in_languages(self) -> Iterable[tuple[str, list[Any], bool]]:
        """(language, its fields, whether anything is written or wrong) for the template."""
        for language in LANGUAGES:
            fields = [self[f"{name}_{language}"] for name in self.TOLD]
            yield language, fields, any(each.data or each.errors for each in fields)

    def validate(self, extra_validators: Any = None) -> bool:
        valid: bool = super().validate(extra_validators)
        if valid and not self.said()[NAMES]:
            self[f"{NAMES}_en"].errors = [str(_("Enter a name in at least one language."))]
            return False
        return valid


def _with(base: type[Any], fields: Mapping[str, UnboundField]) -> type[Any]:
    for name, field in fields.items():
        setattr(base, name, field)
    return base


class NetworkForm(_InLanguages):
    """What a network's page says. `host` is there for the site's administrators only."""

    TOLD = (NAMES, SUMMARIES, TEXTS, JOINING)

    short_name = line(_("Short name"), 40, description=_("For the bar above its pages."))
    url = StringField(_("Its own website"), [at_most(2000), web_address], [one_line])
    region = line(_("Region"), 120, description=_("As a visitor would say it: Stockholm and Uppsala, Denmark."))
    country = SelectField(_("Country"), choices=countries, coerce=lambda value: value or None)
    lat = Degrees(_("Latitude"), most=90)
    lng = Degrees(_("Longitude"), most=180)
    listing = line(
        _("Its own listing"),
        300,
        description=_("The address or number of the network's organisation here: its contacts get its letters."),
    )
    logo_file = FileField(_("Logo"), description=_("JPEG, PNG or WebP, at best on white or without a background."))
    no_logo = BooleanField(_("Take the logo away"))
    takes_applications = BooleanField(_("Takes applications for membership"))
    published = BooleanField(_("Everybody may see its page"))
    host = StringField(
        _("Host name"),
        [Optional(), Regexp(HOST, message=_("Enter a host name like members.example.org, without https."))],
        [lambda value: (value or "").strip().lower() or None],
        description=_("Under this name the site shows this network alone. It must lead to this site."),
    )

    def validate_lng(self, field: Any) -> None:
        _both(self, field)


class HubForm(_InLanguages):
    """What a hub's page says."""

    TOLD = (NAMES, TEXTS)

    slug = StringField(_("Name in its address"), [Optional(), at_most(80)], [one_line])
    url = StringField(_("Its own website"), [at_most(2000), web_address], [one_line])
    city = line(_("City"), 120)
    region = line(_("Region"), 120)
    country = SelectField(_("Country"), choices=countries, coerce=lambda value: value or None)
    lat = Degrees(_("Latitude"), most=90)
    lng = Degrees(_("Longitude"), most=180)
    radius_km = IntegerField(
        _("How far its region reaches, in km"),
        [NumberRange(1, 500, _("Enter a number of kilometres from 1 to 500."))],
        default=50,
    )
    listing = line(_("Its own listing"), 300, description=_("The address or number of its organisation here."))
    logo_file = FileField(_("Logo"))
    no_logo = BooleanField(_("Take the logo away"))

    def validate_lng(self, field: Any) -> None:
        _both(self, field)


class CategoryForm(_InLanguages):
    """A category of members."""

    slug = StringField(_("Name in addresses and files"), [Optional(), at_most(80)], [one_line])
    fee = line(_("Fee"), 120, description=_("As the network words it: 12,000 SEK a year. Shown to who wants to join."))


_with(NetworkForm, _texts(NAMES, _("Name"), 200) | _texts(SUMMARIES, _("In one sentence"), 300))
_with(NetworkForm, _texts(TEXTS, _("About the network"), 8000, rows=6))
_with(NetworkForm, _texts(JOINING, _("What membership means and who can join"), 4000, rows=4))
_with(HubForm, _texts(NAMES, _("Name"), 200) | _texts(TEXTS, _("About the hub"), 8000, rows=6))
_with(CategoryForm, _texts(NAMES, _("Name"), 200))


class NewNetworkForm(FlaskForm):
    """A network and, by mail, its first desk."""

    name = line(_("Name"), 200, DataRequired(_("Enter what the network is called.")))
    slug = StringField(
        _("Name in its address"),
        [at_most(80), Regexp(f"({SLUG.pattern})?$", message=_("Use small letters, digits and hyphens."))],
        [one_line],
        description=_("Left empty it is made from the name. It stays: people link to it."),
    )
    kind = SelectField(_("Kind"), choices=lambda: [(kind.value, kind.label) for kind in NetworkKind])
    email = EmailField(
        _("E-mail address of the first of its desk"),
        [DataRequired(_("Enter the address of the colleague.")), valid_address],
        [one_line],
        render_kw={"autocomplete": "off", "maxlength": 254},
    )

    def validate_slug(self, _field: Any) -> None:
        if self.name.data and not self.address:
            raise ValidationError(_("Use small letters, digits and hyphens."))

    @property
    def chosen(self) -> NetworkKind:
        return next(kind for kind in NetworkKind if kind == self.kind.data)

    @property
    def address(self) -> str:
        return self.slug.data or slug_of(self.name.data or "")


class NetworkAddressForm(FlaskForm):
    """Where a network is, and until when: for the site's desk."""

    slug = StringField(
        _("Name in its address"),
        [
            DataRequired(_("Use small letters, digits and hyphens.")),
            at_most(80),
            Regexp(f"{SLUG.pattern}$", message=_("Use small letters, digits and hyphens.")),
        ],
        [one_line],
        description=_("The old address leads to the new one."),
    )
    closed_on = DateField(
        _("Closed from"),
        [Readable(NO_DAY), Optional()],
        description=_("From this day on nothing leads to it and nobody can join. Left empty it goes on."),
    )
    opened = HiddenField()


class DeleteNetworkForm(FlaskForm):
    """The word that a network is to be deleted."""

    sure = BooleanField(_("Delete it for good"), [DataRequired(_("Tick this if it is to be deleted."))])


class MemberForm(FlaskForm):
    """A membership of an organisation that was chosen before."""

    category_id = SelectField(_("Category"), coerce=lambda value: int(value) if value else None)
    hub_id = SelectField(_("Hub"), coerce=lambda value: int(value) if value else None)
    since = DateField(_("Member since"), [Readable(NO_DAY), Optional()])
    until = DateField(_("Until, the last day included"), [Readable(NO_DAY), Optional()])
    founder = BooleanField(_("Founder"))
    partner = BooleanField(_("Partner"))
    note = TextAreaField(_("Note"), [at_most(4000)], [text], description=_("Only the network's desk reads it."))
    opened = HiddenField()

    def offer(self, network: Network) -> "MemberForm":
        """Have the form offer the network's own categories and hubs."""
        self.category_id.choices = choices_of(network.categories)
        self.hub_id.choices = choices_of(network.hubs)
        return self

    def validate_until(self, field: Any) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("Enter a day that is not before the first one."))

    def fields(self) -> dict[str, Any]:
        names = ("category_id", "hub_id", "since", "until", "founder", "partner", "note")
        return {name: self[name].data for name in names}


class DeskInviteForm(FlaskForm):
    """Whom to invite to the desk of a network, or of one of its hubs."""

    email = InviteForm.email
    hub_id = SelectField(_("Desk"), coerce=lambda value: int(value) if value else None)

    def offer(self, network: Network) -> "DeskInviteForm":
        self.hub_id.choices = [("", _("The whole network")), *((hub.id, hub.name) for hub in network.hubs)]
        return self


class DecisionForm(FlaskForm):
    """What the network's desk decides about an application."""

    category_id = SelectField(_("Category"), coerce=lambda value: int(value) if value else None)
    hub_id = SelectField(_("Hub"), coerce=lambda value: int(value) if value else None)
    reason = TextAreaField(
        _("Words to the applicant"),
        [at_most(4000)],
        [text],
        description=_("They are in the letter about the decision. A refusal needs a reason."),
    )

    def offer(self, network: Network) -> "DecisionForm":
        self.category_id.choices = choices_of(network.categories)
        self.hub_id.choices = choices_of(network.hubs)
        return self


def choices_of(rows: Iterable[Hub | MemberCategory]) -> list[tuple[Any, Any]]:
    """Rows to choose from, or none of them."""
    return [("", _("None")), *((row.id, row.name) for row in rows)]


def _both(form: Any, field: Any) -> None:
    if not form.lat.errors and not field.process_errors and (form.lat.data is None) != (field.data is None):
        raise ValidationError(_("Fill in both latitude and longitude, or neither."))
