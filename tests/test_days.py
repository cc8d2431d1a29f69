"""Which day it is: the site's own, for what begins and ends, and the same one of a stored time in either database."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.db import db, now
from facilities.formats import site_today
from facilities.needs.models import NeedState, PublicNeed
from facilities.needs.nightly import look_after_needs
from facilities.needs.queries import open_needs_of
from facilities.networks.members import members_of
from facilities.outbox.models import StoredLetter
from tests.networks.casting import cast, join
from tests.people import add_user

EARLY, LATE = "Pacific/Kiritimati", "Pacific/Pago_Pago"
"""The day begins first in the one and last in the other, 25 hours later: they never have the same day."""


def test_the_day_is_the_one_that_the_site_tells(app: Flask) -> None:
    assert app.config["TIMEZONE"] == "Europe/Stockholm"
    assert site_today(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
    assert site_today(datetime(2026, 7, 1, 21, 30, tzinfo=UTC)) == date(2026, 7, 1)


def test_memberships_and_needs_end_with_the_sites_day(app_on: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app_on.config, "TIMEZONE", LATE)
    north, last = cast(), site_today()
    join(north.north, north.outsider, until=last)
    need = PublicNeed(form_id="one", organisation_id=north.company.id, title="Filling", ends_on=last)
    need.state = NeedState.OPEN
    db.session.add(need)
    db.session.commit()
    assert north.outsider.name in [member.name for member in members_of(north.north)]
    assert [each.id for each in open_needs_of(north.company.id)] == [need.id]

    monkeypatch.setitem(app_on.config, "TIMEZONE", EARLY)
    assert north.outsider.name not in [member.name for member in members_of(north.north)]
    assert open_needs_of(north.company.id) == []


def test_a_poster_is_told_once_that_a_need_ended_whenever_the_sites_day_begins(
    app_on: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    north, last = cast(), now().date()
    ids = {"organisation_id": north.company.id, "posted_by_id": add_user("Maja", manager_of=north.company).id}
    need = PublicNeed(form_id="one", title="Filling", ends_on=last, matched_at=now() - timedelta(days=9), **ids)
    need.state = NeedState.OPEN
    db.session.add(need)
    db.session.commit()
    for zone in (EARLY, LATE):
        monkeypatch.setitem(app_on.config, "TIMEZONE", zone)
        for hours in range(0, 72, 6):
            midnight = datetime.combine(last, datetime.min.time(), UTC)
            look_after_needs(midnight + timedelta(hours=hours))
    assert [letter.name for letter in db.session.scalars(sa.select(StoredLetter))] == ["public_need_ended"]


def test_a_stored_time_has_its_day_of_utc_wherever_the_server_is(
    app_on: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGTZ", EARLY)
    db.session.rollback()
    db.engine.dispose()
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    db.session.add(StoredLetter(name="news", to="", subject="", text="", html="", written_at=noon))
    db.session.flush()
    assert str(db.session.scalar(sa.select(sa.func.date(StoredLetter.written_at)))) == "2026-07-01"
