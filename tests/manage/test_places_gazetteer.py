"""Towns and addresses are found without asking another site."""

from time import perf_counter

import pytest

from facilities.catalogue.gazetteer import find_places, read_address, town


def names(q: str, **kwargs: object) -> list[str]:
    return [place.name for place in find_places(q, **kwargs)]


@pytest.mark.parametrize(
    ("typed", "name", "country"),
    [
        ("Åbo", "Turku", "FI"),
        ("turku", "Turku", "FI"),
        ("goteb", "Göteborg", "SE"),
        ("Gothenburg", "Göteborg", "SE"),
        ("Köpenhamn", "København", "DK"),
        ("copenh", "København", "DK"),
        ("Helsingfors", "Helsinki", "FI"),
        ("Munich", "München", "DE"),
        ("Reykjavik", "Reykjavík", "IS"),
    ],
)
def test_a_town_is_found_by_any_of_its_names(typed, name, country):
    found = find_places(typed)[0]

    assert (found.name, found.country) == (name, country)


def test_the_larger_of_towns_comes_first_and_a_country_narrows():
    assert names("lund")[0] == "Lund"
    assert {place.country for place in find_places("lund", country="NO")} == {"NO"}
    assert len(find_places("s", limit=3)) == 0
    assert len(find_places("st", limit=3)) == 3


def test_nothing_is_found_for_what_is_no_town():
    assert find_places("") == find_places("  ") == find_places("zzzz") == []
    assert town("zzzz") is None


@pytest.mark.parametrize(
    ("typed", "street", "code", "city", "country"),
    [
        ("Husargatan 3, 752 37 Uppsala, Sweden", "Husargatan 3", "752 37", "Uppsala", "SE"),
        ("Husargatan 3, SE-752 37 Uppsala", "Husargatan 3", "752 37", "Uppsala", "SE"),
        ("Universitetsparken 2\n2100 København Ø\nDanmark", "Universitetsparken 2", "2100", "København Ø", "DK"),
        ("Gaustadalléen 21, 0349 Oslo", "Gaustadalléen 21", "0349", "Oslo", "NO"),
        ("Tykistökatu 6, FI-20520 Åbo, Finland", "Tykistökatu 6", "20520", "Åbo", "FI"),
        ("Sturlugata 8, 101 Reykjavík, Ísland", "Sturlugata 8", "101", "Reykjavík", "IS"),
        ("Exhibition Road, London SW7 2AZ, UK", "Exhibition Road", "SW7 2AZ", "London", "GB"),
        ("Science Park 904, 1098 XH Amsterdam, Netherlands", "Science Park 904", "1098 XH", "Amsterdam", "NL"),
        ("Hansastr. 1, D-80331 München", "Hansastr. 1", "80331", "München", "DE"),
        ("House 5, Science Park, Lund, Sverige", "House 5, Science Park", "", "Lund", "SE"),
    ],
)
def test_an_address_in_one_line_is_read_in_its_parts(typed, street, code, city, country):
    address = read_address(typed)

    assert (address.street, address.postal_code, address.city, address.country) == (street, code, city, country)
    assert address.place is not None and address.place.country == country


def test_what_cannot_be_told_stays_with_the_street():
    address = read_address("Somewhere behind the lake 4")

    assert address.street == "Somewhere behind the lake 4"
    assert address.city == address.country == "" and address.place is None
    assert read_address("").place is None


def test_looking_a_town_up_takes_less_than_five_milliseconds():
    find_places("up")
    began = perf_counter()
    for typed in ("st", "upp", "køb", "a", "aa"):
        find_places(typed)

    assert (perf_counter() - began) / 5 < 0.005
