"""Addresses of static files that change with their content, so that browsers may keep them for a year."""

from collections.abc import Callable
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from flask import Flask


def init_app(app: Flask) -> None:
    """Give templates `asset(name)`, and every `url_for("static", ...)` the version of the file it names."""
    asset = addresses(Path(app.static_folder or ""), app.static_url_path or "", keep=not app.debug)
    app.jinja_env.globals["asset"] = asset

    @app.url_defaults
    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and "filename" in values and "v" not in values:
            values["v"] = asset(values["filename"]).partition("?v=")[2] or None


def addresses(folder: Path, url_path: str, *, keep: bool) -> Callable[[str], str]:
    """A function from the name of a file below `folder` to its address with a content hash.

    A file that does not exist keeps its plain address. With `keep`, a file is read once per process.
    """

    def asset(name: str) -> str:
        version = _version(folder / name)
        return f"{url_path}/{name}?v={version}" if version else f"{url_path}/{name}"

    return lru_cache(maxsize=1024)(asset) if keep else asset


def _version(path: Path) -> str:
    try:
        return blake2b(path.read_bytes(), digest_size=6).hexdigest()
    except (OSError, ValueError):
        return ""
