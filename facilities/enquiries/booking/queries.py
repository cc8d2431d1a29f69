"""What else is booked."""

import sqlalchemy as sa

from facilities.db import db, now
from facilities.enquiries.booking.events import span_of
from facilities.enquiries.booking.times import Span
from facilities.enquiries.models import Booking, BookingState, Thread


def booked_besides(thread: Thread) -> list[Span]:
    """The times to come at which the thread's listing is booked by others, in order."""
    if thread.listing_id is None:
        return []
    query = (
        sa.select(Booking)
        .join(Booking.thread)
        .where(
            Thread.listing_id == thread.listing_id,
            Thread.id != thread.id,
            Booking.state == BookingState.CONFIRMED,
            Booking.ends_at > now(),
        )
        .order_by(Booking.starts_at)
    )
    return [span_of(booking) for booking in db.session.scalars(query)]


def clash(when: Span, booked: list[Span]) -> Span | None:
    """The first of the booked times that this one overlaps."""
    return next((other for other in booked if other.overlaps(when)), None)
