"""The desk's edits of the vocabulary and the files it was loaded from: neither loses what the other says."""

import shutil
from pathlib import Path

import pytest
import yaml
from flask import Flask

from facilities.catalogue.models import VocabularyAct, VocabularyChange
from facilities.catalogue.models.parts import Actor
from facilities.catalogue.vocabulary.entries import Entry, entry_of, is_same
from facilities.catalogue.vocabulary.exporting import as_block, export_vocabulary
from facilities.catalogue.vocabulary.loading import FILES, load_vocabulary, read_techniques
from facilities.db import db, writing
from facilities.moderation.vocabulary.changing import add_technique, change_technique, technique_called, undo_change

DESK = Actor("Mode Rator")


@pytest.fixture
def folder(app: Flask, tmp_path: Path) -> Path:
    """A folder with the tree and a file of techniques of its own, loaded."""
    folder = tmp_path / "vocabulary"
    (folder / "techniques").mkdir(parents=True)
    shutil.copy(FILES / "categories.yaml", folder)
    file = FILES / "techniques" / "cytometry-cell-analysis.yaml"
    blocks = file.read_text(encoding="utf-8").split("\n- id: ")
    wanted = [block for block in blocks if block.startswith(("flow-", "cytometry\n"))]
    text = "# Techniques.\n" + "".join(f"\n- id: {block.rstrip()}\n" for block in wanted)
    (folder / "techniques" / "cytometry-cell-analysis.yaml").write_text(text, encoding="utf-8")
    load(folder)
    return folder


def load(folder: Path) -> list[VocabularyChange]:
    writing()
    kept = load_vocabulary(folder).kept
    db.session.commit()
    return kept


def said(slug: str = "flow-cytometry") -> Entry:
    technique = technique_called(slug)
    assert technique is not None
    return entry_of(technique)


def edit(**fields: object) -> VocabularyChange:
    technique = technique_called("flow-cytometry")
    assert technique is not None
    change = change_technique(technique, entry_of(technique) | fields, by=DESK)
    assert change is not None
    return change


def change_file(folder: Path, **fields: object) -> None:
    """Have the file say something else of flow cytometry."""
    [file] = (folder / "techniques").glob("*.yaml")
    entries = yaml.safe_load(file.read_text(encoding="utf-8"))
    changed = [entry | fields if entry["id"] == "flow-cytometry" else entry for entry in entries]
    file.write_text("\n".join(map(as_block, changed)), encoding="utf-8")


def test_loading_again_keeps_what_the_desk_changed_and_names_it(folder: Path) -> None:
    edit(abbreviations=["FACS", "FCM", "FLOW-C"], labels=said()["labels"] | {"sv": "Flödesmätning"})
    [kept] = load(folder)
    assert (kept.slug, kept.made_by) == ("flow-cytometry", "Mode Rator")
    assert "FLOW-C" in said()["abbreviations"]
    assert said()["labels"]["sv"] == "Flödesmätning"


def test_what_is_new_in_the_files_arrives_beside_the_edits(folder: Path) -> None:
    edit(abbreviations=[*said()["abbreviations"], "FLOW-C"])
    change_file(folder, abbreviations=["FACS", "FCM", "NEW-C"])
    assert len(load(folder)) == 1
    assert {"FLOW-C", "NEW-C"} <= set(said()["abbreviations"])
    loaded = db.session.query(VocabularyChange).filter_by(act=VocabularyAct.LOADED).one()
    assert "NEW-C" in loaded.after["abbreviations"]


def test_what_the_desk_removed_stays_removed(folder: Path) -> None:
    edit(abbreviations=["FACS"])
    load(folder)
    assert said()["abbreviations"] == ["FACS"]


def test_an_edit_that_was_undone_is_not_kept(folder: Path) -> None:
    before = said()
    undo_change(edit(abbreviations=["FACS"]), by=DESK)
    assert load(folder) == []
    assert is_same(said(), before)


def test_edits_go_back_into_the_files_and_need_no_keeping_then(folder: Path) -> None:
    assert export_vocabulary(folder) == []
    edit(abbreviations=[*said()["abbreviations"], "FLOW-C"])
    untouched = (folder / "techniques" / "cytometry-cell-analysis.yaml").read_text(encoding="utf-8").split("- id:")[1]
    assert export_vocabulary(folder) == ["flow-cytometry"]
    [entry] = [entry for entry in read_techniques(folder) if entry["id"] == "flow-cytometry"]
    assert is_same(entry, said())
    assert untouched in (folder / "techniques" / "cytometry-cell-analysis.yaml").read_text(encoding="utf-8")
    assert load(folder) == []
    change_file(folder, abbreviations=["FACS"])
    assert load(folder) == []
    assert said()["abbreviations"] == ["FACS"]


def test_what_the_desk_added_goes_to_its_place_in_the_files(folder: Path) -> None:
    entry = {"id": "aligned-cytometry", "category": said()["category"], "labels": {"en": "Aligned cytometry"}}
    add_technique(entry, by=DESK)
    assert load(folder) == []
    assert export_vocabulary(folder) == ["aligned-cytometry"]
    assert [each for each in read_techniques(folder) if each["id"] == "aligned-cytometry"] == [entry]
    ids = [each["id"] for each in read_techniques(folder) if each["category"] == entry["category"]]
    assert ids == sorted(ids)
    load(folder)
    assert db.session.query(VocabularyChange).one().in_files_at


def test_the_files_win_where_both_together_would_go_in_a_circle(folder: Path) -> None:
    change_file(folder, broader="")
    load(folder)
    cytometry = technique_called("cytometry")
    assert cytometry is not None
    change_technique(cytometry, entry_of(cytometry) | {"broader": "flow-cytometry"}, by=DESK)
    change_file(folder, broader="cytometry")
    load(folder)
    assert said()["broader"] == "cytometry"
    assert "broader" not in said("cytometry")


def test_every_entry_is_written_as_it_was_read() -> None:
    for entry in read_techniques():
        assert yaml.load(as_block(entry), Loader=yaml.CSafeLoader) == [entry]


def test_the_command_names_the_edits_it_kept(app: Flask, folder: Path) -> None:
    writing()
    load_vocabulary()
    db.session.commit()
    edit(abbreviations=["FACS"])
    answer = app.test_cli_runner().invoke(args=["catalogue", "vocabulary"])
    assert answer.exit_code == 0
    assert "flow-cytometry: kept what Mode Rator changed on" in answer.output
    export = app.test_cli_runner().invoke(args=["catalogue", "vocabulary", "--export", str(folder)])
    assert "flow-cytometry" in export.output
    assert [entry["abbreviations"] for entry in read_techniques(folder) if entry["id"] == "flow-cytometry"] == [
        ["FACS"]
    ]
