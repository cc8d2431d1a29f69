"""Answers packed with gzip for the browsers that take them: a page behind a slow line comes in a third of the time."""

from functools import lru_cache
from gzip import compress
from pathlib import Path

from flask import Flask, Response, request

TEXTS = {"text/css", "text/javascript", "application/javascript", "application/json", "image/svg+xml"}
SHORTEST = 1000
"""Bytes below which packing saves nothing."""


def init_app(app: Flask) -> None:
    """Pack the texts among the static files, each once in a process."""

    @app.after_request
    def pack_static_file(response: Response) -> Response:
        if request.endpoint != "static" or response.status_code != 200 or response.mimetype not in TEXTS:
            return response
        path = Path(app.static_folder or "") / (request.view_args or {})["filename"]
        response.vary.add("Accept-Encoding")
        if request.method == "GET" and _is_taken():
            tag, _weak = response.get_etag()
            response.close()
            response.direct_passthrough = False
            _set(response, _packed_file(path, path.stat().st_mtime_ns))
            response.set_etag(tag or "", weak=True)
        return response


def packed(response: Response) -> Response:
    """The answer of a view, packed if the browser takes that. Not for pages that hold both a secret and words of the
    request: their length would tell of it."""
    response.vary.add("Accept-Encoding")
    if _is_taken() and len(response.get_data()) >= SHORTEST:
        _set(response, compress(response.get_data(), 6, mtime=0))
    return response


def _is_taken() -> bool:
    return bool(request.accept_encodings["gzip"])


def _set(response: Response, body: bytes) -> None:
    response.set_data(body)
    response.content_encoding = "gzip"


@lru_cache(maxsize=256)
def _packed_file(path: Path, _changed_at: int) -> bytes:
    return compress(path.read_bytes(), 9, mtime=0)
