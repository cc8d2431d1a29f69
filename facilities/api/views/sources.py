"""Records of a source: one by its id, or up to a thousand at once. Sending the same again changes nothing."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from facilities.accounts.models import OwnerRole, Scope, User
from facilities.accounts.rights import may_import
from facilities.api.access import caller, listing_for, needs
from facilities.api.body import invalid, json_object, read_body
from facilities.api.listing import address_of
from facilities.api.making import take_source
from facilities.api.problems import ApiProblem, Fault, answer
from facilities.api.shapes import Records
from facilities.api.upserting import Row, Upsert, counts_of
from facilities.api.views import bp
from facilities.api.views.listings import shown
from facilities.catalogue.models import Listing
from facilities.db import db

LONGEST_SOURCE = 80
STATUSES = {"created": 201, "updated": 200, "waiting": 202}
ERRORS = ("stop", "skip")


@bp.put("/sources/<source>/records/<path:record_id>")
@needs(Scope.WRITE)
def upsert_record(source: str, record_id: str) -> ResponseReturnValue:
    values, upsert = json_object(), _upsert(source)
    if values.setdefault("id", record_id) != record_id:
        raise invalid([Fault("/id", "is another one than the address names: leave it out")])
    row = upsert.run([values])[0]
    if row.result == "rejected" or row.listing is None:
        raise _refused(row)
    if row.result == "unchanged":
        return "", 204, {"Content-Location": address_of(row.listing.id)}
    upsert.save()
    response = shown(row.listing, caller(), status=STATUSES[row.result])
    response.headers["Location"] = address_of(row.listing.id)
    return response


@bp.post("/sources/<source>/records")
@needs(Scope.WRITE)
def upsert_records(source: str) -> ResponseReturnValue:
    records = read_body(Records).records
    dry_run, skip = _flag("dry_run", ("false", "true")), _flag("on_error", ERRORS)
    upsert = _upsert(source)
    rows = upsert.run(records)
    counts, stopped = counts_of(rows), not skip and any(row.result == "rejected" for row in rows)
    saved = not dry_run and not stopped
    results = [row.as_json(saved=saved) for row in rows]
    if saved:
        upsert.save()
    else:
        db.session.rollback()
    said: dict[str, Any] = {"saved": saved, **counts, "results": results}
    if stopped and not dry_run:
        return answer(ApiProblem("invalid", _nothing_saved(counts["rejected"]), faults=_faults(rows), **said))
    return jsonify(said)


def _upsert(source: str) -> Upsert:
    """Ready to take records of the source in; nobody else does until the transaction ends."""
    name = " ".join(source.split())
    if name != source or not 0 < len(name) <= LONGEST_SOURCE or not name.isprintable():
        raise ApiProblem("bad_request", f"A source is named by 1 to {LONGEST_SOURCE} characters without outer blanks.")
    place = _place(caller())
    take_source(name)
    return Upsert(name, place=place, by=caller())


def _place(user: User) -> Listing | None:
    """Where new listings come: as `below` says, else where the user is manager, if that is one place."""
    text = request.args.get("below", "")
    managed = [grant.listing_id for grant in user.grants if grant.role == OwnerRole.MANAGER]
    if not text:
        return listing_for(managed[0], may_import, user) if len(managed) == 1 else None
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 2**31):
        raise ApiProblem(
            "bad_request", "Write the id of a listing.", faults=[Fault("below", "must be the id of a listing")]
        )
    return listing_for(int(text), may_import, user)


def _flag(name: str, words: tuple[str, str]) -> bool:
    """Whether a parameter says the second word; without it, the first."""
    said = request.args.get(name, words[0])
    if said not in words:
        fault = Fault(name, f"must be one of {', '.join(words)}")
        raise ApiProblem("bad_request", "Put the parameter right that “errors” names.", faults=[fault])
    return said == words[1]


def _refused(row: Row) -> ApiProblem:
    faults = [Fault("/" + each["field"].replace(".", "/"), each["detail"]) for each in row.told if each["rejects"]]
    return ApiProblem(row.code, "Put the values right that “errors” names, and send it again.", faults=faults)


def _faults(rows: list[Row]) -> list[Fault]:
    return [
        Fault(f"/records/{row.number - 1}/{each['field'].replace('.', '/')}", each["detail"])
        for row in rows
        for each in row.told
        if each["rejects"]
    ]


def _nothing_saved(rejected: int) -> str:
    return f"Nothing was saved: {rejected} of the records cannot be taken. Put them right, or send “on_error=skip”."
