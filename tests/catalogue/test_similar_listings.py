"""The listings of other owners that a listing page names as similar."""

import re

from flask.testing import FlaskClient

from facilities.catalogue.models import Kind
from tests.catalogue.listing_cast import Cast, shown
from tests.listings import add


def test_similar_listings_are_of_other_owners(client: FlaskClient, cast: Cast) -> None:
    page = shown(client, cast.instrument)
    similar = page[page.index("similar-title") : page.index("about-title")]
    assert cast.same.path in similar
    assert "Fjord Optics AS" in similar
    assert cast.facility.path not in similar
    assert cast.service.path not in similar


def similar_names(page: str) -> list[str]:
    similar = page[page.index("similar-title") : page.index("about-title")]
    return re.findall(r'<a href="[^"]*" lang="[^"]*">([^<]*)</a>', similar)


def test_a_rare_technique_in_common_counts_more_than_common_ones(client: FlaskClient, cast: Cast) -> None:
    for number in range(8):
        shared = ["confocal-microscopy", "live-cell-imaging"]
        add(Kind.INSTRUMENT, f"Common {number}", parent=cast.competitor, techniques=shared)
    add(Kind.INSTRUMENT, "Rare", parent=cast.competitor, techniques=["optical-sectioning"])
    assert similar_names(shown(client, cast.instrument))[0] == "Rare"


def test_a_listing_that_shares_little_beside_the_closest_is_not_similar(client: FlaskClient, cast: Cast) -> None:
    for number in range(12):
        add(Kind.INSTRUMENT, f"Common {number}", parent=cast.competitor, techniques=["confocal-microscopy"])
    closest = add(
        Kind.INSTRUMENT, "Closest", parent=cast.competitor, techniques=["confocal-microscopy", "optical-sectioning"]
    )
    names = similar_names(shown(client, cast.instrument))
    assert closest.name in names
    assert not [name for name in names if name.startswith("Common")]


def test_the_same_kind_comes_first_among_similar_listings(client: FlaskClient, cast: Cast) -> None:
    add(Kind.SERVICE, "Microscopy to order", parent=cast.competitor, techniques=["optical-sectioning"])
    assert similar_names(shown(client, cast.instrument)) == ["Spinning disk microscope", "Microscopy to order"]


def test_what_an_organisation_has_is_not_similar_to_it(client: FlaskClient, cast: Cast) -> None:
    university = add(Kind.ORGANISATION, "Tarn University", techniques=["optical-sectioning", "live-cell-imaging"])
    unit = add(Kind.FACILITY, "Tarn Imaging", parent=university)
    add(Kind.INSTRUMENT, "Tarn microscope", parent=unit, techniques=["optical-sectioning"])
    names = similar_names(shown(client, university))
    assert "Lumen Imaging" in names
    assert "Tarn microscope" not in names
