"""Holding what looks like spam: kept as it came, sent to nobody. Its requester is told what everybody is told."""

from datetime import datetime

from facilities.db import db, now
from facilities.enquiries.models import Author, Enquiry, EnquiryStatus, Stage, Thread
from facilities.enquiries.spam.score import Score
from facilities.enquiries.threads.speakers import Speaker
from facilities.enquiries.threads.turns import nobodys_turn


def note_score(enquiry: Enquiry, judged: Score, *, at: datetime) -> None:
    """Keep what speaks for spam, and hold the enquiry if it is enough; the caller commits."""
    enquiry.spam_score, enquiry.spam_signs = judged.points, [str(found) for found in judged.signs]
    if judged.holds:
        enquiry.stage = Stage.HELD
        for thread in enquiry.threads:
            nobodys_turn(thread, EnquiryStatus.SPAM, by=Author.SITE, at=at)


def mark_spam(thread: Thread, *, by: Speaker, at: datetime | None = None) -> None:
    """An owner or the desk says that a thread is spam: it waits for nobody, and no letter tells of it."""
    nobodys_turn(thread, EnquiryStatus.SPAM, by=by.author, at=at or now())
    db.session.commit()
