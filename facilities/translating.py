"""The translators' files: compiled for the site when they changed, and checked against the strings of the code."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from facilities.config import ROOT
from facilities.languages import LANGUAGES

FOLDER = ROOT / "facilities" / "translations"
TRANSLATED = tuple(code for code in LANGUAGES if code != "en")

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[a-zA-Z%]")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
SHORT, MOST_TIMES = 20, 5
"""No translation of more than 20 characters is a fifth as long or shorter."""

OPTIONAL = ("%(num)d", "%(num)s", "%(number)d", "%(count)d", "%(count)s")
"""Placeholders for a number that may be a word in the form for one."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """A string whose translation is missing or wrong: `files` are those that it stands in."""

    language: str
    files: tuple[str, ...]
    text: str
    problem: str


def compile_changed(folder: Path = FOLDER) -> list[str]:
    """Compile the files that changed since they last were; their languages. Several processes may do so at once."""
    found = {code: folder / code / "LC_MESSAGES" / "messages.po" for code in TRANSLATED}
    stale = {code: path for code, path in found.items() if path.exists() and _is_stale(path)}
    for path in stale.values():
        _compile(path)
    return list(stale)


def _is_stale(path: Path) -> bool:
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < path.stat().st_mtime_ns


def _compile(path: Path) -> None:
    catalogue = _read(path)
    for message in catalogue:
        # Babel would take the empty forms of a plural for its translation.
        if not all(_forms(message)):
            message.string = ""
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:
        write_mo(part, catalogue)
    Path(part.name).chmod(0o644)
    Path(part.name).replace(path.with_suffix(".mo"))


def _forms(message: Message) -> list[str]:
    """Its translation, for a plural each form."""
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, domain="messages")


def misfits(language: str, folder: Path = FOLDER, strings: Path | None = None) -> Iterator[Misfit]:
    """What is missing or does not fit in the file of a language, in the order of the file. `strings` is a file with all
    strings of the code (.pot): those that the language's file has not heard of are missing too."""
    catalogue = _read(folder / language / "LC_MESSAGES" / "messages.po")
    for message in catalogue:
        if message.id:
            yield from (_misfit(language, message, each) for each in _problems(message, catalogue.num_plurals))
    for message in _read(strings) if strings else ():
        if message.id and catalogue.get(message.id, message.context) is None:
            yield _misfit(language, message, "not translated: run make messages")


def _misfit(language: str, message: Message, problem: str) -> Misfit:
    files = tuple(dict.fromkeys(name for name, _line in message.locations))
    return Misfit(language, files, message.id if isinstance(message.id, str) else message.id[0], problem)


def _problems(message: Message, plurals: int) -> Iterator[str]:
    """What is wrong with one message, in English: this is read by those who work on the code and its translations."""
    forms = _forms(message)
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    if not all(forms):
        yield "not translated"
        return
    if message.fuzzy:
        yield "fuzzy"
    if len(originals) > 1 and len(forms) != plurals:
        yield f"{len(forms)} plural forms instead of {plurals}"
    for form, original in zip(forms, [*originals, *originals[-1:] * len(forms)], strict=False):
        yield from _differences(form, original, may_say_one=len(forms) > 1 and form is forms[0])


def _differences(form: str, original: str, *, may_say_one: bool) -> Iterator[str]:
    """`may_say_one`: it is the form for one thing, which may have a word in the place of the number."""
    marks, wanted = Counter(PLACEHOLDER.findall(form)), Counter(PLACEHOLDER.findall(original))
    if may_say_one:
        marks, wanted = (Counter({each: n for each, n in c.items() if each not in OPTIONAL}) for c in (marks, wanted))
    if "%(" in original and marks != wanted:
        yield f"placeholders {_said(marks)} instead of {_said(wanted)}"
    if sorted(TAG.findall(form)) != sorted(TAG.findall(original)):
        yield f"tags {TAG.findall(form)} instead of {TAG.findall(original)}"
    if len(original) > SHORT and len(form) * MOST_TIMES < len(original):
        yield "too short to be all of it"
    if _ends(form) != _ends(original):
        yield "blanks at the beginning or end differ"


def _said(marks: Counter[str]) -> str:
    return " ".join(sorted(marks.elements())) or "none"


def _ends(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
