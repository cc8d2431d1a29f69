"""Casts that several modules use: of the listing pages, and of the map."""

import pytest
from flask import Flask

from facilities.catalogue.models import Kind, Organisation
from tests.catalogue.listing_cast import Cast
from tests.listings import add


@pytest.fixture
def cast(app: Flask) -> Cast:
    return Cast()


@pytest.fixture
def university(app: Flask) -> Organisation:
    university = add(Kind.ORGANISATION, "Skerry University", city="Uppsala", country="SE", lat=59.85001, lng=17.63)
    facility = add(Kind.FACILITY, "Lumen Imaging", parent=university)
    add(Kind.INSTRUMENT, "Zeiss LSM 880", parent=facility)
    add(Kind.SERVICE, "Image analysis", parent=facility, city="Gävle", country="SE", lat=60.67, lng=17.14)
    add(Kind.ORGANISATION, "Fjord Optics", city="Bergen", country="NO", lat=60.39, lng=5.32)
    add(Kind.ORGANISATION, "Nowhere Ltd")
    return university
