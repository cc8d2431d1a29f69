"""The site's desk makes networks, gives them their first desk, moves and ends them."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, moderators
from facilities.accounts.invitations import invite_to_desk
from facilities.languages import spoken_now
from facilities.networks.actions import Taken, make_network
from facilities.networks.changing import ChangedMeanwhile, check_unchanged, seen
from facilities.networks.desks import all_networks, waiting_counts
from facilities.networks.ending import HasHistory, close_network, delete_network, history_of
from facilities.networks.forms import DeleteNetworkForm, NetworkAddressForm, NewNetworkForm
from facilities.networks.members import member_counts
from facilities.networks.models import Network
from facilities.networks.moving import change_slug
from facilities.networks.views import site_desk
from facilities.networks.views.loading import leave_network, network_for, user
from facilities.networks.views.saving import changed_meanwhile


@site_desk.route("", methods=["GET", "POST"])
@allow(moderators)
def networks() -> ResponseReturnValue:
    """All of them; a form sent makes one and invites its desk."""
    form = NewNetworkForm()
    if form.validate_on_submit():
        try:
            made = make_network(form.address, form.chosen, {spoken_now(): form.name.data}, by=user().actor)
        except Taken:
            form.slug.errors = [_("Another network has this name in its address.")]
        else:
            invite_to_desk(form.email.data, made, None, by=user())
            flash(_("Made. An invitation to its desk is on its way to %(address)s.", address=form.email.data))
            return redirect(f"/manage{made.path}/page", 303)
    page = render_template(
        "networks/site_desk.html",
        form=form,
        networks=all_networks(),
        members=member_counts(),
        waiting=waiting_counts(),
    )
    return page, 422 if form.errors else 200


@site_desk.route("/<slug>", methods=["GET", "POST"])
@allow(moderators)
def network(slug: str) -> ResponseReturnValue:
    """Where a network is, and until when."""
    found = _network(slug)
    form = NetworkAddressForm(obj=found, data={"opened": seen(found)})
    if not form.validate_on_submit():
        return _page(found, form), 422 if form.errors else 200
    try:
        check_unchanged(found, form.opened.data or "")
        change_slug(found, form.slug.data or "", by=user().actor)
        close_network(found, form.closed_on.data, by=user().actor)
    except ChangedMeanwhile:
        code = changed_meanwhile(form, found)
        return _page(found, form), code
    except Taken:
        form.slug.errors = [_("Another network has this name in its address.")]
        return _page(found, form), 422
    flash(_("Saved."))
    return redirect(f"/moderate{found.path}", 303)


@site_desk.post("/<slug>/delete")
@allow(moderators)
def delete(slug: str) -> ResponseReturnValue:
    """Delete a network that nothing happened in."""
    found, form = _network(slug), DeleteNetworkForm()
    if not form.validate():
        return _page(found, NetworkAddressForm(formdata=None, obj=found, data={"opened": seen(found)}), form), 422
    try:
        delete_network(found, by=user())
    except HasHistory:
        return redirect(f"/moderate{found.path}", 303)
    flash(_("Deleted."))
    return redirect("/moderate/networks", 303)


def _network(slug: str) -> Network:
    """The network, locked if it may be changed, on a page of the site's own desk."""
    found = network_for(slug)
    leave_network()
    return found


def _page(found: Network, form: NetworkAddressForm, sure: DeleteNetworkForm | None = None) -> str:
    return render_template(
        "networks/site_desk_network.html",
        of=found,
        form=form,
        sure=sure or DeleteNetworkForm(formdata=None),
        kept=list(history_of(found)),
    )
