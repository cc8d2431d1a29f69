"""The networks and needs of the demo catalogue: loaded, loaded again, and taken away without touching others'."""

import json
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from facilities.catalogue.models import Kind, Listing, Phase, Source, SourceRecord
from facilities.db import db
from facilities.exchange.demo import FOLDER
from facilities.exchange.demo_networks import load_networks, remove_networks
from facilities.formats import site_today
from facilities.needs.models import PublicNeed
from facilities.networks.models import Membership, Network, NetworkKind
from tests.listings import add

RECORDS = [json.loads(line) for line in (FOLDER / "records.jsonl").read_text(encoding="utf-8").splitlines()]
NETWORKS = json.loads((FOLDER / "networks.json").read_text(encoding="utf-8"))
SAID = {
    "networks": [
        {
            "slug": "arc", "kind": "cluster", "organisation": "demo:org-a", "names": {"en": "Arc"},
            "hubs": [{"slug": "north", "names": {"en": "North"}}],
            "categories": [{"slug": "company", "names": {"en": "Company"}}],
            "members": [
                {"organisation": "demo:org-a", "category": "company", "hub": "north", "since": "2010-01-01",
                 "founder": True},
                {"organisation": "demo:org-b", "category": "company", "since": "2012-01-01", "until": "2019-12-31"},
                {"organisation": "demo:org-gone", "category": "company", "since": "2012-01-01"},
            ],
        }
    ],
    "needs": [
        {"id": "demo:need", "organisation": "demo:org-a", "network": "arc", "language": "en", "title": "A line",
         "text": "To fill vials.", "place": "Lund", "days": 30}
    ],
}  # fmt: skip


@pytest.fixture
def organisations(app_on: Flask) -> list[Listing]:
    """Two organisations of the demo source."""
    db.session.add(Source(name="demo", title="Demo"))
    made = [add(Kind.ORGANISATION, f"Demo {key}") for key in "ab"]
    for key, listing in zip("ab", made, strict=True):
        db.session.add(SourceRecord(source="demo", source_id=f"demo:org-{key}", listing_id=listing.id, record={}))
    db.session.commit()
    return made


def load(folder: Path, said: dict[str, Any]) -> set[int]:
    path = folder / "networks.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    changed = load_networks(path, source="demo")
    db.session.commit()
    return changed


def test_a_network_comes_with_its_members_and_needs(organisations: list[Listing], tmp_path: Path) -> None:
    changed = load(tmp_path, SAID)
    assert changed == {listing.id for listing in organisations}
    founder, past = db.session.scalars(sa.select(Membership).order_by(Membership.since))
    assert founder.hub
    assert (founder.founder, founder.hub.slug, founder.until) == (True, "north", None)
    assert past.until == date(2019, 12, 31)
    need = db.session.scalars(sa.select(PublicNeed)).one()
    assert need.ends_on == site_today() + timedelta(days=30)


def test_loading_again_changes_nothing_and_only_what_differs(organisations: list[Listing], tmp_path: Path) -> None:
    load(tmp_path, SAID)
    version = db.session.scalars(sa.select(Network)).one().version
    assert load(tmp_path, SAID) == set()
    assert db.session.scalars(sa.select(Network)).one().version == version
    other = json.loads(json.dumps(SAID))
    other["networks"][0]["members"][0]["partner"] = True
    assert load(tmp_path, other) == {organisations[0].id}
    assert db.session.scalar(sa.select(sa.func.count(Membership.id))) == 2
    other["networks"][0]["members"][1]["since"] = "2013-01-01"
    assert load(tmp_path, other) == {organisations[1].id}
    assert db.session.scalar(sa.select(sa.func.count(Membership.id))) == 2


def test_a_need_that_has_ended_begins_anew_at_the_next_load(organisations: list[Listing], tmp_path: Path) -> None:
    load(tmp_path, SAID)
    need = db.session.scalars(sa.select(PublicNeed)).one()
    need.ends_on = site_today() - timedelta(days=1)
    db.session.commit()
    load(tmp_path, SAID)
    assert need.ends_on > site_today()


def test_what_the_site_made_itself_stays(organisations: list[Listing], tmp_path: Path) -> None:
    own = Network(slug="own", kind=NetworkKind.CLUSTER, names={"en": "Own"})
    db.session.add(own)
    load(tmp_path, SAID)
    arc = db.session.scalars(sa.select(Network).where(Network.slug == "arc")).one()
    db.session.add(Membership(network_id=arc.id, organisation_id=organisations[1].id, made_by="Desk"))
    db.session.commit()
    load(tmp_path, SAID)
    made_by = db.session.scalars(sa.select(Membership.made_by).where(Membership.network_id == arc.id))
    assert Counter(made_by) == {"demo catalogue": 2, "Desk": 1}
    assert remove_networks(source="demo") == {listing.id for listing in organisations}
    db.session.commit()
    assert list(db.session.scalars(sa.select(Network.slug))) == ["own"]
    assert not db.session.scalars(sa.select(PublicNeed)).all()


def test_the_demo_can_show_each_kind_of_network() -> None:
    kinds = {each["slug"]: each for each in NETWORKS["networks"]}
    organisations = {each["id"]: each for each in RECORDS if each["type"] == "organisation"}
    members = {slug: [organisations[m["organisation"]] for m in each["members"]] for slug, each in kinds.items()}
    assert len(kinds["malarbage"]["hubs"]) == 3
    danish = [each for each in members["bolgekam"] if each["kind"] == "service_company" and each["country"] == "DK"]
    assert sum("manufacturing" in each["roles"] for each in danish) >= 6
    pipelines = [each["pipeline"] for each in members["fjordlys"] if each.get("pipeline")]
    assert len(pipelines) >= 10
    assert {project["phase"] for projects in pipelines for project in projects} == set(Phase)
    premises = [
        each for each in RECORDS if each.get("offer_kind") == "premises" and each["parent"].endswith("rapsfaltet")
    ]
    assert {kind for each in premises for kind in each["premises"]} == {"laboratory", "office", "production", "plot"}


def test_the_demo_is_whole_and_believable() -> None:
    ids = {each["id"] for each in RECORDS}
    assert {each.get("parent") for each in RECORDS} - {None} <= ids
    named = {m["organisation"] for each in NETWORKS["networks"] for m in each["members"]}
    named |= {each["organisation"] for each in NETWORKS["needs"]}
    assert named <= ids
    assert {each["kind"] for each in RECORDS if each["type"] == "organisation"} >= {
        "university", "hospital", "institute", "company", "service_company", "supplier", "investor", "science_park",
        "cluster", "authority", "interest",
    }  # fmt: skip
    pictures = {image["file"] for each in RECORDS for image in each.get("images", ())}
    pictures |= {each["logo"].rpartition("/")[2] for each in NETWORKS["networks"]}
    assert {name for name in pictures if not (FOLDER / "images" / name).is_file()} == set()
