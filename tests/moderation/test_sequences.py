"""Whatever owners and the desk do, one after the other: the index, the history and the rows go on to agree."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from facilities.accounts.models import SiteRole, User
from facilities.catalogue import content
from facilities.catalogue.actions import (
    CannotMove,
    archive_listing,
    confirm_listing,
    create_listing,
    move_listing,
    publish_listing,
    restore_listing,
    withdraw_listing,
)
from facilities.catalogue.history import content_at
from facilities.catalogue.models import Kind, Listing, Revision, RevisionAct, Status
from facilities.catalogue.queries.loading import listing_to_change
from facilities.catalogue.queries.merged import survivors
from facilities.db import db, writing
from facilities.manage.editing import editable, save_edit
from facilities.manage.models import ImportRun, ImportState
from facilities.moderation.merging import CannotMerge, merge_listings, unmerge
from facilities.moderation.models import Merge
from facilities.moderation.proposals import accept_proposal, open_proposal, reject_proposal
from facilities.search.index import catch_up, check, rebuild
from tests.manage.importing import csv_of, imported, undone
from tests.people import add_user
from tests.vocabulary import add_technique

NAMES = ("Lumen Imaging", "Helix Sequencing", "Nordic Proteomics", "Skerry")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(NAMES),
    "description": st.sampled_from(("", "Confocal microscopy.", "Mass spectrometry of proteins.")),
    "other_names": st.lists(st.sampled_from(NAMES), max_size=2, unique=True),
    "ror": st.sampled_from((None, "048a87296", "05f950310")),
    "contacts": st.lists(
        st.sampled_from(({"role": "Desk", "email": "a@example.org"}, {"role": "B", "email": "b@e.org"})), max_size=3
    ),
    "texts": st.sampled_from(({}, {"sv": {"name": "Ljus", "summary": "Mikroskop"}})),
    "techniques": st.sampled_from(([], ["flow-cytometry"])),
    "access": st.sampled_from((None, {"groups": ["academia"], "modes": ["remote"]})),
    "specification": st.sampled_from(([], [{"name": "Lasers", "value": "5"}])),
}
FIELDS = st.fixed_dictionaries({}, optional=VALUES)
STATUSES = ("status", "parent")
WHICH = st.integers(min_value=0, max_value=20)
ROWS = st.lists(
    st.tuples(st.sampled_from(("A1", "A2")), st.sampled_from(NAMES), st.sampled_from(("", "Zeiss"))),
    min_size=1,
    max_size=2,
    unique_by=lambda row: row[0],
)


class Sequences(RuleBasedStateMachine):
    """What people do with a small catalogue. Each rule is one request: it begins with nothing in the session."""

    desk: int
    editor: int
    top: int

    @initialize()
    def start(self) -> None:
        """Two organisations, two facilities below the first, an instrument below each of these."""
        self.ids: list[int] = []
        first, second = (self._new(Kind.ORGANISATION, name, None) for name in ("Skerry", "Holm"))
        self.top = first.id
        for name in NAMES[:2]:
            lab = self._new(Kind.FACILITY, name, first)
            self._new(Kind.INSTRUMENT, f"{name} microscope", lab)
        self.desk = add_user(f"Desk {second.id}", site_role=SiteRole.MODERATOR).id
        self.editor = add_user(f"Editor {second.id}", editor_of=first).id

    @rule(which=WHICH, fields=FIELDS, by_desk=st.booleans())
    def edit(self, which: int, fields: dict[str, Any], by_desk: bool) -> None:
        listing = self._listing(which)
        if listing.status != Status.MERGED:
            by = db.session.get_one(User, self.desk if by_desk else self.editor)
            refused(lambda: save_edit(listing, fields, opened=editable(listing), by=by), IntegrityError)

    @rule(which=WHICH, accepted=st.booleans())
    def decide(self, which: int, accepted: bool) -> None:
        proposal = open_proposal(self._listing(which))
        if proposal is not None and accepted:
            refused(lambda: accept_proposal(proposal, by="desk"), IntegrityError)
        elif proposal is not None:
            reject_proposal(proposal, reason="No", by="desk")
            db.session.commit()

    @rule(which=WHICH, back=WHICH)
    def restore(self, which: int, back: int) -> None:
        listing = self._listing(which)
        if listing.status != Status.MERGED:
            version = max(1, listing.version - back)
            refused(lambda: restore_listing(listing, version, by="desk"), IntegrityError)

    @rule(which=WHICH, step=st.sampled_from((publish_listing, archive_listing, confirm_listing, "withdraw")))
    def change_status(self, which: int, step: Any) -> None:
        listing = self._listing(which)
        if listing.status == Status.MERGED:
            return
        if step == "withdraw":
            withdraw_listing(listing, reason="Sold", by="desk")
        else:
            step(listing, by="desk")

    @rule(which=WHICH, where=WHICH)
    def move(self, which: int, where: int) -> None:
        listing, parent = self._two(which, where)
        if Status.MERGED not in (listing.status, parent.status):
            refused(lambda: move_listing(listing, parent, by="desk"), CannotMove)

    @rule(which=WHICH, other=WHICH, fields=FIELDS)
    def merge(self, which: int, other: int, fields: dict[str, Any]) -> None:
        kept, merged = self._two(which, other)
        refused(lambda: merge_listings(kept, merged, fields=fields, by="desk"), CannotMerge, IntegrityError)

    @rule(which=WHICH)
    def unmerge(self, which: int) -> None:
        writing()
        merges = db.session.scalars(sa.select(Merge).where(Merge.kept_id.in_(self.ids)).order_by(Merge.id)).all()
        if merges:
            refused(lambda: unmerge(merges[which % len(merges)], by="desk"), CannotMerge)

    @rule(rows=ROWS)
    def import_rows(self, rows: list[tuple[str, str, str]]) -> None:
        top = db.session.get_one(Listing, self.top)
        if top.status == Status.PUBLISHED:
            imported(top, db.session.get_one(User, self.desk), csv_of(("ID", "Name", "Manufacturer"), *rows))
            self._learn()

    @rule(which=WHICH)
    def undo_import(self, which: int) -> None:
        done = sa.select(ImportRun).where(ImportRun.listing_id.in_(self.ids), ImportRun.state == ImportState.DONE)
        runs = db.session.scalars(done.order_by(ImportRun.id)).all()
        if runs:
            undone(runs[which % len(runs)], db.session.get_one(User, self.desk))

    @invariant()
    def all_agree(self) -> None:
        fresh()
        catch_up(timeout=30)
        assert not check()
        for listing_id in self.ids:
            listing = db.session.get_one(Listing, listing_id)
            assert_history_tells_the_rows(listing)
            assert_stands_where_it_belongs(listing)

    def teardown(self) -> None:
        fresh()
        db.session.execute(sa.update(Listing).values(ror=None))
        db.session.commit()

    def _new(self, kind: Kind, name: str, parent: Listing | None) -> Listing:
        made = create_listing(kind, {"name": name}, parent=parent, by="test", status=Status.PUBLISHED)
        self.ids.append(made.id)
        return made

    def _listing(self, which: int) -> Listing:
        """One of the listings, locked, read anew."""
        fresh()
        listing = listing_to_change(self.ids[which % len(self.ids)])
        assert listing is not None
        return listing

    def _two(self, which: int, other: int) -> tuple[Listing, Listing]:
        first, second = self._listing(which), db.session.get(Listing, self.ids[other % len(self.ids)])
        assert second is not None
        return first, second

    def _learn(self) -> None:
        """Know what an import made."""
        fresh()
        below = sa.select(Listing.id).where(Listing.id > self.ids[0]).order_by(Listing.id)
        self.ids = list(dict.fromkeys([*self.ids, *db.session.scalars(below)]))


def refused(act: Callable[[], object], *errors: type[Exception]) -> None:
    """Do it, or have it refused as a whole."""
    try:
        act()
    except errors:
        db.session.rollback()


def fresh() -> None:
    """As in a new request: nothing of the database is known yet."""
    db.session.rollback()
    db.session.expunge_all()


def assert_history_tells_the_rows(listing: Listing) -> None:
    """Versions without a gap; each change begins where the one before ended; the last ones say what the rows say."""
    revisions = db.session.scalars(
        sa.select(Revision).filter_by(listing_id=listing.id).order_by(Revision.version)
    ).all()
    assert [revision.version for revision in revisions] == list(range(1, listing.version + 1))
    said = content_at(listing, 1)
    life: dict[str, Any] = {}
    for revision in revisions:
        for name, (before, after) in revision.changes.items():
            known = life if name in STATUSES else said
            if revision.act != RevisionAct.CREATED and name in known:
                assert known[name] == before, (revision.version, name)
            if name in STATUSES or name in said:
                known[name] = after
    assert content.read(listing) == said
    assert life.get("status", listing.status.value) == listing.status.value
    assert life.get("parent", listing.parent_id) == listing.parent_id


def assert_stands_where_it_belongs(listing: Listing) -> None:
    """Below the organisation that its chain leads to; a merged one is a mere pointer to one that is not."""
    top = list(listing.lineage())[-1]
    expected = top.id if top.kind == Kind.ORGANISATION and top.id != listing.id else None
    assert listing.organisation_id == expected
    if listing.status == Status.MERGED:
        assert listing.ror is None
        assert listing.id in survivors([listing.id])
        assert not db.session.scalars(sa.select(Listing.id).where(Listing.parent_id == listing.id)).all()


@pytest.fixture
def ready(app_on: Flask) -> Flask:
    """An application with an index and a vocabulary of one technique."""
    add_technique("flow-cytometry", "Flow cytometry")
    rebuild()
    return app_on


def test_any_sequence_leaves_index_history_and_rows_in_agreement(ready: Flask) -> None:
    few = db.engine.dialect.name == "postgresql"
    run_state_machine_as_test(
        Sequences,
        settings=settings(
            max_examples=4 if few else 12,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
