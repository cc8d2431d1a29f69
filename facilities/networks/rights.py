"""Who may change what of a network: its desk all of its part, a hub's desk the hub's, the site's desk every network's.

None of it gives rights on listings of members: those are their owners'.
"""

from facilities.accounts.models import User
from facilities.accounts.rights import may_moderate
from facilities.networks.models import Application, Hub, Network


def may_run_network(user: User | None, network: Network) -> bool:
    """Change the network's page, hubs, categories, members and desk, and decide about applications and needs."""
    if user is None or not user.is_authenticated or not user.active:
        return False
    return may_moderate(user) or any(
        grant.network_id == network.id and grant.hub_id is None for grant in user.network_grants
    )


def may_run_hub(user: User | None, hub: Hub) -> bool:
    """Change the hub's page and which members of the network belong to it."""
    if user is None or not user.is_authenticated or not user.active:
        return False
    return may_run_network(user, hub.network) or any(grant.hub_id == hub.id for grant in user.network_grants)


def may_read_application(user: User | None, application: Application) -> bool:
    """Those who decide about it, and the desk of the hub it is for."""
    return may_run_network(user, application.network) or bool(application.hub and may_run_hub(user, application.hub))


def may_see_network(user: User | None, network: Network) -> bool:
    """Public ones are for anyone; others for their desks and the site's."""
    if network.published or may_run_network(user, network):
        return True
    return user is not None and any(grant.network_id == network.id for grant in user.network_grants)


def runs_any_network(user: User | None) -> bool:
    """Whether there is a network or hub that the user works for."""
    return user is not None and bool(user.network_grants)
