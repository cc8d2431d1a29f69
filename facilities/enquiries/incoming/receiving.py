"""One letter from the bytes to its place."""

import logging
import os
from datetime import datetime

from facilities.db import db, now
from facilities.enquiries.incoming.automatic import BACK, note_automatic
from facilities.enquiries.incoming.bounces import note_bounce, read_bounce
from facilities.enquiries.incoming.filing import file_letter
from facilities.enquiries.incoming.outcomes import Filed, Ignored, Outcome
from facilities.enquiries.incoming.received import Received, Unreadable, read_letter
from facilities.enquiries.incoming.seats import answered_instead
from facilities.reply_address import ReplyTo

log = logging.getLogger(__name__)


def receive(raw: bytes, *, handed_to: str = "", at: datetime | None = None) -> Outcome:
    """File a letter as it came from a mail server; the same letter twice does no harm.

    `handed_to` is the address it was delivered to, if the server says so. What the database raises goes through: the
    letter stays with the server, which tries again.
    """
    try:
        letter = read_letter(raw, handed_to=handed_to)
        addresses = letter.ours
        outcomes = [_take(address, letter, at=at or now()) for address in addresses]
    except (Unreadable, RecursionError) as problem:
        return _logged(Ignored(f"it cannot be read: {problem}", os.EX_DATAERR))
    finally:
        db.session.rollback()  # nobody is to wait for what is read while the next letter is fetched
    return _logged(_together(outcomes))


def _take(address: ReplyTo, letter: Received, *, at: datetime) -> Outcome:
    if address.side in BACK:
        bounce = read_bounce(letter.message)
        if bounce is not None:
            return note_bounce(address, bounce, at=at)
    if letter.automatic:
        return note_automatic(address, letter, at=at)
    person = answered_instead(address) if address.side in BACK else address
    if person is None:
        return Ignored("what this address stood for is not there any more", os.EX_NOUSER)
    return file_letter(person, letter, at=at)


def _together(outcomes: list[Outcome]) -> Outcome:
    """Of a letter to several of our addresses: all that was said; else what the mail server has to know."""
    if not outcomes:
        return Ignored("it went to none of the addresses that we signed", os.EX_NOUSER)
    said = [message_id for each in outcomes if isinstance(each, Filed) for message_id in each.message_ids]
    waits = next((each for each in outcomes if each.code == os.EX_TEMPFAIL), None)
    return waits or (Filed(tuple(said)) if said else outcomes[0])


def _logged(outcome: Outcome) -> Outcome:
    log.info("a letter came in: %s", outcome)
    return outcome
