"""All that the site holds about a user, for the user."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from facilities.accounts.models import Grant, Invitation, User
from facilities.catalogue.models import Revision, VocabularyChange
from facilities.db import db, now
from facilities.enquiries.keeping.taking_along import enquiry_data, in_json_types
from facilities.enquiries.models import Enquiry, Message, ThreadOpening
from facilities.insight.models import Edition
from facilities.manage.models import ImportRun, Upload
from facilities.moderation.models import Claim, Decision, Proposal
from facilities.needs.models import NeedWatch, PublicNeed
from facilities.networks.applicants import applicant_is
from facilities.networks.models import Application, NetworkAct, NetworkGrant
from facilities.search.saved.models import SavedSearch


def personal_data(user: User) -> dict[str, Any]:
    """Everything as plain JSON; never passwords, secrets or tokens."""
    return {"written_at": _time(now())} | _of_account(user) | _of_work(user) | _of_asking(user)


def _of_account(user: User) -> dict[str, Any]:
    """Who it is, what they may do, how and when they signed in."""
    return {
        "account": _account(user),
        "rights": [_right(grant) for grant in user.grants],
        "desks_of_networks": [_desk(grant) for grant in user.network_grants],
        "passkeys": [{"name": each.name, "made_at": _time(each.create_datetime)} for each in user.webauthn],
        "api_tokens": [
            {"name": each.name, "prefix": each.prefix, "scopes": each.scopes, "made_at": _time(each.created_at)}
            for each in user.tokens
        ],
        "sign_ins": [
            {"at": _time(each.at), "network": each.network, "browser": each.browser, "way": each.way}
            for each in user.sign_ins
        ],
        "invitations": _invitations(user),
    }


def _of_work(user: User) -> dict[str, Any]:
    """What they did to listings, at desks, for networks."""
    return {
        "acts_at_desks_of_networks": _of(
            NetworkAct, NetworkAct.made_by_id == user.id, "network_id", "what", "about", "changes", "reason", "made_at"
        ),
        "editions_frozen": _of(Edition, Edition.frozen_by_id == user.id, "scope", "year", "title", "note", "frozen_at"),
        "changes_of_listings": _changes(user),
        "proposals": _of(Proposal, Proposal.made_by_id == user.id, "listing_id", "state", "changes", "made_at"),
        "claims": _of(Claim, Claim.user_id == user.id, "listing_id", "message", "state", "claimed_at"),
        "decisions": _of(Decision, Decision.made_by_id == user.id, "listing_id", "act", "reason", "made_at"),
        "vocabulary_changes": _of(
            VocabularyChange, VocabularyChange.made_by_id == user.id, "slug", "act", "before", "after", "made_at"
        ),
        "imports": _of(ImportRun, ImportRun.made_by_id == user.id, "listing_id", "file_name", "state", "made_at"),
        "uploads": _of(Upload, Upload.uploaded_by_id == user.id, "name", "original_name", "uploaded_at"),
        "threads_opened_as_desk": _of(ThreadOpening, ThreadOpening.user_id == user.id, "thread_id", "opened_at"),
    }


def _of_asking(user: User) -> dict[str, Any]:
    """What they looked for, asked, said and applied for."""
    return {
        "applications_for_membership": _applications(user),
        "saved_searches": _of(
            SavedSearch, sa.func.lower(SavedSearch.email) == user.email.lower(), "args", "frequency", "created_at",
            "confirmed_at",
        ),
        "public_needs": _of(
            PublicNeed, PublicNeed.posted_by_id == user.id, "organisation_id", "network_id", "title", "text", "place",
            "language", "ends_on", "state", "posted_at",
        ),
        "letters_about_needs": _of(NeedWatch, NeedWatch.user_id == user.id, "listing_id", "asked_at"),
        "enquiries_asked": _asked(user),
        "said_in_enquiries": _of(Message, Message.user_id == user.id, "thread_id", "body", "internal", "sent_at"),
    }  # fmt: skip


def _asked(user: User) -> list[dict[str, Any]]:
    """What was asked from the user's address, if it is known to be theirs."""
    if user.confirmed_at is None:
        return []
    own = sa.func.lower(Enquiry.requester_email) == user.email.lower()
    found = db.session.scalars(sa.select(Enquiry).where(own, Enquiry.emptied_at.is_(None)).order_by(Enquiry.id))
    return [in_json_types(enquiry_data(each)) for each in found]


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "name": user.name,
        "site_role": user.site_role,
        "language": user.locale,
        "made_at": _time(user.created_at),
        "confirmed_at": _time(user.confirmed_at),
        "sign_in_in_two_steps": bool(user.tf_primary_method),
    }


def _right(grant: Grant) -> dict[str, Any]:
    return {
        "listing_id": grant.listing_id,
        "listing": grant.listing.name,
        "role": grant.role,
        "since": _time(grant.granted_at),
    }


def _desk(grant: NetworkGrant) -> dict[str, Any]:
    return {
        "network": grant.network.slug,
        "hub": grant.hub.slug if grant.hub else None,
        "since": _time(grant.granted_at),
    }


def _applications(user: User) -> list[dict[str, Any]]:
    """Those sent from the account, and from its address if that is known to be theirs."""
    return _of(
        Application, applicant_is(user), "network_id", "name", "state", "message", "contact_name", "contact_email",
        "applied_at",
    )  # fmt: skip


def _invitations(user: User) -> list[dict[str, Any]]:
    return _of(
        Invitation, Invitation.email == user.email.lower(), "listing_id", "role", "network_id", "hub_id", "invited_at",
        "accepted_at",
    )  # fmt: skip


def _changes(user: User) -> list[dict[str, Any]]:
    made = sa.select(Revision.listing_id, Revision.version, Revision.act, Revision.made_at)
    rows = db.session.execute(made.where(Revision.user_id == user.id).order_by(Revision.id))
    return [
        {"listing_id": row.listing_id, "version": row.version, "act": row.act, "made_at": _time(row.made_at)}
        for row in rows
    ]


def _of(model: Any, condition: Any, *names: str) -> list[dict[str, Any]]:
    rows = db.session.execute(sa.select(*(getattr(model, name) for name in names)).where(condition))
    return [{name: _plain(value) for name, value in row._mapping.items()} for row in rows]


def _plain(value: Any) -> Any:
    return _time(value) if isinstance(value, date) else value


def _time(value: date | None) -> str | None:
    return value.isoformat() if value else None
