"""Bookings of a thread: for the requester by the private link, and for whoever has a recipient's mailbox."""

from hmac import compare_digest

from flask import abort, flash, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, anyone
from facilities.db import ID, now
from facilities.enquiries.booking.pages import PATH, Seat, calendar_file, page_or_done
from facilities.enquiries.models import TOKEN_FORM, Recipient, Thread
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.queries import thread_to_change, thread_to_read
from facilities.enquiries.views import bp
from facilities.enquiries.views.acting import may_write
from facilities.enquiries.views.answer import recipient_for
from facilities.enquiries.views.private import private_redirect
from facilities.private_page import PrivateResponse


@bp.route(f"/<token>/booking/<{ID}:thread_id>/{PATH}", methods=["GET", "POST"])
@allow(anyone)
def booking(token: str, thread_id: int, act: str) -> ResponseReturnValue:
    """The requester agrees to a time, proposes others, or calls the booking off."""
    thread = _thread_for(token, thread_id)
    if thread.enquiry.link_expires_at <= now():
        return redirect(thread.enquiry.path, 303)
    if request.method == "POST" and not may_write():
        flash(_("Many messages have come from your network. Try again in an hour."))
        return private_redirect(thread.enquiry.path)
    return PrivateResponse.force_type(page_or_done(_requesters(thread), act))


@bp.get(f"/<token>/booking/<{ID}:thread_id>.ics")
@allow(anyone)
def booking_file(token: str, thread_id: int) -> ResponseReturnValue:
    """The requester's event, to be opened in a calendar."""
    thread = _thread_for(token, thread_id)
    if thread.enquiry.link_expires_at <= now():
        return redirect(thread.enquiry.path, 303)
    return _file(_requesters(thread), thread.enquiry.locale)


@bp.route(f"/answer/<token>/booking/{PATH}", methods=["GET", "POST"])
@allow(anyone)
def answer_booking(token: str, act: str) -> ResponseReturnValue:
    """Whoever has the recipient's mailbox agrees to a time, proposes others, or declines."""
    return PrivateResponse.force_type(page_or_done(_recipients(recipient_for(token)), act))


@bp.get("/answer/<token>/booking.ics")
@allow(anyone)
def answer_booking_file(token: str) -> ResponseReturnValue:
    """The owner's event, to be opened in a calendar."""
    recipient = recipient_for(token)
    return _file(_recipients(recipient), recipient.enquiry.locale)


def _thread_for(token: str, thread_id: int) -> Thread:
    """A thread of the enquiry of a private link, locked where the request may change it. 404 for any other."""
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    thread = thread_to_change(thread_id) if changes else thread_to_read(thread_id)
    if not TOKEN_FORM.fullmatch(token) or thread is None or not compare_digest(thread.enquiry.token, token):
        abort(404)
    return thread


def _requesters(thread: Thread) -> Seat:
    path = thread.enquiry.path
    return Seat(thread, speakers.requester(thread.enquiry), path, f"{path}/booking/{thread.id}")


def _recipients(recipient: Recipient) -> Seat:
    return Seat(recipient.thread, speakers.mailbox(recipient), recipient.path, f"{recipient.path}/booking")


def _file(seat: Seat, locale: str) -> ResponseReturnValue:
    return PrivateResponse.force_type(calendar_file(seat, locale) or abort(404))
