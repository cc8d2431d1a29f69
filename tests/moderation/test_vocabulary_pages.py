"""The desk's pages of the vocabulary and of the searches that failed."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import Kind, TechniqueTerm, VocabularyAct, VocabularyChange
from facilities.catalogue.models.parts import Actor
from facilities.db import db, now
from facilities.moderation.vocabulary.changing import AlreadyUndone, technique_called, undo_change
from facilities.search.index import rebuild
from facilities.search.log import LoggedSearch, SettledSearch
from tests.counting import statements
from tests.listings import add
from tests.moderation.cast import Cast, cast
from tests.people import client_of
from tests.vocabulary import add_technique

PAGE = "/moderate/vocabulary/flow-cytometry"


@pytest.fixture
def people(app: Flask) -> Cast:
    """The cast, with two techniques and a sorter that has one of them."""
    people = cast()
    add_technique("cytometry", "Cytometry")
    add_technique("flow-cytometry", "Flow cytometry", abbreviations=["FACS"], synonyms={"en": ["flow cytometer"]})
    add(Kind.INSTRUMENT, "Sorter", techniques=["flow-cytometry"])
    rebuild()
    return people


@pytest.fixture
def desk(app: Flask, people: Cast) -> FlaskClient:
    return client_of(app, people.moderator)


def searched(text: str, *, times: int = 1, nothing: int = 1) -> None:
    day = now().date() - timedelta(1)
    db.session.add(LoggedSearch(text=text, searched_on=day, searches=times, found_nothing=nothing, seen_by=3))
    db.session.commit()


def found(client: FlaskClient, typed: str) -> list[str]:
    return [item["title"] for item in client.get("/api/v1/search", query_string={"q": typed}).get_json()["items"]]


def fields_of(page: str) -> dict[str, str]:
    """What the form of a technique holds."""
    boxes = dict(re.findall(r'<input[^>]* name="(\w+)"[^>]* value="([^"]*)"', page))
    areas = dict(re.findall(r'<textarea[^>]* name="(\w+)"[^>]*>\s*([^<]*)</textarea>', page))
    return boxes | areas | dict(re.findall(r'<select[^>]* name="(\w+)".*?<option selected value="([^"]*)"', page, re.S))


def save(client: FlaskClient, **fields: str) -> Any:
    return client.post(PAGE, data=fields_of(client.get(PAGE).text) | fields)


def terms(slug: str = "flow-cytometry") -> set[str]:
    db.session.rollback()
    technique = technique_called(slug)
    assert technique is not None
    return {term.text for term in technique.terms}


def test_a_synonym_is_added_in_two_clicks_and_found_at_once(app: Flask, desk: FlaskClient, people: Cast) -> None:
    searched("vätskesorterare", times=7, nothing=7)
    assert found(desk, "vätskesorterare") == []
    page = desk.get("/moderate/searches").text
    first = re.findall(r'href="(/moderate/searches/synonym[^"]*)"', page)[0]
    answer = desk.get(f"{first}&technique=flow-cytometry").text
    assert "finds 0 now, 1 then" in answer
    assert "Sorter" in answer
    posted = fields_of(answer) | {"language": "sv"}
    assert desk.post(f"{first}&technique=flow-cytometry", data=posted).status_code == 303
    assert "vätskesorterare" in terms()
    assert found(desk, "vätskesorterare") == ["Sorter"]
    desk.get("/moderate/searches")
    assert "vätskesorterare" not in desk.get("/moderate/searches").text
    assert "vätskesorterare" in desk.get("/moderate/searches?show=settled").text


def test_without_scripts_the_techniques_that_fit_are_listed(desk: FlaskClient) -> None:
    page = desk.get("/moderate/searches/synonym?text=facs-maskin&find=facs").text
    assert "text=facs-maskin&amp;technique=flow-cytometry" in page


def test_the_likeliest_techniques_are_offered_at_once_and_a_model_as_a_model(desk: FlaskClient) -> None:
    for text in ("flow cytometre", "cheap flow analysis", "kytometry"):
        page = desk.get("/moderate/searches/synonym", query_string={"text": text}).text
        assert "technique=flow-cytometry" in page or "technique=cytometry" in page, text
    assert "technique=" not in desk.get("/moderate/searches/synonym?text=pizza").text.partition('class="rows"')[2]
    address = "/moderate/searches/synonym?text=qzx+808&technique=flow-cytometry"
    assert desk.post(address, data=fields_of(desk.get(address).text)).status_code == 303
    [change] = db.session.query(VocabularyChange)
    assert change.after["models"] == ["qzx 808"]


def test_a_change_names_techniques_by_their_labels(desk: FlaskClient) -> None:
    save(desk, broader="Cytometry")
    page = desk.get("/moderate/vocabulary/changes").text
    assert ">Flow cytometry</a>" in page
    assert "</span>Cytometry</ins>" in page
    assert ">flow-cytometry<" not in page


def test_a_search_set_aside_is_gone_until_it_is_taken_up(desk: FlaskClient) -> None:
    searched("pizza")
    token = fields_of(desk.get("/moderate/searches").text)["csrf_token"]
    desk.post("/moderate/searches/settle", data={"csrf_token": token, "text": "pizza", "act": "set_aside"})
    assert db.session.query(SettledSearch).one().settled_by == "Mode Rator"
    desk.get("/moderate/searches")
    assert 'q=pizza"' not in desk.get("/moderate/searches").text
    desk.post("/moderate/searches/settle", data={"csrf_token": token, "text": "pizza", "act": "take_up"})
    desk.get("/moderate/searches")
    assert 'q=pizza"' in desk.get("/moderate/searches").text


def test_an_edit_is_kept_with_what_was_said_before_and_by_whom(desk: FlaskClient) -> None:
    answer = save(desk, label_sv="Flödescytometri", synonyms_en="flow cytometer\nflow machine", broader="cytometry")
    assert answer.status_code == 303
    [change] = db.session.query(VocabularyChange)
    assert (change.made_by, change.act) == ("Mode Rator", VocabularyAct.EDITED)
    assert "broader" not in change.before
    assert change.after["broader"] == "cytometry"
    assert change.after["synonyms"] == {"en": ["flow cytometer", "flow machine"]}
    page = desk.get(PAGE).text
    assert "Synonym, English" in page
    assert "flow machine" in desk.get("/moderate/vocabulary/changes").text


def add_new(client: FlaskClient, **fields: str) -> Any:
    page = "/moderate/vocabulary/new"
    return client.post(page, data=fields_of(client.get(page).text) | fields)


def test_a_technique_is_added_and_can_be_searched_for_and_taken_back(desk: FlaskClient) -> None:
    searched("spektral sortering")
    offered = desk.get("/moderate/searches/synonym?text=spektral+sortering").text
    [link] = re.findall(r'href="(/moderate/vocabulary/new[^"]*)"', offered)
    assert 'value="spektral sortering"' in desk.get(link).text
    category = fields_of(desk.get(PAGE).text)["category"]
    names = {"label_en": "Spectral sorting", "label_sv": "Spektral sortering", "abbreviations": "SPSO"}
    answer = add_new(desk, category=category, broader="Flow cytometry", **names)
    assert answer.location == "/moderate/vocabulary/spectral-sorting"
    assert terms("spectral-sorting") == {"Spectral sorting", "Spektral sortering", "SPSO"}
    assert found(desk, "spektral sortering") == ["Sorter"]
    change = db.session.query(VocabularyChange).one()
    assert (change.act, change.before, change.after["broader"]) == (VocabularyAct.ADDED, {}, "flow-cytometry")
    assert undo(desk, change).location == "/moderate/vocabulary/changes"
    db.session.rollback()
    assert technique_called("spectral-sorting") is None
    assert "Spectral sorting" in desk.get("/moderate/vocabulary/changes").text


def undo(client: FlaskClient, change: VocabularyChange) -> Any:
    token = fields_of(client.get("/moderate/vocabulary/new").text)["csrf_token"]
    return client.post(f"/moderate/vocabulary/changes/{change.id}/undo", data={"csrf_token": token})


def test_an_added_technique_that_a_listing_has_stays(desk: FlaskClient) -> None:
    add_new(desk, category=fields_of(desk.get(PAGE).text)["category"], label_en="Spectral sorting")
    add(Kind.INSTRUMENT, "Spectral sorter", techniques=["spectral-sorting"])
    undo(desk, db.session.query(VocabularyChange).one())
    db.session.rollback()
    assert technique_called("spectral-sorting") is not None


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"category": ""}, "Choose the category"),
        ({"label_en": "FACS"}, "names Flow cytometry already"),
        ({"label_en": "Flow-cytometry"}, "names Flow cytometry already"),
        ({"label_en": "new"}, "Enter a label"),
        ({"label_en": "…"}, "Enter a label"),
        ({"abbreviations": "FACS"}, "names Flow cytometry already"),
    ],
)
def test_a_technique_that_cannot_be_right_is_not_added(desk: FlaskClient, fields: dict[str, str], said: str) -> None:
    right = {"label_en": "Spectral sorting", "category": fields_of(desk.get(PAGE).text)["category"]}
    answer = add_new(desk, **(right | fields))
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(VocabularyChange).count() == 0


def test_listings_are_found_by_a_new_label_at_once(desk: FlaskClient) -> None:
    save(desk, label_fi="Virtaussytometria")
    assert found(desk, "virtaussytometria") == ["Sorter"]


def test_undoing_takes_back_one_edit_and_leaves_later_ones(desk: FlaskClient) -> None:
    save(desk, synonyms_en="flow cytometer\nfirst")
    save(desk, synonyms_en="flow cytometer\nfirst\nsecond")
    change = db.session.query(VocabularyChange).order_by(VocabularyChange.id).first()
    assert change is not None
    token = fields_of(desk.get(PAGE).text)["csrf_token"]
    assert desk.post(f"/moderate/vocabulary/changes/{change.id}/undo", data={"csrf_token": token}).status_code == 303
    assert {"flow cytometer", "second"} <= terms()
    assert "first" not in terms()
    with pytest.raises(AlreadyUndone):
        undo_change(db.session.get_one(VocabularyChange, change.id), by=people_actor())


def test_undoing_a_value_that_was_set_again_leaves_it(desk: FlaskClient) -> None:
    save(desk, label_sv="Ett")
    save(desk, label_sv="Två")
    undo(desk, db.session.query(VocabularyChange).order_by(VocabularyChange.id).all()[0])
    db.session.rollback()
    assert fields_of(desk.get(PAGE).text)["label_sv"] == "Två"


def test_undoing_never_makes_a_technique_part_of_itself(desk: FlaskClient) -> None:
    save(desk, broader="Cytometry")
    save(desk, broader="")
    above = "/moderate/vocabulary/cytometry"
    desk.post(above, data=fields_of(desk.get(above).text) | {"broader": "Flow cytometry"})
    undo(desk, db.session.query(VocabularyChange).order_by(VocabularyChange.id).all()[1])
    db.session.rollback()
    assert fields_of(desk.get(above).text)["broader"] == "Flow cytometry"
    assert fields_of(desk.get(PAGE).text).get("broader", "") == ""


@pytest.mark.parametrize("address", ["/moderate/vocabulary/%00", "/moderate/vocabulary?category=%00"])
def test_what_no_database_can_hold_is_the_fault_of_the_request(app_on: Flask, address: str) -> None:
    answer = client_of(app_on, cast().moderator).get(address)
    assert answer.status_code in (200, 400, 404)


def test_a_synonym_that_names_another_technique_is_not_added(desk: FlaskClient) -> None:
    page = "/moderate/searches/synonym?text=cytometry&technique=flow-cytometry"
    answer = desk.post(page, data=fields_of(desk.get(page).text) | {"language": "en"})
    assert answer.status_code == 422
    assert "names Cytometry already" in answer.text


def people_actor() -> Any:
    return Actor("Mode Rator")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"label_en": ""}, "Enter the English label"),
        ({"broader": "no such technique"}, "Enter a name that one technique has"),
        ({"broader": "Flow cytometry"}, "not itself part of this one"),
        ({"abbreviations": "FACS\nCytometry"}, "names Cytometry already"),
        ({"ambiguous": "unheard-of"}, "among the synonyms"),
        ({"not_with": "FACS"}, "Write a text, a colon and words"),
        ({"models": "\n".join(f"M{number}" for number in range(301))}, "Keep at most 300 lines"),
        ({"clues": "c" * 201}, "at most 200 characters"),
        ({"version": "99"}, "Somebody changed this technique meanwhile"),
    ],
)
def test_what_cannot_be_right_is_not_saved(desk: FlaskClient, fields: dict[str, str], said: str) -> None:
    answer = save(desk, **fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(VocabularyChange).count() == 0


def test_saving_without_a_change_leaves_no_trace(desk: FlaskClient) -> None:
    rows = {term.id for term in db.session.query(TechniqueTerm)}
    assert save(desk).status_code == 303
    assert db.session.query(VocabularyChange).count() == 0
    assert {term.id for term in db.session.query(TechniqueTerm)} == rows


@pytest.mark.parametrize(
    ("address", "most"),
    [("/moderate/searches", 8), ("/moderate/vocabulary", 9), ("/moderate/vocabulary/changes", 7), (PAGE, 14)],
)
def test_pages_of_the_desk_take_few_statements_however_much_there_is(
    desk: FlaskClient, address: str, most: int
) -> None:
    for number in range(30):
        searched(f"text {number}")
        add_technique(f"technique-{number}", f"Technique {number}")
    desk.get(address)
    with statements() as sent:
        assert desk.get(address).status_code == 200
    assert len(sent) <= most, "\n".join(sent)


def test_the_parts_of_a_score_are_for_the_desk_only(app: Flask, desk: FlaskClient) -> None:
    assert "score-parts" in desk.get("/search?q=sorter&explain=1").text
    assert "score-parts" not in desk.get("/search?q=sorter").text
    assert "score-parts" not in app.test_client().get("/search?q=sorter&explain=1").text
