"""Listings are added: drafts, instruments one after another, copies, organisations for the desk to accept."""

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Kind, Listing, Status
from facilities.db import db
from facilities.manage.adding import MOST_PROPOSED
from facilities.moderation.duplicates import scan_duplicates
from facilities.moderation.models import Duplicate, PairState
from tests.counting import statements
from tests.listings import add, small_catalogue
from tests.manage.forms import Editor, form_in
from tests.manage.owners import found, said
from tests.people import add_user
from tests.vocabulary import fill_vocabulary

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


def called(name: str) -> Listing:
    """The one listing of that name."""
    return db.session.scalars(sa.select(Listing).where(Listing.name == name)).one()


def instruments_at(listing: Listing) -> str:
    return f"/manage/listings/{listing.id}/instruments/new"


def test_first_the_kind_is_chosen_then_what_it_belongs_to(catalogue: Catalogue, manager: Editor) -> None:
    kinds = manager.client.get("/manage/listings/new").text
    assert "/manage/listings/new?kind=service" in kinds
    holders = manager.client.get("/manage/listings/new?kind=service").text
    assert f"kind=service&amp;parent={catalogue[1].id}" in holders
    assert "Skerry University" in holders


@pytest.mark.parametrize("kind", list(Kind))
def test_a_listing_begins_as_a_draft_that_visitors_do_not_see(
    app: Flask, catalogue: Catalogue, manager: Editor, kind: Kind
) -> None:
    path = f"/manage/listings/new?kind={kind.value}&parent={catalogue[0].id}"
    needed = {Kind.ORGANISATION: {"organisation_kind": "institute"}, Kind.OFFER: {"offer_kind": "premises"}}
    fields = needed.get(kind, {})
    answer = manager.save(path, name="Something new", **fields)
    made = called("Something new")
    assert answer.location == f"/manage/listings/{made.id}/edit"
    assert (made.kind, made.status, made.parent_id) == (kind, Status.DRAFT, catalogue[0].id)
    assert manager.client.get(answer.location).status_code == 200
    assert app.test_client().get(made.path).status_code == 404


def test_nothing_is_added_below_what_somebody_else_looks_after(
    app: Flask, catalogue: Catalogue, editor: Editor
) -> None:
    other = add(Kind.ORGANISATION, "Other University")
    assert editor.client.get(f"/manage/listings/new?kind=facility&parent={other.id}").status_code == 403
    assert editor.client.get(instruments_at(other)).status_code == 403
    assert editor.client.get(instruments_at(catalogue[0])).status_code == 403


def test_a_listing_that_is_there_already_is_shown_before_saving(
    app: Flask, catalogue: Catalogue, manager: Editor
) -> None:
    path = f"/manage/listings/new?kind=facility&parent={catalogue[0].id}"
    answer = manager.save(path, name="Lumen Imaging", summary="Kept")
    assert "looks like this one" in answer.text
    assert f'href="/manage/listings/{catalogue[1].id}/edit">Use that one' in answer.text
    form = form_in(answer.text, "/manage/listings/new")
    assert form["summary"] == "Kept"
    assert manager.send(path, form, sure="1").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).where(Listing.name == "Lumen Imaging")) == 2


def test_what_its_author_calls_another_one_is_not_shown_to_the_desk_again(
    app: Flask, catalogue: Catalogue, manager: Editor
) -> None:
    other = add(Kind.INSTRUMENT, "Zeiss LSM 880", parent=catalogue[1])
    _university, facility, microscope = catalogue
    for path, name in (
        (f"/manage/listings/new?kind=facility&parent={facility.parent_id}", facility.name),
        (instruments_at(facility), microscope.name),
    ):
        form = form_in(manager.save(path, name=name).text, path.partition("?")[0])
        form.setlist("shown", [each for each in form.getlist("shown") if each != str(other.id)])
        assert manager.send(path, form, sure="1").status_code == 303
    scan_duplicates()
    new = db.session.scalars(sa.select(Listing.id).where(Listing.id > other.id).order_by(Listing.id)).all()
    pairs = {(each.first_id, each.second_id): each.state for each in db.session.query(Duplicate)}
    assert pairs[facility.id, new[0]] == pairs[microscope.id, new[1]] == PairState.DIFFERENT
    assert pairs[other.id, new[1]] == PairState.OPEN, "what was not shown is for the desk"


def test_anyone_with_an_account_proposes_an_organisation(app: Flask, catalogue: Catalogue) -> None:
    proposer = Editor(app, add_user("Petra Proposer"))
    path = "/manage/listings/new?kind=organisation"
    wrong = proposer.save(path, name="Nordic Assays", company_number="556036-0794", country="SE")
    assert wrong.status_code == 422
    answer = proposer.save(
        path, name="Nordic Assays", organisation_kind="service_company", company_number="556036-0793", country="SE",
        url="assays.example.org",
    )  # fmt: skip
    assert answer.location == "/manage/"
    made = called("Nordic Assays")
    assert (made.status, made.parent_id) == (Status.IN_REVIEW, None)
    assert said(made, "url") == "https://assays.example.org"
    assert made.revisions[0].made_by == "Petra Proposer"
    page = proposer.client.get("/manage/").text
    assert "What you proposed" in page
    assert "Nordic Assays" in page


def test_an_organisation_that_is_listed_can_be_claimed_instead(app: Flask, catalogue: Catalogue) -> None:
    proposer = Editor(app, add_user("Petra Proposer"))
    answer = proposer.save(
        "/manage/listings/new?kind=organisation", name="Skerry University", organisation_kind="university",
        country="SE", city="Uppsala",
    )  # fmt: skip
    assert f'href="/listings/{catalogue[0].id}/claim">Claim it' in answer.text


def test_the_desk_is_not_flooded_with_proposals(app: Flask, catalogue: Catalogue) -> None:
    proposer = Editor(app, add_user("Petra Proposer"))
    for number in range(MOST_PROPOSED + 1):
        answer = proposer.save(
            "/manage/listings/new?kind=organisation", name=f"Company {number} {'abcdefghijkl'[number] * 8}",
            organisation_kind="company",
        )  # fmt: skip
    assert answer.status_code == 422
    assert "Wait for its answer" in answer.text


def test_instruments_are_added_one_after_another(app: Flask, catalogue: Catalogue, manager: Editor) -> None:
    fill_vocabulary()
    path = instruments_at(catalogue[1])
    answer = manager.save(path, manufacturer="BD", model="FACSAria III", room="E3:22", serial_number="A1")
    page = manager.client.get(answer.location).text
    assert "BD FACSAria III was added. Visitors see it now." in page
    assert "Added just now" in page
    form = form_in(page, path)
    assert (form["manufacturer"], form["room"], form["model"], form["serial_number"]) == ("BD", "E3:22", "", "")
    made = called("BD FACSAria III")
    assert said(made, "techniques")
    assert app.test_client().get(made.path).status_code == 200
    manager.send(path, form, model="LSRFortessa")
    manager.save(path, name="Old centrifuge", draft="1")
    assert called("BD LSRFortessa").status == Status.PUBLISHED
    assert called("Old centrifuge").status == Status.DRAFT


def test_an_editors_instruments_wait_for_a_manager(catalogue: Catalogue, editor: Editor) -> None:
    answer = editor.save(instruments_at(catalogue[1]), manufacturer="BD", model="FACSAria III")
    assert "It waits for a manager of Skerry University" in editor.client.get(answer.location).text
    assert called("BD FACSAria III").status == Status.IN_REVIEW


def test_an_instrument_needs_a_name_or_maker_and_model(catalogue: Catalogue, manager: Editor) -> None:
    answer = manager.save(instruments_at(catalogue[1]), room="E3:22")
    assert answer.status_code == 422
    assert "Enter a name, or the manufacturer and model." in answer.text
    assert 'value="E3:22"' in answer.text


def test_the_same_serial_number_is_noticed(catalogue: Catalogue, manager: Editor) -> None:
    path = instruments_at(catalogue[1])
    manager.save(path, manufacturer="BD", model="FACSAria III", serial_number="P12345")
    answer = manager.save(path, manufacturer="BD", model="Aria 3", serial_number="P12345")
    assert "Same serial number" in answer.text
    assert manager.send(path, form_in(answer.text, path), sure="1").status_code == 303


def test_a_copy_is_a_draft_without_identifiers(app: Flask, catalogue: Catalogue, manager: Editor) -> None:
    source = add(
        Kind.INSTRUMENT, "Zeiss LSM 980", parent=catalogue[1], manufacturer="Zeiss", serial_number="S1",
        inventory_number="I1", doi="10.1234/lsm", specification=[{"name": "Lasers", "value": "405 nm"}],
    )  # fmt: skip
    page = manager.client.get(f"/manage/listings/{source.id}/edit").text
    action = f"/manage/listings/{source.id}/copy"
    answer = manager.send(action, form_in(page, action))
    copy = called("Copy of Zeiss LSM 980")
    assert answer.location == f"/manage/listings/{copy.id}/edit"
    now = said(copy)
    assert (found(copy).status, found(copy).parent_id) == (Status.DRAFT, catalogue[1].id)
    assert (now["serial_number"], now["inventory_number"], now["doi"]) == ("", "", None)
    assert (now["manufacturer"], now["specification"]) == ("Zeiss", [{"name": "Lasers", "value": "405 nm"}])


def test_pages_take_a_fixed_number_of_statements(app: Flask, catalogue: Catalogue) -> None:
    desk = Editor(app, add_user("Mona Moderator", site_role=SiteRole.MODERATOR))
    counts = []
    for _round in range(2):
        for number in range(6):
            add(Kind.FACILITY, f"Unit {number}", parent=found(catalogue[0]))
            add(Kind.INSTRUMENT, f"Sorter {number}", parent=found(catalogue[1]))
        with statements() as sent:
            desk.client.get("/manage/listings/new?kind=instrument")
            desk.client.get(instruments_at(catalogue[1]))
            desk.client.get(f"/manage/listings/{catalogue[1].id}/edit")
            desk.client.get(f"/manage/listings/{catalogue[1].id}/edit/basics")
        counts.append(len(sent))
    assert counts[0] == counts[1] < 80


def test_an_editor_is_told_to_hand_a_draft_in_and_a_manager_to_publish_it(
    catalogue: Catalogue, editor: Editor, manager: Editor
) -> None:
    path = f"/manage/listings/new?kind=service&parent={catalogue[1].id}"
    for person, name, step in ((editor, "Staining", "hand it in for review"), (manager, "Slicing", "publish it")):
        answer = person.save(path, name=name)
        page = person.client.get(answer.location).text
        assert f"Fill in the sections, then {step}." in page
        assert f"/manage/listings/{called(name).id}/life" in page
