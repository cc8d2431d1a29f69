"""The page that the link of an invitation opens. Opening it changes nothing."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_security import login_user

from facilities.access import allow, anyone, me
from facilities.accounts.forms import NewAccountForm
from facilities.accounts.invitations import InvitationUsed, accept, accept_as_new, account_of, invitation_of, network_of
from facilities.accounts.limits import FORMS_FROM_ADDRESS, address_block, spend
from facilities.accounts.models import Invitation, User
from facilities.accounts.paths import sign_in_path
from facilities.accounts.views import bp
from facilities.db import db

bp.add_app_template_global(network_of, "invitation_network")


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@allow(anyone)
def invitation(token: str) -> ResponseReturnValue:
    try:
        found = invitation_of(token, lock=request.method == "POST")
    except InvitationUsed:
        return render_template("accounts/invitation_used.html"), 410
    known = account_of(found)
    if known is None:
        return _as_new(found)
    return _as_known(found, token)


def _as_known(invitation: Invitation, token: str) -> ResponseReturnValue:
    """For an address with an account: sign in, then accept."""
    form = NewAccountForm(invitation.email)
    user = me()
    own = user is not None and user.email.lower() == invitation.email.lower()
    if form.is_submitted() and user is not None and own:
        accept(invitation, user)
        flash(_("You are in. Welcome."))
        return redirect(_next_page(invitation), 303)
    signing_in = sign_in_path(f"/invitations/{token}")
    return render_template("accounts/invitation.html", invitation=invitation, user=user, own=own, signing_in=signing_in)


def _as_new(invitation: Invitation) -> ResponseReturnValue:
    """For an address without one: a name and a password."""
    form = NewAccountForm(invitation.email)
    if me() is not None:
        return render_template("accounts/invitation.html", invitation=invitation, user=me(), own=False)
    if form.is_submitted():
        spend(FORMS_FROM_ADDRESS, "account forms", address_block())
    if form.validate_on_submit():
        locale = str(get_locale() or "en")
        user = accept_as_new(invitation, name=form.name.data, password=form.password.data, locale=locale)
        _sign_in(user)
        flash(_("Your account is ready. Welcome."))
        return redirect(_next_page(invitation), 303)
    page = render_template("accounts/new_account.html", invitation=invitation, form=form)
    return page, 422 if form.errors else 200


def _sign_in(user: User) -> None:
    login_user(user, authn_via=["invitation"])
    db.session.commit()


def _next_page(invitation: Invitation) -> str:
    """Where the work waits that one was invited to."""
    if (network := network_of(invitation)) is not None:
        return f"/manage{network.path}"
    return f"/manage/listings/{invitation.listing_id}" if invitation.listing_id else "/manage/"
