"""What is looked for: an instrument of the catalogue, or one that somebody thinks of buying."""

from dataclasses import dataclass

from facilities.catalogue.gazetteer import town
from facilities.catalogue.models import Instrument, Listing, Place
from facilities.search.near import spot
from facilities.search.understanding import understand

MOST_TECHNIQUES = 12


@dataclass(frozen=True, slots=True)
class Subject:
    """`techniques` are slugs; `point` is where one is (degrees), None if that is not known; `place` is what it is
    called; `listing_id` and `organisation_id` are 0 for what is no listing, or of no organisation."""

    manufacturer: str = ""
    model: str = ""
    techniques: tuple[str, ...] = ()
    point: tuple[float, float] | None = None
    place: str = ""
    listing_id: int = 0
    organisation_id: int = 0

    @property
    def is_empty(self) -> bool:
        return not (self.model or self.techniques)


def subject_of(instrument: Instrument) -> Subject:
    """An instrument with its ancestors and techniques loaded."""
    return Subject(
        manufacturer=instrument.manufacturer,
        model=instrument.model,
        techniques=tuple(technique.slug for technique in instrument.techniques),
        point=_point(instrument),
        place=instrument.place.city,
        listing_id=instrument.id or 0,
        organisation_id=instrument.organisation_id or 0,
    )


def subject_named(manufacturer: str, model: str, technique: str, near: str) -> Subject:
    """What is not bought yet. Techniques are those that the text for them names, else those that the model tells. A
    text that names no technique is taken for a model."""
    said = _techniques_in(technique)
    model = model or ("" if said else technique)
    place = spot(near) if near else None
    return Subject(
        manufacturer=manufacturer,
        model=model,
        techniques=said or _techniques_of(f"{manufacturer} {model}".strip()),
        point=(place.lat, place.lng) if place else None,
        place=place.said if place else "",
    )


def _techniques_in(text: str) -> tuple[str, ...]:
    """The slugs of the techniques that a text names."""
    named = [part.value for part in understand(text).parts if part.kind == "technique"] if text else []
    return tuple(dict.fromkeys(named))[:MOST_TECHNIQUES]


def _techniques_of(model: str) -> tuple[str, ...]:
    """Those of the models that a text names, as the search engine knows them; of several the likest."""
    known = [each for meaning in understand(model).similar for each in meaning.alternatives] if model else []
    likest = max((each.weight for each in known if each.tag), default=0.0)
    tags = [each.tag for each in known if each.tag and each.weight == likest]
    return _techniques_in(model) or tuple(dict.fromkeys(tags))[:MOST_TECHNIQUES]


def _point(listing: Listing) -> tuple[float, float] | None:
    """Where it is, else where what it belongs to is."""
    for each in listing.lineage():
        if found := point_of(each.place):
            return found
    return None


def point_of(place: Place) -> tuple[float, float] | None:
    """Where a place is; where its town is if the place itself has no coordinates."""
    if place.lat is not None and place.lng is not None:
        return place.lat, place.lng
    found = town(place.city, place.country) if place.city and place.country else None
    return (found.lat, found.lng) if found else None
