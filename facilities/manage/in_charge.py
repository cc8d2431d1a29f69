"""Who is in charge of listings: the people to ask whether they are still right, and who may say so."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue.models import LISTINGS, Actor, Contact, SourceRecord
from facilities.catalogue.models.listing import DEEPEST
from facilities.db import db
from facilities.exchange.demo import SOURCE as DEMO
from facilities.languages import interface_language


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in charge, with an account (`user_id`) or only a contact of a listing."""

    email: str
    name: str
    locale: str = ""
    user_id: int | None = None

    @property
    def mailbox(self) -> str:
        return self.email.lower()

    @property
    def actor(self) -> Actor:
        return Actor(self.name, self.user_id)

    def mark(self, secret: str) -> str:
        """What a link names this person by without saying the address: 16 letters."""
        return hashlib.blake2b(self.mailbox.encode(), key=secret.encode()[:64], digest_size=8).hexdigest()


class InCharge:
    """The owners and contacts of some listings and of all they belong to. `parents` maps each to what it belongs to,
    the other two map a listing to its people: owners with their role, contacts in their order."""

    def __init__(
        self,
        parents: dict[int, int | None],
        owners: dict[int, list[tuple[OwnerRole, Person]]],
        contacts: dict[int, list[Person]],
    ) -> None:
        self.parents, self.owners, self.contacts = parents, owners, contacts

    @classmethod
    def load(cls, ids: sa.Select[int]) -> "InCharge":
        """Of the listings whose ids the SELECT gives, in three statements."""
        tree = ids.with_only_columns(LISTINGS.c.id, LISTINGS.c.parent_id).cte("tree", recursive=True)
        above = sa.select(LISTINGS.c.id, LISTINGS.c.parent_id).join(tree, LISTINGS.c.id == tree.c.parent_id)
        tree = tree.union(above)
        parents: dict[int, int | None] = dict(db.session.execute(sa.select(tree)).all())
        return cls(parents, _owners(sa.select(tree.c.id)), _contacts(sa.select(tree.c.id)))

    def to_ask(self, listing_id: int) -> list[Person]:
        """The managers with a right nearest above; else the editors; else the first contact."""
        for role in (OwnerRole.MANAGER, OwnerRole.EDITOR):
            for holder in self._lineage(listing_id):
                if people := [person for has, person in self.owners.get(holder, ()) if has == role]:
                    return people
        return next(([found[0]] for holder in self._lineage(listing_id) if (found := self.contacts.get(holder))), [])

    def named(self, mark: str, listing_id: int, secret: str) -> Person | None:
        """The person behind a mark, if in charge of the listing."""
        for holder in self._lineage(listing_id):
            owners = (person for _role, person in self.owners.get(holder, ()))
            for person in (*owners, *self.contacts.get(holder, ())):
                if person.mark(secret) == mark:
                    return person
        return None

    def _lineage(self, listing_id: int) -> Iterator[int]:
        found: int | None = listing_id
        for _ in range(DEEPEST):
            if found is None:
                return
            yield found
            found = self.parents.get(found)


def _owners(ids: sa.Select[int]) -> dict[int, list[tuple[OwnerRole, Person]]]:
    query = (
        sa.select(Grant.listing_id, Grant.role, User.email, User.name, User.locale, User.id)
        .join(User, Grant.user_id == User.id)
        .where(User.active, Grant.listing_id.in_(ids))
        .order_by(Grant.id)
    )
    found: dict[int, list[tuple[OwnerRole, Person]]] = defaultdict(list)
    for listing_id, role, email, name, locale, user_id in db.session.execute(query):
        found[listing_id].append((role, Person(email, name or email.partition("@")[0], locale, user_id)))
    return found


def _contacts(ids: sa.Select[int]) -> dict[int, list[Person]]:
    """Contacts of listings that are real: those of the demo catalogue are invented, and nobody writes to them."""
    invented = sa.select(SourceRecord.listing_id).where(SourceRecord.source == DEMO)
    query = (
        sa.select(Contact.listing_id, Contact.email, Contact.name, Contact.role, Contact.languages, LISTINGS.c.language)
        .join(LISTINGS, LISTINGS.c.id == Contact.listing_id)
        .where(Contact.email != "", Contact.listing_id.in_(ids), Contact.listing_id.not_in(invented))
        .order_by(Contact.listing_id, Contact.position, Contact.id)
    )
    found: dict[int, list[Person]] = defaultdict(list)
    for listing_id, email, name, role, speaks, written in db.session.execute(query):
        language = next(filter(None, map(interface_language, (*(speaks or ()), written))), "")
        found[listing_id].append(Person(email, name or role, language))
    return found
