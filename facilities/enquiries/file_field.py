"""The field of a form with which files are sent."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import Form
from wtforms.validators import ValidationError

from facilities.enquiries.files import (
    ACCEPTED,
    LARGEST_FILE,
    MOST_FILES,
    CheckedFile,
    check_file,
    check_number,
    check_room,
)
from facilities.enquiries.models import Enquiry
from facilities.manage.uploads import CannotUse

ALLOWED = _("Up to five files, 10 MB each and 20 MB together: PDF, pictures, CSV, TXT, XLSX, DOCX, PPTX, ODT. "
            "Pictures are stored at most 1600 pixels wide, without what a camera notes.")  # fmt: skip


class FilesField(MultipleFileField):
    """Some files, or none. Once the form is valid, `checked` are those that may be kept; `chosen` tells whether any
    were sent, for browsers forget them when a form comes back."""

    def __init__(self, label: Any = None, *, withheld: bool = False, description: Any = ALLOWED, **kwargs: Any) -> None:
        super().__init__(label, description=description, render_kw={"accept": ACCEPTED}, **kwargs)
        self.withheld = withheld
        self.checked: list[CheckedFile] = []
        self.problems: list[str] | None = None

    @property
    def sent(self) -> list[FileStorage]:
        return [file for file in self.data or [] if isinstance(file, FileStorage) and file.filename]

    @property
    def chosen(self) -> bool:
        return bool(self.sent)

    def look(self) -> None:
        """Look into each of them, once; what is wrong with any is said when the form is validated."""
        if self.problems is not None:
            return
        with ExitStack() as open_files:
            for file in self.sent:
                open_files.enter_context(file.stream)
            too_many = len(self.sent) > MOST_FILES
            self.problems = [str(_("Choose at most five files."))] if too_many else list(self._check())

    def pre_validate(self, _form: Form) -> None:
        self.look()
        if self.problems:
            raise ValidationError(" ".join(self.problems))
        expect_room(self.checked)

    def fits(self, enquiry: Enquiry) -> bool:
        """Whether there is room for them beside the files that the enquiry has; else the field says so."""
        try:
            check_room(enquiry, self.checked)
        except CannotUse as problem:
            self.errors = [str(problem)]
            return False
        return True

    def _check(self) -> Iterator[str]:
        for file in self.sent:
            try:
                data = file.stream.read(LARGEST_FILE + 1)
                self.checked.append(check_file(file.filename or "", data, withheld=self.withheld))
            except CannotUse as problem:
                yield str(problem)


def expect_room(files: list[CheckedFile]) -> None:
    """Raises ValidationError if they are too many or too large together."""
    try:
        check_number(files)
    except CannotUse as problem:
        raise ValidationError(str(problem)) from problem
