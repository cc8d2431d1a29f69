"""One's own account: name, data, two steps, recovery codes, erasure."""

import re

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_security import hash_password

from facilities.accounts.erasure import NAMED_ONLY, NAMED_WITH_ID, MustHandOver, erase_account
from facilities.accounts.models import ApiToken, Grant, Invitation, Passkey, SignIn, SiteRole, User
from facilities.api.tokens import token_of
from facilities.catalogue import actions
from facilities.catalogue.models import LISTINGS, Revision, VocabularyChange
from facilities.catalogue.vocabulary.entries import entry_of
from facilities.db import Model, db, now
from facilities.insight.models import Edition
from facilities.moderation.models import Decision, DecisionAct, Proposal
from facilities.moderation.vocabulary.changing import change_technique
from facilities.outbox.letters import note_sent
from facilities.outbox.models import StoredLetter
from facilities.search.log.models import SettledSearch
from tests.accounts.visiting import OTHER_PASSWORD, PASSWORD, is_signed_in, letters, secret_of, send
from tests.counting import statements
from tests.listings import small_catalogue
from tests.outbox.letters import put
from tests.people import add_user, client_of
from tests.vocabulary import add_technique


@pytest.fixture
def anna(app: Flask) -> User:
    return add_user("Anna Berg", password=hash_password(PASSWORD))


def present(user_id: int) -> User | None:
    return db.session.scalar(sa.select(User).where(User.id == user_id))


def test_the_name_can_be_changed_but_not_left_out(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    assert send(client, "/account", name="").status_code == 422
    assert send(client, "/account", name="Anna B.").status_code == 303
    assert "Anna B." in client.get("/account").text


def test_the_language_of_pages_and_letters_can_be_chosen(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    answer = send(client, "/account", name="Anna", locale="nb")
    assert answer.location == "/nb/account"
    assert '<html lang="nb">' in client.get(answer.location).text
    assert '<html lang="nb">' in client.get("/account").text
    with app.app_context():
        user = present(anna.id)
        assert user is not None
        assert user.locale == "nb"
    assert send(client, "/account", name="Anna", locale="xx").status_code == 422


def test_the_page_costs_the_same_however_much_there_is(app: Flask, anna: User) -> None:
    with statements() as few:
        client_of(app, anna).get("/account")
    university, facility, _microscope = small_catalogue()
    db.session.add_all([Grant(user_id=anna.id, listing_id=each.id, role="editor") for each in (university, facility)])
    db.session.add_all(SignIn(user_id=anna.id) for _each in range(8))
    db.session.commit()
    with statements() as many:
        client_of(app, anna).get("/account")
    assert len(many) <= len(few) + 1 <= 10


def test_a_user_takes_away_all_that_is_held_and_no_secrets(app: Flask, anna: User) -> None:
    _university, facility, microscope = small_catalogue()
    db.session.add(Grant(user_id=anna.id, listing_id=facility.id, role="editor"))
    db.session.add(SignIn(user_id=anna.id, network="192.0.2.0/24", browser="Firefox"))
    db.session.add(Invitation(email=anna.email, listing=facility, role="editor"))
    token = ApiToken(user_id=anna.id, name="Nightly", prefix="ob_1", digest="d" * 64, expires_at=now())
    db.session.add(token)
    db.session.commit()
    actions.update_listing(microscope, {"name": "LSM 900"}, by=anna.actor)

    answer = client_of(app, anna).get("/account/data.json")
    data = answer.get_json()
    assert "attachment" in answer.headers["Content-Disposition"]
    assert data["account"]["email"] == anna.email
    assert data["rights"][0]["listing"] == "Lumen Imaging"
    assert data["sign_ins"][0]["network"] == "192.0.2.0/24"
    assert data["changes_of_listings"][0]["listing_id"] == microscope.id
    assert len(data["invitations"]) == len(data["api_tokens"]) == 1
    assert "argon2" not in answer.text
    assert anna.fs_uniquifier not in answer.text
    assert token.digest not in answer.text


def test_erasing_needs_the_word_and_the_password(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    for typed in ({"password": PASSWORD}, {"sure": "y"}, {"sure": "y", "password": OTHER_PASSWORD}):
        assert send(client, "/account/erase", **typed).status_code == 422
    assert present(anna.id)
    assert send(client, "/account/erase", sure="y", password=PASSWORD).location == "/sign-in"
    assert present(anna.id) is None
    assert not is_signed_in(client)
    assert "Your account is erased" in client.get("/sign-in").text
    assert letters(anna.email)[-1].name == "account_erased"


def test_erasing_takes_the_name_off_what_was_done_and_leaves_the_rest(app_on: Flask) -> None:
    _university, facility, microscope = small_catalogue()
    technique = add_technique("confocal-microscopy", "Confocal microscopy")
    anna, bo = add_user("Anna Berg", editor_of=facility), add_user("Bo Ek")
    db.session.add(Passkey(user_id=anna.id, name="Key", credential_id=b"1", public_key=b"2", backup_state=False,
                           device_type="single_device", usage="first"))  # fmt: skip
    db.session.add(Proposal(listing_id=facility.id, made_by_id=anna.id, made_by=anna.actor.name))
    db.session.add(Decision(listing_name="x", act=DecisionAct.ACCEPTED, made_by_id=anna.id, made_by=anna.actor.name))
    db.session.add(Proposal(listing_id=microscope.id, made_by_id=bo.id, made_by="Bo Ek", decided_by="Anna Berg"))
    db.session.add(SettledSearch(text="pizza", settled_by="Anna Berg"))
    actions.update_listing(microscope, {"name": "LSM 900"}, by=anna.actor)
    actions.update_listing(microscope, {"name": "LSM 901"}, by=bo.actor)
    actions.confirm_listing(microscope, by=anna.actor)
    change_technique(technique, entry_of(technique) | {"models": ["LSM"]}, by=anna.actor)

    erase_account(anna)

    assert present(anna.id) is None
    made = db.session.execute(sa.select(Revision.made_by, Revision.user_id).order_by(Revision.id)).all()
    assert made == [("A former user", None), ("Bo Ek", bo.id), ("A former user", None)]
    columns = (
        Proposal.made_by, Proposal.decided_by, Decision.made_by, LISTINGS.c.confirmed_by,
        SettledSearch.settled_by, VocabularyChange.made_by,
    )  # fmt: skip
    names = {name for column in columns for name in db.session.scalars(sa.select(column))}
    assert "Anna Berg" not in names
    assert "Bo Ek" in names
    for model in (Grant, Passkey):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


def test_every_column_that_holds_a_name_is_known_to_erasing() -> None:
    """A new column `..._by` has to be named there, or a person's name outlives the account."""
    held = {
        (table.name, column.name)
        for table in Model.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_by") and type(column.type) is sa.String
    }
    known = {(model.__tablename__, name) for model, _number, name in NAMED_WITH_ID}
    known |= {(model.__tablename__, name) for model, name in NAMED_ONLY}
    assert ("editions", "frozen_by") in held
    assert held - known == {("listings", "confirmed_by")}  # taken off by itself, from what the history tells


def test_erasing_takes_the_address_off_letters(app_on: Flask) -> None:
    anna = add_user("Anna Berg", email="anna@example.org")
    db.session.add(Edition(scope="site", year=2025, title="Facts", facts={}, frozen_by="Anna", frozen_by_id=anna.id))
    put("Anna@example.org", "bo@example.org")
    [sent, _other] = letters("Anna@example.org") + letters("bo@example.org")
    note_sent(sent)
    put("anna@example.org")
    db.session.commit()
    erase_account(anna)

    held = db.session.execute(sa.select(StoredLetter.to, StoredLetter.name).order_by(StoredLetter.id)).all()
    assert held == [("", "news"), ("bo@example.org", "news"), ("", "news"), ("anna@example.org", "account_erased")]
    assert db.session.scalars(sa.select(Edition.frozen_by)).all() == ["A former user"]


def test_the_only_manager_hands_over_first(app: Flask, anna: User) -> None:
    university, facility, _microscope = small_catalogue()
    db.session.add(Grant(user_id=anna.id, listing_id=university.id, role="manager"))
    db.session.commit()
    page = client_of(app, anna).get("/account/erase").text
    assert "Hand over first" in page
    assert "Skerry University" in page
    send(client_of(app, anna), "/account/erase", on="/account", sure="y", password=PASSWORD)
    assert present(anna.id)
    add_user("Bo Ek", manager_of=university)
    assert "Erase my account" in client_of(app, anna).get("/account/erase").text
    assert facility.name


def test_the_only_administrator_hands_over_first(app_on: Flask) -> None:
    anna = add_user("Anna Berg", site_role=SiteRole.ADMINISTRATOR)
    with pytest.raises(MustHandOver):
        erase_account(anna)
    add_user("Bo Ek", site_role=SiteRole.ADMINISTRATOR)
    erase_account(anna)


def test_opening_a_page_of_signing_in_does_not_sign_out(app: Flask, anna: User) -> None:
    client = client_of(app, anna)
    for path in ("/sign-in/code", "/sign-in/second-step", "/sign-in/recovery-code", "/sign-in/passkey"):
        assert client.get(path).location == "/account"
    assert is_signed_in(client)


@pytest.mark.parametrize(("ticked", "ended"), [({"tokens": "y"}, True), ({}, False)])
def test_signing_out_everywhere_ends_the_tokens_if_one_says_so(
    app: Flask, anna: User, ticked: dict[str, str], ended: bool
) -> None:
    client, secret = client_of(app, anna), secret_of(anna)
    page = client.get("/account").text
    assert re.search(r"<input[^>]*checked[^>]*name=\"tokens\"", page)
    assert "1 token works." in page
    assert send(client, "/account/sign-out-everywhere", on="/account", **ticked).status_code == 303
    assert (token_of(secret) is None) is ended
    assert ("1 token has been revoked." in client.get("/account").text) is ended


def test_who_has_no_tokens_is_not_asked_about_them(app: Flask, anna: User) -> None:
    page = client_of(app, anna).get("/account").text
    assert 'action="/account/sign-out-everywhere"' in page
    assert 'name="tokens"' not in page
