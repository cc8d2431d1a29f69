"""What a listing looks like to the index."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from hashlib import blake2b

from babel import Locale
from flask_babel import force_locale
from sqlalchemy.orm import object_session

from facilities.catalogue.gazetteer import town
from facilities.catalogue.models import (
    Activity,
    Category,
    Customer,
    FundingStage,
    Instrument,
    Kind,
    Listing,
    ListingText,
    Offer,
    Organisation,
    Place,
    PremisesKind,
    RoomClass,
    Sector,
    Service,
    Specialty,
    Technique,
    TermKind,
)
from facilities.catalogue.models.terms import Word
from facilities.catalogue.roles import words_of
from facilities.formats import site_today
from facilities.search.offer_synonyms import also_called
from facilities.search.understanding import certificate_name
from search_index import Document, Text

OWN_LANGUAGES = ("en", "sv", "nb", "da")
"""Languages in which the words of our closed lists are translated."""

LANGUAGES = ("en", "sv", "nb", "da", "de")
UNKNOWN = ""


def document(listing: Listing) -> Document:
    """The searchable texts, facet values and sort keys of a published listing with all its parts loaded."""
    draft = Document(
        id=listing.id,
        version="",
        texts=tuple(text for text in _texts(listing) if text.value),
        facets={name: tuple(dict.fromkeys(values)) for name, values in _facets(listing).items() if values},
        name=listing.name,
        updated_at=listing.updated_at.timestamp(),
        boost=_completeness(listing),
        confirmed_at=(listing.confirmed_at or listing.created_at).timestamp(),
        tags=tuple(technique.slug for technique in listing.techniques),
        point=_point(listing.place),
        numbers=_numbers(listing),
    )
    return replace(draft, version=_fingerprint(draft))


def _fingerprint(document: Document) -> str:
    times = (document.updated_at, document.boost, document.confirmed_at)
    columns = (document.tags, document.point, sorted(document.numbers.items()))
    said = repr((document.texts, sorted(document.facets.items()), document.name, *times, *columns))
    return blake2b(said.encode(), digest_size=12).hexdigest()


def _completeness(listing: Listing) -> float:
    """From 1 for a bare name to 1.3 for a listing that tells a visitor what it is and how to get access."""
    has = (bool(listing.description), listing.terms is not None, bool(listing.techniques))
    return round(1 + 0.1 * sum(has), 2)


def _texts(listing: Listing) -> Iterator[Text]:
    yield from _own_words(listing)
    yield from _kind_words(listing)
    yield from _technique_words(listing.techniques)
    yield from _category_words(_with_parents(listing.categories))
    yield from _owner_words(listing)
    yield from _place_words(listing)


def _own_words(listing: Listing) -> Iterator[Text]:
    told: tuple[Listing | ListingText, ...] = (listing, *listing.texts)
    for said in told:
        yield Text("title", said.language, said.name)
        yield Text("description", said.language, "\n".join(filter(None, (said.summary, said.description))))
    for name in (listing.abbreviation, *listing.other_names):
        yield Text("names", UNKNOWN, name)
    for keyword in listing.keywords:
        yield Text("keywords", listing.language, keyword)
    for certificate in listing.certificates:
        yield Text("keywords", UNKNOWN, f"{certificate.name} {certificate.scope}".strip())
    for line in listing.specifications:
        yield Text("description", listing.language, f"{line.name}: {line.value}")


def _kind_words(listing: Listing) -> Iterator[Text]:
    if isinstance(listing, Instrument):
        yield Text("model", UNKNOWN, f"{listing.manufacturer} {listing.model}".strip())
    if isinstance(listing, Service):
        yield Text("description", listing.language, f"{listing.sample_input}\n{listing.deliverables}".strip())
    if isinstance(listing, Organisation):
        yield Text("keywords", "en", " ".join((listing.organisation_kind, *listing.roles)).replace("_", " "))
        for language, words in words_of(listing.roles, object_session(listing)).items():
            yield Text("keywords", language or UNKNOWN, "\n".join(words))
        yield from _labels([word for word in Specialty if word in listing.specialties])
        yield from _labels(_typing_of(listing), "keywords")
        for project in listing.pipeline:
            yield Text("description", listing.language, f"{project.name} {project.indication} {project.modality}")
        for site in listing.sites:
            yield Text("place", UNKNOWN, site.city)
    if isinstance(listing, Offer):
        yield from _labels(_words_of_offer(listing))


def _typing_of(organisation: Organisation) -> list[Word]:
    """Sector, activities and customers: what an organisation is typed by besides its specialties."""
    chosen = ((Sector, [organisation.sector]), (Activity, organisation.activities), (Customer, organisation.customers))
    return [word for words, values in chosen for word in words if word in values]


def _words_of_offer(offer: Offer) -> list[Word]:
    chosen = ((PremisesKind, offer.premises), (RoomClass, offer.room_classes), (FundingStage, offer.stages))
    return [offer.offer_kind, *(word for words, values in chosen for word in words if word in values)]


def _labels(words: Sequence[Word], field: str = "techniques") -> Iterator[Text]:
    """What words of closed lists are called in every language of the interface."""
    for language in OWN_LANGUAGES if words else ():
        with force_locale(language):
            said = [text for word in words for text in (str(word.label), also_called(word, language)) if text]
            yield Text(field, language, "\n".join(said))


def _technique_words(techniques: Iterable[Technique]) -> Iterator[Text]:
    """What the techniques are called. Makers' models are not, for the listing has its own, nor what may mean others."""
    for technique in techniques:
        for term in technique.terms:
            if term.kind != TermKind.MODEL and not term.ambiguous:
                yield Text("techniques", term.language, term.text)


def _category_words(categories: Iterable[Category]) -> Iterator[Text]:
    for category in categories:
        for language, label in category.labels.items():
            yield Text("techniques", language, label)


def _owner_words(listing: Listing) -> Iterator[Text]:
    yield Text("organisation", UNKNOWN, listing.department)
    for owner in list(listing.lineage())[1:]:
        for name in (owner.name, owner.abbreviation, *owner.other_names):
            yield Text("organisation", UNKNOWN, name)


def _place_words(listing: Listing) -> Iterator[Text]:
    place = listing.place
    yield Text("place", UNKNOWN, place.city)
    yield Text("place", UNKNOWN, place.region)
    for language, name in _country_names(place.country or "").items():
        yield Text("place", language, name)


@cache
def _country_names(code: str) -> Mapping[str, str]:
    """The names of a country in all search languages, each name once."""
    names = {Locale(language).territories.get(code, ""): language for language in reversed(LANGUAGES)}
    return {language: name for name, language in names.items()}


def _facets(listing: Listing) -> dict[str, list[str]]:
    place, terms = listing.place, listing.terms
    organisation = listing.id if listing.kind == Kind.ORGANISATION else listing.organisation_id
    return {
        "kind": [listing.kind.value],
        "offer": [listing.offer_kind.value] if isinstance(listing, Offer) else [],
        "category": [category.slug for category in _with_parents(listing.categories)],
        "technique": [technique.slug for technique in listing.techniques],
        "organisation": [str(organisation)] if organisation else [],
        **_actor_facets(listing if isinstance(listing, Organisation) else listing.organisation),
        "country": [place.country] if place.country else [],
        "city": [place.city] if place.city else [],
        "access": list(terms.groups) if terms else [],
        "mode": list(terms.modes) if terms else [],
        "certificate": [certificate_name(certificate.name) for certificate in listing.certificates],
    }


def _actor_facets(organisation: Listing | None) -> dict[str, list[str]]:
    """What the organisation is that a listing belongs to, and the networks and hubs it is a member of today."""
    if not isinstance(organisation, Organisation):
        return {}
    today = site_today()
    held = [each for each in organisation.memberships if each.holds_on(today) and each.network.listed]
    return {
        "organisation_kind": [organisation.organisation_kind.value],
        "role": list(organisation.roles),
        "sector": [organisation.sector] if organisation.sector else [],
        "network": [each.network.slug for each in held],
        "hub": [each.hub.key for each in held if each.hub],
    }


def _point(place: Place) -> tuple[float, float] | None:
    """Where a place is; where its town is if the place itself has no coordinates."""
    if place.lat is not None and place.lng is not None:
        return place.lat, place.lng
    return _town_point(place.city, place.country) if place.city and place.country else None


@lru_cache(maxsize=4_000)
def _town_point(city: str, country: str) -> tuple[float, float] | None:
    found = town(city, country)
    return (found.lat, found.lng) if found else None


def _numbers(listing: Listing) -> dict[str, tuple[float, float]]:
    """What ranges are asked of. Of a lead time of which one end is known, that stands for both."""
    found = {}
    if listing.terms and listing.terms.price_level:
        found["price_level"] = (float(listing.terms.price_level),) * 2
    if isinstance(listing, Service):
        known = [float(days) for days in (listing.lead_time_min, listing.lead_time_max) if days is not None]
        if known:
            found["lead_time_days"] = (min(known), max(known))
    if isinstance(listing, Offer):
        sizes = [float(size) for size in (listing.area_min, listing.area_max) if size is not None]
        if sizes:
            found["area_m2"] = (min(sizes), max(sizes))
    return found


def _with_parents(categories: Iterable[Category]) -> list[Category]:
    found: dict[int, Category] = {}
    for category in categories:
        for each in filter(None, (category, category.parent)):
            found[each.id] = each
    return list(found.values())
