"""Which group of users a visitor belongs to, as they said when they last asked something. It lives in the session."""

from flask import session

from facilities.catalogue.models import UserGroup

KEY = "asks_as"


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
