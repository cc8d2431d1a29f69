"""Listings in UNIQUIP v1: 21 columns, facilities and equipment."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from facilities.catalogue.models import Kind, Listing
from facilities.exchange.tables.synonyms import UNIQUIP

COLUMNS = tuple(UNIQUIP)
TYPES = {Kind.FACILITY: "facility", Kind.INSTRUMENT: "equipment"}
"""What UNIQUIP knows; organisations, services and offers have no place in it."""


def uniquip_row(listing: Listing, said: Mapping[str, Any], *, address: str, site: str) -> Sequence[str]:
    """The cells of a facility or instrument that says this. `address` is its page here, `site` begins addresses of our
    files."""
    contacts = [*(said.get("contacts") or []), {}, {}][:2]
    images = said.get("images") or []
    parent = listing.parent if listing.parent is not None and listing.parent.kind == Kind.FACILITY else None
    place = listing.place
    cells = {
        "Type": TYPES[listing.kind],
        "Name": said["name"],
        "Description": said.get("description") or said.get("summary") or "",
        "Related Facility ID": uniquip_id(parent) if parent and listing.kind == Kind.INSTRUMENT else "",
        "Technique": "; ".join(said.get("techniques") or ()),
        "Location": f"https://en.wikipedia.org/wiki/{quote(place.city.replace(' ', '_'))}" if place.city else "",
        "ID": uniquip_id(listing),
        "Photo": _absolute(images[0]["url"], site) if images else "",
        "Department": said.get("department") or "",
        "Site Location": place.address,
        "Building": said.get("building") or "",
        "Service Level": (said.get("access") or {}).get("conditions", ""),
        "Web Address": said.get("url") or address,
    }
    for prefix, contact in zip(("Contact", "Secondary Contact"), contacts, strict=True):
        cells[f"{prefix} Name"] = contact.get("name") or contact.get("role") or ""
        cells[f"{prefix} Email"] = contact.get("email") or ""
    return [cells.get(column, "") for column in COLUMNS]


def uniquip_id(listing: Listing) -> str:
    """The institution's own id where one is known, else the number of the listing."""
    own = next((record.source_id for record in listing.source_records), "")
    return own or str(listing.id)


def _absolute(url: str, site: str) -> str:
    return f"{site}{url}" if url.startswith("/") else url
