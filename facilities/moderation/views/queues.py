"""What needs a decision of the desk."""

from flask import abort, redirect, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, me, moderators, signed_in
from facilities.accounts.models import User
from facilities.moderation.forms.deciding import ReturnForm
from facilities.moderation.preferences import preferences
from facilities.moderation.queues import PAGES, REVIEWED, Queue, counts, counts_for, number_in, waiting_for
from facilities.moderation.views import bp
from facilities.moderation.waiting import PAGE, rows
from facilities.paging import asked_page, pages_of


@bp.get("/moderate/")
@allow(moderators)
def overview() -> ResponseReturnValue:
    return render_template("moderate/overview.html", counts=counts())


@bp.get("/moderate/queues/<name>")
@allow(moderators)
def queue(name: str) -> ResponseReturnValue:
    found = next((each for each in Queue if each == name), None) or abort(404)
    if found in PAGES:
        return redirect(found.url)
    return queue_page(found, _user())


@bp.get("/manage/reviews")
@allow(signed_in)
def reviews() -> ResponseReturnValue:
    """What waits for a manager: new and changed listings of their own organisation."""
    name = request.args.get("queue")
    found = next((each for each in REVIEWED if each == name), None)
    return queue_page(found or _fuller(_user()), _user())


def queue_page(queue: Queue, user: User, form: ReturnForm | None = None, code: int = 200) -> ResponseReturnValue:
    """One page of a queue; `form` is the one that decides about several at once, after it failed."""
    everything = request.values.get("whose") == "all"
    waiting = waiting_for(user, queue, everything=everything)
    total = number_in(waiting)
    page = render_template(
        f"moderate/queues/{queue.value}.html",
        queue=queue,
        rows=rows(queue, waiting, asked_page()),
        total=total,
        pages=pages_of(total, PAGE),
        everything=everything,
        form=form or ReturnForm(),
        counts=None if user.is_moderator else counts_for(user),
        log_is_public=preferences().decisions_public,
    )
    return page, code


def _fuller(user: User) -> Queue:
    """The queue that something waits in, the new ones first."""
    number = counts_for(user) if not user.is_moderator else counts()
    return Queue.CHANGED if number[Queue.CHANGED] and not number[Queue.NEW] else Queue.NEW


def _user() -> User:
    return me() or abort(401)
