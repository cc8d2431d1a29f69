"""From a merge patch of a listing's record (RFC 7396) to the fields of the listing that it changes."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import current_app

from facilities.api.body import checked, invalid
from facilities.api.problems import Fault
from facilities.api.shapes import NewRecord
from facilities.catalogue import content
from facilities.catalogue.models import Kind, Listing, Offer, Service
from facilities.catalogue.vocabulary import Vocabulary
from facilities.exchange.records.cleaning import OURS
from facilities.exchange.records.mapping import COMPANY, RANGES, SAME, fields_of

Json = dict[str, Any]
SHARED = {name: (name,) for name in (*SAME, "city", "room", "description", "keywords", "techniques", "categories")}
PARTS = {
    name: (name,) for name in ("texts", "access", "prices", "certificates", "contacts", "images", "links", "documents")
}
OWN: dict[Kind, dict[str, tuple[str, ...]]] = {
    Kind.ORGANISATION: {
        "kind": ("organisation_kind",),
        "roles": ("roles",),
        "company_number": ("company_number",),
        "company": tuple(COMPANY),
        "sites": ("sites",),
        "pipeline": ("pipeline",),
    },
    Kind.FACILITY: {"siting": ("siting",), "status": ("operation",)},
    Kind.INSTRUMENT: {
        **{name: (name,) for name in ("manufacturer", "model", "quantity", "serial_number", "inventory_number")},
        **{name: (name,) for name in ("acquired", "available_until", "idle_hours", "instrument_status")},
        "specification": ("specification",),
    },
    Kind.SERVICE: {
        **{name: (name,) for name in ("sample_input", "deliverables", "capacity", "specification")},
        **RANGES[Service],
    },
    Kind.OFFER: {
        **{name: (name,) for name in ("offer_kind", "open_until", "premises", "room_classes", "free_from", "stages")},
        "currency": ("currency",),
        **RANGES[Offer],
    },
}
TOGETHER = {"lat": {"lng"}, "lng": {"lat"}, "country": {"company_number"}, "company_number": {"country"}}
"""Fields of a record that are checked together."""

IDENTITY = ("id", "type", "name", "source", "language")
ATTACHED = ("images", "documents", "links")


def patched_fields(listing: Listing, said: Mapping[str, Any], patch: Mapping[str, Any]) -> Json:
    """What the listing is to say in the fields that the patch of its record (`said`) touches, as `content.read` gives
    it. Raises `invalid`, naming fields that such a listing does not have and values that cannot be used."""
    known = SHARED | PARTS | OWN[listing.kind]
    if unknown := [name for name in patch if name not in known]:
        raise invalid(
            Fault(f"/record/{name}", f"cannot be changed, or is no field of a {listing.kind}") for name in unknown
        )
    record = with_own_files(merged(said, patch))
    changed = [name for name in patch if record.get(name) != said.get(name)]
    touched = {*changed, *(other for name in changed for other in TOGETHER.get(name, ()))}
    kept = {name: value for name, value in record.items() if name in touched or name in (*IDENTITY, "offer_kind")}
    fields = _fields(kept, changed, said.get("roles") or ()) if changed else {}
    names = [each for name in changed for each in known[name]]
    return as_said(listing, {name: fields.get(name) for name in names})


def merged(value: Any, patch: Any) -> Any:
    """A JSON merge patch applied to a JSON value, which stays as it is."""
    if not isinstance(patch, Mapping):
        return patch
    result = dict(value) if isinstance(value, Mapping) else {}
    for name, change in patch.items():
        if change is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), change)
    return result


def as_said(listing: Listing, fields: Mapping[str, Any]) -> Json:
    """The values as such a listing would say them, so that they can be compared with what it says."""
    blank = type(listing)(name="")
    content.write(blank, fields)
    return content.read(blank, tuple(fields)) if fields else {}


def with_own_files(record: Mapping[str, Any]) -> Json:
    """The record with files of ours as paths, however they were written."""
    lists = {name: record[name] for name in ATTACHED if isinstance(record.get(name), list)}
    return dict(record) | {name: [_own_file(file) for file in files] for name, files in lists.items()}


def _fields(record: Mapping[str, Any], changed: Collection[str], roles: Collection[str]) -> Json:
    vocabulary = Vocabulary.load()
    usable = checked(NewRecord, record, below="/record", roles=roles)
    fields = fields_of(usable, vocabulary)
    fields["keywords"] = usable.keywords
    if "techniques" in changed:
        fields["techniques"] = _techniques(usable.techniques, vocabulary)
    if "categories" in changed:
        fields["categories"] = _categories(usable.categories, vocabulary)
    return fields


def _techniques(names: list[str], vocabulary: Vocabulary) -> list[str]:
    """Only those that are named, unlike an import, which also finds them in names and models."""
    found = [vocabulary.techniques_called(name) for name in names]
    _refuse_unknown("techniques", [bool(slugs) for slugs in found])
    return sorted(set().union(*found))


def _categories(names: list[str], vocabulary: Vocabulary) -> list[str]:
    found = [vocabulary.category_called(name) for name in names]
    _refuse_unknown("categories", [slug is not None for slug in found])
    return sorted({slug for slug in found if slug})


def _refuse_unknown(field: str, known: list[bool]) -> None:
    wrong = [number for number, is_known in enumerate(known) if not is_known]
    if wrong:
        raise invalid(
            Fault(f"/record/{field}/{number}", "is not in the vocabulary: use one of the names at /techniques")
            for number in wrong
        )


def _own_file(file: Any) -> Any:
    path = str(file.get("url", "")).removeprefix(current_app.config["SITE_URL"]) if isinstance(file, dict) else ""
    return {**file, "url": path} if OURS.fullmatch(path) else file
