"""Kinds, user groups, languages, leave, bounces: who receives an enquiry, and how that is explained."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from facilities.catalogue.models import Contact, Facility, Instrument, Organisation, Status, UserGroup
from facilities.enquiries.models import EnquiryKind, Recipient, Route
from facilities.enquiries.routing import Asked, Routed, explain, explain_passed, recipient_of, routed

DAY = date(2027, 3, 1)
LONG_AGO = datetime(2027, 2, 11, 8, tzinfo=UTC)


@pytest.fixture
def scope() -> Instrument:
    """An instrument in a facility of a university; nobody has a contact yet."""
    university = Organisation(name="University", status=Status.PUBLISHED, kind="organisation")
    lab = Facility(name="Light Lab", status=Status.PUBLISHED, parent=university, organisation=university)
    return Instrument(name="LSM 880", status=Status.PUBLISHED, parent=lab, organisation=university)


def contact(role: str, **said: object) -> Contact:
    return Contact(role=role, email=f"{role.lower().replace(' ', '.')}@example.org", **said)


def route(
    app: Flask, listing: Instrument, *, locale: str = "en", group: UserGroup | None = None, on: date = DAY
) -> Routed:
    asked = Asked(EnquiryKind.QUOTE, on, locale, group)
    with app.test_request_context():
        return routed(listing, asked, desk_email="desk@example.org")


def mailboxes(found: Routed) -> list[str]:
    return [receiver.email.removesuffix("@example.org") for receiver in found.receivers]


def told(app: Flask, found: Routed, locale: str = "en") -> str:
    """What owner and desk read of the first receiver, from the stored recipient."""
    with app.test_request_context():
        stored: Recipient = recipient_of(found.receivers[0])
        return explain(stored, locale)


def passed(app: Flask, found: Routed) -> list[str]:
    with app.test_request_context():
        return [explain_passed(each) for each in found.passed]


def test_a_companys_request_goes_to_the_industry_desk_and_others_go_to_the_manager(
    app: Flask, scope: Instrument
) -> None:
    scope.contacts = [contact("Manager"), contact("Industry desk", groups=["companies"])]
    company = route(app, scope, group=UserGroup.COMPANIES)
    assert mailboxes(company) == ["industry.desk"]
    assert told(app, company) == "Sent to Industry desk of LSM 880. In charge of: Companies."
    assert passed(app, company) == ["Manager of LSM 880 leaves this user group to a colleague."]
    assert mailboxes(route(app, scope, group=UserGroup.ACADEMIA)) == ["manager"]
    assert mailboxes(route(app, scope)) == ["manager"]


def test_when_the_industry_desk_cannot_receive_the_manager_does(app: Flask, scope: Instrument) -> None:
    scope.contacts = [contact("Manager"), contact("Industry desk", groups=["companies"], bounced_at=LONG_AGO)]
    found = route(app, scope, group=UserGroup.COMPANIES)
    assert mailboxes(found) == ["manager"]
    assert told(app, found).endswith("Mail to Industry desk of LSM 880 came back on 11 February 2027.")


@pytest.mark.parametrize("locale", ["nb", "nb_NO", "no", "nn"])
def test_who_names_the_language_is_preferred(app: Flask, scope: Instrument, locale: str) -> None:
    scope.contacts = [contact("Manager", languages=["en"]), contact("Kari", languages=["nb"]), contact("Anyone")]
    assert mailboxes(route(app, scope, locale=locale)) == ["kari"]


def test_nothing_is_lost_because_nobody_speaks_the_language(app: Flask, scope: Instrument) -> None:
    scope.contacts = [contact("Manager", languages=["en"]), contact("Kari", languages=["nb"])]
    assert mailboxes(route(app, scope, locale="fi")) == ["manager", "kari"]
    scope.contacts.append(contact("Anyone"))
    assert mailboxes(route(app, scope, locale="fi")) == ["anyone"]


@pytest.mark.parametrize(
    ("day", "receives"),
    [(date(2027, 2, 28), "manager"), (DAY, "disa"), (date(2027, 3, 3), "disa"), (date(2027, 3, 4), "manager")],
)
def test_the_deputy_receives_from_the_first_to_the_last_day_of_leave(
    app: Flask, scope: Instrument, day: date, receives: str
) -> None:
    scope.contacts = [
        contact("Manager", deputy_email="disa@example.org", away_from=DAY, away_until=date(2027, 3, 3)),
    ]
    assert mailboxes(route(app, scope, on=day)) == [receives]


def test_the_deputy_is_explained_to_owners_and_named_to_the_requester(app: Flask, scope: Instrument) -> None:
    scope.contacts = [
        contact("Manager", deputy_email="disa@example.org", away_from=DAY, away_until=date(2027, 3, 3)),
    ]
    found = route(app, scope)
    assert told(app, found) == "Sent to the deputy of Manager, who is away until 3 March 2027."
    assert found.receivers[0].role == "Deputy of Manager"
    assert found.receivers[0].contact is scope.contacts[0]


def test_who_is_away_without_a_deputy_leaves_it_to_the_next_contact(app: Flask, scope: Instrument) -> None:
    scope.contacts = [contact("Manager", away_until=date(2027, 3, 3)), contact("Operator")]
    found = route(app, scope)
    assert mailboxes(found) == ["operator"]
    assert told(app, found) == "Sent to Operator of LSM 880. Manager of LSM 880 is away until 3 March 2027."


@pytest.mark.parametrize(
    ("gone", "why"),
    [
        ({"left_at": LONG_AGO}, "Manager of LSM 880 has left."),
        ({"bounced_at": LONG_AGO}, "Mail to Manager of LSM 880 came back on 11 February 2027."),
        ({"away_from": DAY}, "Manager of LSM 880 is away."),
    ],
)
def test_a_level_where_nobody_can_receive_passes_it_up(
    app: Flask, scope: Instrument, gone: dict[str, object], why: str
) -> None:
    scope.contacts = [contact("Manager", **gone)]
    assert told(app, route(app, scope)) == (
        "Sent to the desk of the catalogue: no contact can receive it. "
        f"{why} Light Lab has no contacts of its own. University has no contacts of its own."
    )
    assert scope.organisation
    scope.organisation.contacts = [contact("Office")]
    found = route(app, scope)
    assert [(each.email, each.route) for each in found.receivers] == [("office@example.org", Route.ORGANISATION)]


def test_a_deputy_stands_in_for_somebody_who_has_left(app: Flask, scope: Instrument) -> None:
    scope.contacts = [contact("Manager", left_at=LONG_AGO, deputy_email="disa@example.org")]
    assert told(app, route(app, scope)) == "Sent to the deputy of Manager, who has left."


def test_an_address_that_came_back_is_no_deputy_either(app: Flask, scope: Instrument) -> None:
    away = contact("Manager", away_from=DAY, deputy_email="OPERATOR@example.org")
    scope.contacts = [away, contact("Operator", bounced_at=LONG_AGO)]
    assert mailboxes(route(app, scope)) == ["desk"]


def test_a_deputy_who_is_a_contact_too_receives_once(app: Flask, scope: Instrument) -> None:
    away = contact("Manager", away_from=DAY, deputy_email="Operator@example.org")
    scope.contacts = [away, contact("Operator")]
    assert [mailbox.lower() for mailbox in mailboxes(route(app, scope))] == ["operator"]


def test_the_reason_is_told_in_the_readers_language(app: Flask, scope: Instrument) -> None:
    scope.contacts = [contact("Manager", deputy_email="disa@example.org", away_until=date(2027, 3, 3))]
    assert "3 mars 2027" in told(app, route(app, scope), "sv")


def test_recipients_of_earlier_days_are_explained_by_their_road(app: Flask) -> None:
    with app.test_request_context():
        old = Recipient(role="Manager", email="m@example.org", route=Route.FACILITY, reason={})
        assert explain(old) == "Sent to Manager, contact of its facility."
