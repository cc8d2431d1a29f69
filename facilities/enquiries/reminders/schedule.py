"""When a reminder is due: after so many working days of the owner's country."""

from datetime import datetime

from flask import current_app

from facilities.catalogue.models import Listing
from facilities.enquiries.models.thread import MOST_REMINDERS
from facilities.enquiries.reminders.working_days import ONE_DAY, after_working_days
from facilities.formats import site_zone


def reminder_due(listing: Listing | None, *, since: datetime, reminders: int) -> datetime | None:
    """When the next reminder is due in a thread that waits since then and has had so many; None after the last."""
    steps = days_of_reminders()
    if reminders >= len(steps):
        return None
    return after_working_days(since, steps[reminders], country_of(listing), site_zone())


def next_reminder(listing: Listing | None, *, due: datetime, at: datetime, reminders: int) -> datetime | None:
    """When the one after a reminder is due that was due then and is sent now; `reminders` counts it. What is sent late,
    because nothing was sent for a while, puts off the next: two never come at once."""
    steps = days_of_reminders()
    if reminders >= len(steps):
        return None
    days = steps[reminders] - steps[reminders - 1]
    return after_working_days(max(due, at - ONE_DAY), days, country_of(listing), site_zone())


def days_of_reminders() -> list[int]:
    """After how many working days the owner, the deputy and the desk are reminded."""
    return [int(days) for days in current_app.config["REMIND_AFTER"].split(",") if days.strip()][:MOST_REMINDERS]


def country_of(listing: Listing | None) -> str | None:
    """Whose holidays count: those of where it is, else of where its organisation is."""
    if listing is None:
        return None
    nearest = next((holder.country for holder in listing.lineage() if holder.country), None)
    return nearest or (listing.organisation.country if listing.organisation else None)
