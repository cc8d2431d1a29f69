"""Every visible string can be collected for translators."""

import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent


def test_the_visible_strings_can_be_extracted(tmp_path: Path) -> None:
    target = tmp_path / "messages.pot"
    command = [sys.executable, "-m", "babel.messages.frontend", "extract", "--mapping-file", "babel.cfg",
               "--keywords", "_ lazy_gettext", "--output-file", str(target), "."]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with target.open("rb") as file:
        collected = {str(message.id) for message in read_po(file)}
    assert {"Who may use it", "Recently updated", "Send an enquiry"} <= collected
