"""The pages on which a booking is agreed, changed and called off, the same for each side that has one open."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext as _
from flask_wtf import FlaskForm

from facilities.enquiries.booking.actions import TimeGone, TimePassed, cancel, choose, keep, propose
from facilities.enquiries.booking.calendars import MEDIA_TYPE, Reader, download
from facilities.enquiries.booking.events import span_of
from facilities.enquiries.booking.forms import ChooseForm, TimesForm, WordsForm
from facilities.enquiries.booking.queries import booked_besides, clash
from facilities.enquiries.booking.standing import Standing, standing
from facilities.enquiries.booking.times import Span, span_text
from facilities.enquiries.models import Slot, Thread
from facilities.enquiries.threads.speakers import Speaker


@dataclass(frozen=True, slots=True)
class Seat:
    """Whoever has a booking open: `path` is their page of the thread, `at` begins the addresses of the acts."""

    thread: Thread
    by: Speaker
    path: str
    at: str

    @property
    def stands(self) -> Standing:
        return standing(self.thread, asks=self.by.asks)

    def clashes(self) -> dict[int, Span]:
        """By slot that the owner can choose: another confirmed booking of the listing that it overlaps."""
        if self.by.asks:
            return {}
        return clashes(self.thread, self.stands.choices)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done: whether it can be now, the form for it, what doing it is, and its page. What can be
    sent `late` says itself if it is too late."""

    possible: Callable[[Standing], bool]
    form: Callable[[Seat], FlaskForm]
    do: Callable[[Seat, FlaskForm], str]
    template: str
    late: bool = False


def page_or_done(seat: Seat, name: str) -> Response:
    """The page of an act, or the thread's page once it is done; 422 with what was typed if the form is wrong, 409 if
    others have acted meanwhile and it cannot be done any more."""
    act = ACTS[name]
    form = act.form(seat)
    sent = request.method == "POST"
    if not (act.possible(seat.stands) or (sent and act.late and seat.stands.living)):
        return _gone(seat)
    if not form.validate_on_submit():
        return make_response(_page(seat, act, form), 422 if sent else 200)
    if not act.late and form.is_stale(seat.stands.version):
        return make_response(_page(seat, act, form), 409)
    try:
        flash(act.do(seat, form))
    except TimePassed:
        form.slot.errors = [_("This time has begun. Choose another.")]
        return make_response(_page(seat, act, form), 422)
    except TimeGone:
        return _gone(seat)
    return make_response(redirect(seat.path, 303))


def calendar_file(seat: Seat, locale: str) -> Response | None:
    """The event as a file to download; None if there is none."""
    booking = seat.stands.booking
    if booking is None:
        return None
    reader = Reader(seat.path, locale, asks=seat.by.asks)
    answer = make_response(download(seat.thread, booking, reader))
    answer.headers["Content-Type"] = MEDIA_TYPE
    answer.headers["Content-Disposition"] = "attachment; filename=booking.ics"
    return answer


def clashes(thread: Thread, slots: list[Slot]) -> dict[int, Span]:
    """By the id of a slot, the confirmed booking of another thread about the same listing that it overlaps."""
    booked = booked_besides(thread) if slots else []
    found = {slot.id: clash(span_of(slot), booked) for slot in slots}
    return {slot_id: other for slot_id, other in found.items() if other is not None}


def _page(seat: Seat, act: Act, form: FlaskForm) -> str:
    return render_template(act.template, seat=seat, stands=seat.stands, thread=seat.thread, form=form)


def _gone(seat: Seat) -> Response:
    page = render_template("enquiries/booking/gone.html", seat=seat, stands=seat.stands, thread=seat.thread)
    return make_response(page, 409 if request.method == "POST" else 200)


def _choose_form(seat: Seat) -> ChooseForm:
    form = ChooseForm()
    form.offer(seat.stands.choices)
    return form


def _choose(seat: Seat, form: FlaskForm) -> str:
    choose(seat.thread, form.slot.data, by=seat.by, body=form.body.data)
    booking = seat.thread.booking
    if seat.by.asks or booking is None:
        return _("Your booking is confirmed. You get a letter with a file for your calendar.")
    other = clash(span_of(booking), booked_besides(seat.thread))
    if other is not None:
        overlapped = span_text(other.starts_at, other.ends_at)
        return _("The booking is confirmed. It overlaps another one: %(time)s.", time=overlapped)
    return _("The booking is confirmed. Both sides get a letter with a file for their calendar.")


def _propose(seat: Seat, form: FlaskForm) -> str:
    propose(seat.thread, form.times, by=seat.by, body=form.body.data)
    return _("The times have been proposed. You get a letter when one is chosen.")


def _keep(seat: Seat, form: FlaskForm) -> str:
    keep(seat.thread, by=seat.by, body=form.body.data)
    return _("The booking stays at the time that was agreed.")


def _cancel(seat: Seat, form: FlaskForm) -> str:
    confirmed = seat.stands.confirmed
    cancel(seat.thread, by=seat.by, body=form.body.data)
    if confirmed:
        return _("The booking is cancelled. Both sides get a letter that takes it out of their calendar.")
    return _("The request is withdrawn.") if seat.by.asks else _("The request is declined.")


def _words(seat: Seat) -> WordsForm:
    return WordsForm(seen=seat.stands.version)


def _times(seat: Seat) -> TimesForm:
    return TimesForm(seen=seat.stands.version)


ACTS = {
    "choose": Act(Standing.can_choose, _choose_form, _choose, "enquiries/booking/choose.html", late=True),
    "times": Act(Standing.can_propose, _times, _propose, "enquiries/booking/times.html"),
    "keep": Act(Standing.can_keep, _words, _keep, "enquiries/booking/keep.html"),
    "cancel": Act(Standing.can_cancel, _words, _cancel, "enquiries/booking/cancel.html"),
}
PATH = "<any(choose, times, keep, cancel):act>"
"""The last part of the address of an act."""
