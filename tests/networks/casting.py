"""Two networks with members, desks and a hub, for tests."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from facilities.accounts.models import User
from facilities.catalogue.models import Kind, Listing
from facilities.db import db
from facilities.networks.models import Hub, MemberCategory, Membership, Network, NetworkGrant, NetworkKind
from facilities.search.index import rebuild
from tests.listings import add
from tests.people import add_user


@dataclass
class Cast:
    """The north has two members, one in its hub; the south has one of them. Each has a desk, the north's hub too."""

    north: Network
    south: Network
    hub: Hub
    companies: MemberCategory
    university: Listing
    company: Listing
    outsider: Listing
    desk: User
    hub_desk: User
    other_desk: User


def add_network(slug: str, name: str, **fields: Any) -> Network:
    network = Network(slug=slug, kind=fields.pop("kind", NetworkKind.CLUSTER), names={"en": name}, **fields)
    db.session.add(network)
    db.session.flush()
    return network


def join(network: Network, organisation: Listing, **fields: Any) -> Membership:
    membership = Membership(network_id=network.id, organisation_id=organisation.id, **fields)
    db.session.add(membership)
    db.session.flush()
    return membership


def run(network: Network, name: str, hub: Hub | None = None) -> User:
    """Somebody of the desk of the network or hub."""
    user = add_user(name)
    db.session.add(NetworkGrant(user_id=user.id, network_id=network.id, hub_id=hub.id if hub else None))
    db.session.commit()
    return user


def cast() -> Cast:
    university = add(Kind.ORGANISATION, "Fjord University", city="Bergen", country="NO", organisation_kind="university")
    company = add(
        Kind.ORGANISATION, "Peptide Works", city="Lund", country="SE", organisation_kind="service_company"
    )  # fmt: skip
    outsider = add(Kind.ORGANISATION, "Lonely Labs", city="Umeå", country="SE", organisation_kind="company")
    add(Kind.INSTRUMENT, "Orbitrap of the north", parent=university, manufacturer="Thermo")
    add(Kind.SERVICE, "Peptide synthesis", parent=company)
    north, south = add_network("north", "Northern Cluster"), add_network("south", "Southern Association")
    hub = Hub(network_id=north.id, slug="coast", names={"en": "Coast"}, city="Bergen", country="NO")
    companies = MemberCategory(network_id=north.id, slug="companies", names={"en": "Companies"}, fee="9,000 NOK a year")
    db.session.add_all([hub, companies])
    db.session.flush()
    join(north, university, hub_id=hub.id, founder=True, since=date(2020, 1, 1))
    join(north, company, category_id=companies.id, since=date(2024, 5, 1), note="Pays late.")
    join(south, company, partner=True)
    db.session.commit()
    rebuild()
    return Cast(
        north, south, hub, companies, university, company, outsider,
        run(north, "North Desk"), run(north, "Coast Desk", hub), run(south, "South Desk"),
    )  # fmt: skip
