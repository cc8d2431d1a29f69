"""The records that everything is measured on, and how they become documents."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from search_index import Document, Text

Record = dict[str, Any]

VARIABLE = "SHARED_DATA"
_DEFAULT = Path(__file__).resolve().parents[2] / "shared" / "data"


class RecordsMissing(Exception):
    """The records to measure on are not there."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"No records in {folder}. Set {VARIABLE} to the folder that holds"
            " records/corpus.jsonl and records/volume.jsonl.gz."
        )


def data_folder() -> Path:
    """The folder named by the environment, or `../shared/data` beside the tree. Raises RecordsMissing."""
    folder = Path(os.environ.get(VARIABLE, _DEFAULT))
    if not (folder / "records" / "corpus.jsonl").is_file():
        raise RecordsMissing(folder)
    return folder


def corpus() -> list[Record]:
    """The 2,672 records with full texts."""
    path = data_folder() / "records" / "corpus.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def volume() -> Iterator[Record]:
    """The 12,678 short records of the whole world."""
    with gzip.open(data_folder() / "records" / "volume.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def corpus_and_volume() -> list[Record]:
    """All 15,350."""
    return list(chain(corpus(), volume()))


def documents(records: list[Record]) -> list[Document]:
    """One document for each record; the ids count from 1."""
    return [document(number, record) for number, record in enumerate(records, 1)]


def document(number: int, record: Record) -> Document:
    """A record as the index takes it."""
    texts = tuple(Text(field, _language(field), value) for field, value in fields(record))
    version = hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()[:16]
    return Document(
        id=number,
        version=version,
        texts=texts,
        facets=facets(record),
        name=record["name"],
        updated_at=float(number),
        tags=tuple(_listed(record.get("technique"))),
        point=(record["lat"], record["lng"]) if "lat" in record else None,
        numbers={"price_level": (float(number % 4 + 1),) * 2} if number % 3 else {},
    )


def _language(field: str) -> str:
    return "en" if field in ("title", "techniques", "keywords", "description") else ""


def fields(record: Record) -> Iterator[tuple[str, str]]:
    """The texts of a record by field, empty ones left out."""
    several = {
        "title": [record["name"]],
        "names": [record.get("abbreviation"), *record.get("other_names", ())],
        "model": [record.get("manufacturer"), record.get("model"), record.get("model_term")],
        "techniques": [record.get("technique"), record.get("capabilities")],
        "organisation": [record.get("institution"), record.get("facility"), record.get("department")],
        "place": [record.get("city"), record.get("region")],
        "keywords": [*record.get("keywords", ()), record.get("category"), record.get("domain")],
        "description": [
            record.get("description"),
            record.get("instrument_summary"),
            record.get("instruments"),
        ],
    }
    return ((field, _text(value)) for field, values in several.items() for value in values if value)


def _text(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def facets(record: Record) -> dict[str, tuple[str, ...]]:
    """The values of a record by facet; every facet the index counts has some."""
    single = {
        "kind": record["type"],
        "category": record.get("category"),
        "organisation": record.get("institution"),
        "country": record.get("country"),
        "city": record.get("city"),
        "access": record.get("status"),
        "mode": record.get("siting"),
    }
    found = {facet: (str(value),) for facet, value in single.items() if value}
    techniques = tuple(dict.fromkeys([*_listed(record.get("technique")), *record.get("keywords", ())]))
    return found | ({"technique": techniques} if techniques else {})


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []
