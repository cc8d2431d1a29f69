"""The letters about applications for membership; the caller commits."""

from flask import current_app

from facilities.networks.desks import desk_of
from facilities.networks.models import Application, Network
from facilities.outbox.letters import post


def private_path(application: Application) -> str:
    """The applicant's private page. Whoever has the address is the applicant."""
    return f"/networks/applications/{application.token}"


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
    """To everybody who decides: there is one to decide."""
    link = f"/manage{application.network.path}/applications/{application.id}"
    for address, locale in deciders(application.network):
        post("application_new", address, locale=locale, application=application, link=link)


def decided(application: Application) -> None:
    """To the applicant: what the desk has decided, with its words."""
    post(
        "application_decided",
        application.contact_email,
        locale=application.locale,
        application=application,
        link=private_path(application),
    )


def deciders(network: Network) -> list[tuple[str, str]]:
    """(address, language) of the network's desk and of the contacts of its own listing that are still there; of the
    site's desk if it has neither."""
    users = [grant.user for grant in desk_of(network) if grant.hub_id is None and grant.user.active]
    found = {user.email.lower(): user.locale for user in users}
    contacts = network.organisation.contacts if network.organisation else []
    for contact in contacts:
        if contact.email and not contact.left_at:
            found.setdefault(contact.email.lower(), "")
    return list(found.items()) or [(current_app.config["DESK_EMAIL"], "")]
