"""Two hundred edits by four processes at once: none is lost, none is mixed with another, and search agrees."""

import multiprocessing
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from facilities import create_app
from facilities.accounts.models import SiteRole, User
from facilities.catalogue import content
from facilities.catalogue.actions import create_listing
from facilities.catalogue.history import content_at
from facilities.catalogue.models import Kind, Listing, Revision, Status
from facilities.catalogue.queries.loading import listing_to_change, listing_to_read
from facilities.db import db
from facilities.manage.editing import editable, save_edit
from facilities.search.index import catch_up, check, rebuild
from tests.people import add_user

PROCESSES, EDITS = 4, 50
FIELDS = ("keywords", "summary", "description")
PATIENCE = 300


def test_two_hundred_edits_by_four_processes(app_on: Flask, tmp_path: Path) -> None:
    rebuild()
    editor = add_user("Eve Editor", site_role=SiteRole.MODERATOR)
    lab = create_listing(Kind.FACILITY, {"name": "Lumen Imaging"}, parent=None, by="test", status=Status.PUBLISHED)
    microscope = create_listing(Kind.INSTRUMENT, {"name": "LSM 880"}, parent=lab, by="test", status=Status.PUBLISHED)
    ids = (lab.id, microscope.id)

    run_processes(settings_of(app_on), ids, editor.id)

    db.session.expire_all()
    tags = {tag for listing_id in ids for tag in agreeing_tags(listing_id)}
    assert tags == {f"{process}-{turn}" for process in range(PROCESSES) for turn in range(EDITS)}
    catch_up(timeout=60)
    assert not check()


def run_processes(settings: dict[str, Any], ids: tuple[int, int], user_id: int) -> None:
    """Have all processes edit at once until they are done."""
    new = multiprocessing.get_context("forkserver")
    new.set_forkserver_preload([__name__])
    processes = [new.Process(target=edit, args=(number, settings, ids, user_id)) for number in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(PATIENCE)
    assert [process.exitcode for process in processes] == [0] * PROCESSES


def settings_of(app: Flask) -> dict[str, Any]:
    names = ("DATABASE_URL", "INSTANCE_PATH", "SITE_URL", "SECRET_KEY", "RATELIMIT_ENABLED")
    return {name: app.config[name] for name in names}


def edit(number: int, settings: dict[str, Any], ids: tuple[int, int], user_id: int) -> None:
    """What one process does: each edit begins with what its form showed and writes three fields together."""
    app = create_app(settings)
    for turn in range(EDITS):
        while not saved(app, ids[turn % 2], user_id, f"{number}-{turn}"):
            continue


def saved(app: Flask, listing_id: int, user_id: int, tag: str) -> bool:
    """Open the form and send it; False if somebody else was quicker, which is shown to the author and tried again."""
    with app.app_context():
        shown = listing_to_read(listing_id)
        assert shown is not None
        opened = editable(shown, FIELDS)
        db.session.rollback()
        listing = listing_to_change(listing_id)
        assert listing is not None
        fields = {"keywords": [*opened["keywords"], tag], "summary": tag, "description": tag}
        return not save_edit(listing, fields, opened=opened, by=db.session.get_one(User, user_id)).collisions


def agreeing_tags(listing_id: int) -> list[str]:
    """The edits that a listing's history holds, after a look whether it is whole: every version there once, each adding
    its own tag and nothing else, and what the listing says now is what the last one wrote."""
    revisions = db.session.scalars(
        sa.select(Revision).filter_by(listing_id=listing_id).order_by(Revision.version)
    ).all()
    listing = db.session.get_one(Listing, listing_id)
    assert [revision.version for revision in revisions] == list(range(1, listing.version + 1))
    tags = []
    for revision in revisions[1:]:
        before, after = revision.changes["keywords"]
        tags.append(after[-1])
        assert after == [*before, tags[-1]]
        assert {revision.changes[name][1] for name in ("summary", "description")} == {tags[-1]}
    assert listing.keywords == tags
    assert content_at(listing, 1)["keywords"] == []
    assert content.read(listing, ("summary",)) == {"summary": tags[-1]}
    return tags
