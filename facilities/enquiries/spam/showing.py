"""A requester's words as owners read them: with links only once the sender's address has been confirmed."""

from typing import Any

from jinja2.utils import urlize
from markupsafe import Markup, escape

from facilities.enquiries.models import Author, Enquiry
from facilities.enquiries.spam.links import unlinked

REL = "nofollow noopener noreferrer ugc"


def said(text: str, enquiry: Enquiry, author: Author = Author.REQUESTER) -> Markup:
    """A page's filter: the words with their line breaks. Web addresses are links, of the requester only if the address
    has been confirmed; else plain text, which browsers leave alone."""
    shown = urlize(text, rel=REL) if _trusted(enquiry, author) else str(escape(text))
    return Markup(shown.replace("\n", "<br>"))  # noqa: S704 - escaped above


def said_plainly(text: Any, enquiry: Enquiry, author: Author = Author.REQUESTER) -> str:
    """The filter of letters, whose readers' programs make links of whatever looks like one: as was written if the
    requester has confirmed the address, else with all addresses broken up but the requester's own mail address."""
    return str(text) if _trusted(enquiry, author) else unlinked(str(text), spare=enquiry.requester_email)


def _trusted(enquiry: Enquiry, author: Author) -> bool:
    return enquiry.verified_at is not None or author in (Author.OWNER, Author.DESK)
