"""Letters that do not arrive: given up first, then those that are delayed."""

import sqlalchemy as sa
from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.access import allow, me, moderators
from facilities.moderation.forms.letters import LettersForm
from facilities.moderation.queues import Queue
from facilities.moderation.views import bp
from facilities.outbox.acts import give_up, retry
from facilities.outbox.addressed import DEAD, DEFERRED, letters, number_of
from facilities.paging import asked_page, pages_of

PAGE = 50


@bp.get("/moderate/letters")
@allow(moderators)
def undelivered() -> ResponseReturnValue:
    return _page(LettersForm())


@bp.post("/moderate/letters")
@allow(moderators)
def see_to_letters() -> ResponseReturnValue:
    form = LettersForm()
    if not form.validate():
        return _page(form), 422
    act = ACTS.get(request.form.get("act", "")) or abort(400)
    act(form.letter.data)
    return redirect(request.full_path.rstrip("?"), 303)


def _retry(ids: list[int]) -> None:
    number = len(retry(ids, by=_name()))
    flash(ngettext("%(num)d letter is tried again now.", "%(num)d letters are tried again now.", number))
    if number < len(ids):
        flash(_("The others are tried within minutes anyway, or have arrived."), "warning")


def _give_up(ids: list[int]) -> None:
    number = len(give_up(ids, by=_name()))
    flash(ngettext("%(num)d letter was set aside.", "%(num)d letters were set aside.", number))


ACTS = {"retry": _retry, "give_up": _give_up}


def _page(form: LettersForm) -> str:
    which = sa.or_(DEAD, DEFERRED)
    total = number_of(which)
    return render_template(
        "moderate/letters.html",
        form=form,
        letters=letters(which, limit=PAGE, offset=(asked_page() - 1) * PAGE),
        pages=pages_of(total, PAGE),
        total=total,
        queue=Queue.LETTERS,
    )


def _name() -> str:
    user = me() or abort(401)
    return f"user {user.id}"
