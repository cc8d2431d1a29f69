"""The worker killed at the worst moment: after the mail server took the letter, before that was written down."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from facilities.enquiries.models import Delivery
from facilities.outbox.worker import work_once
from tests.enquiry_cast import Catalogue, Visitor, make_due
from tests.post_office import PostOffice

ROOT = Path(__file__).parents[2]


def start_worker(instance: Path, smtp_url: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "INSTANCE_PATH": str(instance),
        "SMTP_URL": smtp_url,
        "SITE_URL": "http://catalogue.test",
    }
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker", "--senders", "1"]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def test_a_letter_sent_but_not_written_down_is_sent_again_as_the_same_letter(
    visitor: Visitor, catalogue: Catalogue, post_office: PostOffice
) -> None:
    token = visitor.sent(catalogue.orphan)
    worker = start_worker(visitor.app.config["INSTANCE_PATH"], post_office.url)
    post_office.on_letter = lambda: os.kill(worker.pid, signal.SIGKILL)
    try:
        assert worker.wait(60) == -signal.SIGKILL
    finally:
        worker.kill()
    assert visitor.enquiry(token).recipients[0].delivery == Delivery.WAITING

    post_office.on_letter = lambda: None
    assert work_once(visitor.app) == 1, "the letter it held stays out of reach until its lease ends"
    make_due(visitor.app)
    assert work_once(visitor.app) == 1
    assert visitor.enquiry(token).recipients[0].delivery == Delivery.SENT
    first, again = post_office.letters_to("desk@example.org")
    assert first["Message-ID"] == again["Message-ID"]
