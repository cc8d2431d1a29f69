"""What an organisation says of its size, its sites and its pipeline."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.validators import ValidationError

from facilities.catalogue import content
from facilities.catalogue.models import Phase
from facilities.db import now
from facilities.manage.forms.fields import LARGEST_MONEY, Degrees, Number, OneOf, currency_code, line, needed
from facilities.manage.forms.place import LONGEST_ADDRESS, countries, fill_in_place
from facilities.manage.forms.section import Row, Rows, SectionForm
from facilities.manage.sections import FIGURES


class StatedYear(Number):
    """The year that a figure is of: this one at the latest, for nobody knows those of later ones."""

    def __init__(self, label: Any, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, low=1900, high=now().year, **kwargs)


class Figures(SectionForm):
    """Each figure goes with the year it is of: without one nobody can compare it."""

    names = FIGURES

    employees = Number(_("Employees"), description=_("Persons, at this organisation alone."))
    employees_year = StatedYear(_("Employees in the year"))
    employees_source = line(_("Source of the employees"), 200, description=_("For instance the annual report."))
    turnover = Number(_("Turnover"), high=LARGEST_MONEY, description=_("A whole amount, not thousands or millions."))
    turnover_currency = line(_("Currency"), 3, currency_code)
    turnover_year = StatedYear(_("Turnover in the year"))
    turnover_source = line(_("Source of the turnover"), 200)

    def validate_turnover_currency(self, field: Any) -> None:
        if self.turnover.data is not None and not field.data and not field.errors:
            raise ValidationError(_("Write the currency of the turnover in three letters, for instance SEK."))


class SiteRow(Row):
    names = content.SITE
    town = ""
    """Where its coordinates come from, if they were looked up."""

    place_q = line(_("Find the place"), LONGEST_ADDRESS)
    name = line(_("Name of the site"), 200, description=_("For instance Production in Matfors."))
    address = line(_("Street and number"), 400)
    postal_code = line(_("Postal code"), 20)
    city = line(_("City"), 120, needed(_("Enter the city where the site is.")))
    country = SelectField(_("Country"), choices=countries, coerce=lambda value: value or "")
    lat = Degrees(_("Latitude"), most=90, description=_("Degrees north, for instance 59.85."))
    lng = Degrees(_("Longitude"), most=180, description=_("Degrees east, for instance 17.63."))

    def look_up(self) -> None:
        self.town = fill_in_place(self, self.place_q.data or "")

    def validate_lng(self, field: Any) -> None:
        if not self.lat.errors and not field.process_errors and (self.lat.data is None) != (field.data is None):
            raise ValidationError(_("Fill in both latitude and longitude, or neither."))


class Sites(SectionForm):
    names = ("sites",)

    sites = Rows(SiteRow, _("Sites"), each=_("Site"), add=_("Add a site"))

    def begin(self) -> None:
        self.sites.begin()


class ProjectRow(Row):
    names = content.PROJECT
    ignored = ("phase",)

    name = line(_("Project"), 200, needed(_("Enter the name or number that the project is known by.")))
    phase = OneOf(_("Phase"), Phase, blank=None)
    indication = line(_("Against"), 200, description=_("The disease or condition."))
    modality = line(_("Modality"), 200, description=_("For instance small molecule, antibody, cell therapy, device."))
    year = Number(_("In this phase since"), low=1900, high=2200)


class Pipeline(SectionForm):
    names = ("pipeline",)

    pipeline = Rows(ProjectRow, _("Pipeline"), each=_("Project"), add=_("Add a project"))

    def begin(self) -> None:
        self.pipeline.begin()
