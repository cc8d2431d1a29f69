"""A shared catalogue of research facilities, instruments and services."""

from collections.abc import Mapping
from typing import Any

from flask import Flask

from facilities.config import ROOT, load_settings


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The application with `settings` (see `facilities.config`) over those of the environment."""
    from facilities import (
        accounts,
        api,
        catalogue,
        cli,
        db,
        enquiries,
        formats,
        fragments,
        health,
        insight,
        manage,
        moderation,
        needs,
        networks,
        packing,
        pages,
        search,
        static_files,
    )

    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.update(load_settings(settings))
    shared = (pages, db, static_files, packing, formats, fragments)
    parts = (accounts, catalogue, search, networks, enquiries, needs, insight, manage, moderation, api, health, cli)
    for part in (*shared, *parts):
        part.init_app(app)
    return app
