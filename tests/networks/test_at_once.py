"""Two people do the same at the same moment: the second is told, or finds it done."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event

from facilities.catalogue.models import Status
from facilities.db import db, now
from facilities.needs.models import NeedWatch
from facilities.needs.watching import watch_needs
from facilities.networks.actions import Taken, change_network, make_network
from facilities.networks.applicants import empty_old_applications, erase_applications_from
from facilities.networks.applying import application_by_token, organisation_chosen, withdraw
from facilities.networks.changing import network_to_change
from facilities.networks.joining import JoinForm
from facilities.networks.models import Application, ApplicationState, Network, NetworkKind
from facilities.networks.moving import change_slug
from facilities.networks.views import join
from tests.networks.casting import Cast, cast
from tests.networks.test_joining import form
from tests.networks.test_waiting import ADA, applied


@pytest.fixture
def app(reusable_on_postgresql: Any) -> Iterator[Flask]:
    """On PostgreSQL, where two can write at the same time."""
    with reusable_on_postgresql.as_new() as app:
        yield app


@pytest.fixture
def north(app: Flask) -> Cast:
    return cast()


def meanwhile(statement: sa.Executable) -> None:
    """Have somebody else do this just before the next change is written, when all has been looked at."""

    def others(*_args: Any) -> None:
        with db.engine.begin() as connection:
            connection.execute(statement)

    event.listen(db.session, "before_flush", others, once=True)


def new(slug: str) -> sa.Executable:
    return sa.insert(Network).values(slug=slug, kind=NetworkKind.CLUSTER, names={"en": "Other"})


def test_of_two_who_choose_the_same_address_the_second_is_told(app: Flask, north: Cast) -> None:
    meanwhile(new("west"))
    with pytest.raises(Taken):
        make_network("west", NetworkKind.CLUSTER, {"en": "West"}, by=north.desk.actor)
    meanwhile(new("far-north"))
    with pytest.raises(Taken):
        change_slug(north.north, "far-north", by=north.desk.actor)
    assert db.session.get_one(Network, north.north.id).slug == "north"


def test_of_two_who_choose_the_same_host_name_the_second_is_told(app: Flask, north: Cast) -> None:
    meanwhile(sa.update(Network).where(Network.id == north.south.id).values(host="members.example.org"))
    with pytest.raises(Taken):
        change_network(north.north, {"host": "members.example.org"}, by=north.desk.actor)
    assert db.session.get_one(Network, north.north.id).host is None


def test_asking_for_letters_about_needs_twice_at_once_does_no_harm(app: Flask, north: Cast) -> None:
    ids = {"user_id": north.desk.id, "listing_id": north.company.id}
    meanwhile(sa.insert(NeedWatch).values(**ids))
    watch_needs(north.company, by=north.desk)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(NeedWatch)) == 1


def test_who_applies_for_an_organisation_that_has_just_left_chooses_again(app: Flask, north: Cast) -> None:
    chosen = organisation_chosen(north.outsider.id)
    with app.test_request_context("/networks/north/join", method="POST", data=form(app)):
        filled = JoinForm(secret=app.config["SECRET_KEY"]).offer(north.north, chosen)
        north.outsider.status = Status.IN_REVIEW
        db.session.commit()
        answer = join._send(filled, "north", north.outsider.id)
    assert getattr(answer, "location", "") == "/networks/north/join"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Application)) == 0


def withdrawn(token: str) -> None:
    found = application_by_token(token, lock=True)
    assert found is not None
    withdraw(found)


@pytest.mark.parametrize(
    "end",
    [
        withdrawn,
        lambda _token: erase_applications_from(ADA),
        lambda _token: empty_old_applications(at=now() + timedelta(days=3660)),
    ],
    ids=["withdrawn", "erased", "emptied"],
)
def test_an_application_ends_while_a_desk_that_is_about_to_decide_has_locked_the_network(
    app: Flask, north: Cast, end: Callable[[str], Any]
) -> None:
    made = applied(north.north)
    number, token = made.id, made.token

    def others() -> None:
        with app.app_context():
            end(token)

    network_to_change("north")
    with ThreadPoolExecutor(1) as pool:
        ended = pool.submit(others)
        try:
            ended.result(timeout=5)
        finally:
            db.session.rollback()
    assert db.session.get_one(Application, number).state == ApplicationState.WITHDRAWN
