"""Who may use a listing, how, and on what terms."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice

from facilities.catalogue import content
from facilities.catalogue.models import AccessMode, Agreement, Mode, Training, UserGroup
from facilities.manage.forms.fields import Number, OneOf, Several, YesNo, line, paragraphs
from facilities.manage.forms.section import SectionForm

LEVELS = ("1", _("€: low")), ("2", _("€€: moderate")), ("3", _("€€€: high")), ("4", _("€€€€: very high"))


class Access(SectionForm):
    """The terms, written as one value: a change of any part is a change of the terms."""

    names = ("access",)

    groups = Several(_("Who may use it"), UserGroup)
    modes = Several(_("How it is used"), Mode)
    access_mode = OneOf(_("On what terms"), AccessMode)
    price_level = OneOf(_("Price level"), (), description=_("A rough idea: companies filter by it."))
    booking_required = YesNo(_("Must it be booked?"))
    training = OneOf(_("Training"), Training)
    training_hours = Number(_("Hours of training"), high=1000)
    safety_certificate = line(_("Safety certificate"), 300, description=_("What users must have passed beforehand."))
    agreements = Several(_("Agreements"), Agreement)
    insurance = line(_("Insurance"), 300)
    conditions = paragraphs(_("Further conditions"), 20_000, rows=4)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.price_level.choices = [*self.price_level.choices, *(SelectChoice(*level) for level in LEVELS)]

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return dict(values["access"] or {})

    def content(self) -> dict[str, Any]:
        said = {name: self[name].data for name in content.ACCESS}
        said["price_level"] = int(said["price_level"]) if str(said["price_level"]).isdecimal() else None
        terms = {name: value for name, value in said.items() if value not in (None, "", [])}
        return {"access": terms or None}
