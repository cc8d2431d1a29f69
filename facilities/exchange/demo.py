"""The demo catalogue: invented organisations in real towns, loaded and taken away as one source."""

from pathlib import Path

import sqlalchemy as sa

from facilities.catalogue.models import LISTINGS, Source, SourceRecord
from facilities.catalogue.vocabulary import load_vocabulary
from facilities.db import db, writing
from facilities.exchange.demo_networks import load_networks, remove_networks
from facilities.exchange.records.importing import Outcome, import_records
from facilities.search.index import follow, mark

SOURCE = "demo"
FOLDER = Path(__file__).parent.parent / "catalogue" / "demo"


def load_demo() -> Outcome:
    """Load or bring up to date the vocabulary and the demo records, in one transaction; then their networks."""
    writing()
    load_vocabulary()
    db.session.merge(Source(name=SOURCE, title="Demo catalogue, invented"))
    outcome = import_records(FOLDER / "records.jsonl", source=SOURCE, by="demo catalogue")
    if outcome.saved:
        _load_networks()
    return outcome


def _load_networks() -> None:
    """In a transaction of their own, since the records were saved: what is missing comes with the next load."""
    writing()
    mark(load_networks(FOLDER / "networks.json", source=SOURCE))
    db.session.commit()


def remove_demo() -> int:
    """Delete every listing that only the demo catalogue brought in; gives their number."""
    writing()
    elsewhere = sa.select(SourceRecord.listing_id).where(SourceRecord.source != SOURCE)
    only_here = sa.select(SourceRecord.listing_id).where(
        SourceRecord.source == SOURCE, SourceRecord.listing_id.not_in(elsewhere)
    )
    ids = list(db.session.scalars(only_here))
    mark({*ids, *remove_networks(source=SOURCE)})
    db.session.execute(sa.delete(LISTINGS).where(LISTINGS.c.id.in_(ids)))
    db.session.execute(sa.delete(SourceRecord).where(SourceRecord.source == SOURCE))
    db.session.execute(sa.delete(Source).where(Source.name == SOURCE))
    db.session.commit()
    follow()
    return len(ids)


def has_demo() -> bool:
    """Whether any demo record is in the catalogue."""
    return bool(db.session.scalar(_HAS_DEMO))


_HAS_DEMO = sa.select(sa.exists().where(Source.name == SOURCE))
"""Made once: every page asks."""
