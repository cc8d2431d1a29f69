"""A university with listings of all kinds that say much, and what visitors read on their pages."""

from html.parser import HTMLParser

from flask.testing import FlaskClient

from facilities.catalogue.models import Category, Kind, Listing, Technique
from facilities.db import db
from tests.listings import add

PRICES = [
    {"item": "Microscope time", "group": "academic", "basis": "hour", "amount": "320", "currency": "SEK"},
    {
        "item": "Microscope time", "group": "company", "basis": "hour", "amount": "950", "currency": "SEK",
        "setup_fee": "1200", "includes_operator": True, "valid_until": "2030-12-31",
    },
]  # fmt: skip
CONTACT = {"role": "Facility manager", "email": "lumen@example.org", "languages": ["sv"]}


class Cast:
    """A university, its facility with an instrument and a service, all rich; and a competitor that can do the same."""

    def __init__(self) -> None:
        techniques = add_techniques("confocal-microscopy", "live-cell-imaging", "optical-sectioning")
        self.university = add(
            Kind.ORGANISATION, "Skerry University", abbreviation="SKU", city="Uppsala", country="SE", lat=59.85,
            lng=17.63, organisation_kind="university", roles=["discovery"], url="https://example.org/sku",
            ror="04tqe8z27", employees=1200, certificates=[{"name": "ISO 9001", "valid_until": "2030-01-01"}],
            contacts=[{"role": "Research office", "email": "office@example.org"}],
        )  # fmt: skip
        self.facility = add(
            Kind.FACILITY, "Lumen Imaging", parent=self.university, city="Uppsala", country="SE", lat=59.8, lng=17.6,
            access={
                "groups": ["academia", "companies"], "modes": ["physical"], "training": "required",
                "training_hours": 4, "agreements": ["nda"], "price_level": 2, "conditions": "Book a week ahead.",
            },
            prices=PRICES, contacts=[CONTACT], techniques=techniques,
        )  # fmt: skip
        self.instrument = add(
            Kind.INSTRUMENT, "Confocal microscope", parent=self.facility, manufacturer="Zeiss", model="LSM 980",
            summary="For live cells.", description="First.\n\nSee https://example.org/manual, or <ask>.",
            specification=[{"name": "Lasers", "value": "405, 488 nm"}], techniques=techniques,
            instrument_status="limited", building="C", room="C2:10",
            texts={"sv": {"name": "Konfokalmikroskop", "description": "För levande celler."}},
            images=[{"url": "/demo/images/confocal.svg", "title": "A microscope"}],
            documents=[{"url": "https://example.org/a.pdf", "title": "Quick guide"}],
        )  # fmt: skip
        self.service = add(
            Kind.SERVICE, "Image analysis", parent=self.facility, sample_input="Raw files", deliverables="A report",
            lead_time_min=5, lead_time_max=10, trl_min=4, trl_max=8, techniques=techniques[:1],
        )  # fmt: skip
        self.competitor = add(Kind.ORGANISATION, "Fjord Optics AS", city="Bergen", country="NO")
        self.same = add(Kind.INSTRUMENT, "Spinning disk microscope", parent=self.competitor, techniques=techniques[:2])


def add_techniques(*slugs: str) -> list[str]:
    category = Category(slug="microscopy", labels={"en": "Microscopy"})
    db.session.add_all(Technique(slug=slug, labels={"en": slug}, category=category) for slug in slugs)
    db.session.commit()
    return list(slugs)


def shown(client: FlaskClient, listing: Listing, query: str = "", status: int = 200) -> str:
    answer = client.get(listing.path + query)
    assert answer.status_code == status
    return answer.text


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)


def words(html: str) -> str:
    """The text of the page's main part, blanks folded."""
    parser = _Words()
    parser.feed(html[html.index("<main") : html.index("</main>")])
    return " ".join(" ".join(parser.found).split())
