"""The OpenAPI 3.1 document: the addresses of `operations`, the schemas of the models that check and describe."""

from typing import Any

from flask import current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from facilities.accounts.models import Scope
from facilities.api.operations import OPERATIONS, Operation
from facilities.api.problems import CODES, MEDIA_TYPE
from facilities.api.shapes import ProblemShown

Json = dict[str, Any]
VERSION = "1.0.0"
REF = "#/components/schemas/{model}"
ABOUT = (
    "Listings as JSON. Published listings are open to everyone; drafts, private fields and changes need a token, sent "
    "as `Authorization: Bearer …`. Cookies mean nothing here. Errors are problem details (RFC 9457)."
)
PLACES = {
    "listing_id": ("path", "The id of a listing.", {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}),
    "source": ("path", "The name of the source of the records.", {"type": "string", "maxLength": 80}),
    "record_id": (
        "path",
        "The id of the record in its source; “/” need not be encoded.",
        {"type": "string", "maxLength": 200},
    ),
}


def document() -> Json:
    """The whole document."""
    paths: dict[str, Json] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": current_app.config["SITE_NAME"], "version": VERSION, "description": ABOUT},
        "servers": [{"url": current_app.config["SITE_URL"]}],
        "externalDocs": {"url": f"{current_app.config['SITE_URL']}/api"},
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "responses": {name: _problem(code) for code, name in NAMES.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": _scopes()}},
        },
    }


NAMES = {code: "".join(word.title() for word in code.split("_")) for code in CODES}


def _operation(operation: Operation) -> Json:
    said: Json = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "security": operation.security,
        "parameters": [*map(_place, operation.places), *operation.parameters],
        "responses": _responses(operation),
    }
    if operation.takes is not None:
        said["requestBody"] = {
            "required": operation.body_needed,
            "content": {operation.takes_type: _of(operation.takes)},
        }
    return {name: value for name, value in said.items() if value not in ("", None)}


def _responses(operation: Operation) -> Json:
    said: Json = {}
    for status, (description, model) in operation.gives.items():
        said[str(status)] = {"description": description}
        if model is not None:
            said[str(status)]["content"] = {operation.gives_types.get(status, "application/json"): _of(model)}
        if operation.has_etag and status in (200, 201, 202):
            said[str(status)]["headers"] = {
                "ETag": {"schema": {"type": "string"}, "description": "Names this version."}
            }
    for code in operation.problems:
        said.setdefault(str(CODES[code][0]), {"$ref": f"#/components/responses/{NAMES[code]}"})
    return said


def _place(name: str) -> Json:
    where, description, schema = PLACES[name]
    return {"name": name, "in": where, "required": True, "description": description, "schema": schema}


def _of(model: type[BaseModel]) -> Json:
    return {"schema": {"$ref": REF.format(model=model.__name__)}}


def _problem(code: str) -> Json:
    status, title = CODES[code]
    return {"description": f"{title} ({status}, `{code}`).", "content": {MEDIA_TYPE: _of(ProblemShown)}}


def _schemas() -> Json:
    models = [operation.takes for operation in OPERATIONS]
    models += [model for operation in OPERATIONS for _description, model in operation.gives.values()]
    named = dict.fromkeys(model for model in (*models, ProblemShown) if model is not None)
    _map, schema = models_json_schema([(model, "validation") for model in named], ref_template=REF)
    return {name: _lean(said) for name, said in schema["$defs"].items()}


def _lean(schema: Any) -> Any:
    """The schema without titles, which repeat the names, and without defaults that only stand for “unknown”."""
    if isinstance(schema, list):
        return [_lean(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    kept = {name: said for name, said in schema.items() if not (name == "default" and said in ("", [], {}, None))}
    if isinstance(kept.get("title"), str):
        del kept["title"]
    return {name: _lean(said) for name, said in kept.items()}


def _scopes() -> str:
    scopes = "; ".join(f"`{scope.value}`: {scope.label}" for scope in Scope)
    return f"Made at /account/tokens. Scopes: {scopes}. Without `read`, answers to changes have no private fields."
