"""What a requester wrote, before it becomes an enquiry."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from facilities.catalogue.models import UserGroup
from facilities.enquiries.booking.times import Span
from facilities.enquiries.files import CheckedFile
from facilities.enquiries.models import EnquiryKind


@dataclass(frozen=True, slots=True)
class Draft:
    """A requester's words, cleaned. Fields that its kind does not ask for are empty.

    `details`, and the files that are withheld, are for those only who have accepted `terms`.
    """

    kind: EnquiryKind
    message: str
    name: str
    email: str
    locale: str = "en"
    organisation: str = ""
    group: UserGroup | None = None
    times: tuple[Span, ...] = ()
    preferred_dates: tuple[date, ...] = ()
    duration: str = ""
    samples: str = ""
    deadline_on: date | None = None
    budget: str = ""
    participants: int | None = None
    place: str = ""
    details: str = ""
    terms: str = ""
    files: tuple[CheckedFile, ...] = ()

    def fingerprint(self, seal_id: str, listing_ids: Iterable[int]) -> str:
        """64 characters that are the same when the same form is sent twice unchanged.

        A form that is sent again after the requester changed it is a new enquiry, so nothing that was written is lost.
        """
        return hashlib.sha256(repr((seal_id, sorted(listing_ids), self)).encode()).hexdigest()
