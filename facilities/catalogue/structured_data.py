"""Listings as schema.org things, for search engines and other catalogues (https://schema.org/docs/schemas.html)."""

from collections.abc import Iterable
from typing import Any

from facilities.catalogue.citation import Identifier, identifiers, permanent_url, product_name
from facilities.catalogue.models import (
    Certificate,
    Facility,
    Instrument,
    Kind,
    Listing,
    Offer,
    OfferKind,
    Organisation,
    OrganisationKind,
    Price,
    Service,
)
from facilities.catalogue.offered_things import what_is_offered
from facilities.catalogue.reading import Reading

Thing = dict[str, Any]

ORGANISATION_TYPES = {
    OrganisationKind.UNIVERSITY: "CollegeOrUniversity",
    OrganisationKind.HOSPITAL: "Hospital",
    OrganisationKind.INSTITUTE: "ResearchOrganization",
    OrganisationKind.SERVICE_COMPANY: "Corporation",
    OrganisationKind.SUPPLIER: "Corporation",
    OrganisationKind.COMPANY: "Corporation",
    OrganisationKind.AUTHORITY: "GovernmentOrganization",
}
UNIT_CODES = {"hour": "HUR", "day": "DAY"}
# An instrument that is opened to others is let for use, not sold, and so are premises.
LET_FOR_USE = "http://purl.org/goodrelations/v1#LeaseOut"


def structured_data(reading: Reading, site_url: str) -> Thing:
    """The listing and the way to it as one JSON-LD graph. Contacts appear as roles, never with an address."""
    things = [_without_blanks(_thing(reading, site_url))]
    if reading.trail:
        things.append(_breadcrumbs([*reading.trail, reading.listing], site_url))
    return {"@context": "https://schema.org", "@graph": things}


def _thing(reading: Reading, site_url: str) -> Thing:
    by_kind = {
        Kind.ORGANISATION: organisation_data,
        Kind.FACILITY: facility_data,
        Kind.INSTRUMENT: instrument_data,
        Kind.SERVICE: service_data,
        Kind.OFFER: offer_data,
    }
    return by_kind[reading.listing.kind](reading, site_url)


def organisation_data(reading: Reading, site_url: str) -> Thing:
    listing = reading.listing
    assert isinstance(listing, Organisation)
    return {
        "@type": ORGANISATION_TYPES.get(listing.organisation_kind, "Organization"),
        **_shared(reading, site_url),
        **_actor(reading, site_url),
        "numberOfEmployees": _number(listing.employees),
        "taxID": listing.company_number,
    }


def facility_data(reading: Reading, site_url: str) -> Thing:
    """A facility is a unit with an address and something one can use: an organisation and a service at once."""
    listing = reading.listing
    assert isinstance(listing, Facility)
    return {
        "@type": ["ResearchOrganization", "Service"],
        **_shared(reading, site_url),
        **_actor(reading, site_url),
        **_offered(reading, site_url),
        "serviceType": [category.label for category in listing.categories],
    }


def instrument_data(reading: Reading, site_url: str) -> Thing:
    listing = reading.listing
    assert isinstance(listing, Instrument)
    offers = _offers(reading) or [{"@type": "Offer"}]
    model = {"@type": "ProductModel", "name": product_name(listing)} if listing.model else None
    return {
        "@type": "IndividualProduct",
        **_shared(reading, site_url),
        "manufacturer": {"@type": "Organization", "name": listing.manufacturer} if listing.manufacturer else None,
        "model": model,
        "serialNumber": listing.serial_number,
        "category": [category.label for category in listing.categories],
        "keywords": [technique.label for technique in listing.techniques],
        "additionalProperty": [_property(line.name, line.value) for line in listing.specifications],
        "offers": [_letting(offer, reading, site_url) for offer in offers],
    }


def service_data(reading: Reading, site_url: str) -> Thing:
    listing = reading.listing
    assert isinstance(listing, Service)
    return {
        "@type": "Service",
        **_shared(reading, site_url),
        **_offered(reading, site_url),
        "serviceType": [technique.label for technique in listing.techniques],
        "category": [category.label for category in listing.categories],
        "serviceOutput": {"@type": "Thing", "description": listing.deliverables} if listing.deliverables else None,
    }


def offer_data(reading: Reading, site_url: str) -> Thing:
    """An offer of something; partners are not offered but wanted, which schema.org calls a demand."""
    listing = reading.listing
    assert isinstance(listing, Offer)
    owner = reading.trail[0] if reading.trail else None
    return {
        "@type": "Demand" if listing.offer_kind == OfferKind.PARTNERS else "Offer",
        **_shared(reading, site_url),
        "category": str(listing.offer_kind.label),
        "businessFunction": LET_FOR_USE if listing.offer_kind == OfferKind.PREMISES else None,
        "offeredBy": _reference(owner, site_url) if owner else None,
        "availableAtOrFrom": _location(listing),
        "availabilityStarts": listing.free_from.isoformat() if listing.free_from else None,
        "validThrough": listing.open_until.isoformat() if listing.open_until else None,
        "itemOffered": what_is_offered(listing, reading.name),
    }


def _shared(reading: Reading, site_url: str) -> Thing:
    listing = reading.listing
    address = permanent_url(listing, site_url)
    return {
        "@id": address,
        "url": address,
        "name": reading.name,
        "alternateName": list(filter(None, (listing.abbreviation, *listing.other_names))),
        "description": reading.summary or reading.description[:300],
        "sameAs": list(filter(None, (listing.url, *(each.url for each in identifiers(listing))))),
        "identifier": [_identifier(each) for each in identifiers(listing)],
        "image": [site_url.rstrip("/") + image.url for image in reading.figures],
    }


def _actor(reading: Reading, site_url: str) -> Thing:
    listing = reading.listing
    parent = reading.trail[-1] if reading.trail else None
    return {
        "parentOrganization": _reference(parent, site_url) if parent else None,
        "address": _address(listing),
        "location": _location(listing),
        "foundingDate": str(listing.established or ""),
        "knowsAbout": [technique.label for technique in listing.techniques],
        "contactPoint": [_contact_point(contact.role, listing, site_url) for contact in listing.contacts],
        "hasCertification": [_certification(certificate) for certificate in listing.certificates],
    }


def _offered(reading: Reading, site_url: str) -> Thing:
    """What schema.org says of a service: who provides it, for whom, where, on what terms."""
    listing, terms = reading.listing, reading.terms
    place = listing.place
    provider = reading.trail[-1] if reading.trail else listing
    return {
        "provider": _reference(provider, site_url),
        "areaServed": {"@type": "Country", "name": place.country} if place.country else None,
        "audience": [_audience(str(group.label)) for group in terms.value.user_groups] if terms else [],
        "termsOfService": terms.value.conditions if terms else "",
        "offers": _offers(reading),
        "hasCertification": [_certification(certificate) for certificate in listing.certificates],
    }


def _offers(reading: Reading) -> list[Thing]:
    lines = reading.price_lines.value if reading.price_lines else []
    return [_offer(price) for line in lines for price in line.prices]


def _offer(price: Price) -> Thing:
    unit = {
        "@type": "UnitPriceSpecification",
        "price": f"{price.amount:.2f}",
        "priceCurrency": price.currency,
        "valueAddedTaxIncluded": False,
        "unitText": price.basis.value,
        "unitCode": UNIT_CODES.get(price.basis.value),
        "validFrom": price.valid_from.isoformat() if price.valid_from else None,
        "validThrough": price.valid_until.isoformat() if price.valid_until else None,
    }
    group = str(price.group.label)
    return {"@type": "Offer", "name": price.item, "eligibleCustomerType": group, "priceSpecification": unit}


def _letting(offer: Thing, reading: Reading, site_url: str) -> Thing:
    owner = reading.trail[-1] if reading.trail else None
    return {
        **offer,
        "businessFunction": LET_FOR_USE,
        "offeredBy": _reference(owner, site_url) if owner else None,
        "availableAtOrFrom": _location(reading.listing),
    }


def _reference(listing: Listing, site_url: str) -> Thing:
    address = permanent_url(listing, site_url)
    return {"@type": "Organization", "@id": address, "name": listing.name, "url": address}


def _address(listing: Listing) -> Thing | None:
    place = listing.place
    if not (place.city or place.country):
        return None
    return {
        "@type": "PostalAddress",
        "streetAddress": place.address,
        "postalCode": place.postal_code,
        "addressLocality": place.city,
        "addressRegion": place.region,
        "addressCountry": place.country,
    }


def _location(listing: Listing) -> Thing | None:
    place, address = listing.place, _address(listing)
    if place.lat is None and address is None:
        return None
    geo = {"@type": "GeoCoordinates", "latitude": place.lat, "longitude": place.lng} if place.lat is not None else None
    return {"@type": "Place", "address": address, "geo": geo}


def _contact_point(role: str, listing: Listing, site_url: str) -> Thing:
    form = f"{site_url.rstrip('/')}/enquiries/new?listing={listing.id}"
    return {"@type": "ContactPoint", "contactType": role, "url": form}


def _certification(certificate: Certificate) -> Thing:
    return {
        "@type": "Certification",
        "name": certificate.name,
        "certificationIdentification": certificate.number,
        "issuedBy": {"@type": "Organization", "name": certificate.issuer} if certificate.issuer else None,
        "expires": certificate.valid_until.isoformat() if certificate.valid_until else None,
    }


def _breadcrumbs(way: Iterable[Listing], site_url: str) -> Thing:
    items = [
        {"@type": "ListItem", "position": position, "name": listing.name, "item": permanent_url(listing, site_url)}
        for position, listing in enumerate(way, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": items}


def _audience(group: str) -> Thing:
    return {"@type": "Audience", "audienceType": group}


def _identifier(identifier: Identifier) -> Thing:
    return _property(identifier.scheme, identifier.value) | {"url": identifier.url}


def _property(name: str, value: str) -> Thing:
    return {"@type": "PropertyValue", "name": name, "value": value}


def _number(value: int | None) -> Thing | None:
    return {"@type": "QuantitativeValue", "value": value} if value is not None else None


def _without_blanks(value: Any) -> Any:
    """The same without keys that say nothing, all the way down."""
    if isinstance(value, dict):
        cleaned = {key: _without_blanks(inner) for key, inner in value.items()}
        return {key: inner for key, inner in cleaned.items() if inner not in (None, "", [], {})}
    if isinstance(value, list):
        return [_without_blanks(inner) for inner in value]
    return value
