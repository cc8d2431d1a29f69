"""Applications for membership: made, withdrawn, decided. Each with its letters in one transaction."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from facilities.accounts.models import User
from facilities.accounts.rights import may_moderate
from facilities.catalogue.actions import make_listing
from facilities.catalogue.models import Kind, Listing, Organisation, Status
from facilities.catalogue.models.parts import Actor
from facilities.db import db, now
from facilities.enquiries.queries import mailbox_of
from facilities.networks import letters
from facilities.networks.changing import note, save
from facilities.networks.members import today
from facilities.networks.memberships import AlreadyMember, make_member, running
from facilities.networks.models import Application, ApplicationState, Network

MOST_OF_ADDRESS = 5
"""Applications of one mailbox that wait at one network, or that came to it within a day: each sends letters."""

MOST_ANYWHERE = 10
"""The same at all networks of the site together."""


class AlreadyDecided(Exception):
    """The application no longer waits."""


class NetworkClosed(Exception):
    """The network has ended: it takes no new members."""


class TooMany(Exception):
    """The mailbox has MOST_OF_ADDRESS applications at the network, or MOST_ANYWHERE on the site."""


def application_by_token(token: str, *, lock: bool = False) -> Application | None:
    """The application whose private link has the token; locked to be changed."""
    query = sa.select(Application).where(Application.token == token)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(query)


def apply(network: Network, fields: Mapping[str, Any], *, form_id: str, user: User | None, locale: str) -> Application:
    """Store an application with the receipt and the letters to the desk; the same form sent twice is one application.
    Raises AlreadyMember and TooMany."""
    known = db.session.scalar(sa.select(Application).where(Application.form_id == form_id))
    if known is not None:
        return known
    organisation_id = fields.get("organisation_id")
    if organisation_id and running(network, organisation_id):
        raise AlreadyMember(organisation_id)
    _check_few(network, fields["contact_email"])
    application = Application(
        network_id=network.id,
        token=secrets.token_urlsafe(24),
        form_id=form_id,
        user_id=user.id if user else None,
        locale=locale,
        **dict(fields),
    )
    db.session.add(application)
    db.session.flush()
    letters.received(application)
    letters.tell_desk(application)
    note(network, "applied", by=Actor(application.name[:120]), about=application.name)
    db.session.commit()
    return application


def withdraw(application: Application) -> None:
    """Take an application back. Doing it twice does no harm. Raises AlreadyDecided."""
    if application.state == ApplicationState.WITHDRAWN:
        return
    _check_waiting(application)
    application.state, application.decided_at = ApplicationState.WITHDRAWN, now()
    note(application.network, "application_withdrawn", by=Actor(application.name[:120]), about=application.name)
    db.session.commit()


def accept(
    application: Application,
    *,
    by: User,
    organisation: Listing | None,
    category_id: int | None,
    hub_id: int | None,
    reason: str = "",
) -> None:
    """Make the applicant a member from today on. Without `organisation` a listing is made of what the application says:
    published if the site's desk decides, else for that desk to look at. One commit. Raises AlreadyDecided,
    NetworkClosed and AlreadyMember."""
    _check_waiting(application)
    if application.network.closed():
        raise NetworkClosed(application.network_id)
    listing = organisation or _new_listing(application, by=by)
    db.session.flush()
    place = {"category_id": category_id, "hub_id": hub_id, "since": today()}
    make_member(application.network, listing, place, by=by.actor)
    application.organisation_id = listing.id
    application.category_id, application.hub_id = category_id, hub_id
    _decide(application, ApplicationState.ACCEPTED, reason, by=by)
    save([listing.id])


def decline(application: Application, *, by: User, reason: str) -> None:
    """Turn an application down. Raises AlreadyDecided."""
    _check_waiting(application)
    _decide(application, ApplicationState.DECLINED, reason, by=by)
    db.session.commit()


def _decide(application: Application, state: ApplicationState, reason: str, *, by: User) -> None:
    """The words to the applicant stay out of the network's log: they go when the application is emptied."""
    application.state, application.reason = state, reason
    application.decided_by, application.decided_at = by.actor.name[:120], now()
    what = "application_accepted" if state == ApplicationState.ACCEPTED else "application_declined"
    note(application.network, what, by=by.actor, about=application.name)
    letters.decided(application)


def _check_waiting(application: Application) -> None:
    if application.state != ApplicationState.WAITING:
        raise AlreadyDecided(application.id)


def content_of(application: Application) -> dict[str, Any]:
    """What the application says of the organisation, as a listing says it."""
    said = {
        "name": application.name,
        "organisation_kind": application.organisation_kind or "company",
        "company_number": application.company_number,
        "url": application.url,
        "city": application.city,
        "country": application.country,
    }
    return {name: value for name, value in said.items() if value}


def _new_listing(application: Application, *, by: User) -> Listing:
    status = Status.PUBLISHED if may_moderate(by) else Status.IN_REVIEW
    return make_listing(Kind.ORGANISATION, content_of(application), parent=None, by=by.actor, status=status)


def organisation_chosen(number: int) -> Organisation | None:
    """The published organisation of that number."""
    found = db.session.get(Organisation, number)
    return found if found is not None and found.status == Status.PUBLISHED else None


def _check_few(network: Network, email: str) -> None:
    """Raises TooMany by the applications of a mailbox that wait, or that came within a day and were withdrawn or
    decided."""
    waits = sa.or_(Application.state == ApplicationState.WAITING, Application.applied_at > now() - timedelta(days=1))
    mailbox, domain = mailbox_of(email)
    near = sa.func.lower(Application.contact_email).endswith(f"@{domain}", autoescape=True)
    rows = db.session.execute(sa.select(Application.network_id, Application.contact_email).where(near, waits))
    lately = [network_id for network_id, address in rows if mailbox_of(address) == (mailbox, domain)]
    if len(lately) >= MOST_ANYWHERE or lately.count(network.id) >= MOST_OF_ADDRESS:
        raise TooMany
