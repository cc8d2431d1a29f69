"""Who may change a listing: invitations and roles."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from facilities.access import allow, listing_for, signed_in
from facilities.accounts import invitations, team
from facilities.accounts.forms import InviteForm
from facilities.accounts.limits import INVITATIONS_OF_USER, spend
from facilities.accounts.models import Grant, Invitation, OwnerRole, User
from facilities.accounts.rights import may_invite, may_see_team
from facilities.catalogue.models import Listing
from facilities.db import ID
from facilities.manage.views import bp

ROLES = {role.value: role for role in OwnerRole}


@bp.route(f"/listings/<{ID}:listing_id>/team", methods=["GET", "POST"])
@allow(signed_in)
def people(listing_id: int) -> ResponseReturnValue:
    """The team; a form sent invites somebody."""
    sent = request.method == "POST"
    listing = listing_for(listing_id, may_invite if sent else may_see_team)
    form = InviteForm()
    if form.is_submitted():
        spend(INVITATIONS_OF_USER, "invitations", str(current_user.id))
    if form.validate_on_submit():
        role = ROLES[form.role.data]
        invitations.invite(form.email.data, by=_user(), listing=listing, role=role)
        flash(_("An invitation is on its way to %(address)s.", address=form.email.data))
        return redirect(_page(listing), 303)
    return _team_page(listing, form), 422 if form.errors else 200


@bp.post(f"/listings/<{ID}:listing_id>/team/invitations/<{ID}:invitation_id>")
@allow(signed_in)
def change_invitation(listing_id: int, invitation_id: int) -> ResponseReturnValue:
    """Send an invitation again, or take it back."""
    listing = listing_for(listing_id, may_invite)
    invitation = team.invitation_on(listing, invitation_id) or abort(404)
    match request.form.get("action"):
        case "again":
            spend(INVITATIONS_OF_USER, "invitations", str(current_user.id))
            _send_again(invitation)
        case "revoke":
            invitations.revoke(invitation)
            flash(_("The invitation is taken back: its link no longer works."))
        case _:
            abort(400)
    return redirect(_page(listing), 303)


@bp.post(f"/listings/<{ID}:listing_id>/team/<{ID}:grant_id>")
@allow(signed_in)
def change_member(listing_id: int, grant_id: int) -> ResponseReturnValue:
    """Give somebody another role, or let them go; one may always go oneself."""
    listing = listing_for(listing_id, may_see_team)
    grant = team.grant_on(listing, grant_id) or abort(404)
    leaves = grant.user_id == current_user.id and request.form.get("action") == "remove"
    if not leaves and not may_invite(_user(), listing):
        abort(403)
    try:
        _change(grant, listing)
    except team.LastManager:
        return _last_manager_page(listing, grant), 422
    return redirect("/manage/team" if leaves else _page(listing), 303)


def _change(grant: Grant, listing: Listing) -> None:
    """What the form says. Raises LastManager unless it also says that this is known."""
    sure = request.form.get("sure") == "1"
    name = grant.user.actor.name
    match request.form.get("action"):
        case "remove":
            team.remove(grant, listing=listing, sure=sure)
            flash(_("%(name)s is no longer in the team.", name=name))
        case "editor" | "manager" as role:
            team.change_role(grant, ROLES[role], by=_user(), listing=listing, sure=sure)
            flash(_("%(name)s: %(role)s.", name=name, role=ROLES[role].label))
        case _:
            abort(400)


def _send_again(invitation: Invitation) -> None:
    invitations.send_again(invitation, by=_user())
    flash(_("The invitation is on its way to %(address)s again.", address=invitation.email))


def _team_page(listing: Listing, form: InviteForm) -> str:
    return render_template(
        "manage/team.html",
        listing=listing,
        form=form,
        members=team.team_of(listing),
        invitations=[(each, invitations.is_open(each)) for each in team.invitations_to(listing)],
        may_invite=may_invite(_user(), listing),
        roles=list(OwnerRole),
    )


def _last_manager_page(listing: Listing, grant: Grant) -> str:
    return render_template(
        "manage/last_manager.html", listing=listing, grant=grant, action=request.form.get("action")
    )  # fmt: skip


def _page(listing: Listing) -> str:
    return f"/manage/listings/{listing.id}/team"


def _user() -> User:
    user: User = current_user._get_current_object()
    return user
