"""What a visitor asks is cleaned once and has an address of its own."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from facilities.search.query import BadParameter, SearchQuery

pairs = st.lists(
    st.tuples(st.sampled_from(["q", "kind", "city", "sort", "page", "per_page", "x"]), st.text(max_size=40))
)


def asked(url: str) -> SearchQuery:
    return SearchQuery.from_args(MultiDict(parse_qsl(urlsplit(url).query)))


@given(pairs)
def test_anything_typed_is_a_search_that_its_address_brings_back(args: list[tuple[str, str]]) -> None:
    query = SearchQuery.from_args(MultiDict(args))
    assert asked(query.url) == query


def test_several_values_of_a_filter_are_kept_once_each_in_order() -> None:
    query = asked("/search?q=x&kind=facility&kind=instrument&kind=facility")
    assert query.filters == {"kind": ("facility", "instrument")}


def test_taking_a_filter_off_goes_back_to_the_first_page() -> None:
    query = asked("/search?q=x&kind=facility&city=Lund&page=3")
    assert query.without("kind", "facility").url == "/search?q=x&city=Lund"


def test_unknown_parameters_and_blanks_are_dropped() -> None:
    assert asked("/search?q=+a%00b+&utm_source=mail&city=&city=%20").url == "/search?q=a+b"


@pytest.mark.parametrize(
    "args",
    [
        {"page": "0"},
        {"page": "abc"},
        {"page": "９"},
        {"per_page": "101"},
        {"per_page": "0000000019999999999"},
        {"sort": "cheapest"},
    ],
)
def test_a_program_is_told_which_parameter_is_wrong(args: dict[str, str]) -> None:
    with pytest.raises(BadParameter) as bad:
        SearchQuery.strict(MultiDict(args))
    assert bad.value.name in args


def test_a_visitor_with_a_wrong_parameter_still_gets_a_page() -> None:
    assert asked("/search?q=laser&page=abc&sort=cheapest") == SearchQuery(text="laser")


def test_a_long_text_taken_as_typed_stays_as_typed() -> None:
    query = asked("/search?q=confocal+micrscope" + "+word" * 40)
    assert asked(query.taking(query.text).url).is_literal
