"""One's own account: name, ways to sign in, recent sign-ins, rights, one's own data."""

import sqlalchemy as sa
from flask import Response, flash, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import selectinload

from facilities.access import allow, signed_in
from facilities.accounts.forms import LeaveForm, NameForm
from facilities.accounts.models import Grant, User
from facilities.accounts.personal_data import personal_data
from facilities.accounts.sessions import sign_out_everywhere
from facilities.accounts.views import bp
from facilities.api.tokens import working_tokens
from facilities.db import db
from facilities.languages import spoken_now


@bp.route("/account", methods=["GET", "POST"])
@allow(signed_in)
def account() -> ResponseReturnValue:
    user = _user_with_all()
    form = NameForm(obj=user)
    if form.validate_on_submit():
        user.name, user.locale = form.name.data, form.locale.data
        db.session.commit()
        with force_locale(user.locale):
            flash(_("Saved."))
        return redirect("/account" if user.locale == spoken_now() else f"/{user.locale}/account", 303)
    also = {"leaving": LeaveForm(formdata=None), "tokens": len(working_tokens(user))}
    page = render_template("accounts/account.html", user=user, form=form, **also)
    return page, 422 if form.errors else 200


@bp.post("/account/sign-out-everywhere")
@allow(signed_in)
def sign_out_elsewhere() -> ResponseReturnValue:
    ended = sign_out_everywhere(current_user._get_current_object(), tokens=bool(LeaveForm().tokens.data))
    flash(_("You have been signed out everywhere else."))
    if ended:
        flash(ngettext("%(num)d token has been revoked.", "%(num)d tokens have been revoked.", ended))
    return redirect("/account", 303)


@bp.get("/account/start")
@allow(signed_in)
def start() -> ResponseReturnValue:
    """Where one's work waits, for those who have just signed in: the desk for those who have nothing else here."""
    user: User = current_user._get_current_object()
    return redirect("/moderate/" if user.is_moderator and not user.grants else "/manage/", 303)


@bp.get("/account/data.json")
@allow(signed_in)
def own_data() -> Response:
    answer = jsonify(personal_data(_user_with_all()))
    answer.headers["Content-Disposition"] = 'attachment; filename="account.json"'
    return answer


def _user_with_all() -> User:
    """The user with the rows that the pages about the account print."""
    wanted = sa.select(User).where(User.id == current_user.id).execution_options(populate_existing=True)
    rows = (User.webauthn, User.sign_ins, User.tokens)
    return db.session.scalars(
        wanted.options(selectinload(User.grants).joinedload(Grant.listing), *map(selectinload, rows))
    ).one()
