"""Errors of the interface as problem details (RFC 9457), with the member `error` that the search promised first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, jsonify, request
from werkzeug.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
CODES = {
    "bad_request": (400, "The request cannot be understood"),
    "token_needed": (401, "A token is needed"),
    "token_refused": (401, "The token does not work"),
    "scope_missing": (403, "The token may not do this"),
    "forbidden": (403, "You may not do this"),
    "not_found": (404, "Nothing lives at this address"),
    "method_not_allowed": (405, "The address does not take this method"),
    "conflict": (409, "Another listing or state stands against this"),
    "known_already": (409, "The record is in the catalogue already"),
    "gone": (410, "The listing was withdrawn"),
    "changed_meanwhile": (412, "The listing was changed meanwhile"),
    "too_large": (413, "That was too much to send"),
    "wrong_media_type": (415, "The body must be JSON"),
    "invalid": (422, "Some values cannot be used"),
    "version_needed": (428, "Say which version you change"),
    "too_many_requests": (429, "Too many requests"),
    "broken": (500, "Something broke on our side"),
}
"""Every code with its status and title. The type of a problem is the paragraph of `/api` that explains the code."""

BY_STATUS = {
    status: code
    for code, (status, _title) in reversed(CODES.items())
    if code not in ("token_refused", "scope_missing", "known_already")
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong value: a JSON Pointer into the body (or the name of a parameter) and what to do."""

    pointer: str
    detail: str


class ApiProblem(Exception):
    """A request that is answered with problem details. `members` join the answer."""

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        faults: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail)
        self.code, self.detail, self.faults = code, detail, list(faults)
        self.headers, self.members = dict(headers or {}), members


def answer(problem: ApiProblem, status: int | None = None) -> Response:
    """The response that says it."""
    usual, title = CODES[problem.code]
    status = status or usual
    first = problem.faults[0].pointer if problem.faults else None
    said: dict[str, Any] = {
        "type": f"{current_app.config['SITE_URL']}/api#{problem.code}",
        "title": title,
        "status": status,
        "detail": problem.detail,
        "instance": request.path,
        **problem.members,
        "error": {"code": problem.code, "message": problem.detail, "field": first},
    }
    if problem.faults:
        said["errors"] = [{"pointer": fault.pointer, "detail": fault.detail} for fault in problem.faults]
    response = jsonify(said)
    response.status_code, response.mimetype = status, MEDIA_TYPE
    response.headers.extend(problem.headers)
    return response


def of_http_error(error: HTTPException) -> Response:
    """Any HTTP error of an address below /api/."""
    status = error.code or 500
    code = BY_STATUS.get(status, "broken" if status >= 500 else "bad_request")
    said = "It has been written down. Try again in a moment." if status >= 500 else str(error.description)
    headers = {name: value for name, value in error.get_headers() if name in ("Allow", "Retry-After")}
    return answer(ApiProblem(code, said, headers=headers), status)
