"""What is suggested while something is typed."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from facilities.catalogue.actions import withdraw_listing
from facilities.catalogue.models import Kind, Listing
from facilities.db import db, now
from facilities.search import suggest_views, understanding
from facilities.search.index import rebuild
from facilities.search.log import LoggedSearch
from facilities.search.popular import forget
from tests.conftest import running_app
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.vocabulary import add_technique

Said = dict[str, str]


def suggested(app: Flask, typed: str, kind: str = "", **headers: str) -> list[Said]:
    """The suggestions, of one kind if it is named."""
    answer = app.test_client().get("/suggest", query_string={"q": typed}, headers=headers)
    assert answer.status_code == 200
    return [each for each in answer.get_json()["suggestions"] if kind in ("", each["kind"])]


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("FACS", "Flow cytometry"), ("flödesc", "Flow cytometry"), ("durchfluss", "Flow cytometry"),
        ("kryo-em", "Cryo-electron microscopy"), ("cryoem", "Cryo-electron microscopy"),
        ("konfokal", "Confocal microscopy"), ("afm", "Atomic force microscopy"),
    ],
)  # fmt: skip
def test_a_technique_is_suggested_by_any_of_its_names(demo: Flask, typed: str, label: str) -> None:
    assert label in [each["text"] for each in suggested(demo, typed, "technique")[:2]]


def test_the_name_that_was_recognised_is_shown_beside_the_label(demo: Flask) -> None:
    first = suggested(demo, "flödescytom", "technique")[0]
    assert first["text"] == "Flow cytometry"
    assert first["found"].startswith("flödescytom") or first["found"].startswith("Flödescytom")


def test_the_words_before_a_technique_stay(demo: Flask) -> None:
    first = suggested(demo, "zeiss confocal micr", "technique")[0]
    assert first["url"] == "/search?q=zeiss+Confocal+microscopy"


def test_a_town_is_suggested_with_what_stands_before_it(demo: Flask) -> None:
    [place] = [each for each in suggested(demo, "confocal upps", "place") if each["text"] == "confocal Uppsala"]
    assert place["url"] == "/search?q=confocal&near=Uppsala"
    assert "Sweden" in place["note"]


def test_every_suggestion_leads_to_a_page(demo: Flask) -> None:
    visitor = demo.test_client()
    for typed in ("micro", "univ", "uppsala", "zeiss"):
        for each in suggested(demo, typed):
            assert visitor.get(each["url"]).status_code == 200, each


def test_listings_and_organisations_are_suggested_by_the_beginning_of_a_word_of_their_name(app: Flask) -> None:
    university, facility, microscope = small_catalogue()
    assert [each["url"] for each in suggested(app, "skerr", "organisation")] == [university.path]
    assert [each["url"] for each in suggested(app, "lumen ima", "facility")] == [facility.path]
    assert [each["url"] for each in suggested(app, "lsm 88", "instrument")] == [microscope.path]


def test_words_of_a_description_do_not_suggest_a_listing(app: Flask) -> None:
    small_catalogue()
    assert suggested(app, "live cells", "instrument") == []


def test_a_withdrawn_listing_is_not_suggested(app: Flask) -> None:
    microscope = small_catalogue()[2]
    withdraw_listing(db.session.get_one(Listing, microscope.id), reason="", by="test")
    assert suggested(app, "zeiss lsm", "instrument") == []


def test_techniques_that_more_listings_have_come_first_and_those_of_none_are_left_out(app: Flask) -> None:
    for slug, label, number in (("fluidics", "Fluidics", 1), ("fluor", "Fluorescence", 2), ("flume", "Flumes", 0)):
        add_technique(slug, label)
        for copy in range(number):
            add(Kind.INSTRUMENT, f"{slug} {copy}", techniques=[slug])
    rebuild()
    understanding.forget()
    assert [each["text"] for each in suggested(app, "flu", "technique")] == ["Fluorescence", "Fluidics"]
    assert [each["text"] for each in suggested(app, "flume", "technique")] == ["Flumes"]


def test_techniques_come_first_by_their_names_in_the_language_of_the_visitor(app: Flask) -> None:
    add_technique("digging", "Excavation", synonyms={"de": ["Grabung"], "sv": ["grävning"]})
    add_technique("ruling", "Ruling of lines", synonyms={"en": ["graving"]})
    for language, first in (("sv", "grävning"), ("de", "Grabung"), ("en", "graving")):
        assert suggested(app, "gra", "technique", **{"Accept-Language": language})[0]["found"] == first


def test_only_towns_of_the_north_or_with_listings_are_suggested(demo: Flask) -> None:
    assert suggested(demo, "conf", "place") == []
    assert suggested(demo, "upp", "place")[0]["text"] == "Uppsala"


def test_a_town_without_listings_comes_behind_what_listings_have(demo: Flask) -> None:
    found = suggested(demo, "flöd")
    assert [each["kind"] for each in found].index("technique") == 0
    assert "Floda" in [each["text"] for each in found]


def test_a_town_comes_first_behind_words_that_mean_something(demo: Flask) -> None:
    assert suggested(demo, "confocal upps")[0]["text"] == "confocal Uppsala"


@pytest.mark.parametrize(("typed", "name"), [("facsaira", "FACSAria"), ("cytometyr", "Cytometry")])
def test_a_technique_that_is_mistyped_by_a_letter_is_suggested_if_nothing_else_is(
    demo: Flask, typed: str, name: str
) -> None:
    found = suggested(demo, typed, "technique")
    assert name.casefold() in {(each["found"] or each["text"]).casefold() for each in found}


def test_a_new_name_of_a_technique_is_suggested_at_once(app: Flask) -> None:
    add_technique("flow-cytometry", "Flow cytometry")
    assert suggested(app, "fluid") == []
    add_technique("fluidics", "Fluidics")
    understanding.forget()
    assert [each["text"] for each in suggested(app, "fluid")] == ["Fluidics"]


def test_what_others_searched_for_is_suggested_by_its_beginning(app: Flask) -> None:
    today = now().date()
    for text, visitors in (("mass spec oslo", 0b111), ("mass grave of one visitor", 0b1)):
        db.session.add(LoggedSearch(text=text, searched_on=today - timedelta(1), searches=9, seen_by=visitors))
    db.session.commit()
    add(Kind.INSTRUMENT, "Mass spec", city="Oslo")
    rebuild()
    forget()
    assert [each["text"] for each in suggested(app, "mass", "popular")] == ["mass spec oslo"]


@pytest.mark.parametrize(
    "typed", ["", " ", "a", "*", '"', "---", "(", "\x00\x01", "ø" * 3000, "a " * 2000, "😀", '-x* "y']
)
def test_nothing_typed_breaks_it(demo: Flask, typed: str) -> None:
    assert isinstance(suggested(demo, typed), list)


def test_suggestions_take_few_statements(demo: Flask) -> None:
    suggested(demo, "confocal micr")
    with statements() as sent:
        assert suggested(demo, "confocal micr")
    assert len(sent) <= 3, "\n".join(sent)


def test_an_answer_may_be_used_again_for_a_short_while_in_the_same_language(demo: Flask) -> None:
    answer = demo.test_client().get("/suggest?q=facs")
    assert answer.cache_control.private
    assert 0 < (answer.cache_control.max_age or 0) <= 300
    assert "Accept-Language" in answer.vary
    assert "Set-Cookie" not in answer.headers


def test_machines_that_ask_too_often_are_turned_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggest_views, "MOST_FROM_ADDRESS", "3 per minute")
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        codes = [app.test_client().get("/suggest?q=facs").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_names_in_other_letters_are_kept(app: Flask) -> None:
    add(Kind.FACILITY, "Ørsted Mikroskopi")
    rebuild()
    assert [each["text"] for each in suggested(app, "ørst", "facility")] == ["Ørsted Mikroskopi"]
    assert [each["text"] for each in suggested(app, "orst", "facility")] == ["Ørsted Mikroskopi"]
