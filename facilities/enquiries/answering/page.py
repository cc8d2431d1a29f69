"""A thread's page as whoever answers for its listing has it open: what it shows, and its forms."""

from dataclasses import InitVar, dataclass, field
from functools import cached_property

from flask import render_template
from flask_wtf import FlaskForm

from facilities.accounts.rights import may_edit
from facilities.enquiries.answering import queries
from facilities.enquiries.answering.forms import AnswerForm, AssignForm, EndForm, NoteForm, TermsForm, last_seen
from facilities.enquiries.models import AnswerTemplate, Author, Message, Stage, Thread, ThreadOpening
from facilities.enquiries.summary import request_lines, requester_lines
from facilities.enquiries.threads.speakers import Speaker
from facilities.manage.forms.rows import CURRENCIES
from facilities.outbox.models import StoredLetter


@dataclass
class ThreadPage:
    """`by` is who has it open and acts; `path` is the page's address. `opened` names the form that is to be seen at
    once, and `meanwhile` is what others said since its author began. `sent` is an answer that has been looked into."""

    thread: Thread
    by: Speaker
    path: str
    opened: str = ""
    meanwhile: list[Message] = field(default_factory=list)
    sent: InitVar[AnswerForm | None] = None

    def __post_init__(self, sent: AnswerForm | None) -> None:
        seen = last_seen(self.thread)
        self.answer = sent or AnswerForm()
        self.answer.offer(self.templates, seen=seen, currency=self._currency())
        self.end = EndForm(seen=seen)
        self.note = NoteForm()
        self.terms = TermsForm()
        self.assign = AssignForm()
        if self.has_account:
            self.assign.offer(queries.colleagues_for(self.thread), self.thread.assigned_to_id)

    @property
    def has_account(self) -> bool:
        """Whether it is open to somebody who is signed in, not by the link of a letter."""
        return self.by.user is not None

    @property
    def is_desk(self) -> bool:
        return self.by.author == Author.DESK

    @property
    def may_accept_terms(self) -> bool:
        """Whether something is held back that this reader may see after accepting the requester's terms."""
        return not self.thread.shows_withheld and not self.is_desk

    @property
    def keeps_templates(self) -> bool:
        """Whether the reader may change the templates of the listing."""
        listing = self.thread.listing
        return self.by.user is not None and listing is not None and may_edit(self.by.user, listing)

    @property
    def who_meanwhile(self) -> str:
        """Who said something since the author of the form began."""
        return ", ".join(dict.fromkeys(each.author_name or str(each.author.label) for each in self.meanwhile))

    @property
    def verified(self) -> bool:
        return self.thread.enquiry.verified_at is not None

    @cached_property
    def templates(self) -> list[AnswerTemplate]:
        return queries.templates_for(self.thread.listing)

    @cached_property
    def letters(self) -> list[StoredLetter]:
        return queries.letters_about(self.thread)

    @cached_property
    def openings(self) -> list[ThreadOpening]:
        return queries.openings_of(self.thread)

    @property
    def asker(self) -> list[tuple[str, str]]:
        return requester_lines(self.thread.enquiry)

    @property
    def asked(self) -> list[tuple[str, str]]:
        return request_lines(self.thread.enquiry)

    @property
    def failed(self) -> FlaskForm | None:
        """The form that has to be put right."""
        return next((form for form in (self.answer, self.end, self.note, self.terms) if form.errors), None)

    def asks_again(self) -> None:
        """Have the next sending of its forms go through, whatever was said until now."""
        self.answer.seen.data = self.end.seen.data = last_seen(self.thread)

    def print(self, template: str) -> str:
        return render_template(template, page=self, thread=self.thread, enquiry=self.thread.enquiry)

    def _currency(self) -> str:
        country = self.thread.listing.place.country if self.thread.listing else ""
        offers = self.thread.quote
        return (offers.currency if offers else "") or CURRENCIES.get(country or "", "EUR")


def may_be_shown(thread: Thread) -> bool:
    """Whether its owners have been asked: held enquiries are the desk's, and what was emptied is nobody's."""
    return thread.enquiry.stage == Stage.SENT
