"""A letter of a person, filed into the threads that it answers."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from facilities.db import db, writing
from facilities.enquiries.files import CheckedFile, check_file, check_number, check_room, discard, keep
from facilities.enquiries.incoming.contents import Attachment, attachments_of, words_of
from facilities.enquiries.incoming.outcomes import Filed, Ignored
from facilities.enquiries.incoming.quoting import own_words, without_secrets
from facilities.enquiries.incoming.received import Received
from facilities.enquiries.incoming.seats import Seat, is_of_the_other_side, seats, speaker
from facilities.enquiries.models import Author, Delivery, Enquiry, EnquiryFile, EnquiryStatus, Message, Stage, Thread
from facilities.enquiries.spam.score import HOLD_FROM
from facilities.enquiries.spam.senders import is_blocked
from facilities.enquiries.threads.queries import thread_to_change
from facilities.enquiries.threads.speakers import Speaker, requester
from facilities.enquiries.threads.speaking import Said, add_message, say
from facilities.manage.uploads import CannotUse
from facilities.plain_text import lines
from facilities.reply_address import ReplyTo, Side

LONGEST_BODY = 20_000
"""Characters of a message; a longer letter comes as a file too."""

MOST_IN_AN_HOUR = 20
"""Letters of one side in a thread: two programs that answer each other without saying so are slowed down. What is more
is left with the mail server, which tries again."""


class CannotSpeak(Exception):
    """The writer may not, or may not now: `code` tells the mail server which."""

    def __init__(self, why: str, code: int) -> None:
        super().__init__(why)
        self.code = code


@dataclass(slots=True)
class Brought:
    """What a letter brings: words, files that may be kept, and what is said about the others."""

    words: str
    files: list[CheckedFile] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


def file_letter(said_to: ReplyTo, letter: Received, *, at: datetime) -> Filed | Ignored:
    """Say what a letter says in every thread that its address stands for; each thread is one transaction."""
    places = seats(said_to)
    enquiry = _enquiry(said_to, places)
    if enquiry is None:
        return Ignored("what this address stood for is not there any more", os.EX_NOUSER)
    brought = _brought(letter, enquiry)
    if not places:
        return _add_to_need(said_to.ids[0], letter, brought, at=at)
    try:
        return Filed(tuple(_say_once(seat, letter, brought, at=at) for seat in places))
    except CannotSpeak as problem:
        db.session.rollback()
        return Ignored(str(problem), problem.code)


def _enquiry(said_to: ReplyTo, places: Sequence[Seat]) -> Enquiry | None:
    """What the letter is about; a need that has been sent to nobody has no threads yet."""
    if places:
        return db.session.get_one(Thread, places[0].thread_id).enquiry
    return db.session.get(Enquiry, said_to.ids[0]) if said_to.side == Side.REQUESTER_TO_ALL else None


def _add_to_need(enquiry_id: int, letter: Received, brought: Brought, *, at: datetime) -> Filed | Ignored:
    """To an enquiry that has been sent to nobody yet: whoever is asked later reads it with the rest."""
    writing()
    enquiry = db.session.get(Enquiry, enquiry_id, with_for_update=True, populate_existing=True)
    if enquiry is None or enquiry.emptied_at is not None:
        return Ignored("this enquiry is not kept any more", os.EX_NOUSER)
    if enquiry.threads:  # the desk has just sent it on
        return file_letter(ReplyTo(Side.REQUESTER_TO_ALL, (enquiry_id,)), letter, at=at)
    said = next((each for each in enquiry.messages if each.mail_id == letter.mail_id), None)
    if said is None:
        if enquiry.stage == Stage.DROPPED and enquiry.spam_score < HOLD_FROM:
            return Ignored("nobody was asked, and the requester has been told", os.EX_NOUSER)
        if _is_too_much(enquiry.messages, at):
            return Ignored("very many letters in this enquiry within an hour", os.EX_TEMPFAIL)
        said = _said_to_all(enquiry, letter, brought, at=at)
        enquiry.verified_at = enquiry.verified_at or at
        _commit_with(said.files)
    return Filed((said.id,))


def _said_to_all(enquiry: Enquiry, letter: Received, brought: Brought, *, at: datetime) -> Message:
    brought = _that_fits(enquiry, brought)
    who, body = requester(enquiry), _body(enquiry, letter, brought)
    said = Message(author=who.author, author_name=who.name, body=body, mail_id=letter.mail_id, sent_at=at)
    enquiry.messages.append(said)
    for file in map(keep, brought.files):
        enquiry.files.append(file)
        said.files.append(file)
    return said


def _commit_with(files: Sequence[EnquiryFile]) -> None:
    """Commit, or take the files off the disk again."""
    try:
        db.session.commit()
    except BaseException:
        db.session.rollback()
        discard(files)
        raise


def _say_once(seat: Seat, letter: Received, brought: Brought, *, at: datetime) -> int:
    """Say it in one thread unless it has been; gives the message's id. Raises CannotSpeak."""
    thread = thread_to_change(seat.thread_id)
    if thread is None or thread.enquiry.emptied_at is not None:
        raise CannotSpeak("this enquiry is not kept any more", os.EX_NOUSER)
    already = next((each for each in thread.own_messages if each.mail_id == letter.mail_id), None)
    if already is not None:
        db.session.rollback()
        return already.id
    who = speaker(seat, thread, letter.sender[1])
    if who is None:
        raise CannotSpeak("whoever was written to does not answer in this thread any more", os.EX_NOUSER)
    _check_pace(thread, who, at)
    if is_of_the_other_side(thread, who, letter.sender[1]):
        return _note(thread, letter, brought, at=at).id
    _note_reached(thread, who, at)
    return _say(thread, who, letter, brought, at=at).id


def _note(thread: Thread, letter: Received, brought: Brought, *, at: datetime) -> Message:
    """For the owners, of a letter of which the sender and the address tell different sides: it answers nothing."""
    said = Said(_body(thread.enquiry, letter, brought), mail_id=letter.mail_id)
    message = add_message(thread, said, by=Speaker(Author.SITE, letter.sender[1]), at=at)
    message.internal = True
    db.session.commit()
    return message


def _say(thread: Thread, who: Speaker, letter: Received, brought: Brought, *, at: datetime) -> Message:
    """Files are written before the commit and taken away again if it fails."""
    brought = _that_fits(thread.enquiry, brought)
    files = [keep(each) for each in brought.files]
    said = Said(_body(thread.enquiry, letter, brought), files=files, mail_id=letter.mail_id)
    try:
        if _goes_no_further(thread, who):
            message = add_message(thread, said, by=who, at=at)
            db.session.commit()
            return message
        return say(thread, said, by=who, at=at)
    except BaseException:
        db.session.rollback()
        discard(files)
        raise


def _that_fits(enquiry: Enquiry, brought: Brought) -> Brought:
    """Without its files if there is no room for them; they are named."""
    try:
        check_room(enquiry, brought.files)
    except CannotUse as problem:
        names = (f"{each.name}: {problem}" for each in brought.files)
        return Brought(brought.words, [], [*brought.refused, *names])
    return brought


def _goes_no_further(thread: Thread, who: Speaker) -> bool:
    """Whether owners get no letter about it: while the desk holds the enquiry, of a thread that is spam, of
    somebody who has been blocked."""
    held = thread.enquiry.stage != Stage.SENT or thread.status == EnquiryStatus.SPAM
    return who.asks and (held or is_blocked(thread.enquiry.requester_email))


def _check_pace(thread: Thread, who: Speaker, at: datetime) -> None:
    if _is_too_much([each for each in thread.own_messages if each.author == who.author], at):
        raise CannotSpeak("very many letters in this thread within an hour", os.EX_TEMPFAIL)


def _is_too_much(messages: Sequence[Message], at: datetime) -> bool:
    since = at - timedelta(hours=1)
    return sum(each.mail_id is not None and each.sent_at > since for each in messages) >= MOST_IN_AN_HOUR


def _note_reached(thread: Thread, who: Speaker, at: datetime) -> None:
    """Who answers a letter has received it: the requester the mail, the mailbox what a server said would be late."""
    if who.asks and thread.enquiry.verified_at is None:
        thread.enquiry.verified_at = at
    if who.recipient is not None and who.recipient.delivery == Delivery.DEFERRED:
        who.recipient.delivery, who.recipient.delivery_detail = Delivery.SENT, ""


def _brought(letter: Received, enquiry: Enquiry) -> Brought:
    """Looked into before the thread is locked: pictures take their time. What is filed beside the words goes to the
    other side as they do: without secrets."""
    whole = lines(words_of(letter.message))
    attached = list(attachments_of(letter.message))
    if len(whole) > LONGEST_BODY:
        attached.insert(0, Attachment("letter.txt", without_secrets(whole, enquiry).encode()))
    brought = Brought(own_words(whole))
    with force_locale(current_app.config["DEFAULT_LOCALE"]):
        for attachment in attached:
            _look_into(attachment, brought)
    return brought


def _look_into(attachment: Attachment, brought: Brought) -> None:
    try:
        file = check_file(attachment.name, attachment.data)
        check_number([*brought.files, file])
    except CannotUse as problem:
        words = str(problem)
        brought.refused.append(words if attachment.name in words else f"{attachment.name}: {words}")
    else:
        brought.files.append(file)


def _body(enquiry: Enquiry, letter: Received, brought: Brought) -> str:
    """The words; the subject where there are none, as programs answer invitations; what could not be taken."""
    words = without_secrets(brought.words[:LONGEST_BODY], enquiry)
    parts = [words or without_secrets(letter.subject, enquiry) or "-"]
    if brought.refused:
        parts.append(_refusal(brought.refused, enquiry.locale))
    return "\n\n".join(parts)


def _refusal(refused: Sequence[str], locale: str) -> str:
    with force_locale(locale):
        heading = _("These files came with the letter and could not be taken:")
    return "\n".join([heading, *(f"- {each}" for each in refused[:10])])
