"""The members of a network as its desk keeps them: adding, changing, ending, bringing back, and lists of many."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, signed_in
from facilities.db import ID, as_id, db
from facilities.networks.applying import organisation_chosen
from facilities.networks.bulk import CannotRead, Plan, carry_out, plan_of, text_of
from facilities.networks.changing import ChangedMeanwhile, check_unchanged, save, seen
from facilities.networks.choosing import organisations_like
from facilities.networks.forms import MemberForm
from facilities.networks.members import all_memberships, chosen, today
from facilities.networks.memberships import (
    AlreadyMember,
    add_member,
    bring_back,
    change_member,
    end_membership,
    running_of,
)
from facilities.networks.models import Membership, Network
from facilities.networks.views import desk
from facilities.networks.views.loading import membership_of, network_for, user, wanted_here
from facilities.networks.views.saving import changed_meanwhile
from facilities.paging import asked_page, pages_of

PER_PAGE = 50
LONGEST = 120


@desk.get("/<slug>/members")
@allow(signed_in)
def members(slug: str) -> ResponseReturnValue:
    """Who is a member, and with `state` who was or will be."""
    network, wanted, day = network_for(slug), wanted_here(), today()
    everybody = all_memberships(network)
    states = {
        "now": [member for member in everybody if member.holds_on(day)],
        "later": [member for member in everybody if member.since and member.since > day],
        "over": [member for member in everybody if member.until and member.until < day],
    }
    state = request.args.get("state", "now")
    found = chosen(states.get(state, states["now"]), network, wanted)
    first = (asked_page() - 1) * PER_PAGE
    return render_template(
        "networks/desk/members.html",
        of=network,
        wanted=wanted,
        state=state if state in states else "now",
        numbers={name: len(each) for name, each in states.items()},
        members=found[first : first + PER_PAGE],
        total=len(found),
        pages=pages_of(len(found), PER_PAGE),
    )


@desk.route("/<slug>/members/add", methods=["GET", "POST"])
@allow(signed_in)
def add(slug: str) -> ResponseReturnValue:
    """Search an organisation of the catalogue, then say since when and as what it belongs to the network."""
    network = network_for(slug)
    organisation = organisation_chosen(as_id(request.args.get("organisation", "")))
    if organisation is None:
        return _search_page(network)
    form = MemberForm(data={"since": today()} if request.method == "GET" else None).offer(network)
    if form.validate_on_submit():
        try:
            add_member(network, organisation, form.fields(), by=user().actor)
        except AlreadyMember:
            form.form_errors.append(_("%(name)s is a member at that time already.", name=organisation.name))
        else:
            flash(_("%(name)s is a member.", name=organisation.name))
            return redirect(f"/manage{network.path}/members", 303)
    page = render_template(
        "networks/desk/member.html", of=network, form=form, organisation=organisation, membership=None
    )  # fmt: skip
    return page, 422 if form.errors else 200


@desk.route(f"/<slug>/members/<{ID}:number>", methods=["GET", "POST"])
@allow(signed_in)
def member(slug: str, number: int) -> ResponseReturnValue:
    """Change, end or bring back one membership."""
    network = network_for(slug)
    membership = membership_of(network, number)
    if request.form.get("action") in ("end", "back"):
        return _end_or_bring_back(network, membership)
    form = MemberForm(obj=membership, opened=seen(membership)).offer(network)
    code = 200 if request.method == "GET" else 422
    if form.validate_on_submit():
        try:
            check_unchanged(membership, form.opened.data or "")
            if change_member(membership, form.fields(), by=user().actor):
                save([membership.organisation_id])
        except ChangedMeanwhile:
            code = changed_meanwhile(form, membership)
        except AlreadyMember:
            db.session.rollback()
            form.form_errors.append(_("It has another membership at that time."))
        else:
            flash(_("Saved."))
            return redirect(f"/manage{network.path}/members", 303)
    organisation = membership.organisation
    page = render_template(
        "networks/desk/member.html", of=network, form=form, organisation=organisation, membership=membership
    )  # fmt: skip
    return page, code


@desk.route("/<slug>/members/list", methods=["GET", "POST"])
@allow(signed_in)
def many(slug: str) -> ResponseReturnValue:
    """A whole list: first what it would change, then, sent again with `sure`, the change."""
    network = network_for(slug)
    typed, plan, problem = request.form.get("list", ""), None, ""
    if request.method == "POST":
        try:
            typed = text_of(request.files.get("file"), typed)
            plan = plan_of(network, typed)
        except CannotRead as unreadable:
            problem = str(unreadable)
        if plan is not None and "sure" in request.form and not plan.problems:
            return _carry_out(network, plan)
    page = render_template("networks/desk/many.html", of=network, plan=plan, typed=typed, problem=problem)
    return page, 422 if problem or (plan and plan.problems) else 200


def _carry_out(network: Network, plan: Plan) -> ResponseReturnValue:
    carry_out(network, plan, by=user().actor)
    flash(_("Done: %(added)d added, %(changed)d changed.", added=len(plan.added), changed=len(plan.changed)))
    return redirect(f"/manage{network.path}/members", 303)


def _end_or_bring_back(network: Network, membership: Membership) -> ResponseReturnValue:
    name = membership.organisation.name
    if request.form["action"] == "end":
        end_membership(membership, by=user().actor)
        flash(_("The membership of %(name)s has ended.", name=name))
    else:
        try:
            bring_back(membership, by=user().actor)
            flash(_("%(name)s is a member again.", name=name))
        except AlreadyMember:
            flash(_("%(name)s has another membership that goes on.", name=name))
    return redirect(f"/manage{network.path}/members", 303)


def _search_page(network: Network) -> ResponseReturnValue:
    text = " ".join(request.args.get("q", "").split())[:LONGEST]
    found = organisations_like(text)
    members = running_of(network, [each.id for each in found])
    return render_template(
        "networks/desk/choose.html",
        of=network,
        text=text,
        found=[(each, members.get(each.id)) for each in found],
    )
