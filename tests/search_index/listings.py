"""Documents for the tests, short to write."""

from collections.abc import Mapping

from search_index import Document, Text


def listing(
    id_: int,
    title: str,
    description: str = "",
    *,
    language: str = "en",
    version: str = "",
    updated_at: float = 0.0,
    boost: float = 1.0,
    facets: Mapping[str, tuple[str, ...]] | None = None,
    tags: tuple[str, ...] = (),
    point: tuple[float, float] | None = None,
    numbers: dict[str, tuple[float, float]] | None = None,
    **other: str,
) -> Document:
    """A document with a title; `other` texts are given by the name of their field, in no known language."""
    texts = [Text("title", language, title), Text("description", language, description)]
    texts += [Text(field, "", value) for field, value in other.items()]
    columns = {"tags": tags, "point": point, "numbers": numbers or {}}
    return Document(id_, version or f"v{id_}", tuple(texts), facets or {}, title, updated_at, boost, **columns)
