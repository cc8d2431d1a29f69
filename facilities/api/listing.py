"""A listing as the interface shows it. There is no other place that makes JSON of a listing here."""

from collections.abc import Mapping
from typing import Any

from flask import current_app

from facilities.catalogue.models import Listing, Status
from facilities.exchange.records.exporting import record_of
from facilities.moderation.models import Proposal
from facilities.moderation.proposals import proposed

PRIVATE = ("email", "deputy_name", "deputy_email", "away_from", "away_until", "left")
GONE = (Status.WITHDRAWN, Status.MERGED)
Json = dict[str, Any]


def as_json(listing: Listing, *, private: bool, proposal: Proposal | None = None, whole: bool = True) -> Json:
    """The listing as `shapes.ListingShown`. `private`: for those who may edit it. Not `whole`: without the text of
    changes that wait."""
    return {
        "id": listing.id,
        "kind": listing.kind.value,
        "status": listing.status.value,
        "version": listing.version,
        "parent_id": listing.parent_id,
        "organisation_id": listing.organisation_id,
        **{name: _time(listing, name) for name in ("created_at", "updated_at", "confirmed_at", "withdrawn_at")},
        "withdrawn_reason": listing.withdrawn_reason if listing.status == Status.WITHDRAWN else "",
        "waiting": _waiting(listing, proposal, whole=whole) if private and proposal else None,
        "record": shown_record(listing, private=private),
        "links": _links(listing),
    }


def etag_of(listing: Listing, proposal: Proposal | None = None) -> str:
    """The entity tag: the listing's version and, for those who see them, that of the changes that wait."""
    waits = f"-{proposal.id}.{round(proposal.changed_at.timestamp() * 1_000_000):x}" if proposal else ""
    return f"{listing.id}-{listing.version}{waits}"


def address_of(listing_id: int) -> str:
    return f"{current_app.config['SITE_URL']}/api/v1/listings/{listing_id}"


def shown_record(listing: Listing, *, private: bool, fields: Mapping[str, Any] | None = None) -> Json:
    """What the listing says as a record, files of ours with their whole address."""
    record = record_of(listing, fields)
    for name in ("images", "documents", "links"):
        if name in record:
            record[name] = [_whole(file) for file in record[name]]
    if "parent" in record and not _is_known_as(listing.parent, record["source"], record["parent"]):
        del record["parent"]
    if "contacts" in record and not private:
        record["contacts"] = [_without_address(contact) for contact in record["contacts"] if not contact.get("left")]
    return record


def _waiting(listing: Listing, proposal: Proposal, *, whole: bool) -> Json:
    said: Json = {
        "state": proposal.state.value,
        "made_by": proposal.made_by,
        "changed_at": proposal.changed_at.isoformat(),
        "reason": proposal.reason,
    }
    if whole:
        said["record"] = shown_record(listing, private=True, fields=proposed(listing, proposal))
    return said


def _links(listing: Listing) -> Json:
    site = current_app.config["SITE_URL"]
    others = {
        "parent": listing.parent_id,
        "organisation": listing.organisation_id,
        "successor": listing.successor_id if listing.status in GONE else None,
    }
    return {
        "self": address_of(listing.id),
        "page": site + listing.path,
        **{name: address_of(id_) if id_ else None for name, id_ in others.items()},
    }


def _is_known_as(listing: Listing | None, source: str, source_id: str) -> bool:
    """Whether that source knows the listing by that id."""
    known = listing.source_records if listing else []
    return any((record.source, record.source_id) == (source, source_id) for record in known)


def _whole(file: Json) -> Json:
    path = f"/demo/images/{file['file']}" if "file" in file else file["url"]
    url = current_app.config["SITE_URL"] + path if path.startswith("/") else path
    return {name: value for name, value in file.items() if name != "file"} | {"url": url}


def _without_address(contact: Json) -> Json:
    return {name: value for name, value in contact.items() if name not in PRIVATE}


def _time(listing: Listing, name: str) -> str | None:
    at = getattr(listing, name)
    return at.isoformat() if at else None
