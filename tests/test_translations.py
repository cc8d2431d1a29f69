"""Every visible string can be collected for translators, and what they write fits what it stands for."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from babel.support import Translations

from facilities.translating import TRANSLATED, compile_changed, misfits

ROOT = Path(__file__).parent.parent
FILE = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: sv\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

#: templates/one.html
"""


def test_the_visible_strings_can_be_extracted(tmp_path: Path) -> None:
    target = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "--mapping-file", "babel.cfg",
               "--keywords", keywords(), "--output-file", str(target), "."]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    with target.open("rb") as file:
        collected = {str(message.id) for message in read_po(file)}
    assert {"Who may use it", "Recently updated", "Send an enquiry"} <= collected
    assert "Has left" in collected


def keywords() -> str:
    """The names under which the target for translators looks for strings."""
    return re.findall(r'--keywords "([^"]+)"', (ROOT / "Makefile").read_text())[0]


def test_every_name_that_marks_a_string_is_looked_for() -> None:
    marks = re.compile(r"\b(?:lazy_)?gettext as (\w+)")
    used = {name for path in (ROOT / "facilities").rglob("*.py") for name in marks.findall(path.read_text())}
    assert used <= set(keywords().split())


def written(folder: Path, entry: str) -> Path:
    path = folder / "sv" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(f"{FILE}{entry}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ('msgid "Save"\nmsgstr ""', "not translated"),
        ('#, fuzzy\nmsgid "Save"\nmsgstr "Spara"', "fuzzy"),
        ('msgid "To %(name)s"\nmsgstr "Till %(namn)s"', "placeholders %(namn)s instead of %(name)s"),
        ('msgid "To %(name)s"\nmsgstr "Till"', "placeholders none instead of %(name)s"),
        ('msgid "<b>Save</b>"\nmsgstr "<b>Spara<b>"', "tags ['<b>', '<b>'] instead of ['<b>', '</b>']"),
        ('msgid "Save "\nmsgstr "Spara"', "blanks at the beginning or end differ"),
        ('msgid "%(num)d file"\nmsgid_plural "%(num)d files"\nmsgstr[0] "%(num)d fil"\nmsgstr[1] ""', "not translated"),
        (
            'msgid "%(num)d file"\nmsgid_plural "%(num)d files"\nmsgstr[0] "en fil"\nmsgstr[1] "filer"',
            "placeholders none instead of %(num)d",
        ),
    ],
)
def test_a_translation_that_does_not_fit_is_told(tmp_path: Path, entry: str, problem: str) -> None:
    (found,) = misfits("sv", written(tmp_path, entry))
    assert (found.problem, found.files) == (problem, ("templates/one.html",))


def test_a_translation_that_fits_is_not_told(tmp_path: Path) -> None:
    entry = 'msgid "%(num)d <b>file</b>"\nmsgid_plural "%(num)d <b>files</b>"\n'
    entry += 'msgstr[0] "en <b>fil</b>"\nmsgstr[1] "%(num)d <b>filer</b>"'
    assert list(misfits("sv", written(tmp_path, entry))) == []


def test_files_are_compiled_when_they_changed_and_without_what_is_not_whole(tmp_path: Path) -> None:
    half = 'msgid "%(num)d file"\nmsgid_plural "%(num)d files"\nmsgstr[0] "en fil"\nmsgstr[1] ""\n\n'
    folder = written(tmp_path, half + 'msgid "Save"\nmsgstr "Spara"')
    assert compile_changed(folder) == ["sv"]
    assert compile_changed(folder) == []
    said = Translations.load(str(folder), ["sv"])
    assert said.gettext("Save") == "Spara"
    assert said.ngettext("%(num)d file", "%(num)d files", 1) == "%(num)d file"


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_wrong(language: str) -> None:
    assert [each for each in misfits(language) if each.problem != "not translated"] == []
