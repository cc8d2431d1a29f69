"""Two people change the same listing: the second sees both versions and chooses; nothing is overwritten unseen."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from facilities.catalogue.models import Category, Kind, Listing, Technique
from facilities.db import db
from tests.listings import add, small_catalogue
from tests.manage.forms import Editor, form_in
from tests.manage.owners import found, said
from tests.people import add_user

Two = tuple[Editor, Editor]


@pytest.fixture
def facility(app_on: Flask) -> Listing:
    return small_catalogue()[1]


@pytest.fixture
def two(app_on: Flask, facility: Listing) -> Two:
    people = [add_user(name, manager_of=facility) for name in ("Anna Andersson", "Bo Berg")]
    return Editor(app_on, people[0]), Editor(app_on, people[1])


def section(listing: Listing, name: str) -> str:
    return f"/manage/listings/{listing.id}/edit/{name}"


def both_open(two: Two, path: str) -> tuple[MultiDict[str, str], MultiDict[str, str]]:
    return two[0].open(path), two[1].open(path)


def test_changes_of_different_fields_both_stay(facility: Listing, two: Two) -> None:
    (anna, bo), path = two, section(facility, "basics")
    first, second = both_open(two, path)
    assert anna.send(path, first, abbreviation="LUM").status_code == 303
    assert bo.send(path, second, url="https://lumen.example.org").status_code == 303
    assert (said(facility, "abbreviation"), said(facility, "url")) == ("LUM", "https://lumen.example.org")


def test_the_second_is_shown_both_versions_and_nothing_is_saved(facility: Listing, two: Two) -> None:
    (anna, bo), path = two, section(facility, "basics")
    first, second = both_open(two, path)
    anna.send(path, first, name="Lumen of Anna")
    answer = bo.send(path, second, name="Lumen of Bo", abbreviation="BO")
    assert answer.status_code == 409
    for words in ("Lumen of Anna", "Lumen of Bo", "Lumen Imaging", "Anna Andersson saved another version"):
        assert words in answer.text
    assert (said(facility, "name"), said(facility, "abbreviation")) == ("Lumen of Anna", "")
    assert "choose-name" not in form_in(answer.text, path)


@pytest.mark.parametrize(("choice", "name"), [("theirs", "Lumen of Anna"), ("mine", "Lumen of Bo")])
def test_the_chosen_version_is_saved_with_everything_else(facility: Listing, two: Two, choice: str, name: str) -> None:
    (anna, bo), path = two, section(facility, "basics")
    first, second = both_open(two, path)
    anna.send(path, first, name="Lumen of Anna", url="https://anna.example.org")
    page = bo.send(path, second, name="Lumen of Bo", abbreviation="BO").text
    answer = bo.send(path, form_in(page, path), choose__name=choice)
    assert answer.status_code == 303
    now = said(facility)
    assert (now["name"], now["abbreviation"], now["url"]) == (name, "BO", "https://anna.example.org")


def test_without_a_choice_nothing_is_saved(facility: Listing, two: Two) -> None:
    (anna, bo), path = two, section(facility, "basics")
    first, second = both_open(two, path)
    anna.send(path, first, name="Lumen of Anna")
    page = bo.send(path, second, name="Lumen of Bo").text
    answer = bo.send(path, form_in(page, path))
    assert answer.status_code == 422
    assert "Choose one of the two." in answer.text
    assert said(facility, "name") == "Lumen of Anna"


def test_a_third_change_while_choosing_is_shown_as_well(facility: Listing, two: Two) -> None:
    (anna, bo), path = two, section(facility, "basics")
    first, second = both_open(two, path)
    anna.send(path, first, name="Lumen of Anna")
    page = bo.send(path, second, name="Lumen of Bo").text
    anna.save(path, name="Lumen once more")
    answer = bo.send(path, form_in(page, path), choose__name="mine")
    assert answer.status_code == 409
    assert "Lumen once more" in answer.text
    assert said(facility, "name") == "Lumen once more"


def test_both_can_be_written_into_a_third_version(facility: Listing, two: Two) -> None:
    (anna, bo), path = two, section(facility, "basics")
    first, second = both_open(two, path)
    anna.send(path, first, name="Lumen of Anna")
    page = bo.send(path, second, name="Lumen of Bo").text
    form = form_in(bo.send(path, form_in(page, path), act="rewrite").text, path)
    assert form["name"] == "Lumen of Bo"
    assert bo.send(path, form, name="Lumen of both").status_code == 303
    assert said(facility, "name") == "Lumen of both"


def test_a_forged_or_lost_mark_of_what_was_shown_overwrites_nothing(facility: Listing, two: Two) -> None:
    path = section(facility, "basics")
    form = two[0].open(path)
    answer = two[0].send(path, form, opened="forged", name="Lumen of nobody")
    assert answer.status_code == 409
    assert said(facility, "name") == "Lumen Imaging"


def test_coordinates_of_two_people_are_never_mixed(facility: Listing, two: Two) -> None:
    (anna, bo), path = two, section(facility, "place")
    first, second = both_open(two, path)
    anna.send(path, first, lat="60.1", lng="18.1")
    answer = bo.send(path, second, lat="61.2")
    assert answer.status_code == 409
    bo.send(path, form_in(answer.text, path), choose__lat="mine")
    assert (said(facility, "lat"), said(facility, "lng")) == (61.2, 17.63)


def test_texts_in_two_languages_and_two_techniques_both_stay(facility: Listing, two: Two) -> None:
    (anna, bo), path = two, section(facility, "texts")
    first, second = both_open(two, path)
    anna.send(path, first, sv__name="Lumen bild")
    assert bo.send(path, second, en__summary="Light.").status_code == 303
    second = bo.open(path)
    anna.save(path, sv__summary="Ljus.")
    assert bo.send(path, second, sv__description="Mer ljus.").status_code == 303
    assert said(facility, "texts") == {"sv": {"name": "Lumen bild", "summary": "Ljus.", "description": "Mer ljus."}}

    path = section(facility, "techniques")
    add_techniques("confocal-microscopy", "flow-cytometry")
    first, second = both_open(two, path)
    anna.send(path, first, techniques="confocal-microscopy")
    bo.send(path, second, techniques="flow-cytometry")
    assert said(facility, "techniques") == ["confocal-microscopy", "flow-cytometry"]


def test_lead_times_of_two_people_never_turn_around(app_on: Flask, facility: Listing, two: Two) -> None:
    service = add(Kind.SERVICE, "Imaging on order", parent=facility, lead_time_min=1, lead_time_max=3)
    path = section(service, "basics")
    first, second = both_open(two, path)
    two[0].send(path, first, lead_time_min="5", lead_time_max="10")
    answer = two[1].send(path, second, lead_time_max="4")
    assert answer.status_code == 409
    assert (said(service, "lead_time_min"), said(service, "lead_time_max")) == (5, 10)
    two[1].send(path, form_in(answer.text, path), choose__lead_time_min="mine")
    assert (said(service, "lead_time_min"), said(service, "lead_time_max")) == (1, 4)


def test_rows_of_two_people_are_shown_in_words(facility: Listing, two: Two) -> None:
    (anna, bo), path = two, section(facility, "contacts")
    first, second = both_open(two, path)
    anna.send(path, first, contacts__0__role="Manager", contacts__0__email="anna@example.org")
    answer = bo.send(path, second, contacts__0__role="Booking", contacts__0__email="bo@example.org")
    assert answer.status_code == 409
    assert "Role: Manager; E-mail address: anna@example.org" in answer.text
    assert "Role: Booking; E-mail address: bo@example.org" in answer.text
    bo.send(path, form_in(answer.text, path), choose__contacts="mine")
    assert [each["role"] for each in said(facility, "contacts")] == ["Booking"]


def test_an_editor_whose_changes_wait_meets_another_editor(app_on: Flask, facility: Listing) -> None:
    people = [add_user(name, editor_of=facility) for name in ("Ed One", "Ed Two")]
    one, other = Editor(app_on, people[0]), Editor(app_on, people[1])
    path = section(facility, "basics")
    first, second = both_open((one, other), path)
    one.send(path, first, name="Lumen One")
    answer = other.send(path, second, name="Lumen Two")
    assert answer.status_code == 409
    assert "Ed One saved another version" in answer.text
    assert found(facility).name == "Lumen Imaging"


def add_techniques(*slugs: str) -> None:
    """Techniques in a vocabulary of their own."""
    category = Category(slug="microscopy", labels={"en": "Microscopy"})
    for slug in slugs:
        db.session.add(Technique(slug=slug, labels={"en": slug.replace("-", " ").capitalize()}, category=category))
    db.session.commit()
