"""What a listing is called and what it is."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.fields.core import UnboundField
from wtforms.validators import ValidationError

from facilities.catalogue.models import (
    Activity,
    Customer,
    InstrumentStatus,
    Kind,
    OrganisationKind,
    Sector,
    Specialty,
)
from facilities.manage.forms import identifiers
from facilities.manage.forms.fields import Day, Lines, Number, OneOf, Several, filled, line, needed, paragraphs
from facilities.manage.forms.roles import Roles
from facilities.manage.forms.section import SectionForm
from facilities.manage.sections import BASICS, OWN


def _name() -> UnboundField:
    return line(_("Name"), 600, needed(_("Enter the name that visitors know it by.")))


def _url() -> UnboundField:
    return line(_("Website"), 2000, identifiers.web_address)


def _doi() -> UnboundField:
    return line(_("DOI"), 200, identifiers.doi, description=_("If there is one, for instance 10.1234/name."))


def _rrid() -> UnboundField:
    return line(_("RRID"), 80, identifiers.rrid, description=_("If there is one, for instance RRID:SCR_123456."))


def _established() -> UnboundField:
    return Number(_("Established in"), low=800, high=2200)


class Basics(SectionForm):
    """What every kind is asked for."""

    name = _name()
    abbreviation = line(_("Abbreviation"), 80)
    other_names = Lines(
        _("Other names"), description=_("Former names and nicknames, one on each line: search finds them.")
    )
    url = _url()


class WithRor(Basics):
    """Organisations and facilities may have a ROR id; no two listings have the same."""

    ror = line(
        _("ROR id"), 120, identifiers.ror, description=_("From ror.org, for instance https://ror.org/048a87296.")
    )

    def validate_ror(self, field: Any) -> None:
        other = identifiers.listing_with_ror(field.data, self.listing.id) if field.data else None
        if other is not None:
            raise ValidationError(_("%(name)s has this ROR id already: check which one is right.", name=other.name))


class OrganisationBasics(WithRor):
    names = (*BASICS, *OWN[Kind.ORGANISATION])

    organisation_kind = OneOf(_("Kind of organisation"), OrganisationKind, blank=None)
    roles = Roles(_("Roles in the value chain"))
    company_number = line(_("Company number"), 20, description=_("As the register of its country writes it."))
    sector = OneOf(_("Sector"), Sector)
    activities = Several(_("Activities"), Activity)
    customers = Several(_("Customers"), Customer)
    specialties = Several(_("Specialties"), Specialty, description=_("What the company is known for."))
    rrid = _rrid()
    doi = _doi()
    established = _established()

    def validate_company_number(self, field: Any) -> None:
        if field.data:
            field.data = identifiers.number_of_country(field.data, self.listing.country)


class FacilityBasics(WithRor):
    names = (*BASICS, *OWN[Kind.FACILITY])

    siting = line(_("Siting"), 40, description=_("For instance single-sited, distributed, mobile or virtual."))
    operation = line(_("Operation"), 80, description=_("For instance operational, or being upgraded until May."))
    rrid = _rrid()
    doi = _doi()
    established = _established()


class InstrumentBasics(Basics):
    names = (*BASICS, *OWN[Kind.INSTRUMENT])

    manufacturer = line(_("Manufacturer"), 120)
    model = line(_("Model"), 200)
    quantity = Number(
        _("How many"), [filled(_("Write how many there are: 1 or more."))], low=1, high=10_000,
        description=_("Of the same model, behind this one listing."),
    )  # fmt: skip
    instrument_status = OneOf(_("Status"), InstrumentStatus)
    serial_number = line(_("Serial number"), 80)
    inventory_number = line(
        _("Inventory number"), 80, description=_("Your own. It keeps the instrument from being listed twice.")
    )
    acquired = line(
        _("Acquired"),
        10,
        identifiers.partial_date,
        description=_("A year, a month or a day: 2021, 2021-05 or 2021-05-17."),
    )
    available_until = Day(_("Available until"), description=_("If the instrument will go: its last day."))
    idle_hours = Number(
        _("Hours a week it usually stands free"),
        high=168,
        description=_("Others find it by this before they buy their own."),
    )
    doi = _doi()
    rrid = _rrid()


class ServiceBasics(Basics):
    names = (*BASICS, *OWN[Kind.SERVICE])

    sample_input = paragraphs(
        _("What is sent in"), 20_000, rows=3, description=_("Samples, amounts, formats, how they travel.")
    )
    deliverables = paragraphs(_("What comes out"), 20_000, rows=3, description=_("Data, reports, materials."))
    capacity = line(_("Capacity"), 300, description=_("For instance 96 samples a week."))
    lead_time_min = Number(_("Lead time from, in working days"), high=5000)
    lead_time_max = Number(_("Lead time to, in working days"), high=5000)
    trl_min = Number(_("Readiness level (TRL) from"), low=1, high=9)
    trl_max = Number(_("Readiness level (TRL) to"), low=1, high=9)
    doi = _doi()
    rrid = _rrid()

    def validate_lead_time_max(self, field: Any) -> None:
        both_in_order(self.lead_time_min, field)

    def validate_trl_max(self, field: Any) -> None:
        both_in_order(self.trl_min, field)


def both_in_order(low: Any, high: Any) -> None:
    """Of two numbers either both or none are written, the smaller one first."""
    if low.errors or high.process_errors:
        return
    if (low.data is None) != (high.data is None):
        raise ValidationError(_("Fill in both numbers, or neither."))
    if low.data is not None and low.data > high.data:
        raise ValidationError(_("Write the smaller number first."))
