"""A network with hubs whose members state employees, turnover and projects: what the tests of facts are about."""

from datetime import date
from typing import Any

from facilities.catalogue.models import Kind, Organisation
from facilities.db import db
from facilities.networks.models import Hub, MemberCategory, Membership, Network, NetworkKind
from tests.listings import add


def company(name: str, **fields: Any) -> Organisation:
    """A published company of Uppsala."""
    usual = {"organisation_kind": "company", "city": "Uppsala", "country": "SE", "lat": 59.86, "lng": 17.64}
    made: Organisation = add(Kind.ORGANISATION, name, **(usual | fields))
    return made


def companies(count: int, beginning: str, **fields: Any) -> list[Organisation]:
    """So many companies with the same fields."""
    return [company(f"{beginning} {number}", **fields) for number in range(1, count + 1)]


def network(slug: str, *hubs: str) -> Network:
    """A published network with a category of members and these hubs."""
    made = Network(slug=slug, kind=NetworkKind.CLUSTER, names={"en": slug.title()})
    made.categories.append(MemberCategory(slug="firms", names={"en": "Firms", "sv": "Företag"}))
    made.hubs += [Hub(slug=hub, names={"en": hub.title()}) for hub in hubs]
    db.session.add(made)
    db.session.commit()
    return made


def join(of: Network, members: list[Organisation], hub: str = "", **fields: Any) -> None:
    """Memberships of the network's only category."""
    there = next((each.id for each in of.hubs if each.slug == hub), None)
    usual = {"since": date(2020, 1, 1), "category_id": of.categories[0].id, "hub_id": there}
    for member in members:
        db.session.add(Membership(network_id=of.id, organisation_id=member.id, **(usual | fields)))
    db.session.commit()
