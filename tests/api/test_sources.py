"""Records of a source: one at a time or many, again and again."""

from threading import Barrier, Thread

import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import Grant, OwnerRole, SiteRole, User
from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import (
    ActorRole,
    Kind,
    Listing,
    Organisation,
    Review,
    Revision,
    Source,
    SourceRecord,
    Status,
)
from facilities.db import db, now
from facilities.moderation.models import Proposal
from facilities.search.index import index
from search_index import Query
from tests.api.conftest import Place, ProgramOf, place_of, program
from tests.listings import add
from tests.people import add_user

ONE = {"type": "instrument", "name": "Cryo microscope", "manufacturer": "Thermo", "summary": "Krios"}
PATH = "/sources/register/records"


def test_sending_a_record_again_changes_nothing(app_on: Flask) -> None:
    place = place_of()
    ours = program(app_on, place.manager)
    first = ours.put(f"{PATH}/INV/7", ONE)
    assert first.status_code == 201
    made = first.get_json()
    assert first.headers["Location"] == made["links"]["self"]
    assert (made["record"]["source"], made["record"]["id"]) == ("register", "INV/7")
    assert (made["status"], made["parent_id"]) == ("published", place.university.id)
    again = ours.put(f"{PATH}/INV/7", ONE)
    assert (again.status_code, again.data) == (204, b"")
    assert again.headers["Content-Location"] == made["links"]["self"]
    assert ours.get(f"/listings/{made['id']}").get_json()["version"] == 1


def test_a_record_changes_only_what_its_source_changed(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    made = ours.put(f"{PATH}/7", ONE).get_json()
    update_listing(db.session.get_one(Listing, made["id"]), {"summary": "By hand", "room": "B12"}, by="owner")
    answer = ours.put(f"{PATH}/7", ONE | {"name": "Titan Krios", "room": ""})
    assert answer.status_code == 200
    record = answer.get_json()["record"]
    assert (record["name"], record["summary"], record["room"]) == ("Titan Krios", "By hand", "B12")
    answer = ours.put(f"{PATH}/7", {"type": "instrument", "name": "Titan Krios"})
    assert "manufacturer" not in answer.get_json()["record"]
    assert index().search(Query(text="titan krios")).ids == [made["id"]]
    acts = db.session.scalars(
        sa.select(Revision.act).where(Revision.listing_id == made["id"]).order_by(Revision.version)
    )
    assert list(acts) == ["created", "edited", "imported", "imported"]


def test_a_new_record_comes_where_it_was_told(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    below = f"?below={place.facility.id}"
    assert ours.put(f"{PATH}/1{below}", ONE).get_json()["parent_id"] == place.facility.id
    named = ONE | {"facility": "lumen imaging"}
    assert ours.put(f"{PATH}/2", named).get_json()["parent_id"] == place.facility.id
    assert ours.put(f"{PATH}/3", ONE | {"parent": "unknown"}).status_code == 422
    ours.put(f"{PATH}/F", {"type": "facility", "name": "Cryo hall"})
    child = ours.put(f"{PATH}/4", ONE | {"parent": "F"}).get_json()
    assert child["parent_id"] == ours.get("/listings?source_id=F").get_json()["items"][0]["id"]
    moved = ours.put(f"{PATH}/1", ONE | {"parent": "F"})
    assert (moved.status_code, moved.get_json()["parent_id"]) == (200, child["parent_id"])


def test_a_role_that_is_offered_no_longer_is_given_to_nobody_and_taken_from_nobody(
    place: Place, program_of: ProgramOf
) -> None:
    ours = program_of(place.manager)
    said = {"type": "organisation", "name": "Department", "roles": ["policy"]}
    made = ours.put(f"{PATH}/1", said).get_json()
    db.session.scalars(sa.select(ActorRole).where(ActorRole.slug == "policy")).one().retired_at = now()
    db.session.commit()

    assert ours.put(f"{PATH}/1", said | {"roles": ["policy", "data"]}).get_json()["record"]["roles"] == [
        "policy",
        "data",
    ]
    assert ours.patch(made["id"], {"roles": ["policy", "clinical"]}).status_code == 200
    refused = ours.put(f"{PATH}/2", said)
    assert refused.status_code == 422
    assert "is offered no longer" in refused.text
    assert ours.patch(place.university.id, {"roles": ["policy"]}).status_code == 422


def test_a_manager_of_two_places_says_which(place: Place, program_of: ProgramOf) -> None:
    other = add(Kind.ORGANISATION, "Another university")
    user = add_user("Both", manager_of=other)
    assert program_of(user).put(f"{PATH}/1", ONE).status_code == 201
    nobody = program_of(add_user("Editor", editor_of=db.session.get_one(Listing, place.facility.id)))
    answer = nobody.put(f"{PATH}/2", ONE)
    assert answer.status_code == 403 or answer.get_json()["errors"][0]["pointer"] == "/parent"
    assert nobody.put(f"/sources/mine/records/2?below={place.facility.id}", ONE).status_code == 403


def test_a_place_is_the_id_of_a_listing(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    for below in ("x", "0", "-1", "99999999999999999999"):
        assert ours.put(f"{PATH}/1?below={below}", ONE).status_code == 400, below
    assert ours.put(f"{PATH}/1?below=", ONE).status_code == 201


def test_what_others_keep_stays_theirs(place: Place, program_of: ProgramOf) -> None:
    program_of(place.manager).put(f"{PATH}/7", ONE)
    other = add(Kind.ORGANISATION, "Another university")
    stranger = program_of(add_user("Stranger", manager_of=other))
    for record in (ONE, ONE | {"name": "Stolen"}):
        assert stranger.put(f"{PATH}/7", record).status_code == 403
    assert stranger.put(f"{PATH}/8", ONE).status_code == 403
    assert stranger.put(f"/sources/theirs/records/7?below={place.facility.id}", ONE).status_code == 403
    assert stranger.put("/sources/theirs/records/7", ONE).status_code == 201
    moving = stranger.post(PATH, {"records": [ONE | {"id": "7"}, ONE | {"id": "8"}]})
    assert moving.status_code == 422
    assert moving.get_json()["rejected"] == 2
    assert "Stolen" not in program_of(place.manager).get("/listings").text


def test_a_known_name_or_ror_id_is_not_taken_over(place: Place, program_of: ProgramOf) -> None:
    theirs = add(Kind.ORGANISATION, "Uppsala University", ror="048a87296")
    record = {"type": "organisation", "name": "Uppsala University", "ror": "048a87296"}
    answer = program_of(place.manager).put(f"{PATH}/1", record)
    assert answer.status_code == 409
    assert str(theirs.id) in answer.get_json()["errors"][0]["detail"]
    assert db.session.scalar(sa.select(sa.func.count(SourceRecord.id))) == 0


def test_records_of_those_who_may_not_publish_wait(place: Place, program_of: ProgramOf) -> None:
    db.session.get_one(Organisation, place.university.id).review = Review.DESK
    db.session.commit()
    ours = program_of(place.manager)
    made = ours.put(f"{PATH}/7", ONE).get_json()
    assert made["status"] == "in_review"
    assert ours.put(f"{PATH}/7", ONE | {"summary": "In review still"}).status_code == 200
    desk = program_of(add_user("Desk", site_role=SiteRole.MODERATOR))
    assert desk.post(f"/listings/{made['id']}/publish").status_code == 200
    waits = ours.put(f"{PATH}/7", ONE | {"summary": "To be seen"})
    assert waits.status_code == 202
    assert waits.get_json()["waiting"]["record"]["summary"] == "To be seen"
    assert ours.put(f"{PATH}/7", ONE | {"summary": "To be seen"}).status_code == 204
    assert db.session.scalars(sa.select(Proposal)).one().made_by == "Manager"


def test_a_published_listing_moves_only_by_those_who_may_publish_it(place: Place, program_of: ProgramOf) -> None:
    editor, elsewhere = _editor_of_two(place, Review.DESK)
    moved = program_of(editor).put(f"{PATH}/M", {"type": "instrument", "name": "Renamed", "parent": "O"})
    assert (moved.status_code, moved.get_json()["errors"][0]["pointer"]) == (403, "/parent")
    assert db.session.get_one(Listing, place.microscope.id).parent_id == place.facility.id
    assert db.session.scalar(sa.select(Proposal)) is None
    db.session.execute(sa.update(Organisation).where(Organisation.id == elsewhere.id).values(review=Review.DESK))
    db.session.execute(sa.update(Organisation).where(Organisation.id != elsewhere.id).values(review=Review.NOBODY))
    _make(OwnerRole.MANAGER, editor, place.university)
    assert program_of(editor).put(f"{PATH}/M", {"type": "instrument", "name": "Z", "parent": "O"}).status_code == 403


def test_an_editor_takes_nothing_out_of_its_organisation(place: Place, program_of: ProgramOf) -> None:
    editor, elsewhere = _editor_of_two(place, Review.NOBODY)
    record = {"type": "instrument", "name": "Zeiss LSM 880", "parent": "O"}
    assert program_of(editor).put(f"{PATH}/M", record).status_code == 403
    _make(OwnerRole.MANAGER, editor, place.university)
    moved = program_of(editor).put(f"{PATH}/M", record)
    assert (moved.status_code, moved.get_json()["parent_id"]) == (200, elsewhere.id)


def test_an_editor_moves_nothing_to_where_they_are_manager(place: Place, program_of: ProgramOf) -> None:
    editor, _elsewhere = _editor_of_two(place, Review.NOBODY)
    own = add(Kind.FACILITY, "Own room", parent=place.university)
    own.source_records = [SourceRecord(source="register", source_id="F", record={})]
    editor.grants.append(Grant(listing_id=own.id, role=OwnerRole.MANAGER))
    db.session.commit()
    record = {"type": "instrument", "name": "Zeiss LSM 880", "parent": "F"}
    assert program_of(editor).put(f"{PATH}/M", record).status_code == 403
    _make(OwnerRole.EDITOR, editor, own)
    assert program_of(editor).put(f"{PATH}/M", record).get_json()["parent_id"] == own.id


def _make(role: OwnerRole, user: User, listing: Listing) -> None:
    """Change the role that the user has on the listing."""
    mine = (Grant.user_id == user.id, Grant.listing_id == listing.id)
    db.session.execute(sa.update(Grant).where(*mine).values(role=role))
    db.session.commit()


def _editor_of_two(place: Place, review: Review) -> tuple[User, Organisation]:
    """An editor of the university, whose changes are accepted as `review` says, and manager of another organisation;
    both and the microscope are known to the register."""
    elsewhere = add(Kind.ORGANISATION, "Elsewhere", country="SE")
    editor = add_user("Editor", editor_of=place.university)
    editor.grants.append(Grant(listing_id=elsewhere.id, role=OwnerRole.MANAGER))
    place.university.review, elsewhere.review = review, Review.NOBODY
    db.session.add(Source(name="register", title="Register"))
    for listing, known_as in ((place.microscope, "M"), (elsewhere, "O")):
        listing.source_records = [SourceRecord(source="register", source_id=known_as, record={})]
    db.session.commit()
    return editor, elsewhere


def test_many_records_come_with_their_parents_in_any_order(place: Place, program_of: ProgramOf) -> None:
    records = [
        ONE | {"id": "1", "parent": "F"},
        {"id": "F", "type": "facility", "name": "Cryo hall", "parent": "O"},
        {"id": "O", "type": "organisation", "name": "Department"},
    ]
    answer = program_of(place.manager).post(PATH, {"records": records})
    assert answer.status_code == 200
    said = answer.get_json()
    assert (said["saved"], said["created"]) == (True, 3)
    instrument, facility, department = (db.session.get_one(Listing, row["listing_id"]) for row in said["results"])
    assert (instrument.parent_id, facility.parent_id) == (facility.id, department.id)
    assert department.parent_id == place.university.id
    assert instrument.organisation_id == facility.organisation_id
    assert index().search(Query(text="krios")).ids == [instrument.id]


def test_one_wrong_record_stops_all_unless_it_is_to_be_left_out(place: Place, program_of: ProgramOf) -> None:
    records = [
        ONE | {"id": "1"}, {"id": "2", "type": "boat", "name": "x"}, ONE | {"id": "1"},
        ONE | {"id": "4", "parent": "?"}, ONE | {"id": "5", "source": "another"},
        ONE | {"id": "6", "parent": "7"}, ONE | {"id": "7", "parent": "6"},
        {"type": "service", "name": "Without id"},
    ]  # fmt: skip
    ours = program_of(place.manager)
    stopped = ours.post(PATH, {"records": records})
    assert stopped.status_code == 422
    assert stopped.content_type == "application/problem+json"
    said = stopped.get_json()
    assert (said["saved"], said["created"], said["rejected"]) == (False, 1, 7)
    assert [row["result"] for row in said["results"]] == ["created", *["rejected"] * 7]
    assert said["results"][0]["listing_id"] is None
    assert {error["pointer"] for error in said["errors"]} >= {"/records/1/type", "/records/2/id", "/records/3/parent"}
    assert _count() == 3

    skipped = ours.post(f"{PATH}?on_error=skip", {"records": records})
    assert (skipped.status_code, skipped.get_json()["saved"], skipped.get_json()["created"]) == (200, True, 1)
    assert _count() == 4


def test_a_dry_run_saves_nothing(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    ours.put(f"{PATH}/1", ONE)
    records = [ONE | {"id": "1", "summary": "New"}, ONE | {"id": "2"}]
    said = ours.post(f"{PATH}?dry_run=true", {"records": records}).get_json()
    assert (said["saved"], said["created"], said["updated"]) == (False, 1, 1)
    assert _count() == 4
    assert ours.post(PATH, {"records": records}).get_json()["updated"] == 1
    said = ours.post(PATH, {"records": records}).get_json()
    assert (said["unchanged"], said["created"], said["updated"]) == (2, 0, 0)
    for wrong in ("dry_run=1", "on_error=ignore"):
        assert ours.post(f"{PATH}?{wrong}", {"records": records}).status_code == 400


def test_a_record_is_taken_whole_or_not_at_all(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    facility = {"type": "facility", "name": "Hall"}
    made = ours.put(f"{PATH}/F", facility).get_json()
    ours.put(f"{PATH}/G", facility | {"name": "Room", "parent": "F"})
    circle = {"records": [facility | {"id": "F", "name": "Renamed", "parent": "G"}, ONE | {"id": "1"}]}
    said = ours.post(f"{PATH}?on_error=skip", circle).get_json()
    assert [row["result"] for row in said["results"]] == ["rejected", "created"]
    shown = ours.get(f"/listings/{made['id']}").get_json()
    assert (shown["record"]["name"], shown["version"]) == ("Hall", 1)


def test_the_limits_of_a_request_are_said(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    assert ours.post(PATH, {"records": []}).status_code == 422
    assert ours.post(PATH, {"records": [{}] * 1001}).status_code == 422
    two_megabytes = ours.post(PATH, {"records": [{"id": "1", "description": "x" * 2_000_000}]})
    assert two_megabytes.status_code == 422
    assert (
        ours.send("POST", PATH, data=b" " * 5_300_000, headers={"Content-Type": "application/json"}).status_code == 413
    )
    assert ours.put(f"/sources/{'x' * 81}/records/1", ONE).status_code == 400
    assert ours.put(f"{PATH}/{'x' * 201}", ONE).status_code == 422
    assert ours.put(f"{PATH}/1", ONE | {"id": "2"}).status_code == 422


def test_a_thousand_records_go_in_one_request(place: Place, program_of: ProgramOf) -> None:
    records = [ONE | {"id": str(number), "name": f"Microscope {number}"} for number in range(1000)]
    ours = program_of(place.manager)
    assert ours.post(PATH, {"records": records}).get_json()["created"] == 1000
    assert ours.post(PATH, {"records": records}).get_json()["unchanged"] == 1000


def test_programs_that_send_the_same_new_record_at_once_make_one_listing(app_on: Flask) -> None:
    place = place_of()
    ours = program(app_on, place.manager)
    db.session.close()
    start, answers = Barrier(5), list[int]()

    def send() -> None:
        start.wait()
        answers.append(ours.put(f"{PATH}/7", ONE).status_code)

    threads = [Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 204, 204, 204, 204]
    assert _count() == 4


def test_a_withdrawn_listing_stays_withdrawn(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    made = ours.put(f"{PATH}/7", ONE).get_json()
    ours.post(f"/listings/{made['id']}/withdraw")
    answer = ours.put(f"{PATH}/7", ONE | {"summary": "New"})
    assert (answer.status_code, answer.get_json()["status"]) == (200, Status.WITHDRAWN)


def _count() -> int:
    return db.session.scalar(sa.select(sa.func.count(Listing.id))) or 0
