"""Reminders are due after working days of the owner's country, in the hours when people are at work."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from facilities.catalogue.models import Facility, Instrument, Organisation
from facilities.config import SettingError, load_settings
from facilities.enquiries.reminders.schedule import next_reminder, reminder_due
from facilities.enquiries.reminders.working_days import after_working_days, working_days_between

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("since", "days", "country", "due"),
    [
        ("2026-11-23 15:00", 3, "SE", "2026-11-26 15:00"),  # Monday to Thursday
        ("2026-11-26 10:00", 3, "SE", "2026-12-01 10:00"),  # over a weekend
        ("2026-11-28 12:00", 3, "SE", "2026-12-03 09:00"),  # asked on a Saturday: counted from Monday morning
        ("2026-11-23 23:30", 1, "SE", "2026-11-25 09:00"),  # asked at night: counted from the next morning
        ("2026-11-23 05:00", 1, "SE", "2026-11-24 09:00"),
        ("2026-06-17 10:00", 2, "SE", "2026-06-22 10:00"),  # Midsummer Eve: no holiday by law
        ("2026-05-13 10:00", 1, "NO", "2026-05-15 10:00"),  # Ascension Day
        ("2026-05-13 10:00", 1, None, "2026-05-14 10:00"),  # no country: only weekends
        ("2026-05-13 10:00", 1, "XX", "2026-05-14 10:00"),
        ("2026-12-30 10:00", 1, "SE", "2027-01-04 10:00"),  # over the end of a year
        ("2026-10-23 16:00", 1, "SE", "2026-10-26 16:00"),  # the clock is put back in between
    ],
)  # fmt: skip
def test_a_reminder_is_due_that_many_working_days_later(since: str, days: int, country: str | None, due: str) -> None:
    assert after_working_days(local(since).astimezone(UTC), days, country, STOCKHOLM) == local(due)


def test_days_are_counted_as_the_owner_works() -> None:
    assert working_days_between(local("2026-11-23 09:00"), local("2026-11-23 16:00"), "SE", STOCKHOLM) == 0
    assert working_days_between(local("2026-11-27 16:00"), local("2026-11-30 09:00"), "SE", STOCKHOLM) == 1
    assert working_days_between(local("2026-12-23 09:00"), local("2026-12-28 09:00"), "SE", STOCKHOLM) == 1


def test_holidays_are_those_of_where_the_instrument_is_or_its_organisation(app: Flask) -> None:
    since = local("2026-05-15 10:00")  # Monday the 18th is free nowhere; Monday the 25th is in Norway
    late = local("2026-05-22 10:00")
    with app.app_context():
        norwegian = Organisation(name="Oslo", country="NO")
        facility = Facility(name="Lab", parent=norwegian, organisation=norwegian)
        here, abroad = Instrument(name="A", parent=facility), Instrument(name="B", parent=facility, country="SE")
        assert [reminder_due(each, since=since, reminders=0) for each in (here, abroad)] == [
            local("2026-05-20 10:00")
        ] * 2
        app.config["REMIND_AFTER"] = "1"
        assert reminder_due(here, since=late, reminders=0) == local("2026-05-26 10:00")
        assert reminder_due(abroad, since=late, reminders=0) == local("2026-05-25 10:00")
        assert reminder_due(here, since=late, reminders=1) is None


def test_what_was_reminded_of_late_is_not_reminded_of_twice_at_once(app: Flask) -> None:
    with app.app_context():
        due, sent = local("2026-11-02 10:00"), local("2026-11-23 10:00")
        following = next_reminder(None, due=due, at=sent, reminders=1)
        assert following is not None
        assert following >= local("2026-11-26 10:00")
        assert next_reminder(None, due=due, at=due, reminders=1) == local("2026-11-06 10:00")


@pytest.mark.parametrize(
    ("name", "value"),
    [("REMIND_AFTER", "soon"), ("REMIND_AFTER", "7,3"), ("REMIND_AFTER", "1,2,3,4"), ("REMIND_AFTER", "0,3"),
     ("REMIND_AFTER", ""), ("CLOSE_AFTER", 0), ("ENQUIRY_MONTHS", -1), ("TIMEZONE", "Stockholm"), ("TIMEZONE", "../x")],
)  # fmt: skip
def test_a_setting_that_nothing_can_be_reckoned_with_stops_the_start(name: str, value: object, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=name):
        load_settings({"INSTANCE_PATH": tmp_path, name: value})
