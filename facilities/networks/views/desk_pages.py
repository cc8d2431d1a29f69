"""A network's desk: what waits, the page of the network, its log."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import administrators, allow, me, signed_in
from facilities.networks.actions import Taken, change_network
from facilities.networks.changing import ChangedMeanwhile, check_unchanged, seen
from facilities.networks.desks import acts_of, my_desks, waiting_count, waiting_counts
from facilities.networks.forms import NetworkForm
from facilities.networks.members import all_memberships, members_of
from facilities.networks.models import Network
from facilities.networks.rights import may_run_network
from facilities.networks.views import desk
from facilities.networks.views.loading import leave_network, network_for, user
from facilities.networks.views.saving import changed_meanwhile, with_logo_and_listing
from facilities.paging import asked_page, pages_of

LARGEST_REQUEST = 24 * 1024 * 1024
WITH_PICTURES = {"network_desk.page", "network_desk.hub", "network_desk.new_hub"}
ACTS_PER_PAGE = 50


@desk.url_value_preprocessor
def allow_pictures(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Before anything reads the request: a form with a logo may be large."""
    if endpoint in WITH_PICTURES:
        request.max_content_length = LARGEST_REQUEST


@desk.app_context_processor
def desk_words() -> dict[str, Any]:
    return {"runs_network": lambda network: may_run_network(me(), network), "waiting_count": waiting_count}


@desk.get("")
@allow(signed_in)
def mine() -> ResponseReturnValue:
    """The networks and hubs that the user works for."""
    leave_network()
    return render_template("networks/desk/mine.html", desks=my_desks(user()), waiting=waiting_counts())


@desk.get("/<slug>/")
@allow(signed_in)
def overview(slug: str) -> ResponseReturnValue:
    """What waits, and what was done last."""
    network = network_for(slug)
    everybody, present = all_memberships(network), members_of(network)
    return render_template(
        "networks/desk/overview.html",
        of=network,
        members=present,
        without_category=sum(member.category_id is None for member in present) if network.categories else 0,
        unlisted=[member for member in everybody if not member.listed],
        acts=acts_of(network, 8),
    )


@desk.route("/<slug>/page", methods=["GET", "POST"])
@allow(signed_in)
def page(slug: str) -> ResponseReturnValue:
    """What the network's page says."""
    network = network_for(slug)
    form = NetworkForm.of(network, opened=seen(network))
    if not administrators():
        del form.host
    if request.method == "GET":
        form.listing.data = network.organisation.path if network.organisation else ""
    code = 200 if request.method == "GET" else 422
    if form.validate_on_submit() and (fields := _fields(form, network)) is not None:
        try:
            check_unchanged(network, form.opened.data)
            change_network(network, fields, by=user().actor)
        except ChangedMeanwhile:
            code = changed_meanwhile(form, network)
        except Taken:
            form.host.errors = [_("Another network has this host name.")]
        else:
            flash(_("Saved."))
            return redirect(f"/manage{network.path}/page", 303)
    return render_template("networks/desk/page.html", of=network, form=form), code


@desk.get("/<slug>/log")
@allow(signed_in)
def log(slug: str) -> ResponseReturnValue:
    """Who did what."""
    network = network_for(slug)
    acts = acts_of(network, ACTS_PER_PAGE + 1, skip=(asked_page() - 1) * ACTS_PER_PAGE)
    total = (asked_page() - 1) * ACTS_PER_PAGE + len(acts)
    pages = pages_of(total, ACTS_PER_PAGE)
    return render_template("networks/desk/log.html", of=network, acts=acts[:ACTS_PER_PAGE], pages=pages)


def _fields(form: NetworkForm, network: Network) -> dict[str, Any] | None:
    """What the form says for the row; None with a word beside what is wrong."""
    plain = ("short_name", "url", "region", "country", "lat", "lng", "takes_applications", "published")
    fields: dict[str, Any] = {name: form[name].data for name in plain} | form.said()
    fields["url"] = fields["url"] or ""
    if "host" in form:
        fields["host"] = form.host.data or None
    return with_logo_and_listing(form, network, fields)
