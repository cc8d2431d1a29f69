"""Owners with instruments in several towns, for the pages that look for others and count them."""

from typing import Any

from facilities.catalogue.models import Facility, Instrument, Kind, Organisation
from facilities.search.index import rebuild
from tests.listings import add
from tests.vocabulary import add_technique

PLACES = {
    "Uppsala": ("SE", 59.8585, 17.6454),
    "Stockholm": ("SE", 59.3326, 18.0649),
    "Lund": ("SE", 55.7058, 13.1932),
    "Oslo": ("NO", 59.9139, 10.7522),
}


def vocabulary() -> None:
    """Cytometry with sorting below it, and imaging, which has nothing to do with either."""
    above = add_technique("flow-cytometry", "Flow cytometry", synonyms={"en": ["FACS analysis"]})
    below = add_technique("cell-sorting", "Cell sorting", models=["FACSAria"])
    below.broader_id = above.id
    add_technique("confocal-microscopy", "Confocal microscopy")


def owner(name: str, city: str, groups: tuple[str, ...] = ("academia", "companies")) -> Facility:
    """A facility of an organisation in a town."""
    country, lat, lng = PLACES[city]
    place: dict[str, Any] = {"city": city, "country": country, "lat": lat, "lng": lng}
    organisation: Organisation = add(Kind.ORGANISATION, name, organisation_kind="university", **place)
    terms = {"access": {"groups": list(groups), "modes": ["physical"], "price_level": 2}}
    facility: Facility = add(Kind.FACILITY, f"{name} Core", parent=organisation, **place, **terms)
    return facility


def sorter(parent: Facility, model: str = "FACSAria III", **fields: Any) -> Instrument:
    """A cell sorter at a facility."""
    said = {"manufacturer": "BD Biosciences", "techniques": ["cell-sorting", "flow-cytometry"]} | fields
    instrument: Instrument = add(Kind.INSTRUMENT, f"Cell sorter {model}", parent=parent, model=model, **said)
    return instrument


def neighbours() -> Instrument:
    """The sorter that is asked about, in Uppsala: one of the same model in Oslo, one of the same family in Stockholm,
    an analyser beside it, a microscope that is none of them."""
    vocabulary()
    home, capital, abroad = (
        owner("Skerry", "Uppsala"),
        owner("Birch", "Stockholm", ("academia",)),
        owner("Fell", "Oslo"),
    )
    asked = sorter(home)
    sorter(abroad, "BD FACSAria III with ACDU", manufacturer="BD", idle_hours=12)
    sorter(capital, "FACSAria Fusion", instrument_status="limited")
    add(Kind.INSTRUMENT, "Analyser CytoFLEX", parent=home, model="CytoFLEX", techniques=["flow-cytometry"])
    add(Kind.INSTRUMENT, "Confocal LSM 980", parent=capital, model="LSM 980", techniques=["confocal-microscopy"])
    rebuild()
    return asked
