"""The few things asked for when a listing is added; everything else comes later."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import ValidationError

from facilities.catalogue.models import InstrumentStatus, Kind, OfferKind, OrganisationKind
from facilities.manage.forms import identifiers
from facilities.manage.forms.fields import Number, OneOf, filled, line, needed
from facilities.manage.forms.place import countries
from facilities.manage.forms.section import SectionForm


class New(SectionForm):
    """What every kind is asked for."""

    names: ClassVar[tuple[str, ...]] = ("name", "summary", "url")

    name = line(_("Name"), 600, needed(_("Enter the name that visitors know it by.")))
    summary = line(_("Summary"), 400, description=_("One sentence: search results show it."))
    url = line(_("Website"), 2000, identifiers.web_address)


class NewOrganisation(New):
    names = ("name", "organisation_kind", "url", "city", "country", "company_number", "ror", "summary")

    organisation_kind = OneOf(
        _("Kind of organisation"), OrganisationKind, [needed(_("Choose the kind that fits best."))], blank=_("Choose")
    )
    city = line(_("City"), 120)
    country = SelectField(_("Country"), choices=countries, coerce=lambda value: value or "")
    company_number = line(_("Company number"), 20)
    ror = line(
        _("ROR id"), 120, identifiers.ror, description=_("From ror.org, for instance https://ror.org/048a87296.")
    )

    def validate_company_number(self, field: Any) -> None:
        if field.data:
            field.data = identifiers.number_of_country(field.data, self.country.data)


class NewFacility(New):
    names = ("name", "abbreviation", "url", "summary")

    abbreviation = line(_("Abbreviation"), 80)


class NewInstrument(SectionForm):
    """An instrument needs a name, or a maker and model to be named by."""

    names = (
        "name", "manufacturer", "model", "quantity", "serial_number", "inventory_number", "instrument_status",
        "building", "room",
    )  # fmt: skip
    KEPT: ClassVar[tuple[str, ...]] = ("manufacturer", "building", "room")
    """What the next instrument is likely to share with this one."""

    manufacturer = line(_("Manufacturer"), 120)
    model = line(_("Model"), 200)
    name = line(_("Name"), 600, description=_("Left empty, it is called by its maker and model."))
    quantity = Number(_("How many"), [filled(_("Write how many there are: 1 or more."))], low=1, high=10_000)
    serial_number = line(_("Serial number"), 80)
    inventory_number = line(_("Inventory number"), 80)
    instrument_status = OneOf(_("Status"), InstrumentStatus)
    building = line(_("Building"), 120)
    room = line(_("Room"), 120)

    def validate_name(self, field: Any) -> None:
        field.data = field.data or " ".join(filter(None, (self.manufacturer.data, self.model.data)))
        if not field.data:
            raise ValidationError(_("Enter a name, or the manufacturer and model."))


class NewOffer(New):
    names = ("offer_kind", "name", "summary", "url")

    offer_kind = OneOf(_("Kind of offer"), OfferKind, [needed(_("Choose what is offered."))], blank=_("Choose"))


NEW: dict[Kind, type[SectionForm]] = {
    Kind.ORGANISATION: NewOrganisation,
    Kind.FACILITY: NewFacility,
    Kind.INSTRUMENT: NewInstrument,
    Kind.SERVICE: New,
    Kind.OFFER: NewOffer,
}
EMPTY: dict[Kind, dict[str, Any]] = {
    Kind.INSTRUMENT: {"quantity": 1, "instrument_status": InstrumentStatus.AVAILABLE},
}
"""What the forms show before anything is written."""


def new_form(kind: Kind, listing: Any, **kwargs: Any) -> SectionForm:
    """The form for a new listing of a kind; `listing` is one that is not saved."""
    return NEW[kind](listing, values=EMPTY.get(kind, {}) | kwargs.pop("values", {}), **kwargs)
