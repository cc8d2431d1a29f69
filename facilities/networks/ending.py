"""The end of a network: closed, it can still be read; deleted, it is gone, which only one without a history can be."""

from collections.abc import Iterator
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _

from facilities.accounts.models import User
from facilities.catalogue.models.parts import Actor
from facilities.db import db
from facilities.insight.models import Edition
from facilities.moderation.decisions import note_act
from facilities.moderation.models import DecisionAct
from facilities.needs.models import PublicNeed
from facilities.networks.changing import everybody, note, save, touch, write
from facilities.networks.host_names import forget_hosts
from facilities.networks.models import Application, Membership, Network


class HasHistory(Exception):
    """Something of the network has to be kept."""


def close_network(network: Network, on: date | None, *, by: Actor) -> None:
    """Have a network end with a day, from which on nothing leads to it; without one it goes on. Its memberships stay as
    they are: they are what it was."""
    changes = write(network, {"closed_on": on})
    if not changes:
        return
    touch(network)
    note(network, "closed" if on else "reopened", by=by, about=network.name, changes=changes)
    save(everybody(network))


def delete_network(network: Network, *, by: User) -> None:
    """Delete a network with its page, hubs, categories and desk. Raises HasHistory."""
    if any(history_of(network)):
        raise HasHistory(network.slug)
    note_act(_("Network “%(name)s”", name=network.name), DecisionAct.WITHDRAWN, by=by, reason=_("Deleted."))
    db.session.delete(network)
    save()
    forget_hosts()


def history_of(network: Network) -> Iterator[str]:
    """What keeps a network from being deleted, in words."""
    for model, words in (
        (Membership, _("members, or members that left")),
        (Application, _("applications")),
        (PublicNeed, _("needs")),
    ):
        if db.session.scalar(sa.select(model.id).where(model.network_id == network.id).limit(1)):
            yield words
    scopes = (Edition.scope == f"network/{network.slug}", Edition.scope.startswith(f"hub/{network.slug}/"))
    if db.session.scalar(sa.select(Edition.id).where(sa.or_(*scopes)).limit(1)):
        yield _("frozen facts")
