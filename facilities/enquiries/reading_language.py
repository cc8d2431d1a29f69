"""The language in which the owner's side of an enquiry gets letters: theirs, not the requester's."""

import sqlalchemy as sa
from flask import current_app

from facilities.accounts.models import User
from facilities.db import db
from facilities.enquiries.models import Recipient
from facilities.languages import interface_language


def reading_language(recipient: Recipient) -> str:
    """That of the account with the recipient's address; else the first of the site's languages that the contact speaks;
    else the one the listing is written in; else the site's own."""
    mailbox = sa.func.lower(User.email) == recipient.mailbox
    chosen = db.session.scalar(sa.select(User.locale).where(mailbox, User.active)) or ""
    contact, listing = recipient.contact, recipient.thread.listing
    spoken = contact.languages or [] if contact is not None else []
    codes = (chosen, *spoken, listing.language if listing is not None else "")
    return next(filter(None, map(interface_language, filter(None, codes))), str(current_app.config["DEFAULT_LOCALE"]))
