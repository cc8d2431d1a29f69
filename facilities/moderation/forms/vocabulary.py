"""The forms of a technique: what it is called, what it is part of, and what tells it from others."""

from collections.abc import Iterator
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, ValidationError

from facilities.catalogue.models import Category
from facilities.catalogue.names import fold
from facilities.catalogue.vocabulary.choosing import Suggestion, techniques_called
from facilities.catalogue.vocabulary.entries import LISTS, Entry, in_order
from facilities.moderation.vocabulary.changing import MODEL, technique_called
from facilities.moderation.vocabulary.reading import LANGUAGES
from facilities.search.log.models import LONGEST

LONGEST_TERM = 200
MOST_TERMS = 300
ANY_LANGUAGE = ""
RESERVED = ("new", "changes", "suggest")
"""What stands in addresses where a technique's slug does."""


def _text(label: Any) -> StringField:
    return StringField(label, [Length(max=LONGEST_TERM)], filters=[_one_line])


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _a_line_each(label: Any, **more: Any) -> TextAreaField:
    return TextAreaField(label, [_fits], **more, render_kw={"rows": 4})


def _fits(_form: FlaskForm, field: Field) -> None:
    """Nothing is cut off without a word."""
    texts = lines(field)
    if len(texts) > MOST_TERMS:
        raise ValidationError(_("Keep at most %(most)s lines.", most=format_decimal(MOST_TERMS)))
    if long := [text for text in texts if len(text) > LONGEST_TERM]:
        raise ValidationError(
            _("Shorten “%(text)s …” to at most %(most)s characters.", text=long[0][:30], most=LONGEST_TERM)
        )


class TechniqueForm(FlaskForm):
    """A technique as an entry of the files. Lists hold one text on each line."""

    version = HiddenField()
    category = SelectField(_l("Category"), [DataRequired(_l("Choose the category that it belongs to."))])
    broader = StringField(
        _l("Broader technique"), filters=[_one_line], description=_l("Any name of it. Empty if there is none.")
    )
    abbreviations = _a_line_each(_l("Abbreviations"))
    models = _a_line_each(_l("Model families"), description=_l("Those that always mean this technique."))
    ambiguous = _a_line_each(
        _l("Only as written"),
        description=_l("Which of the texts above also mean other things: they count only with these capitals."),
    )
    clues = _a_line_each(_l("Words that speak for it"), description=_l("Beside an ambiguous text in a search."))
    not_with = _a_line_each(
        _l("Words that speak against it"), description=_l("For an ambiguous text, as in PLA: polymer, filament")
    )
    same_as = _a_line_each(_l("Identifiers elsewhere"), description=_l("CHMO:0000061, Q337132 and the like."))

    def said(self, slug: str) -> Entry:
        """The entry that the form says."""
        entry: Entry = {
            "id": slug,
            "category": self.category.data,
            "broader": self._broader_slug(),
            "labels": {each: self[f"label_{each}"].data for each in LANGUAGES if self[f"label_{each}"].data},
            "synonyms": {
                each: lines(self[f"synonyms_{each}"]) for each in LANGUAGES if lines(self[f"synonyms_{each}"])
            },
            "not_with": dict(_pairs(self.not_with)),
            **{name: lines(self[name]) for name in LISTS},
        }
        return in_order(entry)

    def _broader_slug(self) -> str:
        called = techniques_called(self.broader.data) if self.broader.data else []
        return called[0].slug if called else ""

    def validate_label_en(self, field: Field) -> None:
        if not field.data:
            raise ValidationError(_("Enter the English label: it is shown where there is no other."))

    def validate_broader(self, field: Field) -> None:
        called = techniques_called(field.data) if field.data else []
        if field.data and len(called) != 1:
            raise ValidationError(_("Enter a name that one technique has and no other: its label, for instance."))

    def validate_ambiguous(self, field: Field) -> None:
        named = {text for name in self._names() for text in lines(self[name])}
        if strange := [text for text in lines(field) if text not in named]:
            raise ValidationError(
                _("Enter “%(text)s” among the synonyms, abbreviations or models too.", text=strange[0])
            )

    def validate_not_with(self, field: Field) -> None:
        if any(not words for _term, words in _pairs(field)):
            raise ValidationError(_("Write a text, a colon and words, as in PLA: polymer, filament"))

    def check_is_new(self, slug: str) -> bool:
        """Whether nothing is called by the English label yet; else the field says so."""
        label = self.label_en.data
        if not slug or slug in RESERVED:
            self.label_en.errors = [_("Enter a label with letters or digits that says what the technique is.")]
        elif others := techniques_called(label):
            self.label_en.errors = [_taken(label, others[0])]
        elif technique_called(slug):
            self.label_en.errors = [_("There is a technique with nearly this name: choose another label.")]
        return not self.label_en.errors

    def check_names(self, slug: str, before: Entry) -> bool:
        """Whether no new text that is not ambiguous names another technique already; else the field says so."""
        ambiguous, known = set(lines(self.ambiguous)), set(_texts_of(before))
        for name in self._names():
            for text in lines(self[name]):
                others = [] if text in ambiguous or text in known else _others(text, slug)
                if others:
                    self[name].errors = [_taken(text, others[0])]
                    return False
        return True

    def _names(self) -> Iterator[str]:
        yield from (f"synonyms_{language}" for language in LANGUAGES)
        yield from ("abbreviations", "models")


for _language, _name in LANGUAGES.items():
    setattr(TechniqueForm, f"label_{_language}", _text(_name))
    setattr(TechniqueForm, f"synonyms_{_language}", _a_line_each(_name))


_SPOKEN = [SelectChoice(code, name) for code, name in LANGUAGES.items()]
_SPOKEN.append(SelectChoice(ANY_LANGUAGE, _l("Abbreviation, in any language")))
_SPOKEN.append(SelectChoice(MODEL, _l("Model family, in any language")))


class SynonymForm(FlaskForm):
    """A text that visitors type, to be added to a technique."""

    def check_names(self, slug: str) -> bool:
        """Whether the text names no other technique; else the field says so."""
        if others := _others(self.text.data, slug):
            self.text.errors = [_taken(self.text.data, others[0])]
        return not others

    text = StringField(
        _l("What visitors type"),
        [DataRequired(_l("Enter the synonym.")), Length(max=LONGEST)],
        filters=[_one_line],
        description=_l("Shorten it to the words that name the technique, with the capitals they should have."),
    )
    language = SelectField(_l("Language"), choices=_SPOKEN)


def technique_form(entry: Entry, categories: list[Category], version: int) -> TechniqueForm:
    """The form of a technique with what its entry says, or with what was posted."""
    data: dict[str, Any] = {"version": str(version), "category": entry["category"], "broader": _label_of(entry)}
    data |= {name: "\n".join(entry.get(name, [])) for name in LISTS}
    data |= {f"label_{each}": entry["labels"].get(each, "") for each in LANGUAGES}
    data |= {f"synonyms_{each}": "\n".join(entry.get("synonyms", {}).get(each, [])) for each in LANGUAGES}
    data["not_with"] = "\n".join(f"{term}: {', '.join(words)}" for term, words in entry.get("not_with", {}).items())
    form = TechniqueForm(data=data)
    form.category.choices = [SelectChoice(each.slug, _in_tree(each)) for each in categories]
    if not entry["category"]:
        form.category.choices.insert(0, SelectChoice("", _("Choose …")))
    return form


def lines(field: Field) -> list[str]:
    """The texts of a field with one on each line, each once."""
    return list(dict.fromkeys(filter(None, map(_one_line, (field.data or "").splitlines()))))


def _pairs(field: Field) -> Iterator[tuple[str, list[str]]]:
    for line in lines(field):
        term, _colon, words = line.partition(":")
        yield term.strip(), [word.strip() for word in words.split(",") if word.strip()]


def _in_tree(category: Category) -> str:
    return f"{category.parent.label}: {category.label}" if category.parent else category.label


def _label_of(entry: Entry) -> str:
    broader = technique_called(entry["broader"]) if entry.get("broader") else None
    return broader.label if broader else ""


def _others(text: str, slug: str) -> list[Suggestion]:
    return [each for each in techniques_called(text) if each.slug != slug and fold(text)]


def _taken(text: str, other: Suggestion) -> str:
    return _(
        "“%(text)s” names %(other)s already. A text belongs to one technique, unless it counts only as written.",
        text=text,
        other=other.label,
    )


def _texts_of(entry: Entry) -> Iterator[str]:
    for texts in entry.get("synonyms", {}).values():
        yield from texts
    yield from entry.get("abbreviations", [])
    yield from entry.get("models", [])
