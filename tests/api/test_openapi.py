"""The OpenAPI document: valid, complete, and what the interface really answers."""

import json
import re
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from facilities.accounts.models import SiteRole
from facilities.api.problems import CODES
from facilities.catalogue.models import Listing, Organisation, Review
from facilities.db import db
from tests.api.conftest import Place, Program, ProgramOf
from tests.conftest import running_app
from tests.people import add_user

METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def said(app: Flask) -> Any:
    return app.test_client().get("/api/v1/openapi.json").get_json()


def test_the_document_is_valid(said: Any) -> None:
    OpenAPIV31SpecValidator(said).validate()
    Draft202012Validator.check_schema(said["components"]["schemas"]["ListingShown"])


def test_every_address_of_the_interface_is_in_the_document_and_no_other(app: Flask, said: Any) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in (rule.methods or set()) & METHODS
    }
    assert {(path, method) for path, operations in said["paths"].items() for method in operations} == routes


def test_every_error_code_is_explained_on_the_page_for_people(app: Flask, said: Any) -> None:
    page = app.test_client().get("/api").text
    for code in CODES:
        assert f'id="{code}"' in page
    assert len(said["components"]["responses"]) == len(CODES)


def test_writing_needs_a_token_in_the_document_too(said: Any) -> None:
    for operations in said["paths"].values():
        for method, operation in operations.items():
            assert ({} in operation["security"]) == (method == "get")


def test_what_is_answered_is_what_the_document_says(place: Place, program_of: ProgramOf, said: Any) -> None:
    db.session.get_one(Organisation, place.university.id).review = Review.DESK
    db.session.commit()
    ours, visitor = program_of(place.manager), program_of(None)
    desk = program_of(add_user("Desk", site_role=SiteRole.MODERATOR))
    one, record = f"/listings/{place.microscope.id}", {"type": "service", "name": "Imaging", "lead_time_days": [1, 2]}
    tag = ours.get(one).headers["ETag"]
    told = [
        visitor.get("/search?q=zeiss"), visitor.get("/search?sort=x"), visitor.get("/listings"), visitor.get(one),
        visitor.get(one, headers={"If-None-Match": tag}), visitor.get("/listings?kind=x"),
        visitor.get("/listings/99999"),
        ours.get("/listings"), ours.post("/listings", {"parent_id": place.facility.id, "record": record}),
        ours.post("/listings", {}), visitor.post("/listings", {}), ours.patch(place.microscope.id, {"summary": "x"}),
        ours.patch(place.microscope.id, {"summary": "y"}, tag=tag), desk.patch(place.microscope.id, {"city": "Lund"}),
        ours.send("PATCH", one, json={"record": {}}), ours.put("/sources/r/records/1", record),
        ours.put("/sources/r/records/1", record), ours.put("/sources/r/records/2", {}),
        ours.post("/sources/r/records", {"records": [record | {"id": "3"}]}),
        ours.post("/sources/r/records", {"records": [{}]}), ours.post(f"{one}/confirm"), ours.post(f"{one}/submit"),
        ours.post(f"{one}/publish"), ours.post(f"{one}/withdraw", {"reason": "Sold"}), visitor.get(one),
        visitor.send("DELETE", "/openapi.json"), visitor.get("/openapi.json"), program_of(None).get("/nothing"),
    ]  # fmt: skip
    wrong = Program(ours.app, "obt_wrong").get(one)
    statuses = {answer.status_code for answer in (*told, wrong)}
    assert statuses >= {200, 201, 202, 204, 304, 400, 401, 403, 404, 405, 409, 410, 412, 422, 428}
    for answer in (*told, wrong):
        _matches(said, answer)


def test_every_listing_of_a_real_catalogue_matches_its_schema(tmp_path: Path, demo_files: Path, said: Any) -> None:
    with running_app(copytree(demo_files, tmp_path, dirs_exist_ok=True)) as app:
        visitor, path, count = Program(app), "/listings?per_page=100", 0
        while path:
            answer = visitor.get(path)
            _matches(said, answer)
            count += len(answer.get_json()["items"])
            path = (answer.get_json()["links"]["next"] or "").partition("/api/v1")[2]
        assert count == db.session.scalar(sa.select(sa.func.count(Listing.id))) > 300


def _matches(said: Any, answer: Any) -> None:
    """The answer is one that the document has for its address, method and status."""
    path, method = answer.request.path, answer.request.method.lower()
    operation = _operation(said, path).get(method)
    if operation is None:
        assert answer.status_code in (404, 405)
        _check(said, {"$ref": "#/components/schemas/ProblemShown"}, answer)
        return
    assert str(answer.status_code) in operation["responses"], (path, method, answer.status_code, answer.text)
    response = operation["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = said["components"]["responses"][response["$ref"].rpartition("/")[2]]
    if "content" not in response:
        return
    assert answer.mimetype in response["content"]
    _check(said, response["content"][answer.mimetype]["schema"], answer)


def _operation(said: Any, path: str) -> Any:
    for template, operations in said["paths"].items():
        if re.fullmatch(re.sub(r"\{record_id\}", ".+", re.sub(r"\{(?!record_id)\w+\}", "[^/]+", template)), path):
            return operations
    return {}


def _check(said: Any, schema: Any, answer: Any) -> None:
    validator = Draft202012Validator({**schema, "components": said["components"]})
    errors = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(json.loads(answer.text))]
    assert errors == []
