"""Freezing an edition: the site's desk the site's, a network's desk its own and its hubs'."""

from flask import abort, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from facilities.access import allow, me, moderators, signed_in
from facilities.accounts.models import User
from facilities.insight.facts.editions import FrozenMeanwhile, editions_of, freeze
from facilities.insight.facts.forms import FreezeForm
from facilities.insight.facts.keys import key_numbers
from facilities.insight.facts.report import facts_of
from facilities.insight.facts.scopes import SITE, Scope, of_hub, of_network
from facilities.insight.facts.showing import by_group, day_of, shown
from facilities.insight.facts.views import bp, name_of
from facilities.insight.models import Edition
from facilities.networks.desks import waiting_count
from facilities.networks.queries import hub_called
from facilities.networks.rights import may_run_network
from facilities.networks.views.loading import network_for


@bp.route("/moderate/facts", methods=["GET", "POST"])
@allow(moderators)
def freeze_site() -> ResponseReturnValue:
    return _freezing(SITE, "facts/freeze_site.html")


@bp.route("/manage/networks/<slug>/facts", methods=["GET", "POST"])
@allow(signed_in)
def freeze_network(slug: str) -> ResponseReturnValue:
    return _freezing(of_network(network_for(slug)), "facts/freeze_network.html")


@bp.route("/manage/networks/<slug>/hubs/<hub>/facts", methods=["GET", "POST"])
@allow(signed_in)
def freeze_hub(slug: str, hub: str) -> ResponseReturnValue:
    found = hub_called(network_for(slug), hub) or abort(404)
    return _freezing(of_hub(found), "facts/freeze_network.html")


def _freezing(scope: Scope, template: str) -> ResponseReturnValue:
    """The form above all numbers that would be frozen."""
    form, user = FreezeForm(), me() or abort(401)
    if form.validate_on_submit() and (made := _frozen(scope, form, user)):
        flash(_("Frozen: %(title)s, number %(number)d.", title=made.title, number=made.number))
        return redirect(f"{scope.facts}/{made.year}/{made.number}", 303)
    if not form.is_submitted():
        form.title.data = _("Facts about %(name)s", name=name_of(scope))
    facts = facts_of(scope)
    return render_template(
        template, form=form, scope=scope, name=name_of(scope), on=day_of(facts), keys=key_numbers(scope, facts),
        groups=list(by_group(shown(facts))), editions=editions_of(scope), of=scope.network, hub=scope.hub,
        waiting_count=waiting_count, runs_network=lambda network: may_run_network(user, network),
    ), 422 if form.errors else 200  # fmt: skip


def _frozen(scope: Scope, form: FreezeForm, user: User) -> Edition | None:
    """The edition that the form asks for; None, with the reason beside the year, if another was frozen meanwhile."""
    try:
        return freeze(scope, year=form.year.data, title=form.title.data, note=form.note.data, by=user)
    except FrozenMeanwhile:
        form.year.errors = [_("Somebody else has just frozen an edition of this year: look at it first.")]
        return None
