"""`python -m benchmarks.importing [ROWS]`: what importing a spreadsheet costs, step by step, as the worker does it.

Prints seconds, those of them on a processor, and the process's peak memory after each step: the check, the saving with
the index, the same file again, and the undoing. The rows are instruments of a
university with 40 facilities, in columns with Swedish names.
"""

import csv
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO, StringIO
from pathlib import Path

from werkzeug.datastructures import FileStorage

from facilities import create_app
from facilities.accounts.models import Grant, OwnerRole, User
from facilities.catalogue import content
from facilities.catalogue.models import Facility, Organisation
from facilities.catalogue.vocabulary import load_vocabulary
from facilities.db import Model, db, now, writing
from facilities.manage.importing import runs
from facilities.manage.importing.doing import do
from facilities.manage.models import ImportRun
from facilities.search.index import rebuild

ROWS = 20_000
HEADINGS = (
    "Inventarienummer", "Benämning", "Fabrikat", "Modell", "Serienummer", "Facilitet", "Institution", "Byggnad", "Rum",
    "Ort", "Land", "Anskaffningsdatum", "Kontaktperson", "E-post", "Metod", "Beskrivning", "Öppen för", "Webbsida",
)  # fmt: skip
THINGS = ("Confocal microscope", "Cell sorter", "Mass spectrometer", "NMR spectrometer", "Centrifuge", "Sequencer")
MAKERS = ("Zeiss", "Leica", "Bruker", "Agilent", "Sony", "Thermo Scientific", "Waters", "Illumina")
SENTENCE = "Used for the study of living cells and tissue sections at several wavelengths. "


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        app = create_app({"INSTANCE_PATH": Path(folder), "SITE_URL": "http://catalogue.test"})
        with app.app_context():
            Model.metadata.create_all(db.engine)
            listing_id, user_id = _catalogue()
            data = _file(rows)
            print(f"{rows:,} rows, {len(HEADINGS)} columns, {len(data) / 1e6:.1f} MB")
            run_id = _run("sent, columns guessed and checked", listing_id, user_id, data)
            _save("saved and indexed", run_id)
            again = _run("the same file checked again", listing_id, user_id, data)
            _save("and saved again", again)
            with _measured("undone"):
                writing()
                runs.undo_run(db.session.get_one(ImportRun, run_id), by=db.session.get_one(User, user_id))
                do(run_id)


def _catalogue() -> tuple[int, int]:
    writing()
    load_vocabulary()
    university = Organisation()
    content.write(university, {"name": "Skerry University", "city": "Uppsala", "country": "SE"})
    facilities = [Facility(parent=university, organisation=university) for _number in range(40)]
    for number, facility in enumerate(facilities):
        content.write(facility, {"name": f"Facility {number}"})
    user = User(email="owner@example.org", name="Owner", confirmed_at=now())
    db.session.add_all([university, user, *facilities])
    db.session.flush()
    user.grants.append(Grant(listing_id=university.id, role=OwnerRole.MANAGER))
    db.session.commit()
    rebuild()
    return university.id, user.id


def _file(rows: int) -> bytes:
    text = StringIO()
    sheet = csv.writer(text, delimiter=";")
    sheet.writerow(HEADINGS)
    for number in range(rows):
        thing, maker = THINGS[number % len(THINGS)], MAKERS[number % len(MAKERS)]
        sheet.writerow((
            f"INV-{number}", f"{maker} {thing} {number}", maker, f"M{number % 500}", f"S{number}",
            f"Facility {number % 40}", "Department of Cells", f"House {number % 9}", number % 300, "Uppsala", "Sverige",
            f"{1995 + number % 30}-05-{1 + number % 28:02}", f"Person {number % 200}",
            f"person{number % 200}@skerry.example", "flow cytometry" if number % 3 else "confocal microscopy",
            SENTENCE * (1 + number % 4), "Academia; Companies", f"https://example.org/instruments/{number}",
        ))  # fmt: skip
    return text.getvalue().encode("cp1252")


def _run(name: str, listing_id: int, user_id: int, data: bytes) -> int:
    with _measured(name):
        writing()
        user = db.session.get_one(User, user_id)
        run = runs.start_run(db.session.get_one(Organisation, listing_id), "register.csv", by=user)
        runs.keep_upload(run, FileStorage(BytesIO(data)))
        runs.propose_columns(run, runs.read_file(run))
        runs.ask_for_check(run, columns=run.columns, defaults={}, source=run.source)
        do(run.id)
    _say(run.id)
    return run.id


def _save(name: str, run_id: int) -> None:
    with _measured(name):
        writing()
        runs.accept_run(db.session.get_one(ImportRun, run_id), skip_errors=False, withdraw_gone=False)
        do(run_id)


def _say(run_id: int) -> None:
    db.session.rollback()
    run = db.session.get_one(ImportRun, run_id)
    print(f"  created {run.created}, updated {run.updated}, unchanged {run.unchanged}, rejected {run.rejected}")
    db.session.rollback()
    db.session.expunge_all()


@contextmanager
def _measured(name: str) -> Iterator[None]:
    begun, worked = time.perf_counter(), time.process_time()
    yield
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took, work = time.perf_counter() - begun, time.process_time() - worked
    print(f"{name:40} {took:7.1f} s, of processor {work:7.1f} s   peak {peak:5.0f} MB", flush=True)


if __name__ == "__main__":
    main()
