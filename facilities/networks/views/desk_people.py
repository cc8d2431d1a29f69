"""Who belongs to the desk of a network and of its hubs."""

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, me, signed_in
from facilities.accounts.invitations import invite_to_desk, is_open, revoke, send_again
from facilities.accounts.limits import INVITATIONS_OF_USER, spend
from facilities.db import ID
from facilities.networks.actions import remove_from_desk
from facilities.networks.desks import desk_of, invitations_to
from facilities.networks.forms import DeskInviteForm
from facilities.networks.rights import may_run_network
from facilities.networks.views import desk
from facilities.networks.views.loading import network_for, user


@desk.route("/<slug>/people", methods=["GET", "POST"])
@allow(signed_in)
def people(slug: str) -> ResponseReturnValue:
    """The desk; a form sent invites somebody."""
    network = network_for(slug)
    form = DeskInviteForm().offer(network)
    if form.is_submitted():
        spend(INVITATIONS_OF_USER, "invitations", str(user().id))
    if form.validate_on_submit():
        hub = next((each for each in network.hubs if each.id == form.hub_id.data), None)
        invite_to_desk(form.email.data, network, hub, by=user())
        flash(_("An invitation is on its way to %(address)s.", address=form.email.data))
        return redirect(f"/manage{network.path}/people", 303)
    page = render_template(
        "networks/desk/people.html",
        of=network,
        form=form,
        grants=desk_of(network),
        invitations=[(each, is_open(each)) for each in invitations_to(network)],
    )
    return page, 422 if form.errors else 200


@desk.post(f"/<slug>/people/<{ID}:grant_id>")
@allow(signed_in)
def remove(slug: str, grant_id: int) -> ResponseReturnValue:
    """Let somebody go. One may always go oneself."""
    network = network_for(slug, rule=lambda _user, _network: True)
    grant = next((each for each in desk_of(network) if each.id == grant_id), None)
    if grant is None or (grant.user_id != user().id and not may_run_network(me(), network)):
        abort(404 if may_run_network(me(), network) else 403)
    left, name = grant.user_id == user().id, grant.user.actor.name
    remove_from_desk(grant, by=user().actor)
    flash(_("%(name)s is no longer at the desk.", name=name))
    return redirect("/manage/networks" if left else f"/manage{network.path}/people", 303)


@desk.post(f"/<slug>/people/invitations/<{ID}:invitation_id>")
@allow(signed_in)
def change_invitation(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Send an invitation again, or take it back."""
    network = network_for(slug)
    found = next((each for each in invitations_to(network) if each.id == invitation_id), None) or abort(404)
    match request.form.get("action"):
        case "again":
            spend(INVITATIONS_OF_USER, "invitations", str(user().id))
            send_again(found, by=user())
            flash(_("The invitation is on its way to %(address)s again.", address=found.email))
        case "revoke":
            revoke(found)
            flash(_("The invitation is taken back: its link no longer works."))
        case _:
            abort(400)
    return redirect(f"/manage{network.path}/people", 303)
