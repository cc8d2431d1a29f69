"""Reading a request's JSON: its type, its depth, its values; everything wrong is named at once by JSON Pointer."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError

from facilities.api.problems import ApiProblem, Fault
from facilities.exchange.records.reading import SAY
from facilities.exchange.records.roles import HELD

DEEPEST = 12
MERGE_PATCH = "application/merge-patch+json"
SENTENCES = {
    **SAY,
    "extra_forbidden": "is not a field: leave it out",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "dict_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "list_type": "must be a JSON array",
    "string_type": "must be text",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
}
Said = TypeVar("Said", bound=BaseModel)


def json_object() -> dict[str, Any]:
    """The body as a JSON object. Raises `wrong_media_type`, `bad_request`."""
    if request.mimetype not in ("application/json", MERGE_PATCH) or request.content_encoding:
        raise ApiProblem("wrong_media_type", "Send JSON, not packed, with “Content-Type: application/json”.")
    try:
        value = json.loads(request.get_data(), parse_constant=_no_constant)
    except RecursionError:
        raise _too_deep() from None
    except ValueError as error:
        raise ApiProblem("bad_request", f"The body is not valid JSON in UTF-8: {error}.") from None
    if not isinstance(value, dict):
        raise ApiProblem("bad_request", "The body must be one JSON object.")
    _check_depth(value)
    return value


def read_body(model: type[Said], *, optional: bool = False) -> Said:
    """The body as `model` describes it; with `optional` an empty body is an empty object. Raises `invalid` as well."""
    return checked(model, {} if optional and not request.get_data() else json_object())


def checked(model: type[Said], values: Mapping[str, Any], *, below: str = "", roles: Collection[str] = ()) -> Said:
    """The values as `model` describes them; `below` is the pointer to them, `roles` those that the organisation has
    already. Raises `invalid`."""
    try:
        return model.model_validate(values, context={"notes": [], HELD: roles})
    except ValidationError as wrong:
        raise invalid(faults_of(wrong, below)) from None


def faults_of(wrong: ValidationError, below: str = "") -> list[Fault]:
    return [Fault(below + _pointer(error["loc"]), _sentence(error)) for error in wrong.errors()]


def invalid(faults: Iterable[Fault]) -> ApiProblem:
    return ApiProblem("invalid", "Put the values right that “errors” names, and send it again.", faults=faults)


def _pointer(loc: tuple[int | str, ...]) -> str:
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in loc)


def _sentence(error: Any) -> str:
    context = error.get("ctx", {})
    if error["type"] == "string_too_long":
        return f"is longer than {context['max_length']:,} characters: shorten it"
    if error["type"] in SENTENCES:
        return SENTENCES[error["type"]].format(**{"expected": "", **context})
    return str(error["msg"])


def _check_depth(value: Any) -> None:
    layer = [value]
    for _ in range(DEEPEST):
        layer = [
            inner
            for each in layer
            for inner in (each.values() if isinstance(each, dict) else each)
            if isinstance(inner, dict | list)
        ]
    if layer:
        raise _too_deep()


def _too_deep() -> ApiProblem:
    return ApiProblem("bad_request", f"The JSON is nested more than {DEEPEST} levels deep: no record is.")


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")
