"""The page of facts."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from facilities.access import allow, anyone, me
from facilities.accounts.rights import may_moderate
from facilities.insight.facts.charts import markup_of
from facilities.insight.facts.editions import editions_of
from facilities.insight.facts.keys import key_numbers
from facilities.insight.facts.report import facts_of
from facilities.insight.facts.scopes import RADIUS, Scope
from facilities.insight.facts.showing import by_group, day_of, shown
from facilities.insight.facts.views import EVERYWHERE, at, name_of, scope_for
from facilities.networks.rights import may_run_network


@at("", EVERYWHERE)
@allow(anyone)
def page(**where: str) -> ResponseReturnValue:
    """All figures of a scope as they are today."""
    scope = scope_for(**where)
    facts = facts_of(scope)
    return render_template(
        "facts/page.html", scope=scope, name=name_of(scope), on=day_of(facts), keys=key_numbers(scope, facts),
        groups=list(by_group(shown(facts))), editions=editions_of(scope), chart=markup_of, radius=RADIUS,
        freezing=freezing_address(scope), site_url=current_app.config["SITE_URL"],
    )  # fmt: skip


def freezing_address(scope: Scope) -> str:
    """Where the visitor freezes an edition of a scope; empty for who may not."""
    if scope.network:
        return f"/manage{scope.facts}" if may_run_network(me(), scope.network) else ""
    return "/moderate/facts" if may_moderate(me()) and not scope.town else ""
