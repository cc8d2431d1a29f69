"""People with an account, and who belongs to the desk."""

from collections.abc import Callable, Mapping

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from facilities.access import administrators, allow, me
from facilities.accounts.invitations import invite
from facilities.accounts.models import SiteRole, User
from facilities.db import ID
from facilities.moderation.forms.site import InviteForm, RoleForm, chosen
from facilities.moderation.people import (
    PAGE,
    OwnAccount,
    deactivate,
    end_sessions,
    last_sign_ins,
    people_like,
    person,
    reactivate,
    set_site_role,
)
from facilities.moderation.views import bp
from facilities.paging import asked_page, pages_of

ACTS: Mapping[str, Callable[..., None]] = {
    "deactivate": deactivate,
    "reactivate": reactivate,
    "end_sessions": end_sessions,
}
SAID = {
    "deactivate": _l("%(name)s can sign in no more."),
    "reactivate": _l("%(name)s can sign in again."),
    "end_sessions": _l("%(name)s is signed out everywhere."),
}


@bp.get("/moderate/users")
@allow(administrators)
def users() -> ResponseReturnValue:
    text = " ".join(request.args.get("q", "").split())[:100]
    role = next((each for each in SiteRole if each == request.args.get("role")), None)
    found, total = people_like(text, role, asked_page())
    return render_template(
        "moderate/users.html",
        users=found,
        sign_ins=last_sign_ins(found),
        total=total,
        text=text,
        role=role,
        roles=list(SiteRole),
        pages=pages_of(total, PAGE),
    )


@bp.route(f"/moderate/users/<{ID}:user_id>", methods=["GET", "POST"])
@allow(administrators)
def user(user_id: int) -> ResponseReturnValue:
    found = _person(user_id)
    form = RoleForm(site_role=found.site_role.value)
    if form.validate_on_submit():
        try:
            set_site_role(found, chosen(SiteRole, form.site_role.data), by=_me())
        except OwnAccount:
            return _own_account(found)
        flash(_("Saved. It holds from now on."))
        return redirect(f"/moderate/users/{found.id}", 303)
    page = render_template(
        "moderate/user.html",
        user=found,
        form=form,
        own=found.id == _me().id,
        sign_in=last_sign_ins([found]).get(found.id),
    )
    return page, 422 if form.errors else 200


@bp.post(f"/moderate/users/<{ID}:user_id>/<act>")
@allow(administrators)
def change_user(user_id: int, act: str) -> ResponseReturnValue:
    """Deactivate, reactivate, sign out everywhere."""
    found = _person(user_id)
    if act not in ACTS:
        abort(404)
    try:
        ACTS[act](found, by=_me())
    except OwnAccount:
        return _own_account(found)
    flash(str(SAID[act]) % {"name": found.name or found.email})
    return redirect(f"/moderate/users/{found.id}", 303)


@bp.route("/moderate/users/invite", methods=["GET", "POST"])
@allow(administrators)
def invite_to_desk() -> ResponseReturnValue:
    form = InviteForm()
    if form.validate_on_submit():
        invite(form.email.data, by=_me(), site_role=chosen(SiteRole, form.site_role.data))
        flash(_("An invitation is on its way to %(email)s.", email=form.email.data))
        return redirect("/moderate/users", 303)
    return render_template("moderate/invite.html", form=form), 422 if form.errors else 200


def _own_account(found: User) -> ResponseReturnValue:
    flash(_("Another administrator has to change this for you: so nobody locks themselves out."), "warning")
    return redirect(f"/moderate/users/{found.id}", 303)


def _person(user_id: int) -> User:
    return person(user_id, to_change=request.method == "POST") or abort(404)


def _me() -> User:
    return me() or abort(401)
