"""The page on which an account is erased."""

from flask import flash, redirect, render_template, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_security import check_and_update_authn_fresh, logout_user, verify_password
from flask_wtf import FlaskForm

from facilities.access import allow, signed_in
from facilities.accounts.asking import ask_again
from facilities.accounts.erasure import MustHandOver, check_handed_over, erase_account
from facilities.accounts.forms import EraseForm
from facilities.accounts.library import LIMITS
from facilities.accounts.limits import TRIES_AT_ACCOUNT, spend
from facilities.accounts.models import User
from facilities.accounts.views import bp


@bp.route("/account/erase", methods=["GET", "POST"])
@allow(signed_in)
def erase() -> ResponseReturnValue:
    user: User = current_user._get_current_object()
    if not user.password and not _signed_in_lately():
        return ask_again()
    try:
        check_handed_over(user)
    except MustHandOver as must:
        return render_template("accounts/hand_over.html", must=must), 200
    form = EraseForm()
    if not user.password:
        del form.password
    if form.is_submitted() and _really(form, user):
        erase_account(user)
        _leave()
        return redirect("/sign-in", 303)
    return render_template("accounts/erase.html", form=form), 422 if form.errors else 200


def _really(form: FlaskForm, user: User) -> bool:
    """Whether the form says so with the right password."""
    spend(TRIES_AT_ACCOUNT, "erase account", str(user.id))
    if not form.validate():
        return False
    if user.password and not verify_password(form.password.data, user.password):
        form.password.errors = [_("This is not your password. Enter it again.")]
        return False
    return True


def _signed_in_lately() -> bool:
    lately: bool = check_and_update_authn_fresh(LIMITS["FRESHNESS"], LIMITS["FRESHNESS_GRACE_PERIOD"], "session")
    return lately


def _leave() -> None:
    logout_user()
    session.pop("_user_id", None)
    flash(_("Your account is erased."))
