"""Tokens: what they are, what they may do, when they stop to work."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.accounts.models import ApiToken, Scope, SiteRole
from facilities.api.tokens import (
    MOST_TOKENS,
    TooManyTokens,
    digest_of,
    issue_token,
    revoke_token,
    token_of,
)
from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Status
from facilities.db import db, now
from facilities.moderation.people import deactivate, reactivate
from tests.api.conftest import Place, Program, ProgramOf, place_of, program
from tests.conftest import running_app
from tests.people import add_user, client_of

WRITES = (
    ("POST", "/listings"),
    ("PATCH", "/listings/1"),
    ("POST", "/listings/1/publish"),
    ("POST", "/listings/1/submit"),
    ("POST", "/listings/1/confirm"),
    ("POST", "/listings/1/withdraw"),
    ("PUT", "/sources/ours/records/1"),
    ("POST", "/sources/ours/records"),
)


def test_only_the_digest_of_a_secret_is_kept(app: Flask) -> None:
    user = add_user("Eva")
    token, secret = issue_token(user, name="Nightly", scopes=[Scope.READ], expires_at=now() + timedelta(days=1))
    row = db.session.execute(sa.select(ApiToken.__table__)).one()
    assert secret not in str(row)
    assert secret.startswith(token.prefix)
    assert token_of(secret) is token
    assert token_of(secret[:-1]) is None
    assert token_of(token.digest) is None


def test_tokens_last_a_year_at_the_most(app: Flask) -> None:
    user = add_user("Eva")
    for days in (0, 366):
        with pytest.raises(ValueError, match="expires"):
            issue_token(user, name="x", scopes=[Scope.READ], expires_at=now() + timedelta(days=days))


def test_nobody_has_tokens_without_number(app: Flask) -> None:
    user = add_user("Eva")
    for number in range(MOST_TOKENS):
        issue_token(user, name=str(number), scopes=[Scope.READ], expires_at=now() + timedelta(days=1))
    with pytest.raises(TooManyTokens):
        issue_token(user, name="more", scopes=[Scope.READ], expires_at=now() + timedelta(days=1))
    revoke_token(user.tokens[0])
    issue_token(user, name="again", scopes=[Scope.READ], expires_at=now() + timedelta(days=1))


def test_expired_and_revoked_tokens_and_those_of_closed_accounts_are_refused(place: Place, app: Flask) -> None:
    working = program(app, place.manager)
    assert working.get("/listings").status_code == 200

    _stored(working).expires_at = now() - timedelta(seconds=1)
    db.session.commit()
    _is_refused(working)

    _stored(working).expires_at = now() + timedelta(days=1)
    _stored(working).user.active = False
    db.session.commit()
    _is_refused(working)

    _stored(working).user.active = True
    db.session.commit()
    assert working.get("/listings").status_code == 200
    revoke_token(_stored(working))
    _is_refused(working)


def test_the_tokens_of_a_closed_account_do_not_come_back_with_it(place: Place, app: Flask) -> None:
    first, second = program(app, place.manager), program(app, place.manager)
    desk = add_user("Desk", site_role=SiteRole.ADMINISTRATOR)
    deactivate(place.manager, by=desk)
    reactivate(place.manager, by=desk)
    _is_refused(first)
    _is_refused(second)


def _stored(working: Program) -> ApiToken:
    return db.session.scalars(sa.select(ApiToken).where(ApiToken.digest == digest_of(working.secret))).one()


def _is_refused(working: Program) -> None:
    answer = working.get("/listings")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
    assert answer.get_json()["error"]["code"] == "token_refused"


def test_a_token_that_is_none_is_refused_even_where_none_is_needed(place: Place, app: Flask) -> None:
    for header in ("Bearer ", "Bearer obt_nothing", "Basic ZXZhOnB3", "obt_nothing", "Bearer \u00e5"):
        answer = app.test_client().get("/api/v1/listings", headers={"Authorization": header})
        assert answer.status_code == 401, header


def test_a_signed_in_browser_may_not_write(place: Place, app: Flask) -> None:
    browser = client_of(app, place.manager)
    for method, path in WRITES:
        answer = browser.open(f"/api/v1{path}", method=method, json={})
        assert answer.status_code == 401, path
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_signed_in_browser_reads_what_visitors_read(place: Place, app: Flask) -> None:
    place.microscope.status = Status.DRAFT
    db.session.commit()
    assert client_of(app, place.manager).get(f"/api/v1/listings/{place.microscope.id}").status_code == 404


def test_a_token_without_the_scope_may_not_write(place: Place, program_of: ProgramOf) -> None:
    for method, path in WRITES:
        needed = Scope.WITHDRAW if path.endswith("withdraw") else Scope.WRITE
        others = [scope for scope in Scope if scope is not needed]
        answer = program_of(place.manager, *others).send(method, path, json={})
        assert answer.status_code == 403, path
        assert f'scope="{needed.value}"' in answer.headers["WWW-Authenticate"]


def test_drafts_need_the_scope_to_read(place: Place, program_of: ProgramOf) -> None:
    place.microscope.status = Status.DRAFT
    db.session.commit()
    path = f"/listings/{place.microscope.id}"
    assert program_of(place.manager, Scope.READ).get(path).status_code == 200
    assert program_of(place.manager, Scope.WRITE).get(path).status_code == 404


def test_the_interface_sets_no_cookie(place: Place, program_of: ProgramOf) -> None:
    ours = program_of(place.manager)
    for answer in (ours.get("/listings"), ours.patch(place.microscope.id, {"summary": "New"}), ours.post("/listings")):
        assert "Set-Cookie" not in answer.headers


def test_the_last_use_of_a_token_is_noted_now_and_then(place: Place, app: Flask) -> None:
    ours = program(app, place.manager)
    assert _stored(ours).last_used_at is None
    ours.get("/listings")
    first = _stored(ours).last_used_at
    assert first is not None
    ours.get("/listings")
    assert _stored(ours).last_used_at == first


def test_each_token_has_an_allowance_of_its_own(tmp_path: Path) -> None:
    with running_app(tmp_path, RATELIMIT_ENABLED=True) as app:
        place = place_of()
        first, second, visitor = program(app, place.manager), program(app, place.manager), Program(app)
        for _ in range(3):
            left = int(first.get("/openapi.json").headers["X-RateLimit-Remaining"])
        assert left == 597
        assert int(second.get("/openapi.json").headers["X-RateLimit-Remaining"]) == 599
        for _ in range(120):
            assert visitor.get("/openapi.json").status_code == 200
        refused = visitor.get("/openapi.json")
        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) > 0
        assert refused.get_json()["error"]["code"] == "too_many_requests"
        assert first.get("/openapi.json").status_code == 200


CONTACTS = [{"role": "Manager", "name": "Mia Lind", "email": "mia.lind@example.org"}]


def test_a_token_that_may_only_write_is_not_answered_with_what_it_may_not_read(
    place: Place, program_of: ProgramOf
) -> None:
    update_listing(place.microscope, {"contacts": CONTACTS}, by="x")
    listing_id = place.microscope.id
    writer, reader = program_of(place.manager, Scope.WRITE), program_of(place.manager, Scope.WRITE, Scope.READ)
    for acted in (writer.patch(listing_id, {"summary": "New"}), writer.post(f"/listings/{listing_id}/confirm")):
        assert acted.status_code == 200
        assert [contact["name"] for contact in acted.get_json()["record"]["contacts"]] == ["Mia Lind"]
        assert "mia.lind@example.org" not in acted.text
    assert "mia.lind@example.org" in reader.patch(listing_id, {"summary": "Newer"}).text


def test_a_token_that_may_only_write_reads_no_draft_by_changing_it(place: Place, program_of: ProgramOf) -> None:
    writer, reader = program_of(place.manager, Scope.WRITE), program_of(place.manager, Scope.WRITE, Scope.READ)
    record = {"type": "instrument", "name": "New", "summary": "Not public yet"}
    made = writer.post("/listings", {"parent_id": place.facility.id, "record": record})
    assert made.status_code == 201
    assert set(made.get_json()["record"]) <= {"id", "source", "type", "name"}
    changed = writer.patch(made.get_json()["id"], {"city": "Uppsala"}, tag=made.headers["ETag"])
    assert changed.status_code == 200
    assert "Not public yet" not in changed.text
    whole = reader.patch(made.get_json()["id"], {"city": "Lund"}, tag=changed.headers["ETag"])
    assert whole.get_json()["record"]["summary"] == "Not public yet"


def test_a_token_that_may_only_write_does_not_read_what_waits(place: Place, program_of: ProgramOf) -> None:
    writer = program_of(add_user("Editor", editor_of=place.facility), Scope.WRITE)
    answer = writer.patch(place.microscope.id, {"summary": "Waits"})
    assert (answer.status_code, answer.get_json()["waiting"]) == (202, None)
    later = writer.patch(place.microscope.id, {"city": "Lund"}, tag=answer.headers["ETag"])
    assert later.status_code == 202
