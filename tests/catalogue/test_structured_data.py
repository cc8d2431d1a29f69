"""What a listing page tells search engines and other catalogues."""

import json
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Category, Kind, Listing, Technique
from facilities.db import db
from tests.listings import add

PRICE = {"item": "Time", "group": "company", "basis": "hour", "amount": "950", "currency": "SEK"}
UNTIL = {"valid_until": "2030-12-31"}


@pytest.fixture
def owner(app: Flask) -> Listing:
    imaging = Category(slug="imaging", labels={"en": "Imaging"})
    db.session.add(Technique(slug="confocal", labels={"en": "Confocal microscopy"}, category=imaging))
    db.session.commit()
    return add(
        Kind.ORGANISATION, "Skerry University", organisation_kind="university", ror="04tqe8z27", city="Uppsala",
        country="SE", lat=59.85, lng=17.63, employees=1200, established=1951, url="https://example.org/sku",
        contacts=[{"role": "Research office", "email": "office@example.org"}],
        certificates=[{"name": "ISO 9001", "issuer": "Nordic Marks", "valid_until": "2030-01-01"}],
    )  # fmt: skip


def graph(client: FlaskClient, listing: Listing) -> list[dict[str, Any]]:
    page = client.get(listing.path).text
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data["@context"] == "https://schema.org"
    return data["@graph"]


def test_an_organisation_has_its_type_place_identifiers_and_roles(client: FlaskClient, owner: Listing) -> None:
    [thing] = graph(client, owner)
    assert thing["@type"] == "CollegeOrUniversity"
    assert thing["@id"] == f"http://catalogue.test{owner.path}"
    assert thing["location"]["geo"] == {"@type": "GeoCoordinates", "latitude": 59.85, "longitude": 17.63}
    assert thing["address"]["addressCountry"] == "SE"
    assert thing["sameAs"] == ["https://example.org/sku", "https://ror.org/04tqe8z27"]
    assert thing["identifier"][0] == {
        "@type": "PropertyValue", "name": "ROR", "value": "04tqe8z27", "url": "https://ror.org/04tqe8z27",
    }  # fmt: skip
    assert thing["foundingDate"] == "1951"
    assert thing["numberOfEmployees"]["value"] == 1200
    assert thing["contactPoint"][0]["contactType"] == "Research office"
    assert thing["hasCertification"][0]["expires"] == "2030-01-01"


def test_no_address_of_a_contact_is_told(client: FlaskClient, owner: Listing) -> None:
    assert "office@" not in json.dumps(graph(client, owner))


def test_a_facility_is_an_organisation_and_a_service(client: FlaskClient, owner: Listing) -> None:
    facility = add(Kind.FACILITY, "Lumen", parent=owner, access={"groups": ["companies"], "conditions": "Ask first."})
    thing, way = graph(client, facility)
    assert thing["@type"] == ["ResearchOrganization", "Service"]
    assert thing["parentOrganization"]["@id"] == thing["provider"]["@id"] == f"http://catalogue.test{owner.path}"
    assert thing["audience"] == [{"@type": "Audience", "audienceType": "Companies"}]
    assert thing["termsOfService"] == "Ask first."
    assert [item["name"] for item in way["itemListElement"]] == ["Skerry University", "Lumen"]


def test_an_instrument_is_a_product_that_is_let_for_use(client: FlaskClient, owner: Listing) -> None:
    instrument = add(
        Kind.INSTRUMENT, "Confocal", parent=owner, manufacturer="Zeiss", model="LSM 980", serial_number="42",
        specification=[{"name": "Lasers", "value": "405 nm"}], prices=[PRICE | UNTIL], techniques=["confocal"],
    )  # fmt: skip
    thing, _way = graph(client, instrument)
    assert thing["@type"] == "IndividualProduct"
    assert thing["manufacturer"]["name"] == "Zeiss"
    assert thing["model"] == {"@type": "ProductModel", "name": "Zeiss LSM 980"}
    assert thing["serialNumber"] == "42"
    assert thing["keywords"] == ["Confocal microscopy"]
    assert thing["additionalProperty"] == [{"@type": "PropertyValue", "name": "Lasers", "value": "405 nm"}]
    [offer] = thing["offers"]
    assert offer["businessFunction"].endswith("#LeaseOut")
    assert offer["offeredBy"]["name"] == "Skerry University"
    assert offer["availableAtOrFrom"]["address"]["addressLocality"] == "Uppsala"
    price = offer["priceSpecification"]
    assert (price["price"], price["priceCurrency"], price["unitCode"]) == ("950.00", "SEK", "HUR")
    assert price["validThrough"] == "2030-12-31"


def test_a_service_says_who_provides_what(client: FlaskClient, owner: Listing) -> None:
    service = add(Kind.SERVICE, "Analysis", parent=owner, deliverables="A report", techniques=["confocal"])
    thing, _way = graph(client, service)
    assert thing["@type"] == "Service"
    assert thing["provider"]["name"] == "Skerry University"
    assert thing["serviceType"] == ["Confocal microscopy"]
    assert thing["serviceOutput"]["description"] == "A report"
    assert thing["areaServed"] == {"@type": "Country", "name": "SE"}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_bare_listing_tells_nothing_empty(client: FlaskClient, app: Flask, kind: Kind) -> None:
    [thing] = graph(client, add(kind, "Bare"))
    assert thing["name"] == "Bare"
    assert not [key for key, value in thing.items() if value in (None, "", [], {})]


def test_a_text_cannot_end_the_script(client: FlaskClient, app: Flask) -> None:
    listing = add(Kind.SERVICE, "</script><script>alert(1)</script>", summary="a & b")
    assert "<script>alert" not in client.get(listing.path).text
    [thing] = graph(client, listing)
    assert thing["name"] == "</script><script>alert(1)</script>"
