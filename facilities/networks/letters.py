"""The letters about applications for membership; the caller commits."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app

from facilities.accounts.models import User
from facilities.db import db
from facilities.networks.desks import desk_of
from facilities.networks.models import Application, Network
from facilities.networks.rights import may_run_network
from facilities.outbox.letters import post


@dataclass(frozen=True, slots=True)
class Told:
    """Who gets a letter about what waits. `decides` is whether the account of the address may decide about it."""

    address: str
    locale: str
    decides: bool


def private_path(application: Application) -> str:
    """The applicant's private page. Whoever has the address is the applicant."""
    return f"/networks/applications/{application.token}"


def desk_path(application: Application) -> str:
    """Where the network's desk decides."""
    return f"/manage{application.network.path}/applications/{application.id}"


def received(application: Application) -> None:
    """To the applicant: it has come, and where to follow it."""
    post(
        "application_received",
        application.contact_email,
        locale=application.locale,
        application=application,
        link=private_path(application),
    )


def tell_desk(application: Application) -> None:
    """To everybody who decides, and to the desk of the hub it is for: there is one to decide."""
    _to_desks("application_new", application)


def remind_desk(application: Application) -> None:
    """To the same: the application still waits."""
    _to_desks("application_waiting", application)


def decided(application: Application) -> None:
    """To the applicant: what the desk has decided, with its words."""
    post(
        "application_decided",
        application.contact_email,
        locale=application.locale,
        application=application,
        link=private_path(application),
    )


def deciders(network: Network) -> list[Told]:
    """The network's desk and the present contacts of its own listing; the site's desk if it has neither."""
    users = [grant.user for grant in desk_of(network) if grant.hub_id is None and grant.user.active]
    found = {user.email.lower(): Told(user.email.lower(), user.locale, decides=True) for user in users}
    contacts = network.organisation.contacts if network.organisation else []
    for address in (contact.email.lower() for contact in contacts if contact.email and not contact.left_at):
        found.setdefault(address, Told(address, "", decides=_decides(address, network)))
    return list(found.values()) or [Told(current_app.config["DESK_EMAIL"], "", decides=True)]


def _decides(address: str, network: Network) -> bool:
    account = db.session.scalar(sa.select(User).where(sa.func.lower(User.email) == address))
    return may_run_network(account, network)


def _to_desks(name: str, application: Application) -> None:
    told = {each.address: each for each in deciders(application.network)}
    for grant in desk_of(application.network):
        user = grant.user
        if application.hub_id and grant.hub_id == application.hub_id and user.active:
            told.setdefault(user.email.lower(), Told(user.email.lower(), user.locale, decides=False))
    for each in told.values():
        values: dict[str, Any] = {"application": application, "link": desk_path(application), "decides": each.decides}
        post(name, each.address, locale=each.locale, **values)
