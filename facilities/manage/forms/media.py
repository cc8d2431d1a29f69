"""Images and documents: what they show, in which order, and new ones."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, FileField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from facilities.catalogue import content
from facilities.catalogue.models import Listing
from facilities.manage.editing import editable
from facilities.manage.forms.fields import line, needed
from facilities.manage.forms.section import Row, Rows, SectionForm
from facilities.manage.models import Upload
from facilities.manage.uploads import PATH, file_of, files_at, is_upload

MOST_IMAGES = 20
MOST_DOCUMENTS = 30
SAY_WHAT_IT_SHOWS = _("Say what the picture shows, or tick that it is decoration.")
DECORATION = _("Decoration only: it shows nothing that the text does not say")
FOR_THOSE_WHO_CANNOT_SEE = _(
    "Read to visitors who cannot see it, for instance “Two people load samples into the sorter”."
)


class Attached(Row):
    """One file of a listing. `url` says which; a row without a file is no row."""

    names = content.ATTACHMENT

    url = HiddenField(_("File"))

    @property
    def blank(self) -> bool:
        return not self.url.data


class Picture(Attached):
    title = line(_("What it shows"), 300, description=FOR_THOSE_WHO_CANNOT_SEE)
    decorative = BooleanField(DECORATION)
    credit = line(_("Credit"), 200, description=_("Who took it, and the licence if there is one."))

    def validate_title(self, field: Any) -> None:
        if not field.data and not self.decorative.data:
            raise ValidationError(SAY_WHAT_IT_SHOWS)

    def content(self) -> dict[str, Any]:
        said = super().content()
        return {name: value for name, value in said.items() if name != "title"} if self.decorative.data else said


class Document(Attached):
    title = line(_("What it is"), 300, needed(_("Enter what the document is, for instance Price list 2027.")))
    credit = HiddenField()


class Media(SectionForm):
    """The files of a listing. The fields `new_...` belong to a file that is sent with the form."""

    names = ("images", "documents")

    images = Rows(Picture, _("Images"), each=_("Image"), add=_("Add an image"))
    new_image = FileField(_("Image file"), description=_("JPEG, PNG, WebP or GIF, at most 20 MB."))
    new_image_instead = SelectField(_("Where it goes"), validate_choice=False)
    new_image_title = line(_("What it shows"), 300, description=FOR_THOSE_WHO_CANNOT_SEE)
    new_image_decorative = BooleanField(DECORATION)
    new_image_credit = line(_("Credit"), 200, description=_("Who took it, and the licence if there is one."))

    documents = Rows(Document, _("Documents"), each=_("Document"), add=_("Add a document"))
    new_document = FileField(
        _("Document file"), description=_("PDF, DOCX, XLSX, PPTX, ODT, ODS, CSV or TXT without macros, at most 20 MB.")
    )
    new_document_instead = SelectField(_("Where it goes"), validate_choice=False)
    new_document_title = line(_("What it is"), 300, description=_("For instance “Price list 2027”."))

    def __init__(self, listing: Listing, **kwargs: Any) -> None:
        super().__init__(listing, **kwargs)
        for part in ("image", "document"):
            self[f"new_{part}_instead"].choices = self._places(part)

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        images = [{**image, "decorative": not image.get("title")} for image in values.get("images") or ()]
        return {**values, "images": images}

    @cached_property
    def files(self) -> dict[str, Upload]:
        """The uploads among the rows, by address."""
        return files_at(entry.form.url.data or "" for rows in (self.images, self.documents) for entry in rows)

    def validate_images(self, field: Rows) -> None:
        self._check(field, MOST_IMAGES, gettext("Keep at most 20 images: remove one first."))

    def validate_documents(self, field: Rows) -> None:
        self._check(field, MOST_DOCUMENTS, gettext("Keep at most 30 documents: remove one first."))

    def _check(self, rows: Rows, most: int, too_many: str) -> None:
        said = rows.content()
        if len(said) > most:
            raise ValidationError(too_many)
        known = {each["url"] for each in editable(self.listing, (rows.short_name,))[rows.short_name]}
        if not all(each["url"] in known or _is_ours(each["url"]) for each in said):
            raise ValidationError(gettext("One of these files is not here any more: send it again."))

    def _places(self, part: str) -> list[SelectChoice]:
        rows = self[f"{part}s"]
        others = [
            SelectChoice(
                entry.form.url.data, gettext("Instead of %(name)s", name=entry.form.title.data or f"{rows.each} {n}")
            )
            for n, entry in enumerate(rows, 1)
            if not entry.form.blank
        ]
        return [SelectChoice("", gettext("After the others")), *others]


def _is_ours(url: str) -> bool:
    return is_upload(url) and file_of(url.removeprefix(PATH)) is not None
