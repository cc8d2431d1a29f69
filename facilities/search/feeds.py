"""A search as an Atom feed (RFC 4287): what became public last comes first.

An entry's id is the listing's permanent address, so that a reader shows a listing once however often its name changes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from xml.etree import ElementTree as ET

from flask import current_app
from flask_babel import get_locale

from facilities.catalogue.models import Listing
from facilities.catalogue.queries import published_by_ids
from facilities.catalogue.queries.newest import last_changes, newest
from facilities.search.hits import exact_hits
from facilities.search.links import address
from facilities.search.narrowing import in_words
from facilities.search.query import SearchQuery

MEDIA_TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
MOST_ENTRIES = 50
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries last changed: the element must be there."""

ET.register_namespace("", ATOM)


class Moments(NamedTuple):
    """When a listing became public, and when it last changed."""

    public: datetime
    changed: datetime

    @property
    def updated(self) -> datetime:
        """A listing may become public long after it was last written."""
        return max(self)


Dated = Sequence[tuple[Listing, Moments]]


def feed_of(query: SearchQuery) -> bytes:
    """The feed. What only nearly fits the search is left out."""
    moments = dict(newest(exact_hits(query), MOST_ENTRIES))
    changed = last_changes(list(moments))
    dated = [(each, Moments(moments[each.id], changed[each.id])) for each in published_by_ids(list(moments))]
    return as_atom(query, dated)


def as_atom(query: SearchQuery, listings: Dated) -> bytes:
    """These listings, in this order, as the feed of a search."""
    site = current_app.config["SITE_URL"]
    own = site + address(f"{query.base}.atom", query, "sort")
    feed = ET.Element(f"{{{ATOM}}}feed", {"xml:lang": str(get_locale() or "en")})
    _add(feed, "id", own)
    _add(feed, "title", f"{in_words(query)} · {current_app.config['SITE_NAME']}")
    _add(feed, "updated", _time(max((moments.updated for _listing, moments in listings), default=NEVER)))
    _add(feed, "link", rel="self", type=MEDIA_TYPE, href=own)
    _add(feed, "link", rel="alternate", type="text/html", href=site + query.url)
    _add(_add(feed, "author"), "name", current_app.config["SITE_NAME"])
    for listing, moments in listings:
        _add_entry(feed, listing, moments, site)
    return bytes(ET.tostring(feed, encoding="utf-8", xml_declaration=True))


def _add_entry(feed: ET.Element, listing: Listing, moments: Moments, site: str) -> None:
    entry = _add(feed, "entry")
    entry.set("xml:lang", listing.language)
    _add(entry, "id", f"{site}/listings/{listing.id}")
    _add(entry, "title", listing.name)
    _add(entry, "published", _time(moments.public))
    _add(entry, "updated", _time(moments.updated))
    _add(entry, "link", rel="alternate", type="text/html", href=site + listing.path)
    _add(entry, "category", term=listing.kind.value, label=str(listing.kind.label))
    owner = listing.organisation
    if owner is not None and owner.id != listing.id:
        _add(_add(entry, "author"), "name", owner.name)
    if summary := listing.summary or listing.place.short:
        _add(entry, "summary", summary)


def _add(parent: ET.Element, name: str, text: str = "", **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = _writable(text) or None
    return element


def _writable(text: str) -> str:
    """Without the characters that XML 1.0 has no way to write."""
    return "".join(c for c in text if c in "\t\n" or " " <= c < "\ud800" or "\ue000" <= c < "\ufffe" or c > "\uffff")


def _time(moment: datetime) -> str:
    """RFC 3339, to the second."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
