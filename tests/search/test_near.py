"""Places and ranges in a search: what an address may say, what it finds, and the map of the results."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from facilities.catalogue.models import Kind
from facilities.search.near import spot
from facilities.search.query import BadParameter, SearchQuery
from facilities.search.ranges import Range
from tests.conftest import running_app
from tests.counting import statements
from tests.listings import add
from tests.search.test_results import links_on

TOWNS = {
    "Uppsala": (59.8586, 17.6389),
    "Stockholm": (59.3293, 18.0686),
    "Bergen": (60.3913, 5.3221),
    "Suva": (-18.1416, 178.4419),
}
TEXT = st.text(max_size=30) | st.from_regex(r"-?\d{0,4}[-,]?-?\d{0,4}", fullmatch=True)
PAIRS = st.lists(
    st.tuples(st.sampled_from(["q", "near", "radius", "bbox", "price", "lead", "sort", "view", "literal"]), TEXT)
)


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """A microscope in each town, one nowhere, and services with prices and lead times; only read by these tests."""
    from facilities.search.index import rebuild

    with running_app(tmp_path_factory.mktemp("region")) as app:
        for name, (lat, lng) in TOWNS.items():
            add(Kind.INSTRUMENT, f"Microscope {name}", city=name, lat=lat, lng=lng)
        add(Kind.INSTRUMENT, "Microscope nowhere")
        for level in (1, 2, 3, 4):
            fields: dict[str, Any] = {"access": {"price_level": level}, "lead_time_min": level * 5}
            add(Kind.SERVICE, f"Toxicology {level}", lead_time_max=level * 10, **fields)
        rebuild()
        yield app


@pytest.fixture
def visitor(region: Flask) -> FlaskClient:
    return region.test_client()


def titles(visitor: FlaskClient, **args: Any) -> list[str]:
    items = visitor.get("/api/v1/search", query_string=args).get_json()["items"]
    return [item["title"].split(" ", 1)[1] for item in items]


@settings(deadline=None)  # the first place that is asked for has all towns read
@given(PAIRS)
def test_anything_in_an_address_is_a_search_that_its_own_address_brings_back(args: list[tuple[str, str]]) -> None:
    query = SearchQuery.from_args(MultiDict(args))
    assert SearchQuery.from_args(MultiDict(parse_qsl(urlsplit(query.url).query))) == query


@pytest.mark.parametrize(
    ("text", "name"),
    [("Uppsala", "Uppsala"), ("uppsala", "Uppsala"), ("Copenhagen", "København"), ("Lund, Sweden", "Lund")],
)
def test_a_town_is_known_by_its_names(text: str, name: str) -> None:
    found = spot(text)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(("typed", "town"), [("Upsalla", "Uppsala"), ("Lnud", "Lund")])
def test_a_town_that_is_not_known_stays_in_its_field_with_the_nearest_spelling(
    visitor: FlaskClient, typed: str, town: str
) -> None:
    page = visitor.get("/search", query_string={"q": "microscope", "near": typed, "kind": "instrument"}).text
    assert f'value="{typed}"' in page
    assert 'aria-invalid="true"' in page
    assert f"/search?q=microscope&kind=instrument&near={town}" in links_on(page, "/search")


def test_towns_are_suggested_by_their_beginning_and_told_apart(visitor: FlaskClient) -> None:
    towns = visitor.get("/suggest/places?q=upps").get_json()["suggestions"]
    assert [town["text"] for town in towns][:1] == ["Uppsala"]
    for town in visitor.get("/suggest/places?q=lund").get_json()["suggestions"]:
        found = spot(town["text"])
        assert found is not None
        assert town["text"].startswith(found.name)
    assert visitor.get("/suggest/places?q=").get_json() == {"suggestions": []}


def test_degrees_are_a_place_too() -> None:
    found = spot("59.86, 17.64")
    assert found is not None
    assert (found.lat, found.lng) == (59.86, 17.64)
    assert spot("91,17") is spot("Atlantis-by-the-Sea") is None


@pytest.mark.parametrize("text", ["1,2", "1,2,3", "5,5,5,5", "1,60,2,nan", "a,b,c,d", "-181,0,10,10", "0,10,10,0"])
def test_what_is_no_rectangle_is_refused(text: str) -> None:
    with pytest.raises(BadParameter):
        SearchQuery.strict(MultiDict({"bbox": text}))


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (["2-3"], Range(2, 3)),
        (["-3"], Range(None, 3)),
        (["2-"], Range(2, None)),
        (["2"], Range(2, 2)),
        (["", "3"], Range(None, 3)),
        (["2", ""], Range(2, None)),
        (["", ""], Range()),
        ([], Range()),
    ],
)
def test_a_range_comes_as_one_value_or_as_the_two_fields_of_a_form(said: list[str], read: Range) -> None:
    assert SearchQuery.strict(MultiDict([("price", value) for value in said])).price == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("near", "Atlantis-by-the-Sea"),
        ("radius", "0"),
        ("radius", "far"),
        ("bbox", "1,2,3"),
        ("price", "3-2"),
        ("price", "0-5"),
        ("lead", "soon"),
        ("view", "globe"),
        ("sort", "distance"),
    ],
)
def test_a_program_is_told_and_a_visitor_gets_a_page(visitor: FlaskClient, name: str, value: str) -> None:
    refused = visitor.get("/api/v1/search", query_string={name: value})
    assert refused.status_code == 400
    assert refused.get_json()["error"]["field"] == name
    with pytest.raises(BadParameter):
        SearchQuery.strict(MultiDict({name: value}))
    assert visitor.get("/search", query_string={name: value}).status_code == 200


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"near": "Atlantis-by-the-Sea"}, "“Atlantis-by-the-Sea” is not a town known here"),
        ({"price": "4-1"}, "The price level was left out"),
        ({"bbox": "here"}, "The area of the map could not be read"),
    ],
)
def test_a_visitor_reads_what_was_left_out(visitor: FlaskClient, args: dict[str, str], said: str) -> None:
    assert said in visitor.get("/search", query_string=args).text


def test_results_can_be_put_in_order_of_distance(visitor: FlaskClient) -> None:
    found = titles(visitor, q="microscope", near="Uppsala", sort="distance")
    assert found == ["Uppsala", "Stockholm", "Bergen", "Suva", "nowhere"]


def test_a_radius_leaves_out_what_is_farther(visitor: FlaskClient) -> None:
    assert set(titles(visitor, q="microscope", near="Uppsala", radius=100)) == {"Uppsala", "Stockholm"}
    assert set(titles(visitor, q="microscope", near="Uppsala", radius=10)) == {"Uppsala"}


def test_a_card_says_how_far_it_is(visitor: FlaskClient) -> None:
    page = visitor.get("/search?q=microscope&near=Uppsala&radius=100").text
    assert "64 km away" in page
    assert "Within 100 km of Uppsala" in page
    assert "/search?q=microscope" in links_on(page, "/search?q=microscope")


def test_an_area_of_the_map_is_a_filter_even_across_the_date_line(visitor: FlaskClient) -> None:
    assert set(titles(visitor, q="microscope", bbox="16,59,19,60")) == {"Uppsala", "Stockholm"}
    assert titles(visitor, q="microscope", bbox="170,-30,-170,0") == ["Suva"]


def test_price_level_and_lead_time_are_ranges_with_both_ends_included(visitor: FlaskClient) -> None:
    assert set(titles(visitor, q="toxicology", price="2-3")) == {"2", "3"}
    assert set(titles(visitor, q="toxicology", price="-2")) == {"1", "2"}
    assert set(titles(visitor, q="toxicology", lead="-10")) == {"1", "2"}
    assert set(titles(visitor, q="toxicology", lead="25-")) == {"3", "4"}


def test_facets_count_under_ranges_and_places(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/search?q=microscope&near=Uppsala&radius=100").get_json()
    assert {value["value"]: value["count"] for value in answer["facets"]["city"]} == {"Uppsala": 1, "Stockholm": 1}


def test_a_filter_form_with_empty_fields_keeps_a_short_address(visitor: FlaskClient) -> None:
    answer = visitor.get("/search?q=microscope&near=&radius=&price=&price=2&lead=&lead=")
    assert answer.headers["HX-Push-Url"] == "/search?q=microscope&price=-2"


def test_all_values_of_a_facet_can_be_searched_without_scripts(visitor: FlaskClient) -> None:
    page = visitor.get("/search/values?q=microscope&facet=city&facet_q=upp&city=Bergen").text
    assert 'value="Uppsala"' in page
    assert 'value="Bergen" checked' in page
    assert "Stockholm" not in page
    assert visitor.get("/search/values?facet=colour").status_code == 404


def test_the_pages_send_few_statements(visitor: FlaskClient) -> None:
    visitor.get("/search?q=once")  # a process reads the vocabulary once
    for path, most in (
        ("/search?q=microscope&near=Uppsala&price=1-3", 6),
        ("/search/values?q=microscope&facet=city", 2),
    ):
        with statements() as sent:
            assert visitor.get(path).status_code == 200
        assert len(sent) <= most, "\n".join(sent)


def test_a_distance_from_nowhere_is_left_out_and_said_to_be(visitor: FlaskClient) -> None:
    page = visitor.get("/search?q=microscope&radius=25").text
    assert "name the place that it is measured from" in page
    assert "Within 25 km" not in page.replace("Within 25 km</option>", "")
    assert "measured from" not in visitor.get("/search?q=microscope+near+Uppsala&radius=25").text


def test_a_distance_from_an_unknown_town_is_left_out_with_one_word_about_it(visitor: FlaskClient) -> None:
    page = visitor.get("/search?q=microscope&near=Qwxyzz&radius=25").text
    assert "is not a town known here, so distance was left out" in page
    assert "measured from" not in page
