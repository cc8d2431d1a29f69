"""Owners change a listing a section at a time."""

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from facilities.catalogue.models import Kind, Listing, Review, RevisionAct
from facilities.db import db
from facilities.manage.sections import Section, sections_of
from tests.listings import add, small_catalogue
from tests.manage.forms import Editor, form_in
from tests.manage.owners import found, said
from tests.people import add_user

Catalogue = tuple[Listing, Listing, Listing]


@pytest.fixture
def catalogue(app: Flask) -> Catalogue:
    return small_catalogue()


@pytest.fixture
def manager(app: Flask, catalogue: Catalogue) -> Editor:
    return Editor(app, add_user("Maria Manager", manager_of=catalogue[0]))


@pytest.fixture
def editor(app: Flask, catalogue: Catalogue) -> Editor:
    return Editor(app, add_user("Edvin Editor", editor_of=catalogue[1]))


def typed_sections(kind: Kind) -> list[Section]:
    """The sections without files."""
    return [section for section in sections_of(kind) if section.name != "media"]


def read_form(answer: TestResponse, path: str) -> MultiDict[str, str]:
    """The form that an answer shows."""
    assert answer.status_code == 200
    return form_in(answer.text, path)


def section(listing: Listing, name: str) -> str:
    return f"/manage/listings/{listing.id}/edit/{name}"


@pytest.mark.parametrize("kind", list(Kind))
def test_every_section_of_every_kind_opens(app: Flask, catalogue: Catalogue, manager: Editor, kind: Kind) -> None:
    listing = add(kind, "Something", parent=catalogue[0])
    assert manager.client.get(f"/manage/listings/{listing.id}/edit").status_code == 200
    for each in typed_sections(kind):
        assert manager.client.get(section(listing, each.name)).status_code == 200, each.name


def test_a_section_that_a_kind_lacks_is_not_there(catalogue: Catalogue, manager: Editor) -> None:
    assert manager.client.get(section(catalogue[0], "specification")).status_code == 404
    assert manager.client.get(section(catalogue[0], "nonsense")).status_code == 404


def test_a_section_saved_as_it_was_opened_changes_nothing(catalogue: Catalogue, manager: Editor) -> None:
    for listing in catalogue:
        before, version = said(listing), found(listing).version
        for each in typed_sections(listing.kind):
            path = section(listing, each.name)
            form = manager.open(path)
            form.pop("confirm", None)
            assert manager.send(path, form).status_code == 303, each.name
        assert (said(listing), found(listing).version) == (before, version)


def test_what_a_manager_saves_is_public_at_once(app: Flask, catalogue: Catalogue, manager: Editor) -> None:
    microscope = catalogue[2]
    answer = manager.save(section(microscope, "basics"), name="Zeiss LSM 980", model="LSM 980", quantity="2")
    assert answer.status_code == 303
    assert "Visitors see it now" in manager.client.get(answer.location).text
    assert (said(microscope, "name"), said(microscope, "quantity")) == ("Zeiss LSM 980", 2)
    assert "Zeiss LSM 980" in app.test_client().get(found(microscope).path).text
    revision = found(microscope).revisions[-2]
    assert (revision.act, revision.made_by) == (RevisionAct.EDITED, "Maria Manager")
    assert revision.changes["model"] == ["LSM 880", "LSM 980"]


def test_what_an_editor_saves_waits_and_visitors_see_the_earlier_version(
    app: Flask, catalogue: Catalogue, editor: Editor
) -> None:
    microscope = catalogue[2]
    answer = editor.save(section(microscope, "basics"), name="Zeiss LSM 980")
    assert "wait for a manager of Skerry University" in editor.client.get(answer.location).text
    assert said(microscope, "name") == "Zeiss LSM 880"
    assert "LSM 980" not in app.test_client().get(found(microscope).path).text
    assert editor.open(section(microscope, "basics"))["name"] == "Zeiss LSM 980"


def test_changes_wait_for_the_desk_where_the_organisation_says_so(catalogue: Catalogue, manager: Editor) -> None:
    university = found(catalogue[0])
    university.review = Review.DESK
    db.session.commit()
    answer = manager.save(section(catalogue[1], "basics"), name="Lumen")
    assert "wait for the desk" in manager.client.get(answer.location).text
    assert "Changes waiting" in manager.client.get(f"/manage/listings/{catalogue[1].id}/edit").text


def test_a_stranger_and_a_visitor_change_nothing(app: Flask, catalogue: Catalogue) -> None:
    stranger, visitor = Editor(app, add_user("Sten Stranger")), Editor(app, None)
    assert stranger.client.get(section(catalogue[2], "basics")).status_code == 403
    assert "/sign-in" in visitor.client.get(section(catalogue[2], "basics")).location


def test_an_error_keeps_what_was_typed_and_says_what_to_do(catalogue: Catalogue, manager: Editor) -> None:
    answer = manager.save(section(catalogue[2], "basics"), name="", model="LSM 990", quantity="many", doi="no doi")
    assert answer.status_code == 422
    for words in ("LSM 990", "many", "no doi", "Enter the name", "Write a whole number", "Write the DOI as"):
        assert words in answer.text
    assert '<a href="#quantity">' in answer.text
    assert said(catalogue[2], "model") == "LSM 880"


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        ("ror", "https://ror.org/048A87296", "048a87296"),
        ("company_number", "556036-0793", "5560360793"),
        ("url", "skerry.example.org", "https://skerry.example.org"),
        ("doi", "https://doi.org/10.1234/abc", "10.1234/abc"),
        ("rrid", "SCR_123456", "RRID:SCR_123456"),
        ("established", "1477", 1477),
    ],
)
def test_identifiers_are_kept_in_their_plain_form(
    catalogue: Catalogue, manager: Editor, field: str, typed: str, kept: object
) -> None:
    assert manager.save(section(catalogue[0], "basics"), **{field: typed}).status_code == 303
    assert said(catalogue[0], field) == kept


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("ror", "https://ror.org/048a87297"), ("company_number", "556036-0794"), ("url", "javascript:alert(1)"),
        ("rrid", "!!"), ("established", "18"), ("name", "x" * 601),
    ],
)  # fmt: skip
def test_wrong_identifiers_are_refused(catalogue: Catalogue, manager: Editor, field: str, typed: str) -> None:
    assert manager.save(section(catalogue[0], "basics"), **{field: typed}).status_code == 422


def test_a_ror_id_that_another_listing_has_is_named(catalogue: Catalogue, manager: Editor) -> None:
    add(Kind.ORGANISATION, "Uppsala University", ror="048a87296")
    answer = manager.save(section(catalogue[0], "basics"), ror="048a87296")
    assert answer.status_code == 422
    assert "Uppsala University has this ROR id already" in answer.text


def test_confirming_is_offered_ticked_and_can_be_left_out(catalogue: Catalogue, manager: Editor) -> None:
    path = section(catalogue[2], "basics")
    form = manager.open(path)
    assert form["confirm"] == "1"
    del form["confirm"]
    manager.send(path, form, model="LSM 900")
    assert found(catalogue[2]).confirmed_at is None
    answer = manager.save(path, model="LSM 980")
    assert "confirmed as of today" in manager.client.get(answer.location).text
    assert found(catalogue[2]).confirmed_at is not None
    assert "confirm" not in manager.open(path)


def test_rows_are_added_moved_and_removed_without_a_script(catalogue: Catalogue, manager: Editor) -> None:
    path = section(catalogue[1], "contacts")
    form = manager.open(path)
    first = {"contacts__0__role": "Manager", "contacts__0__email": "manager@example.org"}
    form = read_form(manager.send(path, form, change="contacts:add", **first), path)
    second = {"contacts__1__role": "Booking", "contacts__1__email": "booking@example.org"}
    form = read_form(manager.send(path, form, change="contacts:up:1", **second), path)
    assert (form["contacts-0-role"], form["contacts-1-role"]) == ("Booking", "Manager")
    form = read_form(manager.send(path, form, change="contacts:add"), path)
    form = read_form(manager.send(path, form, change="contacts:remove:2", contacts__2__role="Nobody"), path)
    assert said(catalogue[1], "contacts") == []
    assert manager.send(path, form).status_code == 303
    assert [each["role"] for each in said(catalogue[1], "contacts")] == ["Booking", "Manager"]


def test_a_contact_says_who_answers_and_never_shows_an_address(
    app: Flask, catalogue: Catalogue, manager: Editor
) -> None:
    manager.save(
        section(catalogue[1], "contacts"), contacts__0__role="Manager", contacts__0__email="Manager@Lumen.example.org",
        contacts__0__deputy_name="Disa", contacts__0__deputy_email="disa@example.org",
        contacts__0__languages=["sv", "en"], contacts__0__enquiry_kinds="quote",
    )  # fmt: skip
    contact = said(catalogue[1], "contacts")[0]
    assert contact["languages"] == ["en", "sv"]
    assert (contact["deputy_email"], contact["enquiry_kinds"]) == ("disa@example.org", ["quote"])
    page = app.test_client().get(found(catalogue[1]).path).text
    assert "Manager" in page
    assert "lumen.example.org" not in page.lower().replace("skerry", "")
    refused = manager.save(section(catalogue[1], "contacts"), contacts__0__role="manager@example.org")
    assert refused.status_code == 422


def test_prices_take_commas_and_say_what_is_wrong(catalogue: Catalogue, manager: Editor) -> None:
    path = section(catalogue[1], "prices")
    wrong = manager.save(path, prices__0__amount="much", prices__0__currency="kr", prices__0__item="Hour")
    assert wrong.status_code == 422
    assert "Write the amount in figures" in wrong.text
    assert "three letters" in wrong.text
    right = manager.save(path, prices__0__amount="1 250,50", prices__0__currency="sek", prices__0__group="company")
    assert right.status_code == 303
    price = said(catalogue[1], "prices")[0]
    assert price == {"group": "company", "basis": "hour", "amount": "1250.50", "currency": "SEK"}


def test_access_terms_that_are_all_emptied_are_gone(catalogue: Catalogue, manager: Editor) -> None:
    path = section(catalogue[1], "access")
    manager.save(path, price_level="2", booking_required="no", training_hours="4")
    assert said(catalogue[1], "access") == {
        "groups": ["academia", "companies"], "modes": ["physical"], "booking_required": False, "price_level": 2,
        "training_hours": 4,
    }  # fmt: skip
    manager.save(path, groups=[], modes=[], price_level="", booking_required="", training_hours="")
    assert said(catalogue[1], "access") is None


def test_texts_of_several_languages_stand_side_by_side(app: Flask, catalogue: Catalogue, manager: Editor) -> None:
    path = section(catalogue[1], "texts")
    page = manager.client.get(path).text
    assert "Swedish" in page
    assert "Missing." in page
    manager.save(path, en__summary="Light for all.", sv__name="Lumen bildanalys", sv__summary="Ljus åt alla.")
    assert said(catalogue[1], "texts") == {"sv": {"name": "Lumen bildanalys", "summary": "Ljus åt alla."}}
    swedish = app.test_client().get(found(catalogue[1]).path, headers={"Accept-Language": "sv"})
    assert "Ljus åt alla." in swedish.text


def test_one_more_language_is_opened_without_losing_what_was_typed(catalogue: Catalogue, manager: Editor) -> None:
    path = section(catalogue[1], "texts")
    form = manager.open(path)
    answer = manager.send(path, form, en__summary="Not saved yet", add_language="fi", change="language")
    form = read_form(answer, path)
    assert form["en-summary"] == "Not saved yet"
    assert manager.send(path, form, fi__name="Lumen kuvantaminen").status_code == 303
    assert said(catalogue[1], "texts") == {"fi": {"name": "Lumen kuvantaminen"}}


def test_the_main_language_changes_places_with_another(catalogue: Catalogue, manager: Editor) -> None:
    path = section(catalogue[1], "texts")
    assert manager.save(path, language="sv").status_code == 422
    manager.save(path, sv__name="Lumen bildanalys")
    assert manager.save(path, language="sv").status_code == 303
    now = said(catalogue[1])
    assert (now["language"], now["name"], now["texts"]) == ("sv", "Lumen bildanalys", {"en": {"name": "Lumen Imaging"}})


def test_large_texts_are_kept(catalogue: Catalogue, manager: Editor) -> None:
    text = "Åska på ön. " * 1600
    form = {f"{code}__description": text for code in ("en", "sv")}
    assert manager.save(section(catalogue[1], "texts"), sv__name="Lumen", **form).status_code == 303
    assert said(catalogue[1], "description") == text.strip()
