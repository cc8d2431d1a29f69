"""What search knows of the vocabulary and of organisations: kept by each process, and never wrong for long."""

import os
import subprocess
import sys
from collections.abc import Callable
from time import monotonic, sleep

import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from facilities.catalogue.actions import publish_listing, update_listing, withdraw_listing
from facilities.catalogue.models import Kind
from facilities.db import db, refresh_statistics
from facilities.search.labels import labels_of
from facilities.search.understanding import lexicon, understand
from facilities.search.understanding.organisations import MOST_CHANGED
from facilities.search.warming import warm_up
from tests.counting import statements
from tests.listings import add
from tests.vocabulary import add_technique

BY_ANOTHER_PROCESS = """
import sys
from facilities import create_app
from facilities.catalogue.actions import update_listing
from facilities.catalogue.models import Listing
from facilities.catalogue.models.parts import Actor
from facilities.db import db, writing
from facilities.moderation.vocabulary.changing import add_synonym, technique_called

with create_app().app_context():
    writing()
    update_listing(db.session.get_one(Listing, int(sys.argv[1])), {"name": "Tern Institute"}, by="desk")
    writing()
    add_synonym(technique_called("flow-cytometry"), "tallying of cells", "en", by=Actor("desk"))
"""


def organisations(query: str) -> list[str]:
    return [part.label for part in understand(query).parts if part.kind == "organisation"]


def techniques(query: str) -> list[str]:
    return [part.value for part in understand(query).parts if part.kind == "technique"]


def wait_until(holds: Callable[[], bool], seconds: float = 5.0) -> None:
    deadline = monotonic() + seconds
    while not holds():
        assert monotonic() < deadline, "it did not come to be"
        db.session.rollback()
        sleep(0.1)


def test_what_another_process_changes_is_understood_within_seconds(app: Flask) -> None:
    institute = add(Kind.ORGANISATION, "Skua Institute")
    add_technique("flow-cytometry", "Flow cytometry")
    with app.test_request_context("/search"):
        assert (organisations("Skua Institute"), techniques("tallying of cells")) == (["Skua Institute"], [])
        db.session.rollback()

        place = {"INSTANCE_PATH": str(app.config["INSTANCE_PATH"]), "DATABASE_URL": app.config["DATABASE_URL"]}
        command = [sys.executable, "-c", BY_ANOTHER_PROCESS, str(institute.id)]
        subprocess.run(command, env=os.environ | place, check=True)

        wait_until(lambda: organisations("Tern Institute") == ["Tern Institute"])
        wait_until(lambda: techniques("tallying of cells") == ["flow-cytometry"])
        assert organisations("Skua Institute") == []


def test_an_organisation_is_understood_by_what_it_is_called_now(app_on: Flask) -> None:
    institute = add(Kind.ORGANISATION, "Skua Institute", abbreviation="SKUI")
    add(Kind.ORGANISATION, "Tern Institute")
    with app_on.test_request_context("/search"):
        assert organisations("SKUI") == ["Skua Institute"]
        update_listing(institute, {"name": "Gannet Institute", "abbreviation": ""}, by="test")
        assert organisations("Gannet Institute") == ["Gannet Institute"]
        assert organisations("SKUI") == organisations("Skua Institute") == []
        withdraw_listing(institute, reason="", by="test")
        assert organisations("Gannet Institute") == []
        publish_listing(institute, by="test")
        assert organisations("Gannet Institute") == ["Gannet Institute"]
        assert organisations("Tern Institute") == ["Tern Institute"]


def test_many_organisations_that_change_at_once_are_all_understood(app: Flask) -> None:
    add(Kind.ORGANISATION, "Skua Institute")
    with app.test_request_context("/search"):
        assert organisations("Skua Institute")
        for number in range(MOST_CHANGED + 1):
            add(Kind.ORGANISATION, f"Colony {number} of Birds")
        wait_until(lambda: organisations(f"Colony {MOST_CHANGED} of Birds") != [])
        assert organisations("Colony 0 of Birds") and organisations("Skua Institute")


def test_the_same_words_of_different_organisations_mean_what_each_is_called(app: Flask) -> None:
    skua = add(Kind.ORGANISATION, "Skua Institute", other_names=["Bird House"])
    with app.test_request_context("/search"):
        [before] = understand("Bird House").meanings
        update_listing(skua, {"other_names": ["Bird House", "House of Feathers"]}, by="test")
        [after] = understand("Bird House").meanings
    assert before.key != after.key
    assert "House of Feathers" in [said.text for said in after.alternatives]


def test_a_warm_process_reads_no_vocabulary_for_its_first_search(app: Flask) -> None:
    add_technique("flow-cytometry", "Flow cytometry")
    add(Kind.ORGANISATION, "Skua Institute")
    warm_up(app).join()
    with app.test_request_context("/search"), statements() as sent:
        assert techniques("flow cytometry") == ["flow-cytometry"]
    assert len(sent) <= 1, "\n".join(sent)


def test_searches_within_a_second_ask_once_whether_something_changed(app: Flask) -> None:
    add_technique("flow-cytometry", "Flow cytometry")
    with app.test_request_context("/search"):
        lexicon()
        with statements() as sent:
            for _search in range(20):
                understand("flow cytometry")
    assert len(sent) <= 2, "\n".join(sent)


def test_numbers_for_the_choice_of_indexes_are_saved(app: Flask) -> None:
    add(Kind.ORGANISATION, "Skua Institute")
    refresh_statistics()
    assert db.session.scalar(sa.text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'listings'"))


def test_labels_are_in_the_language_of_each_visitor(app: Flask) -> None:
    add_technique("flow-cytometry", "", labels={"en": "Flow cytometry", "sv": "Flödescytometri"})
    with app.test_request_context("/search"):
        asked = (("country", "SE"), ("technique", "flow-cytometry"))
        english = [labels_of(facet, [value])[value] for facet, value in asked]
        with force_locale("sv"):
            swedish = [labels_of(facet, [value])[value] for facet, value in asked]
        again = [labels_of(facet, [value])[value] for facet, value in asked]
    assert english == again == ["Sweden", "Flow cytometry"]
    assert swedish == ["Sverige", "Flödescytometri"]


def test_a_label_that_the_process_does_not_know_yet_is_read(app: Flask) -> None:
    with app.test_request_context("/search"):
        lexicon()
        institute = add(Kind.ORGANISATION, "Skua Institute")
        add_technique("flow-cytometry", "Flow cytometry")
        assert labels_of("organisation", [str(institute.id)]) == {str(institute.id): "Skua Institute"}
        assert labels_of("technique", ["flow-cytometry", "no-such"]) == {"flow-cytometry": "Flow cytometry"}
        assert labels_of("organisation", ["x", "9" * 100]) == {}
