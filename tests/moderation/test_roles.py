"""The roles in the value chain as the desk keeps them."""

import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import ActorRole, Kind, Organisation, Revision
from facilities.catalogue.roles import offered_roles
from facilities.db import db
from facilities.moderation.models import Decision, DecisionAct
from facilities.search.index import rebuild
from tests.counting import statements
from tests.listings import add
from tests.moderation.cast import Cast, cast
from tests.people import client_of

OFFERED = 'name="roles" type="checkbox" value="manufacturing"'
FIELD = re.compile(r'name="(?P<name>\w+)"[^>]*?(?:value="(?P<value>[^"]*)"|>\s*(?P<text>[^<]*)</textarea>)')


@pytest.fixture
def people(app: Flask) -> Cast:
    """The cast, with two makers and a trial unit."""
    people = cast()
    add(Kind.ORGANISATION, "Maker One", roles=["manufacturing"])
    add(Kind.ORGANISATION, "Maker Two", roles=["manufacturing", "regulatory"])
    add(Kind.ORGANISATION, "Trial Unit", roles=["clinical"])
    rebuild()
    return people


@pytest.fixture
def desk(app: Flask, people: Cast) -> FlaskClient:
    return client_of(app, people.moderator)


def role(slug: str) -> ActorRole:
    db.session.rollback()
    return db.session.scalars(sa.select(ActorRole).where(ActorRole.slug == slug)).one()


def roles_of(name: str) -> list[str]:
    db.session.rollback()
    return db.session.scalars(sa.select(Organisation).where(Organisation.name == name)).one().roles


def found(client: FlaskClient, typed: str) -> set[str]:
    items = client.get("/api/v1/search", query_string={"q": typed, "kind": "organisation"}).get_json()["items"]
    return {item["title"] for item in items}


def post(client: FlaskClient, address: str, **said: Any) -> Any:
    """Send a form of the desk's pages with the token that they hold."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]*)"', client.get("/moderate/roles/new").text)
    assert token
    return client.post(address, data=said | {"csrf_token": token[1]})


def save(client: FlaskClient, slug: str, **fields: Any) -> Any:
    """Change fields of a role's page and send it as it is shown otherwise."""
    page = client.get(f"/moderate/roles/{slug}").text
    said = {each["name"]: each["value"] or each["text"] or "" for each in FIELD.finditer(page)}
    chosen = re.search(r'<option selected value="(\d+)"', page)
    assert chosen
    return client.post(f"/moderate/roles/{slug}", data=said | {"position": chosen[1]} | fields)


def test_the_list_says_how_many_organisations_have_each_role(desk: FlaskClient) -> None:
    page = desk.get("/moderate/roles").text
    numbers = dict(re.findall(r'/moderate/roles/(\w+)">.*?<span>(\d+) organisation', page, re.S))
    assert (numbers["manufacturing"], numbers["clinical"], numbers["policy"]) == ("2", "1", "0")


def test_a_new_role_can_be_chosen_at_once(app: Flask, desk: FlaskClient, people: Cast) -> None:
    said = {"label_en": "Biobanking", "label_sv": "Biobank", "topics": "samples\nfreezer", "position": "2"}
    assert post(desk, "/moderate/roles/new", **said).status_code == 303
    assert [each.slug for each in offered_roles()][1] == "biobanking"
    assert role("biobanking").topics == ["samples", "freezer"]
    page = client_of(app, people.manager).get(f"/manage/listings/{people.university.id}/edit/basics").text
    assert 'value="biobanking"' in page


def test_organisations_are_found_by_what_their_role_is_called(desk: FlaskClient) -> None:
    assert found(desk, "tillverkning") == {"Maker One", "Maker Two"}
    save(desk, "manufacturing", label_sv="Kontraktsproduktion", topics="viral vectors")
    assert found(desk, "kontraktsproduktion") == {"Maker One", "Maker Two"}
    assert found(desk, "viral vectors") == {"Maker One", "Maker Two"}


def test_a_role_saved_as_it_is_changes_nothing(desk: FlaskClient) -> None:
    before = [each.slug for each in offered_roles()]
    answer = save(desk, "regulatory")
    assert answer.status_code == 303
    assert "Nothing was changed" in desk.get(answer.location).text
    assert [each.slug for each in offered_roles()] == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 0


def test_of_two_who_change_a_role_the_second_sees_what_the_first_saved(desk: FlaskClient) -> None:
    opened = re.search(r'name="opened"[^>]*value="(\w+)"', desk.get("/moderate/roles/regulatory").text)
    assert opened
    save(desk, "regulatory", label_sv="Regelverk och tillstånd")
    late = save(desk, "regulatory", label_sv="Tillstånd", opened=opened[1])
    assert late.status_code == 409
    assert "Saved meanwhile: Regelverk och tillstånd" in late.text
    assert 'value="Tillstånd"' in late.text
    assert role("regulatory").labels["sv"] == "Regelverk och tillstånd"
    again = re.search(r'name="opened"[^>]*value="(\w+)"', late.text)
    assert again
    assert save(desk, "regulatory", label_sv="Tillstånd", opened=again[1]).status_code == 303
    assert role("regulatory").labels["sv"] == "Tillstånd"


def test_a_role_moves_in_the_order(desk: FlaskClient) -> None:
    save(desk, "policy", position="1")
    db.session.rollback()
    assert [each.slug for each in offered_roles()][:2] == ["policy", "discovery"]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"label_en": ""}, "label_en"),
        ({"label_da": "Klinisk afprøvning"}, "label_da"),
        ({"topics": "x" * 90}, "topics"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_the_field(desk: FlaskClient, fields: dict[str, str], field: str) -> None:
    answer = save(desk, "manufacturing", **fields)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert role("manufacturing").labels["en"] == "Manufacturing"


def test_a_retired_role_is_kept_by_those_who_have_it_and_offered_to_nobody(
    app: Flask, desk: FlaskClient, people: Cast
) -> None:
    one = db.session.scalars(sa.select(Organisation).where(Organisation.name == "Maker One")).one().id
    assert post(desk, "/moderate/roles/manufacturing/retire").status_code == 303
    assert OFFERED in desk.get(f"/manage/listings/{one}/edit/basics").text
    assert OFFERED not in desk.get(f"/manage/listings/{people.university.id}/edit/basics").text
    assert roles_of("Maker One") == ["manufacturing"]
    assert post(desk, "/moderate/roles/manufacturing/bring-back").status_code == 303
    assert OFFERED in desk.get(f"/manage/listings/{people.university.id}/edit/basics").text


def test_a_merge_says_first_what_it_changes(desk: FlaskClient) -> None:
    page = post(desk, "/moderate/roles/manufacturing/merge", into="regulatory")
    assert "2 organisations get “Regulatory” instead of “Manufacturing”" in page.text
    assert roles_of("Maker One") == ["manufacturing"]


def test_a_merge_gives_every_organisation_the_other_role(app_on: Flask) -> None:
    people = cast()
    add(Kind.ORGANISATION, "Maker One", roles=["manufacturing"])
    add(Kind.ORGANISATION, "Maker Two", roles=["manufacturing", "regulatory"])
    rebuild()
    desk = client_of(app_on, people.moderator)
    post(desk, "/moderate/roles/manufacturing/merge", into="regulatory", sure="1")
    assert roles_of("Maker One") == roles_of("Maker Two") == ["regulatory"]
    assert role("manufacturing").retired_at
    changed = db.session.scalars(sa.select(Revision).where(Revision.made_by == people.moderator.actor.name)).all()
    assert {revision.changes["roles"][1][0] for revision in changed} == {"regulatory"}
    assert len(changed) == 2
    assert desk.get("/api/v1/search?kind=organisation&role=regulatory").get_json()["total"] == 2
    assert found(desk, "tillverkning") == {"Maker One", "Maker Two"}


def test_addresses_that_name_a_merged_role_lead_to_its_successor(desk: FlaskClient) -> None:
    post(desk, "/moderate/roles/policy/merge", into="regulatory", sure="1")
    for path in ("/search?q=x&role=policy&role=clinical", "/map?role=policy", "/roles?role=policy&role=regulatory"):
        answer = desk.get(path)
        assert (answer.status_code, answer.location.count("role=regulatory")) == (301, 1)
        assert "policy" not in answer.location and desk.get(answer.location).status_code == 200
    assert "Became one with “Regulatory" in desk.get("/moderate/roles/policy").text
    assert desk.get("/search?role=clinical&role=nonsense").status_code == 200


def test_a_role_is_not_merged_into_itself_or_into_a_retired_one(desk: FlaskClient) -> None:
    post(desk, "/moderate/roles/policy/retire")
    for into in ("manufacturing", "policy", ""):
        answer = post(desk, "/moderate/roles/manufacturing/merge", into=into, sure="1")
        assert answer.status_code == 422
    assert roles_of("Maker One") == ["manufacturing"]


def test_what_the_desk_does_with_roles_is_in_its_log(desk: FlaskClient) -> None:
    save(desk, "data", label_en="Data and AI")
    post(desk, "/moderate/roles/policy/retire")
    post(desk, "/moderate/roles/manufacturing/merge", into="regulatory", sure="1")
    acts = [each.act for each in db.session.scalars(sa.select(Decision).order_by(Decision.id))]
    assert acts == [DecisionAct.ACCEPTED_EDITED, DecisionAct.WITHDRAWN, DecisionAct.MERGED]
    assert "Role “Policy”" in desk.get("/moderate/log").text


def test_more_organisations_do_not_take_more_statements(desk: FlaskClient) -> None:
    desk.get("/moderate/roles")
    with statements() as few:
        desk.get("/moderate/roles")
    for number in range(20):
        add(Kind.ORGANISATION, f"Maker {number}", roles=["devices"])
    with statements() as many:
        desk.get("/moderate/roles")
    assert len(many) == len(few)
