"""The page behind the link of a letter that asks to confirm listings. No account is needed: the link is signed."""

import re

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from facilities.access import allow, anyone
from facilities.accounts.limits import address_block, spend
from facilities.db import now
from facilities.manage.confirm_link import ConfirmLink, NotOurLink
from facilities.manage.confirm_page import Confirmed, ConfirmPage, confirm_page, confirm_ticked
from facilities.manage.confirmation import change_path
from facilities.private_page import PrivateResponse

confirm = Blueprint("confirm", __name__)

FROM_ADDRESS = "240 per hour"
"""Requests from one network: a mail scanner opens every link of every letter."""

MARK = re.compile(r"[0-9]{1,9}-[0-9]{1,9}")


@confirm.route("/confirm-listings/<token>", methods=["GET", "POST"])
@allow(anyone)
def confirm_by_link(token: str) -> ResponseReturnValue:
    """GET only shows, whoever follows the link; POST confirms what was ticked."""
    spend(FROM_ADDRESS, "confirm", address_block())
    link = _link(token)
    if link.is_too_old(now()):
        return _private("expired", 410, expired=True)
    if request.method == "GET":
        return _page(confirm_page(link))
    marks = {mark for mark in request.form.getlist("listing") if MARK.fullmatch(mark)}
    if not marks:
        return _page(confirm_page(link), problem=_("Tick the listings that are right."))
    flash(_outcome(confirm_ticked(link, marks)))
    return redirect(request.path, 303)


def _link(token: str) -> ConfirmLink:
    try:
        return ConfirmLink.read(token, current_app.config["SECRET_KEY"])
    except NotOurLink:
        abort(404)


def _page(page: ConfirmPage, *, problem: str = "") -> Response:
    if not page.lines:
        return _private("expired", 410, expired=False)
    return _private("listings", 422 if problem else 200, page=page, problem=problem, change_path=change_path)


def _private(name: str, code: int, **values: object) -> Response:
    return PrivateResponse(render_template(f"manage/confirm_{name}.html", **values), code)


def _outcome(confirmed: Confirmed) -> str:
    said = ngettext("%(num)d listing is confirmed.", "%(num)d listings are confirmed.", confirmed.done)
    if confirmed.changed:
        said += " " + ngettext(
            "%(num)d has changed while you were reading: look at it again.",
            "%(num)d have changed while you were reading: look at them again.",
            confirmed.changed,
        )
    return said
