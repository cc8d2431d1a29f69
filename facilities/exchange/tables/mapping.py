"""From the cells of a row to a record: read, put together with what the listing says already, checked."""

from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from flask_babel import gettext as _

from facilities.catalogue.content import LEAVE
from facilities.catalogue.models import Kind
from facilities.catalogue.vocabulary import Vocabulary
from facilities.exchange.problems import Problem
from facilities.exchange.records.mapping import COMPANY, PAIRS, fields_of
from facilities.exchange.records.reading import validated
from facilities.exchange.records.roles import HELD
from facilities.exchange.tables.fields import FOREIGN, IDENTITY, PLAIN, field_of
from facilities.exchange.tables.values import Unclear, value_of

RENAMED = {"organisation_kind": "kind", "operation": "status"}
CURRENCIES = {"SE": "SEK", "NO": "NOK", "DK": "DKK", "IS": "ISK", "GB": "GBP", "CH": "CHF", "US": "USD"}
NOT_CONTENT = {field.key for field in (*IDENTITY, *FOREIGN)}
PATHS = {
    "type": "kind", "kind": "organisation_kind", "status": "operation",
    **{f"company.{short}": name for name, short in COMPANY.items()},
    **{f"{name}.1": high for name, (_low, high) in PAIRS.items()},
    **{name: low for name, (low, _high) in PAIRS.items()},
}  # fmt: skip
"""Columns by the paths of records that are called otherwise there."""


@dataclass(slots=True)
class Understood:
    """What the cells of one row come to: `fields` as `content.write` takes them. With a fatal problem nothing holds.

    Problems name the key of the column.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def usable(self) -> bool:
        return not any(problem.fatal for problem in self.problems)


def understand(
    number: int,
    cells: Mapping[str, str],
    *,
    kind: Kind,
    vocabulary: Vocabulary,
    said: Mapping[str, Any] | None = None,
    exact: bool = False,
) -> Understood:
    """Read the cells of row `number` of a listing of this kind; `said` is what the listing says, if there is one yet.

    An empty cell empties the field. With `exact`, techniques and categories are just those that the cells name;
    otherwise the vocabulary finds more of them in names and keywords.
    """
    row = _Row(number, kind, dict(said or {}))
    row.read(cells)
    row.put_together()
    if vocabulary_words := row.values.get("techniques"):
        row.sort_techniques(vocabulary_words, vocabulary)
    checked = validated(number, row.record, **{HELD: row.said.get("roles") or ()})
    row.problems += [Problem(number, key_of_path(p.field), p.reason, p.fatal) for p in checked.problems]
    if checked.record is None or any(problem.fatal for problem in row.problems):
        return Understood({}, row.problems)
    found = fields_of(checked.record, vocabulary)
    if exact:
        found |= _exactly(row.values, vocabulary)
    wanted = found.keys() | row.names if said is None else row.names
    return Understood({name: found.get(name) for name in wanted if said is not None or name in found}, row.problems)


def names_of(keys: Iterable[str], kind: Kind) -> set[str]:
    """The fields (as `content` names them) that columns speak about, of those a kind of listing has."""
    names: set[str] = set()
    for key in keys:
        column = field_of(key)
        if column is None or kind not in column.kinds:
            continue
        part = key.partition(".")[0]
        if part == "price":
            names.add("prices")
        elif key == "photo":
            names.add("images")
        elif key == "location":
            names.add("city")
        elif key not in NOT_CONTENT:
            names.add(part)
    for pair in (("lat", "lng"), *PAIRS.values()):
        if names & set(pair):
            names |= set(pair)
    return names


def key_of_path(path: str) -> str:
    """The column that a problem of a record is about: "access.groups.0" -> "access.groups"."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        start = ".".join(parts[:end])
        if start in PATHS:
            return PATHS[start]
        if field_of(start) is not None:
            return start
    return parts[0]


def _exactly(values: Mapping[str, Any], vocabulary: Vocabulary) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if "techniques" in values:
        slugs = (
            {text} if text in vocabulary.category_of else vocabulary.techniques_called(text)
            for text in values["techniques"] or ()
        )
        found["techniques"] = sorted(set().union(*slugs))
    if "categories" in values:
        named = {vocabulary.category_called(text) for text in values["categories"] or ()}
        found["categories"] = sorted(slug for slug in named if slug)
    return found


class _Row:
    """One row on its way to a record."""

    def __init__(self, number: int, kind: Kind, said: dict[str, Any]) -> None:
        self.number = number
        self.kind = kind
        self.said = said
        self.values: dict[str, Any] = {}
        self.names: set[str] = set()
        self.problems: list[Problem] = []
        self.record: dict[str, Any] = {"id": str(number), "type": kind.value, "name": said.get("name", "")}

    def read(self, cells: Mapping[str, str]) -> None:
        """The value of each cell that this kind of listing has a field for; None for an empty one."""
        for key, text in cells.items():
            column = field_of(key)
            if column is None or self.kind not in column.kinds or column in IDENTITY:
                continue
            try:
                self.values[key] = value_of(column, text) if text else None
            except Unclear as unclear:
                self.problem(key, str(unclear))
        self.names = names_of(self.values, self.kind)

    def problem(self, key: str, reason: str, *, fatal: bool = True) -> None:
        self.problems.append(Problem(self.number, key, reason, fatal))

    def put_together(self) -> None:
        """The record: the cells, and what the listing says where a part of it is needed to check or keep the rest."""
        for key, value in self.values.items():
            if key in PLAIN and "." not in key and key not in NOT_CONTENT:
                self.record[RENAMED.get(key, key)] = value
        if self.record.get("country") is None and self.said.get("country"):
            self.record["country"] = self.said["country"]
        if self.kind == Kind.OFFER and "offer_kind" in self.said:
            self.record.setdefault("offer_kind", self.said["offer_kind"])
        self._ranges()
        self._company()
        self._coordinates()
        self._location()
        for part in ("access", "texts", "contacts"):
            if part in self.names:
                self.record[part] = self._overlaid(part)
        self._contacts()
        self._prices()
        self._photo()
        self._amounts()

    def sort_techniques(self, named: list[str], vocabulary: Vocabulary) -> None:
        """What the vocabulary does not know as a technique is kept as a keyword."""
        unknown = [
            text for text in named if not vocabulary.techniques_called(text) and not vocabulary.category_called(text)
        ]
        if unknown:
            self.record["keywords"] = [*(self.record.get("keywords") or self.said.get("keywords") or ()), *unknown]
            self.names.add("keywords")
            words = "; ".join(unknown)
            reason = _("Not in the vocabulary of techniques: kept as keywords (%(words)s).", words=words)
            self.problem("techniques", reason, fatal=False)

    def _now(self, key: str) -> Any:
        return self.values[key] if key in self.values else self.said.get(key)

    def _ranges(self) -> None:
        for name, (low, high) in PAIRS.items():
            self.record.pop(low, None)
            self.record.pop(high, None)
            if low in self.names:
                first, last = self._now(low), self._now(high)
                pair = [first if first is not None else last, last if last is not None else first]
                self.record[name] = [] if pair == [None, None] else pair
                if not self.record[name]:
                    del self.record[name]

    def _company(self) -> None:
        if self.names & set(COMPANY):
            company = {short: self._now(name) for name, short in COMPANY.items()}
            self.record["company"] = {name: value for name, value in company.items() if value not in (None, "", [])}
        for name in COMPANY:
            self.record.pop(name, None)

    def _coordinates(self) -> None:
        if "lat" in self.names:
            self.record |= {"lat": self._now("lat"), "lng": self._now("lng")}

    def _location(self) -> None:
        """UNIQUIP names the place by its Wikipedia page."""
        text = self.values.get("location")
        if not text:
            self.names -= {"city"} if "city" not in self.values else set()
            return
        if "wikipedia.org" in urlsplit(text).netloc:
            if not self.values.get("city"):
                self.record["city"] = unquote(urlsplit(text).path.rpartition("/")[2]).replace("_", " ").split(",")[0]
        elif not self.values.get("address"):
            self.record["address"] = text
            self.names = (self.names - ({"city"} if "city" not in self.values else set())) | {"address"}

    def _overlaid(self, part: str) -> Any:
        """What the listing says in a nested part, with the cells written over it."""
        whole = deepcopy(self.said.get(part)) or ([] if part == "contacts" else {})
        for key, value in self.values.items():
            name, *path = key.split(".")
            if name != part:
                continue
            holder: Any = whole
            for step in path[:-1]:
                holder = _entry(holder, step)
            if value is None:
                holder.pop(path[-1], None)
            else:
                holder[path[-1]] = value
        return whole

    def _contacts(self) -> None:
        """Contacts without an address reach nobody: they are left out."""
        if "contacts" not in self.names:
            return
        kept = []
        for at, contact in enumerate(self.record["contacts"]):
            self._forget_leave(at, contact)
            if contact.get("email"):
                kept.append({"role": _("Contact")} | contact)
            elif any(contact.values()):
                reason = _("A contact needs an e-mail address: this one was left out.")
                self.problem(f"contacts.{at}.email", reason, fatal=False)
        self.record["contacts"] = kept

    def _forget_leave(self, at: int, contact: dict[str, Any]) -> None:
        """Whoever takes the place of somebody else in a row is neither away nor gone because they were."""
        before = (self.said.get("contacts") or [])[at : at + 1]
        if before and before[0].get("email") != contact.get("email"):
            for name in LEAVE:
                if f"contacts.{at}.{name}" not in self.values:
                    contact.pop(name, None)

    def _prices(self) -> None:
        """Prices from columns of their own take the place of the listing's plain prices for the same users."""
        amounts = {group: self.values.get(f"price.{group}") for group in ("internal", "academic", "company")}
        if not any(amounts.values()):
            self.names -= {"prices"} if "prices" not in self.values else set()
            return
        country = self.record.get("country") or ""
        currency = (self.values.get("price.currency") or CURRENCIES.get(country, "EUR")).strip().upper()
        basis = self.values.get("price.basis") or "hour"
        if not self.values.get("price.basis"):
            self.problem("price.basis", _("No basis is given: read as a price per hour."), fatal=False)
        given = [
            {"group": group, "basis": basis, "amount": amount, "currency": currency}
            for group, amount in amounts.items()
            if amount
        ]
        present = self.values.get("prices") or self.said.get("prices") or []
        kept = [price for price in present if price.get("item") or not amounts.get(price["group"])]
        self.record["prices"] = given + kept

    def _photo(self) -> None:
        if photo := self.values.get("photo"):
            present = self.said.get("images") or []
            title = self.record.get("name") or ""
            known = any(image["url"] == photo for image in present)
            self.record["images"] = _as_images(present if known else [{"url": photo, "title": title}, *present])
        elif "images" in self.values:
            self.record["images"] = _as_images(self.values["images"] or [])
        else:
            self.names.discard("images")

    def _amounts(self) -> None:
        """Amounts with two decimals, as the database gives them back."""
        for price in self.record.get("prices") or ():
            for name in ("amount", "setup_fee"):
                if name in price:
                    price[name] = _two_decimals(price[name])


def _entry(holder: Any, step: str) -> Any:
    """A part of a nested part, made if it is not there."""
    if isinstance(holder, list):
        while len(holder) <= int(step):
            holder.append({})
        return holder[int(step)]
    return holder.setdefault(step, {})


def _as_images(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Images as records call their fields."""
    return [{("alt" if name == "title" else name): value for name, value in row.items()} for row in rows]


def _two_decimals(amount: Any) -> Any:
    try:
        return f"{float(str(amount).replace(',', '.')):.2f}"
    except ValueError:
        return amount
