"""What an import is told: where it may change things, for whom, and which column is which field."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from facilities.accounts.rights import may_import, may_publish
from facilities.catalogue.models import Actor, Kind
from facilities.catalogue.queries.loading import listing_to_read
from facilities.db import db
from facilities.manage.models import ImportRun

RUN_PREFIX = "listing-"


class CannotImport(Exception):
    """The import cannot be done any more; the message says why."""


@dataclass(frozen=True, slots=True)
class Order:
    """`below` is the listing that everything belongs to, `top` the organisation at the top, if there is one.

    `columns` is {heading: key}; `defaults` {key: cell}. Without `publishes`, new listings wait for review and changes
    of published ones become proposals.
    """

    run_id: int
    below: int
    below_kind: Kind
    below_name: str
    top: int | None
    source: str
    columns: Mapping[str, str]
    defaults: Mapping[str, str]
    by: Actor
    user_id: int | None
    publishes: bool
    withdraw_gone: bool = False


def order_of(run: ImportRun) -> Order:
    """What the run is told, by the rights that its author has now. Raises CannotImport when they have none any more."""
    listing = listing_to_read(run.listing_id)
    author = run.author
    if listing is None or author is None or not may_import(author, listing):
        db.session.rollback()
        raise CannotImport(_("Whoever started the import may not import here any more: start it anew."))
    top = list(listing.lineage())[-1]
    return Order(
        run_id=run.id,
        below=listing.id,
        below_kind=listing.kind,
        below_name=listing.name,
        top=top.id if top.kind == Kind.ORGANISATION else None,
        source=run.source,
        columns={heading: key for heading, key in run.columns.items() if key},
        defaults={key: value for key, value in run.defaults.items() if value},
        by=author.actor,
        user_id=author.id,
        publishes=may_publish(author, listing),
        withdraw_gone=bool(run.report.get("withdraw_gone")),
    )


def own_source(listing_id: int) -> str:
    """The source of what owners import below a listing, unless they choose another."""
    return f"{RUN_PREFIX}{listing_id}"
