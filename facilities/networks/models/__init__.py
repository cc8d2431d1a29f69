"""Networks, their hubs, the categories of their members, memberships, applications, and who runs each."""

from facilities.networks.models.desk import NetworkAct, NetworkGrant
from facilities.networks.models.joining import OVERDUE, Application, ApplicationState
from facilities.networks.models.network import (
    FormerSlug,
    Hub,
    MemberCategory,
    Membership,
    Network,
    NetworkKind,
    holds,
    in_force,
    in_lists,
)

__all__ = [
    "OVERDUE",
    "Application",
    "ApplicationState",
    "FormerSlug",
    "Hub",
    "MemberCategory",
    "Membership",
    "Network",
    "NetworkAct",
    "NetworkGrant",
    "NetworkKind",
    "holds",
    "in_force",
    "in_lists",
]
