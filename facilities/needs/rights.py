"""Who may see public needs, post and change them, and decide whether they are published."""

from facilities.accounts.models import User
from facilities.accounts.rights import may_edit, may_moderate
from facilities.catalogue.models import Status
from facilities.needs.models import NeedState, PublicNeed
from facilities.networks.models import Network
from facilities.networks.rights import may_run_network

FOR_ANYONE = (NeedState.OPEN, NeedState.MET)


def may_change_need(user: User | None, need: PublicNeed) -> bool:
    """Change what it says and until when, say that it is met, withdraw it, and take listings from what was found."""
    return may_edit(user, need.organisation)


def may_decide_need(user: User | None, need: PublicNeed) -> bool:
    """Publish it or not: the desk of the network it was posted in, else the site's. The site's may decide all."""
    return may_run_network(user, need.network) if need.network else may_moderate(user)


def may_see_need(user: User | None, need: PublicNeed) -> bool:
    """Published ones are for anyone, others for who posted them and the desk."""
    return is_public(need) or may_change_need(user, need) or may_decide_need(user, need)


def is_public(need: PublicNeed) -> bool:
    """Whether visitors may read it, ended or not."""
    shown = need.network is None or need.network.listed
    return need.state in FOR_ANYONE and need.organisation.status == Status.PUBLISHED and shown


def was_public(need: PublicNeed) -> bool:
    """Whether visitors could read it before it was taken back: a desk had let it through, where they could see it."""
    return need.decided_at is not None and (need.network is None or need.network.published)


def is_open_at_once(user: User, network: Network | None) -> bool:
    """Whether what the user posts there needs nobody else's look: what the desks post themselves."""
    return may_run_network(user, network) if network else may_moderate(user)
