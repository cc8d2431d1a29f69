"""Who takes part when a need is posted: a company that looks for something, others that have it, and the desks."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilities.accounts.models import SiteRole, User
from facilities.catalogue.models import Kind, Listing
from facilities.db import db, now
from facilities.needs.models import PublicNeed
from facilities.networks.models import Membership, Network, NetworkGrant, NetworkKind
from facilities.outbox.models import StoredLetter
from facilities.search.index import rebuild
from tests.listings import add
from tests.manage.owner_pages import owner_pages
from tests.people import add_user

WANTED = "aseptic filling of small batches"


@dataclass
class Cast:
    """The application, its listings and people by name."""

    app: Flask
    listings: dict[str, Listing]
    people: dict[str, User]
    network: Network

    def pages(self, person: str) -> FlaskClient:
        return owner_pages(self.app, self.people[person])

    def post(self, person: str = "maja", **answers: Any) -> TestResponse:
        """Send the form for a new need."""
        said = {
            "organisation": self.listings["poster"].id, "network": 0, "title": WANTED, "text": "", "place": "",
            "ends_on": (now().date() + timedelta(days=40)).isoformat(), "language": "en", "form_id": "form",
            "act": "post",
        }  # fmt: skip
        return self.pages(person).post("/needs/new", data=said | answers)

    def posted(self, person: str = "maja", **answers: Any) -> PublicNeed:
        response = self.post(person, **answers)
        assert response.status_code == 303, re.findall("form-error.*", response.text)
        return need_at(response.location)

    def decide(self, need: PublicNeed, act: str, *, person: str = "desk", base: str = "", **more: Any) -> TestResponse:
        """Send the desk's form as its page has it."""
        address, desk = f"{base or '/moderate/public-needs'}/{need.id}", self.pages(person)
        found = re.search(r'name="version"[^>]*value="(\d+)"', desk.get(address).text)
        return desk.post(address, data={"version": found[1] if found else "", "act": act, "reason": ""} | more)

    def published(self, **answers: Any) -> PublicNeed:
        need = self.posted(**answers)
        assert self.decide(need, "publish").status_code == 303
        return need_at(need.path)


def make_cast(app: Flask) -> Cast:
    """A company that posts, two that fill, one with three services, and an organisation that has nothing to do with it;
    the poster and the first filler belong to the network "fillers"."""
    listings: dict[str, Listing] = {
        name: add(Kind.ORGANISATION, title, country=country, organisation_kind="company")
        for name, title, country in (
            ("poster", "Poster Pharma", "SE"),
            ("filler", "Filler AB", "SE"),
            ("many", "Many Fills A/S", "DK"),
            ("choir", "Choir Society", "NO"),
        )
    }
    listings["filling"] = add(
        Kind.SERVICE, "Aseptic filling", parent=listings["filler"], summary="Aseptic filling of small batches"
    )
    listings["own"] = add(Kind.SERVICE, "Own filling", parent=listings["poster"], summary=WANTED)
    for number in range(3):
        add(Kind.SERVICE, f"Filling line {number}", parent=listings["many"], summary=WANTED)
    network = Network(slug="fillers", kind=NetworkKind.CLUSTER, names={"en": "Fillers"})
    other = Network(slug="others", kind=NetworkKind.CLUSTER, names={"en": "Others"})
    db.session.add_all([network, other])
    db.session.flush()
    db.session.add_all(
        Membership(network_id=network.id, organisation_id=listings[name].id) for name in ("poster", "filler")
    )
    people = {
        "maja": add_user("Maja Manager", manager_of=listings["poster"]),
        "fia": add_user("Fia Filler", manager_of=listings["filler"]),
        "nils": add_user("Nils Network"),
        "otto": add_user("Otto Other"),
        "desk": add_user("Dora Desk", site_role=SiteRole.MODERATOR),
    }
    db.session.add(NetworkGrant(user_id=people["nils"].id, network_id=network.id))
    db.session.add(NetworkGrant(user_id=people["otto"].id, network_id=other.id))
    db.session.commit()
    rebuild()
    return Cast(app, listings, people, network)


def need_at(path: str) -> PublicNeed:
    """The need as the database has it now."""
    need = db.session.get(PublicNeed, int(path.rsplit("/", 1)[1]), populate_existing=True)
    assert need is not None
    return need


def letters(name: str = "") -> list[StoredLetter]:
    """The letters about needs that have been written, or those of one name."""
    every = db.session.scalars(sa.select(StoredLetter).order_by(StoredLetter.id))
    return [each for each in every if each.name.startswith(f"public_need_{name}")]
