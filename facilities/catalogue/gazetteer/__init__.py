"""Towns with their coordinates, without asking anybody: all Nordic ones, and the larger ones of the rest of Europe."""

from facilities.catalogue.gazetteer.addresses import Address, country_names, read_address, suggest_places
from facilities.catalogue.gazetteer.places import NORDIC, Found, all_towns, find_places, town, towns_within

__all__ = [
    "NORDIC",
    "Address",
    "Found",
    "all_towns",
    "country_names",
    "find_places",
    "read_address",
    "suggest_places",
    "town",
    "towns_within",
]
