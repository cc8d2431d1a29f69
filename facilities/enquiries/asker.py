"""What a browser is known to have asked: as which group of users, and which enquiries. It lives in the session."""

from flask import session

from facilities.catalogue.models import UserGroup
from facilities.enquiries.models import Enquiry

KEY = "asks_as"
SENT = "asked"
MOST_SENT = 10


def remember_asker(group: UserGroup | None) -> None:
    """Keep what an enquiry said, also that it said nothing."""
    if group is None:
        session.pop(KEY, None)
    else:
        session[KEY] = group.value


def asker() -> str:
    """The visitor's group of users; empty if they have not said."""
    known: str = session.get(KEY, "")
    return known


def remember_sent(enquiry: Enquiry) -> None:
    """Keep that this browser has sent it, so that sending it once more leads to the same private page."""
    session[SENT] = list(dict.fromkeys([*sent_here(), enquiry.id]))[-MOST_SENT:]


def sent_here() -> list[int]:
    """The ids of the enquiries that were last sent from this browser."""
    sent: list[int] = session.get(SENT, [])
    return sent
