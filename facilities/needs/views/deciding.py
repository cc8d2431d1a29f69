"""The pages of the desks, the site's and each network's: needs that wait, with what search finds for them and why."""

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, me, moderators, signed_in
from facilities.db import ID, db
from facilities.moderation.queues import Queue
from facilities.needs.actions import ChangedMeanwhile, DecidedAlready, decide_need
from facilities.needs.forms import DecisionForm
from facilities.needs.models import NeedState, PublicNeed
from facilities.needs.queries import PER_PAGE, matches_of, need_called, waiting_needs
from facilities.needs.rights import may_decide_need
from facilities.needs.views import bp
from facilities.networks.models import Network
from facilities.networks.rights import may_run_network
from facilities.networks.scope import enter
from facilities.paging import asked_page, pages_of

SITE = "/moderate/public-needs"


@bp.get(SITE)
@allow(moderators)
def waiting() -> ResponseReturnValue:
    """Those of the site's own desk; with `all` also those that networks' desks decide."""
    everywhere = "all" in request.args
    return _list("needs/desk/list.html", None, SITE, everywhere=everywhere)


@bp.get("/manage/networks/<slug>/needs")
@allow(signed_in)
def waiting_in_network(slug: str) -> ResponseReturnValue:
    network = _network(slug)
    return _list("needs/desk/network_list.html", network, f"/manage/networks/{slug}/needs")


def _list(template: str, network: Network | None, base: str, *, everywhere: bool = False) -> str:
    found, total = waiting_needs(network, asked_page(), everywhere=everywhere)
    values: dict[str, Any] = {"needs": found, "total": total, "pages": pages_of(total, PER_PAGE)}
    return render_template(template, base=base, everywhere=everywhere, **values, **_frame(network))


@bp.route(f"{SITE}/<{ID}:need_id>", methods=["GET", "POST"])
@allow(moderators)
def decide(need_id: int) -> ResponseReturnValue:
    return _one("needs/desk/one.html", need_id, None, SITE)


@bp.route(f"/manage/networks/<slug>/needs/<{ID}:need_id>", methods=["GET", "POST"])
@allow(signed_in)
def decide_in_network(slug: str, need_id: int) -> ResponseReturnValue:
    return _one("needs/desk/network_one.html", need_id, _network(slug), f"/manage/networks/{slug}/needs")


def _network(slug: str) -> Network:
    """The network, if the user belongs to its desk."""
    network = enter(slug)
    return network if may_run_network(me(), network) else abort(403)


def _one(template: str, need_id: int, network: Network | None, base: str) -> ResponseReturnValue:
    need = need_called(need_id, to_change=request.method == "POST") or abort(404)
    if not may_decide_need(me(), need) or (network is not None and need.network_id != network.id):
        abort(404)
    form = DecisionForm()
    if request.method == "POST" and _decided(need, form):
        return redirect(base, 303)
    if need.state != NeedState.WAITING:
        flash(_("A colleague has decided about this need already."), "warning")
        return redirect(need.path, 303)
    form.version.data = need.version
    matches = matches_of(need, explain=True)
    page = render_template(template, need=need, form=form, matches=matches, base=base, **_frame(network))
    return page, 422 if form.errors else 200


def _decided(need: PublicNeed, form: DecisionForm) -> bool:
    """Whether the need is decided; if not, why stands on the form."""
    user, act = me() or abort(401), request.form.get("act")
    reason, version = form.reason.data or "", form.version.data
    if act not in ("publish", "refuse"):
        abort(400)
    if not form.validate():
        return False
    if act == "refuse" and not reason:
        form.reason.errors = [_("Say why it is not published: who posted it reads it.")]
        return False
    try:
        decide_need(need, publish=act == "publish", version=-1 if version is None else version, reason=reason, by=user)
    except DecidedAlready:
        db.session.rollback()
        return False
    except ChangedMeanwhile:
        form.form_errors.append(_("It has been changed meanwhile. Look at what it says now, then decide."))
        return False
    flash(_("Published; who posted it gets a letter.") if act == "publish" else _("Not published; the reason is sent."))
    return True


def _frame(network: Network | None) -> dict[str, Any]:
    """What the frame of the page asks for."""
    return {"of": network} if network else {"queue": Queue.PUBLIC_NEEDS}
