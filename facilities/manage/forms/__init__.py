"""The forms that change a listing, one for each section and kind."""

from facilities.catalogue.models import Kind
from facilities.manage.forms.access import Access
from facilities.manage.forms.actors import Figures, Pipeline, Sites
from facilities.manage.forms.basics import FacilityBasics, InstrumentBasics, OrganisationBasics, ServiceBasics
from facilities.manage.forms.media import Media
from facilities.manage.forms.offers import OfferBasics
from facilities.manage.forms.place import Place
from facilities.manage.forms.rows import Certificates, Contacts, Links, Prices, Specification
from facilities.manage.forms.section import Problem, SectionForm
from facilities.manage.forms.techniques import Techniques
from facilities.manage.forms.texts import Texts

BASICS: dict[Kind, type[SectionForm]] = {
    Kind.ORGANISATION: OrganisationBasics,
    Kind.FACILITY: FacilityBasics,
    Kind.INSTRUMENT: InstrumentBasics,
    Kind.SERVICE: ServiceBasics,
    Kind.OFFER: OfferBasics,
}
FORMS: dict[str, type[SectionForm]] = {
    "texts": Texts,
    "techniques": Techniques,
    "place": Place,
    "figures": Figures,
    "sites": Sites,
    "pipeline": Pipeline,
    "contacts": Contacts,
    "access": Access,
    "prices": Prices,
    "certificates": Certificates,
    "specification": Specification,
    "media": Media,
    "links": Links,
}


def form_of(section: str, kind: Kind) -> type[SectionForm]:
    """The form of a section."""
    return BASICS[kind] if section == "basics" else FORMS[section]


__all__ = ["Problem", "SectionForm", "form_of"]
