"""Leave of contacts, which their owners enter here: an import does not end it."""

from collections.abc import Sequence
from typing import Any

from facilities.catalogue.content import LEAVE

Contacts = Sequence[dict[str, Any]]


def with_leave(imported: Contacts, here: Contacts, before: Contacts) -> list[dict[str, Any]]:
    """The contacts of a record with the leave that the listing knows of. What the source has said of leave itself, now
    or at the last import, is the source's to change."""
    known = {contact.get("email"): contact for contact in here}
    by_source = {contact.get("email") for contact in [*imported, *before] if any(map(contact.get, LEAVE))}
    return [
        contact
        if contact.get("email") in by_source
        else contact | {name: value for name in LEAVE if (value := known.get(contact.get("email"), {}).get(name))}
        for contact in imported
    ]
