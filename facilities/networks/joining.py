"""The form by which an organisation asks to join a network."""

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired

from facilities.address_field import AddressField, right_address
from facilities.catalogue.models import Listing, OrganisationKind
from facilities.enquiries.sealed_form import SealedForm
from facilities.form_fields import at_most, line, lines
from facilities.manage.forms import identifiers
from facilities.manage.forms.place import countries
from facilities.networks.models import Network

OF_NEW = ("name", "organisation_kind", "company_number", "url", "city", "country")
"""Asked only about an organisation that the catalogue does not hold."""


class JoinForm(SealedForm):
    """Who wants to join: an organisation that was chosen before, or one that is described here."""

    name = StringField(_("Organisation"), [DataRequired(_("Enter what it is called.")), at_most(300)], [line])
    organisation_kind = SelectField(
        _("Kind"), choices=lambda: [(kind.value, kind.label) for kind in OrganisationKind], default="company"
    )
    company_number = StringField(_("Company number"), [at_most(20)], [line])
    url = StringField(_("Website"), [at_most(2000), identifiers.web_address], [line])
    city = StringField(_("City"), [DataRequired(_("Enter the city where it is.")), at_most(120)], [line])
    country = SelectField(
        _("Country"), [DataRequired(_("Choose the country where it is."))], choices=countries, coerce=str
    )
    category_id = SelectField(_("Category of membership"), coerce=lambda value: int(value) if value else None)
    hub_id = SelectField(_("Hub"), coerce=lambda value: int(value) if value else None)
    message = TextAreaField(
        _("Why you would like to join"),
        [at_most(6000)],
        [lines],
        description=_("What you do, what you look for, what you can give."),
    )
    contact_name = StringField(
        _("Your name"), [DataRequired(_("Enter your name.")), at_most(120)], [line], render_kw={"autocomplete": "name"}
    )
    contact_email = AddressField(
        _("Your e-mail address"),
        [DataRequired(_("Enter the address to which the answer goes.")), right_address],
        [line],
        description=_("The decision comes to it. It is never shown on a page."),
    )

    def validate_company_number(self, field: Any) -> None:
        if field.data and self.country.data:
            field.data = identifiers.number_of_country(field.data, self.country.data)

    def offer(self, network: Network, listing: Listing | None) -> "JoinForm":
        """Offer the network's categories, each with its fee, and hubs; ask nothing that the listing says already."""
        self.category_id.choices = [("", _("Not sure")), *((each.id, _with_fee(each)) for each in network.categories)]
        self.hub_id.choices = [("", _("Not sure")), *((hub.id, hub.name) for hub in network.hubs)]
        if listing is not None:
            for name in OF_NEW:
                delattr(self, name)
        return self

    def fields(self, listing: Listing | None) -> dict[str, Any]:
        """What an application says."""
        names = ("category_id", "hub_id", "message", "contact_name", "contact_email")
        said = {name: self[name].data for name in names}
        said["message"] = said["message"] or ""
        if listing is not None:
            return said | {"organisation_id": listing.id, "name": listing.name}
        return said | {name: self[name].data or "" for name in OF_NEW}


def _with_fee(category: Any) -> str:
    return f"{category.name} ({category.fee})" if category.fee else str(category.name)
