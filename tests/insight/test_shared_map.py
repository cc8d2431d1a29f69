"""The map elsewhere: in a frame of another site, and as a picture."""

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import resvg_py
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind
from facilities.search.index import rebuild
from tests.listings import add

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def cities(app: Flask) -> None:
    """A company in each of three cities, and two facilities at one address."""
    for name, lat, lng in (("Oslo", 59.91, 10.75), ("Lund", 55.7, 13.19), ("Åbo", 60.45, 22.27)):
        add(Kind.ORGANISATION, f"{name} & Co", city=name, country="NO", lat=lat, lng=lng)
    for name in ("One", "Two"):
        add(Kind.FACILITY, f"Lab {name}", city="Umeå", country="SE", lat=63.83, lng=20.26)
    rebuild()


def texts(drawing: ET.Element) -> list[str]:
    return [said for each in drawing.iter(f"{SVG}text") if (said := (each.text or "").strip())]


def test_only_the_map_for_frames_may_stand_in_other_sites_and_it_sets_no_cookie(
    client: FlaskClient, cities: None
) -> None:
    framed, page = client.get("/map/embed?kind=facility"), client.get("/map?kind=facility")
    assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]
    assert "default-src 'self'" in framed.headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed.headers
    assert "Set-Cookie" not in framed.headers
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["X-Frame-Options"] == "DENY"
    assert "<form" not in framed.text
    assert "Lab One" in framed.text
    assert "Oslo &amp; Co" not in framed.text
    assert 'href="http://catalogue.test/map?kind=facility"' in framed.text


def test_the_page_for_sharing_gives_both_ways_with_the_filters(client: FlaskClient, cities: None) -> None:
    page = client.get("/map/share?kind=facility&q=lab&area=5,55,25,65").text
    assert "&lt;iframe src=&#34;http://catalogue.test/map/embed?q=lab&amp;amp;kind=facility&#34;" in page
    assert "data-filters=&#34;q=lab&amp;amp;kind=facility&#34;" in page
    assert "/map.png?q=lab&amp;kind=facility&amp;area=5%2C55%2C25%2C65" in page


def test_the_script_may_be_loaded_by_any_site(client: FlaskClient) -> None:
    answer = client.get("/map/embed.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "iframe" in answer.text


def test_the_drawing_has_its_marks_legend_title_date_and_source(client: FlaskClient, cities: None) -> None:
    drawing = ET.fromstring(client.get("/map.svg?country=NO&country=SE&width=1000").text)
    assert (drawing.get("width"), float(drawing.get("height", 0)) > 500) == ("1000", True)
    said = " ".join(texts(drawing))
    for words in (
        "Norway, Sweden",
        "2",
        "Organisations 3",
        "Facilities 2",
        "Natural Earth",
        "http://catalogue.test/map?",
    ):
        assert words in said
    uses = [use.get("href") for use in drawing.iter(f"{SVG}use")]
    assert uses.count("#organisation") == 4  # three places and the legend
    symbols = {symbol.get("id") for symbol in drawing.iter(f"{SVG}symbol")}
    assert {"organisation", "facility"} <= symbols


def test_the_drawing_shows_the_area_that_is_asked_for(client: FlaskClient, cities: None) -> None:
    drawing = ET.fromstring(client.get("/map.svg?area=10,59,12,61").text)
    assert "Organisations 1" in " ".join(texts(drawing))


def test_the_picture_is_as_wide_as_asked_within_limits(client: FlaskClient, cities: None) -> None:
    body = client.get("/map.png?width=640").data
    assert body[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(body[16:20]) == 640
    for asked, width in ((99999, "3200"), (1, "480"), ("x", "1600")):
        assert ET.fromstring(client.get(f"/map.svg?width={asked}").text).get("width") == width


def test_a_picture_needs_no_fonts_of_the_machine(client: FlaskClient, cities: None) -> None:
    drawing = client.get("/map.svg?width=600").text
    font = Path(__file__).parents[2] / "templates" / "facts" / "fonts"
    files = [str(font / f"text-{style}.ttf") for style in ("regular", "bold")]
    only_ours = resvg_py.svg_to_bytes(
        svg_string=drawing, background="#ffffff", font_files=files, skip_system_fonts=True
    )
    wordless = resvg_py.svg_to_bytes(svg_string=drawing, background="#ffffff", skip_system_fonts=True)
    assert client.get("/map.png?width=600").data == bytes(only_ours) != bytes(wordless)


def test_what_was_typed_does_no_harm_in_a_drawing(client: FlaskClient, cities: None) -> None:
    drawing = ET.fromstring(client.get("/map.svg", query_string={"q": '</text><script>alert("1")</script>'}).text)
    assert not list(drawing.iter(f"{SVG}script"))


def test_a_picture_of_one_town_shows_the_region_around_it(app: Flask, client: FlaskClient) -> None:
    for name, lat, lng in (("Lund", 55.70, 13.19), ("Malmö", 55.60, 13.00)):
        add(Kind.ORGANISATION, f"{name} & Co", city=name, country="SE", lat=lat, lng=lng)
    rebuild()
    drawing = ET.fromstring(client.get("/map.svg").data)
    foot = float(drawing.get("height", 0)) - 50
    bearing = [each for each in drawing.iter(f"{SVG}g") if each.find(f"{SVG}use") is not None and _y(each) != foot]
    left, right = sorted(_x(each) for each in bearing)
    assert right - left < float(drawing.get("width", 0)) / 2


def test_the_words_of_the_legend_do_not_overlap(app: Flask, client: FlaskClient) -> None:
    company = add(Kind.ORGANISATION, "Company", city="Lund", country="SE", lat=55.70, lng=13.19)
    for kind in (Kind.FACILITY, Kind.INSTRUMENT, Kind.SERVICE):
        add(kind, f"Its {kind.value}", parent=company, city="Lund", country="SE", lat=55.70, lng=13.19)
    add(Kind.OFFER, "Its offer", parent=company, offer_kind="funding", city="Lund", country="SE", lat=55.7, lng=13.19)
    rebuild()
    drawing = ET.fromstring(client.get("/map.svg?width=900", headers={"Accept-Language": "da"}).data)
    height = float(drawing.get("height", 0)) - 50
    words = [(_x(each), _said(each)) for each in drawing.iter(f"{SVG}g") if _y(each) == height]
    assert len(words) == 6
    assert "Flere opslag" in words[-1][1]
    least = 7  # pixels of a letter of this size
    assert all(x + 20 + least * len(said) < after for (x, said), (after, _said_after) in pairwise(words))


def _at(each: ET.Element) -> list[float]:
    return [float(number) for number in each.get("transform", "translate(0 0)")[10:-1].split()]


def _x(each: ET.Element) -> float:
    return _at(each)[0]


def _y(each: ET.Element) -> float:
    return _at(each)[1]


def _said(each: ET.Element) -> str:
    return (list(each.iter(f"{SVG}text"))[-1].text or "").strip()
