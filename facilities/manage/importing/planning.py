"""What each row of a file would do, worked out without writing anything.

A row is compared cell by cell with what its source said at the last import, or, for a row of our own export, with what
the listing said at the version that was exported: only what changed there is written, so that what was changed
elsewhere stays.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload, undefer

from facilities.catalogue import content
from facilities.catalogue.history import content_at
from facilities.catalogue.models import LISTINGS, Instrument, Kind, Listing, SourceRecord, Status
from facilities.catalogue.vocabulary import Vocabulary
from facilities.db import db
from facilities.exchange.tables.cells import KEEP, Cells, cells_of, normal, plain
from facilities.exchange.tables.fields import field_of
from facilities.exchange.tables.mapping import understand
from facilities.exchange.tables.reading import Line
from facilities.exchange.tables.values import Unclear, value_of
from facilities.manage.importing.holders import LIVE, Holders, numbered
from facilities.manage.importing.identity import LONGEST, Identities, name_of
from facilities.manage.importing.orders import Order
from facilities.manage.importing.planned import Planned, Result, kind_called

BATCH = 500
PARTS = (
    Listing.texts, Listing.access, Listing.prices, Listing.certificates, Listing.contacts, Listing.attachments,
    Listing.specifications, Listing.sites, Listing.pipeline, Listing.techniques, Listing.categories,
)  # fmt: skip
PLACES = (Kind.ORGANISATION, Kind.FACILITY)
UNKEPT = {"listing", "version"}
INSTRUMENTS = cast("sa.Table", Instrument.__table__)


class Planner:
    """Plans the rows of one file, within the session's transaction. Nothing is written; with `locks`, nobody else
    changes the listings until that transaction ends."""

    def __init__(self, order: Order, *, locks: bool = False) -> None:
        self.order = order
        self.locks = locks
        self.vocabulary = Vocabulary.load()
        self.holders = Holders.load(order.below)
        self.identities = Identities()
        self.seen: set[int] = set()
        self.rors: dict[str, str] = {}
        self.inventory = self._inventory()

    def plan(self, lines: Iterable[Line]) -> Iterator[list[Planned]]:
        """Batches of planned rows, in the order of the lines."""
        lines = iter(lines)
        while batch := list(islice(lines, BATCH)):
            rows = [self._begin(line) for line in batch]
            self._recognise(rows)
            for row in rows:
                if not row.problems:
                    self._decide(row)
            yield rows

    def is_place(self, line: Line) -> bool:
        """Whether a row is an organisation or facility, which others may belong to: those come first."""
        return self._kind(self._cells(line)) in PLACES

    def gone(self) -> list[tuple[int, str]]:
        """(id, name) of the listings that this source brought below the listing and that the file does not have."""
        known = (
            sa.select(LISTINGS.c.id, LISTINGS.c.name, SourceRecord.record)
            .join(SourceRecord, SourceRecord.listing_id == LISTINGS.c.id)
            .where(SourceRecord.source == self.order.source, LISTINGS.c.status == Status.PUBLISHED)
            .order_by(LISTINGS.c.name, LISTINGS.c.id)
        )
        rows = db.session.execute(known.execution_options(yield_per=1000))
        gone = {
            listing_id: name
            for listing_id, name, record in rows
            if listing_id not in self.seen and listing_id in self.holders and record.get("cells")
        }
        return list(gone.items())

    def _inventory(self) -> dict[str, int]:
        """Instruments below the listing by inventory number, where just one has it and this source did not bring it."""
        brought = sa.select(SourceRecord.listing_id).where(SourceRecord.source == self.order.source)
        table = INSTRUMENTS.c
        query = (
            sa.select(table.inventory_number, table.id)
            .join(LISTINGS, LISTINGS.c.id == table.id)
            .where(table.inventory_number != "", LISTINGS.c.status.in_(LIVE), table.id.not_in(brought))
        )
        found: dict[str, int] = {}
        for number, listing_id in db.session.execute(query):
            if listing_id in self.holders:
                found[number] = 0 if number in found else listing_id
        return found

    def _cells(self, line: Line) -> Cells:
        """The cells of the columns that are read, by key; empty ones too."""
        said: Cells = {}
        for heading, key in self.order.columns.items():
            text = normal(plain(line.cells.get(heading, "")))
            if text != KEEP:
                said[key] = text
        return said

    def _begin(self, line: Line) -> Planned:
        cells = self._cells(line)
        row = Planned(line.number, "", cells)
        row.name = name_of(cells)
        if cells.get("listing"):
            return row
        row.source_id = self.identities.of(cells)
        if len(row.source_id) > LONGEST:
            return row.reject("id", _("The id is longer than %(most)d characters: shorten it.", most=LONGEST))
        if first := self.identities.used_by(row.source_id, row.number):
            return row.reject(
                "id",
                _("“%(id)s” was already used in row %(first)d: give each row its own.", id=row.source_id, first=first),
            )
        return row

    def _recognise(self, rows: list[Planned]) -> None:
        """Find the listings that the rows are about: four SELECTs and those of the listings' parts."""
        ids = [row.source_id for row in rows if row.source_id]
        query = sa.select(SourceRecord).where(SourceRecord.source == self.order.source, SourceRecord.source_id.in_(ids))
        known = {each.source_id: each for each in db.session.scalars(query.options(undefer(SourceRecord.record)))}
        wanted: dict[int, int] = {}
        for row in rows:
            if row.problems:
                continue
            row.known = known.get(row.source_id)
            if found := self._listing_id(row):
                wanted[row.number] = found
        listings = self._load(set(wanted.values()))
        for row in rows:
            if row.number in wanted and not row.problems:
                self._attach(row, wanted[row.number], listings)

    def _listing_id(self, row: Planned) -> int | None:
        """The id of the listing that a row is about; a row that may not be about it is rejected."""
        if number := row.cells.get("listing"):
            found = int(number) if number.isdecimal() and len(number) < 10 else 0
            if found not in self.holders:
                row.reject(
                    "listing",
                    _(
                        "There is no listing %(number)s below %(name)s: empty the cell to make a new one.",
                        number=number, name=self.order.below_name,
                    ),
                )  # fmt: skip
                return None
            return found
        if row.known is not None:
            if row.known.listing_id not in self.holders:
                row.reject(
                    "id",
                    _(
                        "“%(id)s” is known here, but does not belong to %(name)s: choose another source name, or ask"
                        " the desk to move it.",
                        id=row.source_id, name=self.order.below_name,
                    ),
                )  # fmt: skip
                return None
            return row.known.listing_id
        found = self.inventory.get(row.cells.get("inventory_number", ""), 0)
        row.joins = bool(found)
        return found or None

    def _load(self, ids: set[int]) -> dict[int, Listing]:
        """The listings with all they say; locked first if the plan is to be carried out."""
        if self.locks:
            db.session.execute(
                sa.select(LISTINGS.c.id).where(LISTINGS.c.id.in_(ids)).order_by(LISTINGS.c.id).with_for_update()
            )
        query = sa.select(Listing).where(Listing.id.in_(ids)).options(*map(selectinload, PARTS))
        return {listing.id: listing for listing in db.session.scalars(query.order_by(Listing.id))}

    def _attach(self, row: Planned, listing_id: int, listings: Mapping[int, Listing]) -> None:
        listing = listings[listing_id]
        if listing_id in self.seen:
            row.reject("listing", _("An earlier row is about the same listing: keep one of them."))
            return
        self.seen.add(listing_id)
        row.listing, row.kind = listing, listing.kind
        row.name = row.name or listing.name
        if listing.status == Status.MERGED:
            row.reject(
                "listing", _("The listing was merged into %(other)d: name that one.", other=listing.successor_id)
            )

    def _decide(self, row: Planned) -> None:
        if row.listing is None:
            self._plan_new(row)
        else:
            self._plan_known(row, row.listing)

    def _plan_new(self, row: Planned) -> None:
        cells = dict(self.order.defaults) | {key: text for key, text in row.cells.items() if text}
        row.kind = self._kind(cells)
        if row.kind is None:
            row.reject("kind", self._why_no_kind(cells))
            return
        row.name = name_of(cells)
        cells["name"] = row.name
        self._settle_parent(row, cells)
        understood = understand(
            row.number, _without(cells, UNKEPT), kind=row.kind, vocabulary=self.vocabulary
        )  # fmt: skip
        row.problems += understood.problems
        row.fields = understood.fields
        if not understood.usable or any(problem.fatal for problem in row.problems):
            return
        self._once_by_ror(row)
        row.result = Result.CREATED
        if row.kind in PLACES:
            self.holders.learn(row.source_id, row.kind, row.name, row.parent)

    def _plan_known(self, row: Planned, listing: Listing) -> None:
        said = content.read(listing)
        base, current = self._base(row, listing, said)
        given = _without(row.cells, UNKEPT | {"id", "kind"})
        changed = {key: text for key, text in given.items() if text != base.get(key, "")}
        row.revives = self._revives(row, listing)
        if not row.cells.get("listing") and not (row.known is not None and row.known.record.get("cells")):
            changed = {key: text for key, text in changed.items() if text}
        if not changed and not row.revives:
            row.result = Result.UNCHANGED
            return
        self._note_collisions(row, changed, base, current)
        self._change(row, listing, said, changed)

    def _base(self, row: Planned, listing: Listing, said: dict[str, Any]) -> tuple[Cells, Cells]:
        """The cells that the row is compared with, and those of what the listing says now."""
        if row.known is not None and row.known.record.get("cells") and not row.cells.get("listing"):
            return row.known.record["cells"], {}
        current = self._as_cells(listing, said)
        version = row.cells.get("version", "")
        if row.cells.get("listing") and version.isdecimal() and int(version) < listing.version:
            return self._as_cells(listing, content_at(listing, int(version))), current
        return current, current

    def _as_cells(self, listing: Listing, said: dict[str, Any]) -> Cells:
        cells = cells_of(said)
        parent = listing.parent
        return cells | ({"parent": numbered(parent.name, parent.id)} if parent is not None else {})

    def _revives(self, row: Planned, listing: Listing) -> bool:
        """Whether an earlier import was undone, or withdrew the listing because it was gone, and now it is back."""
        emptied = row.known is not None and row.known.record.get("cells") == {}
        return emptied and listing.status in (Status.ARCHIVED, Status.WITHDRAWN)

    def _note_collisions(self, row: Planned, changed: Cells, base: Cells, current: Cells) -> None:
        for key in changed:
            if current and current.get(key, "") not in (base.get(key, ""), changed[key]):
                row.note(key, _("Somebody changed this here after the export: the file’s value would replace it."))

    def _change(self, row: Planned, listing: Listing, said: dict[str, Any], changed: Cells) -> None:
        exact = bool(row.cells.get("listing"))
        assert row.kind is not None
        understood = understand(
            row.number, _without(changed, {"parent"}), kind=row.kind, vocabulary=self.vocabulary, said=said,
            exact=exact,
        )  # fmt: skip
        row.problems += understood.problems
        if not understood.usable:
            return
        row.fields = {name: value for name, value in understood.fields.items() if not _alike(said.get(name), value)}
        self._once_by_ror(row)
        row.changes = {name: [said.get(name), value] for name, value in row.fields.items()}
        row.proposes = bool(row.changes) and not self.order.publishes and listing.status == Status.PUBLISHED
        if changed.get("parent") and listing.id != self.order.below:
            self._move(row, listing, changed["parent"])
        if row.revives:
            row.changes["status"] = [listing.status.value, self.new_status.value]
        row.result = Result.UPDATED if row.changes else Result.UNCHANGED

    @property
    def new_status(self) -> Status:
        return Status.PUBLISHED if self.order.publishes else Status.IN_REVIEW

    def _move(self, row: Planned, listing: Listing, text: str) -> None:
        found = self._parent_named(row, text)
        if found is None or found == listing.parent_id:
            return
        if self.holders.is_above(listing.id, found):
            row.note("parent", _("A listing cannot belong to itself or to what is below it: its place stays."))
        elif row.proposes or (not self.order.publishes and listing.status == Status.PUBLISHED):
            row.note("parent", _("Moving a published listing is for the desk: its place stays."))
        else:
            row.parent = found
            self.holders.parents[listing.id] = found
            row.changes["parent"] = [listing.parent_id, found]

    def _settle_parent(self, row: Planned, cells: Cells) -> None:
        """What a new listing belongs to: as named, else what the import is for."""
        text = cells.pop("parent", "")
        row.parent = (self._parent_named(row, text) if text else None) or self.order.below
        if row.kind is not None and not self.holders.may_hold(row.parent, row.kind):
            row.reject("parent", _("A facility cannot hold an organisation: name an organisation it belongs to."))

    def _parent_named(self, row: Planned, text: str) -> Any:
        found = self.holders.find(text)
        if found is None:
            reason = _(
                "No facility “%(text)s” below %(name)s, nor in an earlier row: placed directly below %(name)s.",
                text=text, name=self.order.below_name,
            )  # fmt: skip
            if row.listing is not None:
                reason = _(
                    "No facility “%(text)s” below %(name)s: its place stays.", text=text, name=self.order.below_name
                )
            row.note("parent", reason)
        elif row.kind is not None and not self.holders.may_hold(found, row.kind):
            row.note("parent", _("“%(text)s” is no facility or organisation that can hold this.", text=text))
            return None
        return found

    def _kind(self, cells: Mapping[str, str]) -> Kind | None:
        column = field_of("kind")
        assert column is not None
        try:
            said = cells.get("kind") or self.order.defaults.get("kind") or Kind.INSTRUMENT
            return kind_called(value_of(column, said))
        except Unclear:
            return None

    def _why_no_kind(self, cells: Mapping[str, str]) -> str:
        return _(
            "“%(text)s” is no kind of listing: write one of organisation, facility, instrument, service.",
            text=cells.get("kind", ""),
        )

    def _once_by_ror(self, row: Planned) -> None:
        """A ROR id names one listing: a second one goes without."""
        ror = row.fields.get("ror")
        if not ror:
            return
        holder = db.session.scalar(sa.select(LISTINGS.c.id).where(LISTINGS.c.ror == ror))
        owner = str(holder) if holder else self.rors.setdefault(ror, f"row {row.number}")
        if owner not in (str(row.listing_id), f"row {row.number}"):
            row.note("ror", _("Another listing has this ROR id: it was left out."))
            del row.fields["ror"]


def _without(cells: Mapping[str, str], keys: set[str]) -> Cells:
    return {key: text for key, text in cells.items() if key not in keys}


def _alike(before: Any, after: Any) -> bool:
    empty: tuple[Any, ...] = (None, "", [], {})
    return before == after or (before in empty and after in empty)
