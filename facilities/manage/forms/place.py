"""Where a listing is."""

from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.form import BaseForm
from wtforms.validators import ValidationError

from facilities.catalogue.gazetteer import suggest_places
from facilities.catalogue.names import fold
from facilities.exchange.records.cleaning import COUNTRIES
from facilities.manage.forms.fields import NOT_STATED, Degrees, line
from facilities.manage.forms.section import SectionForm
from facilities.manage.sections import SECTIONS

NEAR = ("SE", "NO", "DK", "FI", "IS")
"""Countries that stand first in the list."""

LONGEST_ADDRESS = 300
"""Letters of a place that is looked up."""


def fill_in_place(form: BaseForm, typed: str) -> str:
    """Fill in the place that was typed; gives its name, or nothing."""
    found = suggest_places(typed[:LONGEST_ADDRESS])
    for name, value in (found[0].fields if found else {}).items():
        if name in form:
            form[name].data, form[name].raw_data = value, None
    return found[0].label if found else ""


def countries() -> list[SelectChoice]:
    """Every country by its name in the visitor's language, those nearby first."""
    territories = (get_locale() or Locale("en")).territories
    names = {code: str(territories.get(code, code)) for code in COUNTRIES}
    others = sorted(set(names) - set(NEAR), key=lambda code: fold(names[code]))
    return [SelectChoice("", NOT_STATED), *(SelectChoice(code, names[code]) for code in (*NEAR, *others))]


class Place(SectionForm):
    names = next(section.fields for section in SECTIONS if section.name == "place")

    department = line(_("Department"), 300)
    address = line(_("Street and number"), 400)
    postal_code = line(_("Postal code"), 20)
    city = line(_("City"), 120)
    region = line(_("Region"), 120)
    country = SelectField(_("Country"), choices=countries, coerce=lambda value: value or "")
    building = line(_("Building"), 120)
    room = line(_("Room"), 120)
    lat = Degrees(_("Latitude"), most=90, description=_("Degrees north, for instance 59.85."))
    lng = Degrees(_("Longitude"), most=180, description=_("Degrees east, for instance 17.63."))

    def validate_lng(self, field: Any) -> None:
        if not self.lat.errors and not field.process_errors and (self.lat.data is None) != (field.data is None):
            raise ValidationError(_("Fill in both latitude and longitude, or neither."))
