"""Roles in the value chain where listings say them: on pages, in files, in records."""

from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from facilities.catalogue.models import ActorRole, Kind
from facilities.catalogue.roles import all_roles, offered_roles, role_label, role_labels
from facilities.catalogue.vocabulary import Vocabulary
from facilities.db import db, now
from facilities.exchange.records.reading import validated
from facilities.exchange.tables.fields import field_of
from facilities.exchange.tables.mapping import understand
from facilities.exchange.tables.values import Unclear, value_of
from tests.counting import statements
from tests.listings import add


def retire(slug: str) -> None:
    role = db.session.scalars(sa.select(ActorRole).where(ActorRole.slug == slug)).one()
    role.retired_at = now()
    db.session.commit()


def record(**said: Any) -> Any:
    return validated(1, {"id": "o1", "type": "organisation", "name": "Maker", **said})


def test_roles_are_read_once_however_often_they_are_asked_for(app_on: Flask) -> None:
    with statements() as sent:
        assert role_label("clinical") == "Clinical"
        assert list(role_labels(["policy", "clinical", "unheard-of"])) == ["clinical", "policy"]
        assert len(offered_roles()) == len(all_roles())
    assert len([each for each in sent if "actor_roles" in each]) == 1


def test_a_change_of_somebody_else_is_seen_in_the_next_transaction(app: Flask) -> None:
    assert "policy" in [role.slug for role in offered_roles()]
    retire("policy")
    assert "policy" not in [role.slug for role in offered_roles()]


def test_a_page_that_shows_no_role_does_not_ask_for_them(app: Flask, client: FlaskClient) -> None:
    instrument = add(Kind.INSTRUMENT, "Microscope")
    client.get(instrument.path)
    with statements() as sent:
        assert client.get(instrument.path).status_code == 200
    assert [each for each in sent if "actor_roles" in each] == []


def test_the_page_of_an_organisation_names_its_roles_in_the_language_of_the_visitor(
    app: Flask, client: FlaskClient
) -> None:
    maker = add(Kind.ORGANISATION, "Maker", roles=["clinical", "manufacturing"])
    retire("clinical")
    assert "Clinical, Manufacturing" in client.get(maker.path).text
    assert "Tillverkning" in client.get(maker.path, headers={"Accept-Language": "sv"}).text


def test_a_record_with_an_unknown_role_is_rejected_with_those_that_are_known(app: Flask) -> None:
    row = record(roles=["manufacturing", "juggling"])
    assert row.record is None
    said = row.problems[0]
    assert said.field == "roles"
    assert "juggling" in said.reason and "manufacturing" in said.reason


def test_a_record_may_have_a_role_that_is_offered_no_longer(app: Flask) -> None:
    retire("policy")
    row = record(roles=["policy", "policy", "data"])
    assert row.record.roles == ["policy", "data"]


def test_a_record_with_a_role_that_became_one_with_another_gets_that_one_and_is_told(app: Flask) -> None:
    roles = {role.slug: role for role in all_roles()}
    retire("policy")
    roles["policy"].successor_id = roles["data"].id
    db.session.commit()
    row = record(roles=["policy", "clinical", "data"])
    assert row.record.roles == ["data", "clinical"]
    told = row.problems[0]
    assert (told.field, told.fatal) == ("roles", False)
    assert "“policy” became one with “data”" in told.reason


def test_a_row_gives_no_organisation_a_role_that_is_offered_no_longer(app: Flask) -> None:
    retire("policy")
    cells = {"name": "Maker", "roles": "policy; data", "kind": "organisation"}
    read = partial(understand, 1, cells, kind=Kind.ORGANISATION, vocabulary=Vocabulary.load())
    new = read()
    assert not new.usable
    assert "“policy” is offered no longer" in new.problems[0].reason
    assert read(said={"name": "Maker", "roles": ["policy"]}).fields["roles"] == ["policy", "data"]


@pytest.mark.parametrize(
    "cell", ["manufacturing; clinical", "Manufacturing, Clinical", "Tillverkning|Klinisk prövning"]
)
def test_a_cell_of_a_spreadsheet_names_roles_in_any_language(app: Flask, cell: str) -> None:
    field = field_of("roles")
    assert field
    assert value_of(field, cell) == ["manufacturing", "clinical"]


def test_a_cell_with_an_unknown_role_says_what_to_write(app: Flask) -> None:
    field = field_of("roles")
    assert field
    with pytest.raises(Unclear, match=r"juggling.*business_support"):
        value_of(field, "manufacturing; juggling")
