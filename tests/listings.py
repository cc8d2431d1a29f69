"""Small catalogues for tests."""

from typing import Any

from facilities.catalogue import content
from facilities.catalogue.models import KINDS, Facility, Instrument, Kind, Listing, Organisation
from facilities.db import db
from facilities.search.index import rebuild


def add(kind: Kind, name: str, *, parent: Listing | None = None, **fields: Any) -> Any:
    """A published listing, saved; `fields` as `content.write` takes them."""
    listing = KINDS[kind]()
    listing.parent = parent
    if parent is not None:
        listing.organisation = parent if parent.kind == Kind.ORGANISATION else parent.organisation
    db.session.add(listing)
    content.write(listing, {"name": name, **fields})
    db.session.commit()
    return listing


def small_catalogue() -> tuple[Organisation, Facility, Instrument]:
    """A university with a facility with a confocal microscope, indexed."""
    university = add(
        Kind.ORGANISATION, "Skerry University", city="Uppsala", country="SE", organisation_kind="university"
    )
    facility = add(
        Kind.FACILITY, "Lumen Imaging", parent=university, city="Uppsala", country="SE", lat=59.85, lng=17.63,
        access={"groups": ["academia", "companies"], "modes": ["physical"]},
    )  # fmt: skip
    microscope = add(
        Kind.INSTRUMENT, "Zeiss LSM 880", parent=facility, manufacturer="Zeiss", model="LSM 880",
        description="A confocal microscope for live cells.",
    )  # fmt: skip
    rebuild()
    return university, facility, microscope
