"""Making, changing, publishing, confirming and withdrawing listings."""

from threading import Barrier, Thread

import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import SiteRole
from facilities.catalogue.models import Kind, Listing, Organisation, Review, Revision, Status
from facilities.db import db, now
from facilities.moderation.models import Proposal
from facilities.moderation.proposals import send_back_proposal
from facilities.search.index import index
from search_index import Query
from tests.api.conftest import Place, Program, ProgramOf, place_of, program
from tests.listings import add
from tests.offers import COMPANY, PREMISES
from tests.people import add_user

NEW = {"type": "instrument", "name": "LSM 980", "manufacturer": "Zeiss", "summary": "Airyscan"}


def reviewed_by(place: Place, review: Review) -> None:
    university = db.session.get_one(Organisation, place.university.id)
    university.review = review
    db.session.commit()


def found(word: str) -> list[int]:
    return index().search(Query(text=word)).ids


def test_a_new_listing_is_a_draft_with_its_history(place: Place, app: Flask, program_of: ProgramOf) -> None:
    answer = program_of(place.manager).post("/listings", {"parent_id": place.facility.id, "record": NEW})
    assert answer.status_code == 201
    made = answer.get_json()
    assert answer.headers["Location"] == made["links"]["self"]
    assert (made["status"], made["version"], made["parent_id"]) == ("draft", 1, place.facility.id)
    assert made["organisation_id"] == place.university.id
    revision = db.session.scalars(sa.select(Revision).where(Revision.listing_id == made["id"])).one()
    assert (revision.act, revision.made_by, revision.user_id) == ("created", "Manager", place.manager.id)
    assert found("Airyscan") == []


def test_a_listing_is_public_at_once_if_its_maker_may_publish(place: Place, program_of: ProgramOf) -> None:
    asked = {"parent_id": place.facility.id, "publish": True, "record": NEW}
    made = program_of(place.manager).post("/listings", asked).get_json()
    assert made["status"] == "published"
    assert found("Airyscan") == [made["id"]]
    editor = add_user("Editor", editor_of=db.session.get_one(Listing, place.facility.id))
    assert program_of(editor).post("/listings", asked).get_json()["status"] == "in_review"


def test_a_record_that_its_source_sent_before_is_refused_with_its_address(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    asked = {"parent_id": place.facility.id, "record": NEW | {"id": "INV-1", "source": "register"}}
    first = ours.post("/listings", asked).get_json()
    again = ours.post("/listings", asked)
    assert again.status_code == 409
    assert again.get_json()["listing"] == first["links"]["self"]
    assert first["record"]["id"] == "INV-1"


def test_listings_are_made_only_below_ones_own(place: Place, program_of: ProgramOf) -> None:
    other = add(Kind.ORGANISATION, "Another university")
    stranger = program_of(add_user("Stranger", manager_of=other))
    assert stranger.post("/listings", {"parent_id": place.facility.id, "record": NEW}).status_code == 403
    assert stranger.post("/listings", {"parent_id": 999999, "record": NEW}).status_code == 404
    assert stranger.post("/listings", {"record": NEW}).status_code == 422
    organisation = {"record": {"type": "organisation", "name": "Mine"}}
    assert stranger.post("/listings", organisation).status_code == 403
    desk = program_of(add_user("Desk", site_role=SiteRole.MODERATOR))
    assert desk.post("/listings", organisation).status_code == 201


def test_what_cannot_hold_a_listing_is_said(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    answer = ours.post("/listings", {"parent_id": place.microscope.id, "record": NEW})
    assert answer.status_code == 403
    answer = ours.post("/listings", {"parent_id": place.facility.id, "record": {"type": "organisation", "name": "O"}})
    assert answer.status_code == 422
    assert answer.get_json()["errors"][0]["pointer"] == "/parent_id"


def test_every_wrong_value_is_named_by_its_place(place: Place, program_of: ProgramOf) -> None:
    record = {
        "type": "instrument", "name": "", "lat": 91, "lng": 1, "contacts": [{"role": "x", "email": "no"}],
        "prices": [{"group": "academic", "basis": "hour", "amount": -1, "currency": "SEK"}],
    }  # fmt: skip
    answer = program_of(place.manager).post("/listings", {"parent_id": place.facility.id, "record": record, "draft": 1})
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    pointers = {error["pointer"] for error in answer.get_json()["errors"]}
    assert pointers == {
        "/draft", "/record/name", "/record/lat", "/record/contacts/0/email", "/record/prices/0/amount"
    }  # fmt: skip


def test_figures_of_a_year_to_come_are_refused(place: Place, program_of: ProgramOf) -> None:
    ours, next_year = program_of(place.manager), now().year + 1
    answer = ours.patch(place.university.id, {"company": {"employees": 12, "employees_year": next_year}})
    assert answer.status_code == 422
    error = answer.get_json()["errors"][0]
    assert error["pointer"].endswith("/company/employees_year")
    assert f"a figure is of {next_year - 1} at the latest" in str(error)
    answer = ours.patch(place.university.id, {"company": {"employees": 12, "employees_year": next_year - 1}})
    assert answer.status_code == 200


def test_a_patch_changes_what_it_names_and_nothing_else(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    answer = ours.patch(place.microscope.id, {"summary": "Confocal", "texts": {"sv": {"name": "Mikroskop"}}})
    assert answer.status_code == 200
    assert answer.get_json()["version"] == 1
    answer = ours.patch(place.microscope.id, {"description": None, "texts": {"nb": {"name": "Mikroskop"}}})
    record = answer.get_json()["record"]
    assert record["summary"] == "Confocal"
    assert "description" not in record
    assert set(record["texts"]) == {"sv", "nb"}
    assert record["manufacturer"] == "Zeiss"
    assert found("Confocal") == [place.microscope.id]
    last = db.session.scalars(sa.select(Revision).order_by(Revision.id.desc()).limit(1)).one()
    assert set(last.changes) == {"description", "texts"}


def test_what_was_read_can_be_sent_back_unchanged(place: Place, program_of: ProgramOf) -> None:
    contact = {"role": "Manager", "email": "m@example.org", "deputy_email": "d@example.org", "languages": ["sv"]}
    full = add(
        Kind.SERVICE, "Imaging", parent=place.facility, contacts=[contact], lead_time_min=2, trl_max=7,
        images=[{"url": "/media/a1b2.jpg", "title": "A picture"}], keywords=["light"],
        access={"groups": ["academia"], "price_level": 2, "training_hours": 3},
        prices=[{"item": "Hour", "group": "academic", "basis": "hour", "amount": "5.00", "currency": "SEK"}],
    )  # fmt: skip
    ours = program_of(place.manager)
    record = ours.get(f"/listings/{full.id}").get_json()["record"]
    assert record["images"][0]["url"] == "http://catalogue.test/media/a1b2.jpg"
    kept = {name: value for name, value in record.items() if name not in ("id", "type", "source", "parent")}
    answer = ours.patch(full.id, kept)
    assert (answer.status_code, answer.get_json()["version"]) == (200, 0)
    assert answer.get_json()["record"] == record


def test_offers_and_companies_can_be_sent_back_and_changed(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    for listing, patch in (
        (add(Kind.OFFER, "Third floor", parent=place.university, **PREMISES), {"area": [50, 90], "open_until": None}),
        (add(Kind.ORGANISATION, "Norrsund", parent=place.university, **COMPANY), {"company": {"employees": 130}}),
    ):
        record = ours.get(f"/listings/{listing.id}").get_json()["record"]
        kept = {name: value for name, value in record.items() if name not in ("id", "type", "source", "parent")}
        assert ours.patch(listing.id, kept).get_json()["version"] == 0
        changed = ours.patch(listing.id, patch).get_json()
        assert changed["version"] == 1
    assert changed["record"]["company"] == record["company"] | {"employees": 130}
    assert changed["record"]["sites"] == record["sites"]


def test_an_offer_is_made_and_refused_by_its_fields(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    offer = {"type": "offer", "name": "Third floor", "offer_kind": "premises", "area": [50, 90]}
    made = ours.post("/listings", {"parent_id": place.university.id, "record": offer}).get_json()
    assert (made["kind"], made["record"]["area"]) == ("offer", [50, 90])
    wrong = ours.patch(made["id"], {"area": [90, 50]})
    assert (wrong.status_code, wrong.get_json()["errors"][0]["pointer"]) == (422, "/record/area")
    assert ours.patch(made["id"], {"deliverables": "x"}).status_code == 422
    assert ours.patch(made["id"], {"summary": "Bright rooms"}).status_code == 200
    del offer["offer_kind"]
    untold = ours.post("/listings", {"parent_id": place.university.id, "record": offer})
    emptied = ours.patch(made["id"], {"offer_kind": None})
    for refused in (untold, emptied):
        [fault] = refused.get_json()["errors"]
        assert (refused.status_code, fault["pointer"]) == (422, "/record/offer_kind")
        assert "write which of premises, funding" in fault["detail"]


def test_fields_of_other_kinds_and_unknown_techniques_are_refused(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    for patch, pointer in (
        ({"deliverables": "x"}, "/record/deliverables"),
        ({"id": "7"}, "/record/id"),
        ({"colour": "red"}, "/record/colour"),
        ({"techniques": ["alchemy"]}, "/record/techniques/0"),
        ({"name": None}, "/record/name"),
        ({"quantity": 0}, "/record/quantity"),
    ):
        answer = ours.patch(place.microscope.id, patch)
        assert answer.status_code == 422
        assert [error["pointer"] for error in answer.get_json()["errors"]] == [pointer]


def test_a_change_says_which_version_it_changes(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    path = f"/listings/{place.microscope.id}"
    without = ours.send("PATCH", path, json={"record": {"summary": "x"}})
    assert without.status_code == 428
    read = ours.get(path).headers["ETag"]
    assert ours.patch(place.microscope.id, {"summary": "First"}, tag=read).status_code == 200
    late = ours.patch(place.microscope.id, {"summary": "Second"}, tag=read)
    assert late.status_code == 412
    assert late.headers["ETag"] == ours.get(path).headers["ETag"]
    assert ours.get(path).get_json()["record"]["summary"] == "First"
    for act in ("confirm", "withdraw"):
        assert ours.post(f"{path}/{act}", headers={"If-Match": read}).status_code == 412


def test_of_many_programs_that_read_the_same_version_one_changes_it(app_on: Flask) -> None:
    place = place_of()
    ours = program(app_on, place.manager)
    read = ours.get(f"/listings/{place.microscope.id}").headers["ETag"]
    db.session.close()
    start, answers = Barrier(6), list[int]()

    def change(number: int) -> None:
        start.wait()
        answers.append(ours.patch(place.microscope.id, {"summary": f"By {number}"}, tag=read).status_code)

    threads = [Thread(target=change, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 412, 412, 412, 412, 412]
    assert ours.get(f"/listings/{place.microscope.id}").get_json()["version"] == 1


def test_changes_wait_where_the_organisation_wants_that(app_on: Flask) -> None:
    place = place_of()
    reviewed_by(place, Review.MANAGER)
    ours = program(app_on, add_user("Editor", editor_of=place.facility))
    first = ours.patch(place.microscope.id, {"summary": "Waits"})
    assert first.status_code == 202
    shown = first.get_json()
    assert "summary" not in shown["record"]
    assert shown["waiting"]["state"] == "waiting"
    assert shown["waiting"]["record"]["summary"] == "Waits"
    assert first.headers["ETag"] != f'"{place.microscope.id}-{shown["version"]}"'

    second = ours.patch(place.microscope.id, {"city": "Uppsala"}, tag=first.headers["ETag"])
    assert second.get_json()["waiting"]["record"]["summary"] == "Waits"
    late = ours.patch(place.microscope.id, {"summary": "Unseen"}, tag=first.headers["ETag"])
    assert late.status_code == 412

    visitor = program(app_on, None).get(f"/listings/{place.microscope.id}")
    assert "Waits" not in visitor.text
    assert visitor.get_json()["waiting"] is None
    assert [item["waiting"] is None for item in ours.get("/listings").get_json()["items"]] == [True, False]


def test_an_editor_reads_why_changes_were_sent_back(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(add_user("Editor", editor_of=place.facility))
    ours.patch(place.microscope.id, {"summary": "Waits"})
    send_back_proposal(db.session.scalars(sa.select(Proposal)).one(), reason="Too short", by="desk")
    db.session.commit()
    waiting = ours.get(f"/listings/{place.microscope.id}").get_json()["waiting"]
    assert (waiting["state"], waiting["reason"]) == ("sent_back", "Too short")


def test_a_listing_goes_through_its_life(place: Place, program_of: ProgramOf) -> None:
    manager, editor = program_of(place.manager), program_of(add_user("Editor", editor_of=place.facility))
    made = editor.post("/listings", {"parent_id": place.facility.id, "record": NEW}).get_json()
    path = f"/listings/{made['id']}"

    assert editor.post(f"{path}/publish").status_code == 403
    assert editor.post(f"{path}/submit").get_json()["status"] == "in_review"
    assert editor.post(f"{path}/submit").status_code == 409
    assert manager.post(f"{path}/confirm").status_code == 409
    assert manager.post(f"{path}/publish").get_json()["status"] == "published"
    assert found("Airyscan") == [made["id"]]
    assert manager.post(f"{path}/publish").status_code == 409
    assert editor.post(f"{path}/confirm").get_json()["confirmed_at"]

    assert editor.post(f"{path}/withdraw").status_code == 403
    said = {"reason": "Sold", "successor_id": place.microscope.id}
    gone = manager.post(f"{path}/withdraw", said).get_json()
    assert (gone["status"], gone["withdrawn_reason"]) == ("withdrawn", "Sold")
    assert gone["links"]["successor"].endswith(f"/{place.microscope.id}")
    assert found("Airyscan") == []
    assert manager.post(f"{path}/withdraw", said).status_code == 409
    assert manager.post(f"{path}/publish").get_json()["status"] == "published"
    acts = db.session.scalars(
        sa.select(Revision.act).where(Revision.listing_id == made["id"]).order_by(Revision.version)
    )
    assert list(acts) == ["created", "submitted", "published", "confirmed", "withdrawn", "published"]


def test_what_belongs_to_a_withdrawn_listing_goes_with_it(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    assert ours.post(f"/listings/{place.facility.id}/withdraw", {"reason": "Closed"}).status_code == 200
    below = ours.get(f"/listings/{place.microscope.id}").get_json()
    assert (below["status"], below["withdrawn_reason"]) == ("withdrawn", "Closed")
    assert found("LSM") == []


def test_what_was_withdrawn_comes_back_only_by_a_manager(place: Place, program_of: ProgramOf) -> None:
    reviewed_by(place, Review.NOBODY)
    editor = program_of(add_user("Editor", editor_of=db.session.get_one(Listing, place.facility.id)))
    path = f"/listings/{place.microscope.id}"
    assert program_of(place.manager).post(f"{path}/withdraw").status_code == 200
    assert editor.post(f"{path}/publish").status_code == 403


def test_a_successor_is_another_published_listing(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    path = f"/listings/{place.microscope.id}/withdraw"
    for wrong in (999999, 0, "x", place.microscope.id, _draft(place).id):
        answer = ours.post(path, {"successor_id": wrong})
        assert answer.status_code == 422
        assert answer.get_json()["errors"][0]["pointer"] == "/successor_id"


def test_others_may_do_nothing_with_a_listing(place: Place, program_of: ProgramOf) -> None:
    other = program_of(add_user("Other", manager_of=add(Kind.ORGANISATION, "Another university")))
    for listing, status in ((place.microscope, 403), (_draft(place), 404)):
        for act in ("submit", "publish", "confirm", "withdraw"):
            assert other.post(f"/listings/{listing.id}/{act}").status_code == status
        assert other.send(
            "PATCH", f"/listings/{listing.id}", json={"record": {}}, headers={"If-Match": "*"}
        ).status_code == status  # fmt: skip


def _draft(place: Place) -> Listing:
    listing: Listing = add(Kind.SERVICE, "Draft")
    listing.parent_id, listing.organisation_id, listing.status = place.facility.id, place.university.id, Status.DRAFT
    db.session.commit()
    return listing


def test_a_ror_id_belongs_to_one_listing(place: Place, program_of: ProgramOf) -> None:
    add(Kind.ORGANISATION, "Uppsala University", ror="048a87296")
    answer = program_of(place.manager).patch(place.university.id, {"ror": "048a87296"})
    assert answer.status_code == 409
    assert program_of(place.manager).patch(place.university.id, {"summary": "Still works"}).status_code == 200


def test_what_is_no_usable_json_is_refused(place: Place, program_of: ProgramOf) -> None:
    ours, json, form = program_of(place.manager), "application/json", "application/x-www-form-urlencoded"
    for body, kind, status in (
        (b"{", json, 400),
        (b"[]", json, 400),
        (b"\xff\xfe", json, 400),
        (b'{"parent_id": NaN}', json, 400),
        (b'{"a":' * 50 + b"1" + b"}" * 50, json, 400),
        (b"[" * 200_000, json, 400),
        (b"a=b", form, 415),
        (b"x" * (1024 * 1024 + 1), json, 413),
    ):
        answer = ours.send("POST", "/listings", data=body, headers={"Content-Type": kind})
        assert answer.status_code == status, body[:20]
        assert answer.content_type == "application/problem+json"
        assert answer.get_json()["status"] == status


def test_a_caller_without_a_token_is_refused_before_the_body_is_read(place: Place, app: Flask) -> None:
    answer = Program(app).send("POST", "/listings", data=b"x" * 3_000_000, headers={"Content-Type": "application/json"})
    assert answer.status_code == 401
