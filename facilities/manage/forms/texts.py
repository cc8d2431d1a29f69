"""Name, summary and description in several languages side by side."""

from collections.abc import Mapping
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import Form, FormField, SelectField
from wtforms.fields.choices import SelectChoice

from facilities.manage.forms.fields import line, paragraphs
from facilities.manage.forms.section import SectionForm

LANGUAGES = ("en", "sv", "nb", "nn", "da", "de", "fi", "is")
"""The languages that texts of a listing may be written in."""

PARTS = ("name", "summary", "description")


def language_name(code: str) -> str:
    """The name of a language in the visitor's language."""
    locale = get_locale()
    return str(locale.languages.get(code, code)).capitalize() if locale else code


class Said(Form):
    """The texts in one language."""

    name = line(_("Name"), 600)
    summary = line(_("Summary"), 400, description=_("One sentence: search results show it."))
    description = paragraphs(_("Description"), 20_000, rows=9)

    def content(self) -> dict[str, str]:
        return {part: self[part].data for part in PARTS if self[part].data}


class Texts(SectionForm):
    """The texts in every language; only those in `open_languages` are shown."""

    parts = PARTS
    language_name = staticmethod(language_name)
    names = ("language", "name", "summary", "description", "texts")

    language = SelectField(
        _("Main language"), choices=lambda: [SelectChoice(code, language_name(code)) for code in LANGUAGES],
        description=_("What visitors read who have no text in a language of theirs."),
    )  # fmt: skip
    en, sv, nb, nn, da, de, fi, is_ = (FormField(Said) for _code in LANGUAGES)

    def __init__(self, *args: Any, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, formdata=formdata, **kwargs)
        self.posted = {code for code in LANGUAGES if f"{field_of(code)}-name" in (formdata or {})}
        self.wanted = (formdata or {}).get("add_language", "")

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        texts = {field_of(code): said for code, said in (values["texts"] or {}).items() if code in LANGUAGES}
        main = {field_of(values["language"]): {part: values[part] for part in PARTS}}
        return {"language": values["language"]} | texts | main

    @property
    def main(self) -> str:
        return self.language.data if self.language.data in LANGUAGES else "en"

    def block(self, code: str) -> Any:
        """The fields of one language."""
        return self[field_of(code)]

    @property
    def open_languages(self) -> list[str]:
        """The main language, then those that have a text or are being written; a second one to begin with."""
        others = [code for code in LANGUAGES if code != self.main and self._is_open(code)]
        return [self.main, *(others or ["en" if self.main != "en" else "sv"])]

    @property
    def other_languages(self) -> list[tuple[str, str]]:
        """Languages that can be added: (code, name)."""
        shown = self.open_languages
        return [(code, language_name(code)) for code in LANGUAGES if code not in shown]

    def _is_open(self, code: str) -> bool:
        return code in self.posted or code == self.wanted or bool(self.block(code).form.content())

    def missing(self, code: str, part: str) -> bool:
        """Whether the main language says something here that this one does not."""
        said, here = self.block(self.main)[part].data, self.block(code)[part].data
        return not here and (bool(said) or code == self.main)

    def content(self) -> dict[str, Any]:
        main = self.block(self.main).form
        others = {code: said for code in LANGUAGES if code != self.main and (said := self.block(code).form.content())}
        return {"language": self.main, **{part: main[part].data for part in PARTS}, "texts": others}

    def validate(self, extra_validators: Any = None) -> bool:
        valid = super().validate(extra_validators)
        name = self.block(self.main)["name"]
        if not name.data:
            name.errors = [_("Enter the name in the main language.")]
            return False
        return valid

    def change(self, order: str) -> bool:
        """The button that opens one more language; `open_languages` has heard of it."""
        return order == "language"


def field_of(code: str) -> str:
    """The name of the field for a language: `is` is a word of Python."""
    return "is_" if code == "is" else code
