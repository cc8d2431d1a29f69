"""Networks, their members and hubs as visitors see them."""

from flask import Response, abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, anyone, me
from facilities.accounts.limits import address_block, spend
from facilities.catalogue.models import Kind
from facilities.exchange.tables.writing import as_csv
from facilities.needs.queries import Asked, public_needs
from facilities.networks.members import (
    all_memberships,
    chosen,
    counts,
    member_counts,
    members_of,
    newest_first,
    today,
)
from facilities.networks.members_file import desk_rows, public_rows
from facilities.networks.models import NetworkKind
from facilities.networks.numbers import numbers_of
from facilities.networks.queries import hub_called, public_networks
from facilities.networks.rights import may_run_network
from facilities.networks.scope import enter
from facilities.networks.views import bp
from facilities.networks.views.loading import MARKS, wanted_here
from facilities.paging import asked_page, pages_of

PER_PAGE = 50
NEWEST, NEEDS = 6, 3
FILES_FROM_ADDRESS = "60 per hour"


@bp.get("/networks")
@allow(anyone)
def networks() -> ResponseReturnValue:
    """All of them, by kind."""
    found, members = public_networks(), member_counts()
    groups = [(kind, [each for each in found if each.kind == kind]) for kind in NetworkKind]
    return render_template("networks/all.html", groups=[group for group in groups if group[1]], members=members)


@bp.get("/networks/<slug>")
@allow(anyone)
def network(slug: str) -> ResponseReturnValue:
    """A network's own page."""
    found = enter(slug)
    members = members_of(found)
    return render_template(
        "networks/network.html",
        page_of=found,
        members=members,
        newest=newest_first(member for member in members if member.since)[:NEWEST],
        by_hub=counts(members, "hub_id"),
        by_category=counts(members, "category_id"),
        by_kind=counts(members, "kind"),
        numbers=numbers_of(found),
        needs=public_needs(Asked(network=found.slug), 1, NEEDS),
        kinds=list(Kind),
    )


@bp.get("/networks/<slug>/members")
@allow(anyone)
def members(slug: str) -> ResponseReturnValue:
    """Its members, to be looked through."""
    found, wanted = enter(slug), wanted_here()
    everybody = members_of(found)
    shown = chosen(everybody, found, wanted)
    first = (asked_page() - 1) * PER_PAGE
    return render_template(
        "networks/members.html",
        page_of=found,
        members=shown[first : first + PER_PAGE],
        total=len(shown),
        all=len(everybody),
        wanted=wanted,
        kinds=counts(everybody, "kind"),
        by_category=counts(everybody, "category_id"),
        by_hub=counts(everybody, "hub_id"),
        marks={mark: sum(getattr(each, mark) for each in everybody) for mark in MARKS},
        pages=pages_of(len(shown), PER_PAGE),
        query=request.query_string.decode(),
    )


@bp.get("/networks/<slug>/members.csv")
@allow(anyone)
def members_csv(slug: str) -> ResponseReturnValue:
    """The same list as a file: what is public for anyone; dates, fees and notes, past members too, for its desk."""
    found, wanted = enter(slug), wanted_here()
    spend(FILES_FROM_ADDRESS, "member list", address_block())
    runs = may_run_network(me(), found)
    rows = (
        desk_rows(chosen(all_memberships(found), found, wanted), found)
        if runs
        else public_rows(chosen(members_of(found), found, wanted), found)
    )
    answer = Response(stream_with_context(as_csv(rows)), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f"attachment; filename={found.slug}-members-{today():%Y-%m-%d}.csv"
    answer.headers["X-Robots-Tag"] = "noindex"
    if runs:
        answer.headers["Cache-Control"] = "private, no-store"
    return answer


@bp.get("/networks/<slug>/hubs/<hub_slug>")
@allow(anyone)
def hub(slug: str, hub_slug: str) -> ResponseReturnValue:
    """A hub's own page."""
    found = enter(slug)
    region = hub_called(found, hub_slug) or abort(404)
    there = [member for member in members_of(found) if member.hub_id == region.id]
    first = (asked_page() - 1) * PER_PAGE
    return render_template(
        "networks/hub.html",
        page_of=found,
        hub=region,
        members=there[first : first + PER_PAGE],
        total=len(there),
        numbers=numbers_of(found, region),
        kinds=list(Kind),
        pages=pages_of(len(there), PER_PAGE),
    )


@bp.app_template_filter()
def mark_label(mark: str) -> str:
    """What a mark of a membership is called."""
    return _("Founders") if mark == "founder" else _("Partners")
