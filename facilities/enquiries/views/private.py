"""The requester's private page: what was asked, how each thread stands, the answers, the forms to go on."""

from flask import Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone, me
from facilities.db import db, now, writing
from facilities.enquiries.models import Enquiry, Thread
from facilities.enquiries.posted import letters_of
from facilities.enquiries.proof import proves_mail
from facilities.enquiries.queries import enquiry_by_token, enquiry_to_change
from facilities.enquiries.requester_forms import NewLinkForm, ReplyForm, ReplyToAllForm
from facilities.enquiries.requesting import alive, asked_by, note_verified
from facilities.enquiries.side_by_side import sides
from facilities.enquiries.summary import request_lines, requester_lines
from facilities.enquiries.views import bp
from facilities.private_page import PrivateResponse


@bp.get("/<token>")
@allow(anyone)
def private(token: str) -> ResponseReturnValue:
    """The page. Opened from a letter, it notes that the requester's address works and goes on without the proof."""
    enquiry = enquiry_for(token)
    if proves_mail(enquiry, request.args.get("mailed", "")):
        _note_verified(enquiry)
        return private_redirect(enquiry.path)
    return private_page(enquiry)


def enquiry_for(token: str) -> Enquiry:
    """The enquiry of a private link; locked, and read after the lock, where the request may change it.

    404 for an unknown link, or one that a newer has replaced. One that has expired answers with a page that mails a new
    one, unless its requester is signed in; one whose enquiry has been emptied says so.
    """
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    enquiry = enquiry_to_change(token) if changes else enquiry_by_token(token)
    if enquiry is None:
        abort(PrivateResponse(render_template("enquiries/unknown_link.html"), 404))
    if enquiry.emptied_at is not None:
        abort(PrivateResponse(render_template("enquiries/emptied.html"), 410))
    own = asked_by(me(), enquiry)
    if enquiry.link_expires_at < now() and not own:
        abort(expired_page(enquiry.path, NewLinkForm(formdata=None), 410))
    if own and changes:
        note_verified(enquiry)
    return enquiry


def thread_of(enquiry: Enquiry, thread_id: int) -> Thread:
    """The thread of this enquiry; 404 for any other."""
    return next((each for each in enquiry.threads if each.id == thread_id), None) or abort(404)


def private_page(
    enquiry: Enquiry, *, replies: dict[int, ReplyForm] | None = None, to_all: ReplyToAllForm | None = None
) -> Response:
    """The page with forms that have been filled in, if there are any."""
    sent: list[ReplyForm | ReplyToAllForm] = [*(replies or {}).values(), *filter(None, [to_all])]
    page = render_template(
        "enquiries/private.html",
        enquiry=enquiry,
        asked=request_lines(enquiry),
        asker=requester_lines(enquiry),
        letters=letters_of(enquiry),
        sides=sides(enquiry),
        alive=alive(enquiry),
        replies={each.id: (replies or {}).get(each.id) or reply_form(each.id, fresh=True) for each in enquiry.threads},
        to_all=to_all or ReplyToAllForm(formdata=None),
        wrong=next((form for form in sent if form.errors), None),
        months=current_app.config["ENQUIRY_MONTHS"],
        to_files=not current_app.config["SMTP_URL"],
    )
    return PrivateResponse(page, 422 if any(form.errors for form in sent) else 200)


def reply_form(thread_id: int, *, fresh: bool = False) -> ReplyForm:
    """The form of one thread; its fields have names of their own, for the page has one for each."""
    named = {"prefix": f"thread-{thread_id}"}
    return ReplyForm(formdata=None, **named) if fresh else ReplyForm(**named)


def expired_page(path: str, form: NewLinkForm, status: int) -> Response:
    """What a link says that opens nothing any more, with a form that mails a new one."""
    return PrivateResponse(render_template("enquiries/expired.html", path=path, form=form), status)


def private_redirect(path: str) -> Response:
    """To another page, with the headers of a private one: the address before it is a secret too."""
    return PrivateResponse("", 303, {"Location": path})


def _note_verified(enquiry: Enquiry) -> None:
    if enquiry.verified_at is None:
        writing()
        changed = enquiry_to_change(enquiry.token)
        if changed is not None:
            note_verified(changed)
            db.session.commit()
