"""A small catalogue with one of everything that a route may be about, and people of every kind who try to open it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer

from facilities.accounts.invitations import invite
from facilities.accounts.models import Grant, Invitation, OwnerRole, Scope, SiteRole, User
from facilities.api.tokens import issue_token
from facilities.catalogue import actions
from facilities.catalogue.models import Kind, Review, Status
from facilities.catalogue.models.parts import Actor
from facilities.catalogue.vocabulary.entries import entry_of
from facilities.db import db, now
from facilities.enquiries.booking.events import hold
from facilities.enquiries.booking.times import Span
from facilities.enquiries.files import take_file
from facilities.enquiries.models import AnswerTemplate, BlockedSender, Stage
from facilities.insight.models import Edition
from facilities.manage.models import ImportRun, ImportState
from facilities.moderation.claiming import token_of
from facilities.moderation.merging import merge_listings
from facilities.moderation.models import Claim, Duplicate, Preferences, Proposal, Report, ReportReason
from facilities.moderation.vocabulary.changing import change_technique
from facilities.needs.letters import end_path
from facilities.needs.models import NeedState, PublicNeed
from facilities.networks.models import (
    Application,
    Hub,
    MemberCategory,
    Membership,
    Network,
    NetworkGrant,
    NetworkKind,
)
from facilities.search.saved.models import Frequency, SavedSearch
from tests.enquiry_cast import enquiry_to
from tests.listings import add, small_catalogue
from tests.people import add_user, client_of
from tests.vocabulary import add_technique

PEOPLE = ("anonymous", "stranger", "other_editor", "other_manager", "editor", "manager", "moderator", "administrator")
"""In the order of the letters of the table: the editor and the manager are those of the university, whose managers
accept changes, and of the institute `strict`, where only the desk does."""

CSRF = "0" * 40
"""What the sessions of all of them hold, so that forms can be sent without having been opened."""

OK, SIGN_IN, FORBIDDEN, HIDDEN = "osfn"


class World:
    """The application with its cast. `ids` are what the addresses of the table name in braces."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.people: dict[str, User | None] = {"anonymous": None}
        self.secrets: dict[str, str] = {}
        self.ids: dict[str, object] = {}
        self.changed = False
        self._make_listings()
        self._make_people()
        self._make_cases()
        self._make_enquiry()
        self._make_networks()
        self._make_needs()
        db.session.close()
        self.csrf_token = URLSafeTimedSerializer(app.secret_key or "", salt="wtf-csrf-token").dumps(CSRF)
        self.file = Path(current_app.config["INSTANCE_PATH"]) / "catalogue.sqlite"
        self.before = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.file)) as now_there:
            now_there.backup(self.before)

    def walk(self, method: str, address: str) -> str:
        """What each of PEOPLE is answered, one letter each."""
        return "".join(self._answer(person, method, address.format_map(self.ids)) for person in PEOPLE)

    def _answer(self, person: str, method: str, address: str) -> str:
        if self.changed:
            self._put_back()
        self.changed = method != "GET"
        headers = {}
        if address.startswith("/api/v1") and person in self.secrets:
            headers = {"Authorization": f"Bearer {self.secrets[person]}"}
        client = self._client(person)
        headers["X-CSRFToken"] = self.csrf_token
        body = {"json": {}} if address.startswith("/api/") and method != "GET" else {}
        with client.open(address, method=method, headers=headers, **body) as answer:
            return _letter(answer.status_code, answer.location or "")

    def _client(self, person: str) -> FlaskClient:
        client = client_of(self.app, self.people[person])
        with client.session_transaction() as session:
            session["csrf_token"] = CSRF
        return client

    def _put_back(self) -> None:
        """Everything as it was before somebody changed it."""
        db.session.close()
        db.engine.dispose()
        with closing(sqlite3.connect(self.file)) as there:
            self.before.backup(there)

    def _make_listings(self) -> None:
        university, facility, instrument = small_catalogue()
        draft = actions.create_listing(Kind.INSTRUMENT, {"name": "Draft microscope"}, parent=facility, by="test")
        other = add(Kind.ORGANISATION, "Other University", city="Lund", country="SE")
        waiting = actions.create_listing(
            Kind.INSTRUMENT, {"name": "New microscope"}, parent=facility, by="test", status=Status.IN_REVIEW
        )
        actions.update_listing(instrument, {"model": "LSM 880 Airyscan"}, by="test")
        strict = add(Kind.ORGANISATION, "Strict Institute", city="Lund", country="SE")
        strict.review = Review.DESK
        self.listings = {
            "university": university,
            "facility": facility,
            "instrument": instrument,
            "draft": draft,
            "waiting": waiting,
            "other": other,
            "strict": strict,
        }
        self.ids |= {name: listing.id for name, listing in self.listings.items()} | {"path": instrument.path}

    def _make_people(self) -> None:
        university, other = self.listings["university"], self.listings["other"]
        self.people |= {
            "stranger": add_user("Stranger"),
            "other_editor": add_user("Other Editor", editor_of=other),
            "other_manager": add_user("Other Manager", manager_of=other),
            "editor": add_user("Editor", editor_of=university),
            "manager": add_user("Manager", manager_of=university),
            "moderator": add_user("Moderator", site_role=SiteRole.MODERATOR),
            "administrator": add_user("Administrator", site_role=SiteRole.ADMINISTRATOR),
        }
        for user, role in ((self.people["editor"], OwnerRole.EDITOR), (self.people["manager"], OwnerRole.MANAGER)):
            assert user is not None
            db.session.add(Grant(user_id=user.id, listing_id=self.listings["strict"].id, role=role))
        db.session.commit()
        for person, user in self.people.items():
            if user is not None:
                until = now() + timedelta(days=1)
                self.secrets[person] = issue_token(user, name="test", scopes=list(Scope), expires_at=until)[1]
        self.ids["user"] = add_user("Somebody Else").id

    def _make_cases(self) -> None:
        facility, instrument, other = (self.listings[name] for name in ("facility", "instrument", "other"))
        claimant = add_user("Claimant")
        colleague = add_user("Colleague", editor_of=facility)
        invitation = invite("invited@example.org", by=None, listing=facility, role=OwnerRole.EDITOR)
        first, second = sorted((instrument.id, other.id))
        made: dict[str, Any] = {
            "report": Report(listing=instrument, reason=ReportReason.WRONG, message="Moved."),
            "claim": Claim(listing=facility, user=claimant, mailed_to="known@example.org", mailed_at=now()),
            "pair": Duplicate(first_id=first, second_id=second, signs=["name"]),
            "proposal": Proposal(listing=facility, made_by="test", changes={"name": ["Lumen Imaging", "Lumen"]}),
            "strict_proposal": Proposal(listing=self.listings["strict"], made_by="test", changes={"name": ["", "X"]}),
            "run": ImportRun(listing=facility, source="test", state=ImportState.CHECKED, file_name="a.csv",
                             stored_as="a.csv", made_by="test"),
        }  # fmt: skip
        db.session.add_all([*made.values(), Preferences(id=1, decisions_public=True)])
        db.session.commit()
        twin = add(Kind.ORGANISATION, "Twin University", city="Lund", country="SE")
        made["merge"] = merge_listings(other, twin, fields={}, by="test")
        saved = SavedSearch(email="saved@example.org", args="q=confocal", frequency=Frequency.DAILY, locale="en")
        db.session.add(saved)
        db.session.commit()
        self.ids |= {name: row.id for name, row in made.items()} | {"saved": saved.token}
        technique = add_technique("flow-cytometry", "Flow cytometry")
        change = change_technique(technique, entry_of(technique) | {"abbreviations": ["FCM"]}, by=Actor("test"))
        self.ids |= {"technique": technique.slug, "change": change.id if change else 0}
        self.ids |= {"first": first, "second": second, "invitation": invitation.id}
        self.ids |= {"grant": _grant_of(colleague).id, "claim_token": token_of(made["claim"])}

    def _make_enquiry(self) -> None:
        """A question to the instrument: its managers and the desk may read the thread."""
        enquiry = enquiry_to(self.listings["instrument"])
        tomorrow = now() + timedelta(days=1)
        hold(enquiry.threads[0], Span(tomorrow, tomorrow + timedelta(hours=1)), at=now())
        template = AnswerTemplate(listing=self.listings["instrument"], name="Welcome", body="Dear {name}")
        file = take_file("plan.txt", b"Plan.")
        enquiry.files.append(file)
        db.session.add_all([enquiry, template])
        db.session.commit()
        self.ids["enquiry_file"] = file.id
        self.ids["answer_template"] = template.id
        held, need, blocked = enquiry_to(), enquiry_to(), BlockedSender(pattern="@example.net")
        held.stage, need.stage = Stage.HELD, Stage.TO_MATCH
        db.session.add_all([held, need, blocked])
        db.session.commit()
        self.ids |= {"held": held.id, "need": need.id, "blocked": blocked.id}
        self.ids |= {"thread": enquiry.threads[0].id, "enquiry": enquiry.id, "enquiry_token": enquiry.token}
        self.ids |= {"recipient": enquiry.recipients[0].id, "recipient_token": enquiry.recipients[0].token}

    def _make_networks(self) -> None:
        """Two networks with a hub each: manager and editor are the desks of one, the other two of the other."""
        network = Network(slug="north", kind=NetworkKind.CLUSTER, names={"en": "North"})
        other = Network(slug="south", kind=NetworkKind.CLUSTER, names={"en": "South"})
        db.session.add_all([network, other])
        db.session.flush()
        hub, other_hub = (Hub(network_id=each.id, slug="coast", names={"en": "Coast"}) for each in (network, other))
        own_hub = Hub(network_id=network.id, slug="fjord", names={"en": "Fjord"})
        category = MemberCategory(network_id=network.id, slug="companies", names={"en": "Companies"})
        membership = Membership(network_id=network.id, organisation_id=self.listings["university"].id)
        application = Application(
            token="applied", form_id="applied", network_id=network.id, name="Lonely Labs", contact_name="Ada",
            contact_email="ada@example.org",
        )  # fmt: skip
        db.session.add_all([hub, other_hub, own_hub, category, membership, application])
        db.session.flush()
        grants = [
            self._desk("manager", network),
            self._desk("editor", network, hub),
            self._desk("other_manager", other),
            self._desk("other_editor", other, other_hub),
        ]
        invitation = Invitation(email="desk@example.net", network_id=network.id, invited_at=now())
        facts = {"scope": "", "names": {}, "on": "2025-12-31", "counts": {}, "figures": [], "marks": {}}
        editions = [
            Edition(scope=scope, year=2025, title="Facts", facts=facts, frozen_by="test")
            for scope in ("site", "network/north", "hub/north/coast")
        ]
        db.session.add_all([*grants, invitation, *editions])
        db.session.commit()
        self.ids |= {"network": "north", "other_network": "south", "hub": "coast", "application_token": "applied"}
        self.ids |= {"category": category.id, "membership": membership.id, "application": application.id}
        self.ids |= {"desk_grant": grants[1].id, "desk_invitation": invitation.id, "own_hub": "fjord"}

    def _make_needs(self) -> None:
        """Of the university: one that is open, one that waits for the first network's desk, one for the site's."""
        network = db.session.scalars(sa.select(Network).where(Network.slug == self.ids["network"])).one()
        organisation, day = self.listings["university"].id, now().date() + timedelta(days=30)
        made = {
            "open_need": PublicNeed(state=NeedState.OPEN),
            "waiting_need": PublicNeed(network_id=network.id),
            "site_need": PublicNeed(),
        }
        for name, need in made.items():
            need.form_id, need.title, need.organisation_id, need.ends_on = name, name, organisation, day
        db.session.add_all(made.values())
        db.session.commit()
        stranger = self.people["stranger"]
        assert stranger is not None
        self.ids |= {name: need.id for name, need in made.items()} | {"end_of_letters": end_path(stranger)}

    def _desk(self, person: str, network: Network, hub: Hub | None = None) -> NetworkGrant:
        user = self.people[person]
        assert user is not None
        return NetworkGrant(user_id=user.id, network_id=network.id, hub_id=hub.id if hub else None)


def worlds(app: Flask) -> Iterator[World]:
    world = World(app)
    yield world
    world.before.close()


def _grant_of(user: User) -> Grant:
    return user.grants[0]


def _letter(code: int, location: str) -> str:
    if code == 401 or (code == 303 and location.startswith("/sign-in?next=")):
        return SIGN_IN
    if code >= 500 or code == 405:
        return f"<{code}>"
    return {403: FORBIDDEN, 404: HIDDEN}.get(code, OK)
