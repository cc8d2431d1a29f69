"""The results page and its JSON."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind, Status
from facilities.search.index import rebuild
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.vocabulary import fill_vocabulary


def links_on(page: str, beginning: str) -> list[str]:
    return [unescape(link) for link in re.findall(r'href="([^"]+)"', page) if unescape(link).startswith(beginning)]


def test_a_results_page_sends_at_most_six_statements(visitor: FlaskClient) -> None:
    visitor.get("/search?q=microscopy&kind=instrument")
    with statements() as sent:
        assert visitor.get("/search?q=microscopy&kind=instrument").status_code == 200
    assert len(sent) <= 6, "\n".join(sent)


@pytest.mark.parametrize("address", ["/search", "/search.atom", "/saved-searches/new"])
def test_an_address_gives_no_name_of_an_unpublished_organisation_away(app_on: Flask, address: str) -> None:
    secret = add(Kind.ORGANISATION, "Secret merger")
    secret.status = Status.DRAFT
    add(Kind.ORGANISATION, "Open University")
    rebuild()
    for number in (secret.id, 99_999_999_999, "²"):
        answer = app_on.test_client().get(f"{address}?organisation={number}")
        assert answer.status_code < 400
        assert "Secret merger" not in answer.text


def test_found_words_are_marked_and_the_rest_is_escaped(app: Flask, client: FlaskClient) -> None:
    add(Kind.INSTRUMENT, "<b>Probe</b>", description="Measures <script>alert(1)</script> confocal stacks.")
    rebuild()
    page = client.get("/search?q=confocal").text
    assert "<mark>confocal</mark>" in page
    assert "<script>alert" not in page
    assert "<b>Probe" not in page


def test_each_active_filter_can_be_taken_off_by_itself(visitor: FlaskClient) -> None:
    page = visitor.get("/search?q=microscopy&kind=instrument&kind=facility&country=SE").text
    assert {
        "/search?q=microscopy&kind=instrument&kind=facility",
        "/search?q=microscopy&kind=facility&country=SE",
    } <= set(links_on(page, "/search?q=microscopy"))


def test_two_values_of_a_facet_find_what_has_either(visitor: FlaskClient) -> None:
    totals = [total(visitor, f"/api/v1/search?{filters}") for filters in
              ("country=SE", "country=NO", "country=SE&country=NO")]  # fmt: skip
    assert totals[0] + totals[1] == totals[2] > 0


def test_a_facet_counts_what_choosing_the_value_would_show(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/search?q=microscopy&country=SE").get_json()
    for value in answer["facets"]["kind"]:
        assert total(visitor, f"/api/v1/search?q=microscopy&country=SE&kind={value['value']}") == value["count"]


def total(visitor: FlaskClient, url: str) -> int:
    return int(visitor.get(url).get_json()["total"])


def test_pages_hold_every_result_once(visitor: FlaskClient) -> None:
    answers = [visitor.get(f"/api/v1/search?kind=instrument&per_page=50&page={n}").get_json() for n in (1, 2, 3, 4)]
    ids = [item["id"] for answer in answers for item in answer["items"]]
    assert len(ids) == len(set(ids)) == answers[0]["total"]


def test_a_page_past_the_end_leads_to_the_last_one(visitor: FlaskClient) -> None:
    answer = visitor.get("/search?q=microscopy&page=400")
    assert answer.status_code == 303
    assert visitor.get(answer.location).status_code == 200


def test_sorting_by_name_is_by_name(visitor: FlaskClient) -> None:
    items = visitor.get("/api/v1/search?kind=service&sort=name&per_page=100").get_json()["items"]
    titles = [item["title"].casefold() for item in items]
    assert len(titles) > 10
    assert titles[0][0] <= titles[-1][0]


@pytest.mark.parametrize("spelling", ["LSM880", "LSM 880", "lsm-880"])
def test_a_model_is_found_as_people_type_it(app: Flask, client: FlaskClient, spelling: str) -> None:
    microscope = small_catalogue()[2]
    answer = client.get("/api/v1/search", query_string={"q": spelling}).get_json()
    assert [item["id"] for item in answer["items"]] == [microscope.id]


def test_a_technique_is_found_by_its_names_in_other_languages(app: Flask, client: FlaskClient) -> None:
    fill_vocabulary()
    add(Kind.INSTRUMENT, "Sorter", techniques=["flow-cytometry"])
    rebuild()
    for word in ("flödescytometri", "flodescytometri", "Flowcytometri", "Durchflusszytometrie", "FACS"):
        items = client.get("/api/v1/search", query_string={"q": word}).get_json()["items"]
        assert [item["title"] for item in items] == ["Sorter"], word


def test_nothing_found_offers_a_way_on(visitor: FlaskClient) -> None:
    page = visitor.get("/search?q=confocal&city=Nowhere").text
    assert "/search?q=confocal" in links_on(page, "/search?q=confocal")


def test_a_misspelling_shows_the_results_of_its_correction_and_says_so(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/search?q=micrroscopy").get_json()
    assert (answer["query"], answer["corrected"]) == ("micrroscopy", "microscopy")
    assert answer["total"] == total(visitor, "/api/v1/search?q=microscopy") > 0
    page = visitor.get("/search?q=micrroscopy").text
    assert "search instead for" in page
    assert {"/search?q=microscopy", "/search?q=micrroscopy&literal=micrroscopy"} <= set(links_on(page, "/search"))


@pytest.mark.parametrize("args", ["page=x", "per_page=1000", "sort=cheapest"])
def test_a_program_gets_400_with_the_field(visitor: FlaskClient, args: str) -> None:
    answer = visitor.get(f"/api/v1/search?{args}")
    assert answer.status_code == 400
    assert answer.get_json()["error"]["field"] == args.split("=", maxsplit=1)[0]


def test_an_answer_names_what_the_interface_promises(visitor: FlaskClient) -> None:
    answer = visitor.get("/api/v1/search?q=microscopy&per_page=1").get_json()
    assert set(answer) == {"query", "total", "page", "pages", "took_ms", "corrected", "understood", "facets", "items"}
    [item] = answer["items"]
    assert set(item) == {"id", "kind", "title", "url", "source", "source_id", "snippet", "organisation", "city",
                         "country", "score"}  # fmt: skip
    assert (item["source"], item["source_id"][:5]) == ("demo", "demo:")


def test_results_are_chosen_without_a_cookie_or_a_token(visitor: FlaskClient) -> None:
    answer = visitor.get("/search?q=microscopy")
    cards = answer.text.count('class="listing-card"')
    assert answer.text.count('<input type="checkbox" form="ask" name="listing"') == cards > 1
    assert '<form id="ask" class="ask" action="/enquiries/new" method="get"' in answer.text
    assert "csrf_token" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_the_first_sort_is_named_for_what_it_does(visitor: FlaskClient) -> None:
    assert 'aria-current="true">Best filled in first</a>' in visitor.get("/search").text
    assert 'aria-current="true">Relevance</a>' in visitor.get("/search?q=microscopy").text


def test_results_can_be_reached_past_the_filters(visitor: FlaskClient) -> None:
    page = visitor.get("/search?q=microscopy").text
    assert page.index('href="#found"') < page.index("<fieldset") < page.index('id="found"')
