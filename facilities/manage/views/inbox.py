"""Enquiries that came to the owner's listings: the inbox, and the page of one thread."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, signed_in
from facilities.db import ID
from facilities.enquiries.answering.acts import ACTS_WITH_ACCOUNT
from facilities.enquiries.answering.doing import done_or_again, sent_answer
from facilities.enquiries.answering.forms import AnswerForm
from facilities.enquiries.answering.opening import note_desk, note_owner
from facilities.enquiries.answering.page import ThreadPage, may_be_shown
from facilities.enquiries.files import LARGEST_REQUEST
from facilities.enquiries.models import EnquiryKind, Thread
from facilities.enquiries.threads import speakers
from facilities.enquiries.threads.letters import inbox_path
from facilities.enquiries.threads.queries import thread_to_change, thread_to_read
from facilities.enquiries.threads.rights import may_read, reads_as_desk
from facilities.manage.inbox import PER_PAGE, Scope, asked_for, choices_in, counts_in, lines_in
from facilities.manage.queries import has_listings
from facilities.manage.views import bp
from facilities.manage.views.home import user
from facilities.paging import asked_page, pages_of

TEMPLATE = "manage/threads/thread.html"


@bp.url_value_preprocessor
def allow_answer_files(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the request: an answer may come with files."""
    if endpoint == "manage.change_thread":
        request.max_content_length = LARGEST_REQUEST


@bp.get("/enquiries")
@allow(signed_in)
def enquiries() -> ResponseReturnValue:
    """The threads that the user may answer, what waits longest first; with `all` every one, for the desk."""
    owner = user()
    scope = Scope(owner, whole_desk="all" in request.args and owner.is_moderator)
    wanted = asked_for(request.args)
    found, counts = lines_in(scope, wanted, asked_page()), counts_in(scope, wanted)
    return render_template(
        "manage/enquiries.html", lines=found, wanted=wanted, counts=counts, scope=scope, choices=choices_in(scope),
        EnquiryKind=EnquiryKind, pages=pages_of(counts[wanted.state], PER_PAGE), owns=has_listings(owner),
    )  # fmt: skip


@bp.get(f"/enquiries/<{ID}:thread_id>")
@allow(signed_in)
def thread(thread_id: int) -> ResponseReturnValue:
    """What was said, who received it, and the forms to answer. Opening it is written down: once for its owners, each
    visit of the desk."""
    found = thread_for(thread_id)
    if found.enquiry.emptied_at is not None:
        return _emptied(found)
    if request.method == "GET":
        if reads_as_desk(user(), found):
            note_desk(found, user())
        else:
            note_owner(found)
    return _page(found).print(TEMPLATE)


@bp.post(f"/enquiries/<{ID}:thread_id>")
@allow(signed_in)
def change_thread(thread_id: int) -> ResponseReturnValue:
    """Do what the pressed button says. In what is held for the desk nobody can act: its owners have not been asked."""
    sent = sent_answer()
    found = thread_for(thread_id)
    if found.enquiry.emptied_at is not None:
        return _emptied(found)
    if not may_be_shown(found):
        flash(_("Nothing was done: it is held. Decide first whether it is sent on."), "warning")
        return redirect(f"/moderate/held/{found.enquiry_id}", 303)
    answer = done_or_again(_page(found, sent), ACTS_WITH_ACCOUNT, TEMPLATE)
    if reads_as_desk(user(), found):
        note_desk(found, user())
    return answer


def thread_for(thread_id: int) -> Thread:
    """The thread, if the user may read it; locked and read anew where the request may change it. 404 otherwise."""
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    found = thread_to_change(thread_id) if changes else thread_to_read(thread_id)
    if found is None or not may_read(user(), found):
        abort(404)
    if not may_be_shown(found) and not user().is_moderator:
        abort(404)
    return found


def _emptied(found: Thread) -> ResponseReturnValue:
    """What is left of a thread whose words are no longer kept."""
    return render_template("manage/threads/emptied.html", thread=found, enquiry=found.enquiry), 410


def _page(found: Thread, sent: AnswerForm | None = None) -> ThreadPage:
    by = speakers.desk(user()) if reads_as_desk(user(), found) else speakers.owner(user())
    return ThreadPage(found, by, inbox_path(found), sent=sent)
