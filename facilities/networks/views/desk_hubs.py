"""A network's hubs and the categories of its members. A hub's desk keeps its page and who belongs to it."""

from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, signed_in
from facilities.catalogue.names import slug_of
from facilities.db import as_id
from facilities.networks.actions import (
    Taken,
    add_category,
    add_hub,
    change_category,
    change_hub,
    move_up,
    remove_category,
    remove_hub,
)
from facilities.networks.changing import ChangedMeanwhile, check_unchanged, save, seen
from facilities.networks.desks import applications_for
from facilities.networks.forms import CategoryForm, HubForm
from facilities.networks.members import Wanted, chosen, counts, members_of
from facilities.networks.memberships import change_member
from facilities.networks.models import Hub, MemberCategory, Network
from facilities.networks.views import desk
from facilities.networks.views.loading import hub_for, membership_of, network_for, row_or_404, user, wanted_here
from facilities.networks.views.saving import changed_meanwhile, with_logo_and_listing
from facilities.paging import asked_page, pages_of

LONGEST_SLUG = 80
PER_PAGE = 50


@desk.get("/<slug>/hubs")
@allow(signed_in)
def hubs(slug: str) -> ResponseReturnValue:
    network = network_for(slug)
    return render_template("networks/desk/hubs.html", of=network, members=counts(members_of(network), "hub_id"))


@desk.route("/<slug>/hubs/new", methods=["GET", "POST"])
@allow(signed_in)
def new_hub(slug: str) -> ResponseReturnValue:
    network, form = network_for(slug), HubForm()
    if form.validate_on_submit() and (fields := _hub_fields(form, Hub(logo=""))) is not None:
        try:
            made = add_hub(network, _slug(form), fields, by=user().actor)
        except Taken:
            form.slug.errors = [_("Another hub has this name in its address.")]
        else:
            flash(_("Saved."))
            return redirect(f"/manage{made.path}", 303)
    return render_template("networks/desk/hub.html", of=network, form=form, hub=None), 422 if form.errors else 200


@desk.route("/<slug>/hubs/<hub_slug>", methods=["GET", "POST"])
@allow(signed_in)
def hub(slug: str, hub_slug: str) -> ResponseReturnValue:
    """What the hub's page says."""
    found = hub_for(slug, hub_slug)
    form = HubForm.of(found, opened=seen(found))
    if request.method == "GET":
        form.listing.data = found.organisation.path if found.organisation else ""
    code = 200 if request.method == "GET" else 422
    if form.validate_on_submit() and (fields := _hub_fields(form, found)) is not None:
        try:
            check_unchanged(found, form.opened.data)
            change_hub(found, fields, by=user().actor)
        except ChangedMeanwhile:
            code = changed_meanwhile(form, found)
        else:
            flash(_("Saved."))
            return redirect(f"/manage{found.path}", 303)
    return render_template("networks/desk/hub.html", of=found.network, form=form, hub=found), code


@desk.post("/<slug>/hubs/<hub_slug>/order")
@allow(signed_in)
def order_hub(slug: str, hub_slug: str) -> ResponseReturnValue:
    """Put a hub further to the front, or take it away."""
    network = network_for(slug)
    found = next((each for each in network.hubs if each.slug == hub_slug), None) or abort(404)
    match request.form.get("action"):
        case "up":
            move_up(network.hubs, found)
        case "remove":
            remove_hub(found, by=user().actor)
            flash(_("%(name)s is taken away. Its members are still members of the network.", name=found.name))
        case _:
            abort(400)
    return redirect(f"/manage{network.path}/hubs", 303)


@desk.route("/<slug>/hubs/<hub_slug>/members", methods=["GET", "POST"])
@allow(signed_in)
def hub_members(slug: str, hub_slug: str) -> ResponseReturnValue:
    """Which members of the network belong to the hub. Those of another hub are for the network's desk to move."""
    found = hub_for(slug, hub_slug)
    if request.method == "POST":
        return _place(found)
    everybody, wanted = members_of(found.network), wanted_here()
    here = [member for member in everybody if member.hub_id == found.id]
    free = [member for member in everybody if member.hub_id is None]
    both = chosen([*here, *free], found.network, Wanted(wanted.text))
    first = (asked_page() - 1) * PER_PAGE
    return render_template(
        "networks/desk/hub_members.html",
        of=found.network,
        hub=found,
        wanted=wanted,
        numbers=(len(here), len(free)),
        applications=applications_for(found),
        members=both[first : first + PER_PAGE],
        pages=pages_of(len(both), PER_PAGE),
    )


def _place(hub: Hub) -> ResponseReturnValue:
    number = as_id(request.form.get("membership", "")) or abort(400)
    membership = membership_of(hub.network, number)
    if membership.hub_id not in (None, hub.id):
        abort(403)
    joins = request.form.get("action") == "in"
    if change_member(membership, {"hub_id": hub.id if joins else None}, by=user().actor):
        save([membership.organisation_id])
    name = membership.organisation.name
    flash(_("%(name)s belongs to the hub.", name=name) if joins else _("%(name)s is out of the hub.", name=name))
    shown = urlencode({name: request.args[name] for name in ("q", "page") if name in request.args})
    return redirect(f"/manage{hub.path}/members" + (f"?{shown}" if shown else ""), 303)


@desk.get("/<slug>/categories")
@allow(signed_in)
def categories(slug: str) -> ResponseReturnValue:
    network = network_for(slug)
    members = counts(members_of(network), "category_id")
    return render_template("networks/desk/categories.html", of=network, members=members)


@desk.route("/<slug>/categories/new", methods=["GET", "POST"])
@allow(signed_in)
def new_category(slug: str) -> ResponseReturnValue:
    network, form = network_for(slug), CategoryForm()
    if form.validate_on_submit():
        try:
            add_category(network, _slug(form), _category_fields(form), by=user().actor)
        except Taken:
            form.slug.errors = [_("Another category has this name.")]
        else:
            flash(_("Saved."))
            return redirect(f"/manage{network.path}/categories", 303)
    return _category_page(network, form, None, 422 if form.errors else 200)


@desk.route("/<slug>/categories/<number>", methods=["GET", "POST"])
@allow(signed_in)
def category(slug: str, number: str) -> ResponseReturnValue:
    network = network_for(slug)
    found: MemberCategory = row_or_404(network.categories, number)
    if request.form.get("action") in ("up", "remove"):
        return _order_category(network, found)
    form, code = CategoryForm.of(found, opened=seen(found)), 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        try:
            check_unchanged(found, form.opened.data)
            change_category(found, _category_fields(form), by=user().actor)
        except ChangedMeanwhile:
            code = changed_meanwhile(form, found)
        else:
            flash(_("Saved."))
            return redirect(f"/manage{network.path}/categories", 303)
    return _category_page(network, form, found, code)


def _order_category(network: Network, category: MemberCategory) -> ResponseReturnValue:
    if request.form["action"] == "up":
        move_up(network.categories, category)
    else:
        remove_category(category, by=user().actor)
        flash(_("%(name)s is taken away. Its members are still members of the network.", name=category.name))
    return redirect(f"/manage{network.path}/categories", 303)


def _category_page(network: Network, form: Any, category: MemberCategory | None, code: int) -> ResponseReturnValue:
    return render_template("networks/desk/category.html", of=network, form=form, category=category), code


def _hub_fields(form: Any, hub: Hub) -> dict[str, Any] | None:
    plain = ("city", "region", "country", "lat", "lng", "radius_km")
    fields = {name: form[name].data for name in plain} | {"url": form.url.data or ""} | form.said()
    return with_logo_and_listing(form, hub, fields)


def _category_fields(form: Any) -> dict[str, Any]:
    return {"fee": form.fee.data or "", **form.said()}


def _slug(form: Any) -> str:
    """The name in the address that was typed, else one made of the name."""
    names = form.said()["names"]
    return slug_of(form.slug.data or names.get("en") or next(iter(names.values())))[:LONGEST_SLUG] or "hub"
