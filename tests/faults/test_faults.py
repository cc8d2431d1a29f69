"""The trial of `make faults`, a short one."""

from pathlib import Path

import pytest

from tests.faults.__main__ import table
from tests.faults.server import Faults
from tests.faults.trial import Trial


@pytest.mark.xdist_group("site")
def test_nothing_is_lost_while_mail_server_and_processes_fail(tmp_path: Path) -> None:
    faults = Faults(0, 0.1, 0.1, 0.1, 0.1, 0, kill_after_letter=0.1)
    findings = Trial(1, enquiries=12, faults=faults, web_kills=2, settling=0).run(tmp_path)
    assert all(finding.holds for finding in findings), table(findings)
    found = {finding.what: finding.number for finding in findings}
    assert found["web killed with -9"]
    assert found["worker 1 killed with -9"] + found["worker 2 killed with -9"]
