"""The query of an address as text, whatever bytes somebody's old link or program has put there."""

from typing import Any

from flask import Request


class ReadableRequest(Request):
    """A request whose query is always UTF-8; the library breaks off at bytes that are not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.query_string = as_utf8(self.query_string)


def as_utf8(query: bytes) -> bytes:
    """The query itself if it is UTF-8, else read as Latin-1, in which old Nordic pages wrote their å and ö."""
    try:
        query.decode()
    except UnicodeDecodeError:
        return query.decode("latin-1").encode()
    return query
