"""Bookings of a thread, for those who answer for its listing and have an account."""

from flask import Response, abort
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from facilities.access import allow, signed_in
from facilities.db import ID
from facilities.enquiries.booking.pages import PATH, Seat, calendar_file, page_or_done
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.letters import inbox_path
from facilities.enquiries.threads.rights import reads_as_desk
from facilities.manage.views import bp
from facilities.manage.views.home import user
from facilities.manage.views.inbox import thread_for


@bp.route(f"/enquiries/<{ID}:thread_id>/booking/{PATH}", methods=["GET", "POST"])
@allow(signed_in)
def booking(thread_id: int, act: str) -> ResponseReturnValue:
    """Agree to a time, propose others, decline or cancel. 403 for the desk: it promises nobody's time."""
    return page_or_done(_seat(thread_id), act)


@bp.get(f"/enquiries/<{ID}:thread_id>/booking.ics")
@allow(signed_in)
def booking_file(thread_id: int) -> ResponseReturnValue:
    """The event, to be opened in a calendar."""
    answer: Response = calendar_file(_seat(thread_id), str(get_locale())) or abort(404)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _seat(thread_id: int) -> Seat:
    thread = thread_for(thread_id)
    if reads_as_desk(user(), thread):
        abort(403)
    path = inbox_path(thread)
    return Seat(thread, speakers.owner(user()), path, f"{path}/booking")
