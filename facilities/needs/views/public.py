"""Public needs as anybody reads them: of the whole site, of a network, and one."""

from typing import Any

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone, me
from facilities.catalogue.models import Status, country_name
from facilities.db import ID
from facilities.formats import site_today
from facilities.needs.forms import FURTHEST
from facilities.needs.models import NeedState, PublicNeed
from facilities.needs.queries import (
    PER_PAGE,
    SORTS,
    Asked,
    countries_with_needs,
    in_network,
    matches_of,
    need_called,
    public_needs,
)
from facilities.needs.rights import is_public, may_see_need, was_public
from facilities.needs.views import bp
from facilities.networks.models import Network
from facilities.networks.queries import public_networks
from facilities.networks.scope import enter, entered
from facilities.paging import asked_page, pages_of

LONGEST = 120


@bp.get("/needs")
@allow(anyone)
def needs() -> ResponseReturnValue:
    """The open ones; with `ended` those that are met or over. Under the host name of a network they are its own."""
    network, asked = entered(), _asked()
    if network is not None:
        return _of_network(network, asked)
    countries = sorted(((code, country_name(code)) for code in countries_with_needs()), key=lambda each: each[1])
    return render_template("needs/list.html", networks=public_networks(), countries=countries, **_list(asked))


@bp.get("/networks/<slug>/needs")
@allow(anyone)
def network_needs(slug: str) -> ResponseReturnValue:
    """Those that were posted in a network."""
    return _of_network(enter(slug), _asked())


def _of_network(network: Network, asked: Asked) -> str:
    return render_template("needs/of_network.html", network=network, **_list(in_network(asked, network)))


def _list(asked: Asked) -> dict[str, Any]:
    found, total = public_needs(asked, asked_page())
    return {"asked": asked, "needs": found, "total": total, "pages": pages_of(total, PER_PAGE), "sorts": SORTS}


def _asked() -> Asked:
    """What the address asks for; unknown words are left out."""
    args = request.args
    sort = args.get("sort", "")
    return Asked(
        text=" ".join(args.get("q", "").split())[:LONGEST],
        country=args.get("country", "")[:2].upper(),
        network=args.get("network", "")[:80],
        sort=sort if sort in SORTS else SORTS[0],
        ended="ended" in args,
    )


@bp.get(f"/needs/<{ID}:need_id>")
@allow(anyone)
def need(need_id: int) -> ResponseReturnValue:
    """One need. Of one that they could read until it was withdrawn visitors are told just that, and when: 410."""
    found = need_called(need_id) or abort(404)
    if may_see_need(me(), found):
        return need_page(found)
    if found.state != NeedState.WITHDRAWN or not was_public(found):
        abort(404)
    return render_template("needs/withdrawn.html", need=found), 410


def need_page(need: PublicNeed) -> str:
    """A need with what the catalogue has for it."""
    today = site_today()
    return render_template(
        "needs/one.html",
        need=need,
        NeedState=NeedState,
        is_public=is_public(need),
        is_over=need.ends_on < today,
        may_answer=need.state == NeedState.OPEN
        and need.ends_on >= today
        and need.organisation.status == Status.PUBLISHED,
        matches=matches_of(need),
        furthest=today + FURTHEST,
        today=today,
    )
