"""The form by which a moderator puts proposed texts right before accepting them."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import DataRequired

from facilities.catalogue.content import TEXT
from facilities.form_fields import at_most, line, lines
from facilities.manage.labels import field_label, in_words, inner_label
from facilities.moderation.decisions import Case
from facilities.moderation.forms.deciding import MarkForm

PLAIN = (
    "name", "abbreviation", "summary", "description", "department", "address", "postal_code", "city", "region",
    "building", "room", "manufacturer", "model", "sample_input", "deliverables", "capacity",
)  # fmt: skip
"""Fields that are text and nothing else."""
IN_LINES = ("description", "sample_input", "deliverables", "summary")
LONGEST_TEXT = 20_000


def correctable(case: Case) -> dict[str, str]:
    """The proposed texts: {field, or texts-<language>-<field>: text}."""
    proposed = {name: after for name, (_before, after) in case.changes.items()}
    found = {name: str(proposed[name] or "") for name in PLAIN if name in proposed}
    for language, said in (proposed.get("texts") or {}).items():
        found |= {f"texts-{language}-{name}": said[name] for name in TEXT if said.get(name)}
    return found


def corrections_form(case: Case) -> MarkForm:
    """A form with a field for each proposed text."""
    texts = correctable(case)
    fields = {key: _field(case, key) for key in texts}
    form: MarkForm = type("CorrectionsForm", (MarkForm,), fields)(data=texts | {"mark": case.mark})
    return form


def corrected(case: Case, form: FlaskForm) -> dict[str, Any]:
    """The proposed fields that were put right, with their new values."""
    texts = correctable(case)
    new = {key: form[key].data or "" for key in texts if (form[key].data or "") != texts[key].replace("\r\n", "\n")}
    plain = {key: text for key, text in new.items() if key in PLAIN}
    changed = {key: text for key, text in new.items() if key not in PLAIN}
    return plain | ({"texts": _with(case.changes["texts"][1], changed)} if changed else {})


def _with(texts: Mapping[str, Mapping[str, str]], changed: Mapping[str, str]) -> dict[str, dict[str, str]]:
    result = {language: dict(said) for language, said in texts.items()}
    for key, text in changed.items():
        _texts, language, name = key.split("-", 2)
        result[language][name] = text
        if not text:
            del result[language][name]
    return result


def _field(case: Case, key: str) -> Field:
    name = key.rpartition("-")[2]
    checks = [DataRequired(_("Enter a name."))] if key == "name" else []
    checks.append(at_most(_longest(case, key)))
    kind, clean = (TextAreaField, lines) if name in IN_LINES else (StringField, line)
    return kind(_label(key), checks, [clean])


def _label(key: str) -> str:
    if key in PLAIN:
        return field_label(key)
    _texts, language, name = key.split("-", 2)
    return f"{inner_label(name)}, {in_words('language', language)}"


def _longest(case: Case, key: str) -> int:
    """Characters that the column takes."""
    if key not in PLAIN:
        return {"name": 600, "summary": 400}.get(key.rpartition("-")[2], LONGEST_TEXT)
    column = sa.inspect(type(case.listing)).columns[key].type
    return getattr(column, "length", None) or LONGEST_TEXT
