"""Every visible string can be collected for translators."""

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent


def test_the_visible_strings_can_be_extracted(tmp_path: Path) -> None:
    target = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "--mapping-file", "babel.cfg",
               "--keywords", keywords(), "--output-file", str(target), "."]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with target.open("rb") as file:
        collected = {str(message.id) for message in read_po(file)}
    assert {"Who may use it", "Recently updated", "Send an enquiry"} <= collected
    assert "Has left" in collected


def keywords() -> str:
    """The names under which the target for translators looks for strings."""
    return re.search(r'--keywords "([^"]+)"', (ROOT / "Makefile").read_text())[1]  # type: ignore[index]


def test_every_name_that_marks_a_string_is_looked_for() -> None:
    marks = re.compile(r"\b(?:lazy_)?gettext as (\w+)")
    used = {name for path in (ROOT / "facilities").rglob("*.py") for name in marks.findall(path.read_text())}
    assert used <= set(keywords().split())
