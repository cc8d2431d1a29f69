"""A small region of actors: three manufacturers, one with a facility, and one that states no role."""

from facilities.catalogue.models import Facility, Kind, Organisation
from facilities.search.index import rebuild
from tests.listings import add

PRODUCTION = {"role": "Production desk", "name": "Eva Holm", "email": "eva@example.org"}
QUOTES = {"role": "Offers", "email": "offers@example.org", "enquiry_kinds": ["quote"]}


def actor(
    name: str, kind: str, *roles: str, country: str = "SE", city: str = "Uppsala", **fields: object
) -> Organisation:
    said = {"organisation_kind": kind, "roles": list(roles), "country": country, "city": city, **fields}
    found: Organisation = add(Kind.ORGANISATION, name, **said)
    return found


def region() -> dict[str, Organisation | Facility]:
    """By a short name; indexed."""
    made = {
        "vat": actor("Vat Works", "service_company", "manufacturing", "clinical", contacts=[PRODUCTION, QUOTES]),
        "dane": actor("Dane Fill", "service_company", "manufacturing", country="DK", city="Aarhus"),
        "university": actor("Skerry University", "university", "manufacturing", city="Lund"),
        "silent": actor("Silent Trust", "investor"),
    }
    plant = add(
        Kind.FACILITY, "Vat Plant", parent=made["vat"], description="Aseptic filling of vials.", country="SE",
        city="Uppsala",
    )  # fmt: skip
    rebuild()
    return made | {"plant": plant}
