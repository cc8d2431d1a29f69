"""Give each listing of an enquiry a thread of its own, with quotes, times, bookings and files."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "20261123_1"
down_revision = "20261122_8"
branch_labels = None
depends_on = None

STATUSES = ("new", "delivered", "opened", "answered", "waiting", "accepted", "declined", "closed", "spam")
ENDED = ("accepted", "declined", "closed", "spam")
DELIVERIES = ("waiting", "sent", "deferred", "failed")
AUTHORS = ("requester", "owner", "desk")


def upgrade() -> None:
    _create_threads()
    _thread_recipients()
    _thread_messages()
    _extend_enquiries()
    _create_what_is_said()


def downgrade() -> None:
    for table in ("enquiry_files", "bookings", "slots", "quotes"):
        op.drop_table(table)
    _restore_enquiries()
    _restore_messages()
    _restore_recipients()
    op.drop_table("threads")


def _create_threads() -> None:
    op.create_table(
        "threads",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("listing_name", sa.String(length=600), nullable=False),
        sa.Column("status", _words("enquiry_status", *STATUSES), nullable=False),
        sa.Column("turn", _words("turn", "owner", "requester", "nobody"), nullable=False),
        sa.Column("ended_by", _words("author", *AUTHORS, "site"), nullable=True),
        sa.Column("assigned_to_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", _time(), nullable=False),
        *(
            sa.Column(name, _time(), nullable=True)
            for name in (
                "delivered_at", "opened_at", "first_answered_at", "last_owner_at", "last_requester_at", "closed_at",
            )
        ),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("remind_at", _time(), nullable=True),
        sa.Column("close_at", _time(), nullable=True),
        sa.Column("terms_accepted_at", _time(), nullable=True),
        sa.Column("terms_accepted_by", sa.String(length=254), nullable=False),
        sa.CheckConstraint("reminders BETWEEN 0 AND 3", name=op.f("ck_threads_reminders")),
        _key("threads", "enquiry_id", "enquiries", "CASCADE"),
        _key("threads", "listing_id", "listings", "SET NULL"),
        _key("threads", "assigned_to_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_threads"),
    )  # fmt: skip
    op.create_index("ix_threads_listing_id_status", "threads", ["listing_id", "status"])
    op.create_index("ix_threads_enquiry_id_listing_id", "threads", ["enquiry_id", "listing_id"])
    for column in ("assigned_to_id", "asked_at"):
        op.create_index(f"ix_threads_{column}", "threads", [column])
    for column in ("remind_at", "close_at"):
        there = sa.text(f"{column} IS NOT NULL")
        op.create_index(f"ix_threads_{column}", "threads", [column], sqlite_where=there, postgresql_where=there)
    op.execute(
        "INSERT INTO threads (enquiry_id, listing_id, listing_name, status, turn, asked_at, delivered_at,"  # noqa: S608 - words of this file
        " reminders, terms_accepted_by)"
        " SELECT e.id, r.listing_id, r.listing_name, e.status,"
        f" CASE WHEN e.status IN ({_listed(ENDED)}) THEN 'nobody' ELSE 'owner' END,"
        " e.created_at, MIN(r.delivered_at), 0, ''"
        " FROM recipients r JOIN enquiries e ON e.id = r.enquiry_id"
        " GROUP BY e.id, r.listing_id, r.listing_name, e.status, e.created_at"
    )


def _thread_recipients() -> None:
    with op.batch_alter_table("recipients") as table:
        table.add_column(sa.Column("thread_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("token", sa.String(length=64), nullable=True))
        table.add_column(sa.Column("reason", sa.JSON(), nullable=True))
    op.execute(
        "UPDATE recipients SET reason = '{}', thread_id = (SELECT t.id FROM threads t"
        " WHERE t.enquiry_id = recipients.enquiry_id AND t.listing_name = recipients.listing_name"
        " AND (t.listing_id = recipients.listing_id OR (t.listing_id IS NULL AND recipients.listing_id IS NULL)))"
    )
    _give_tokens()
    _leave_one_for_each_mailbox()
    with op.batch_alter_table("recipients") as table:
        for column in ("thread_id", "token", "reason"):
            table.alter_column(column, nullable=False)
        table.create_foreign_key(op.f("fk_recipients_thread_id"), "threads", ["thread_id"], ["id"], ondelete="CASCADE")
        table.drop_constraint(op.f("uq_recipients_enquiry_id_listing_id_email"), type_="unique")
        table.create_unique_constraint(op.f("uq_recipients_thread_id_email"), ["thread_id", "email"])
        table.create_unique_constraint(op.f("uq_recipients_token"), ["token"])
        table.drop_index("ix_recipients_listing_id")
        table.drop_constraint(op.f("fk_recipients_listing_id"), type_="foreignkey")
        table.drop_column("listing_id")
        table.drop_column("listing_name")
    _allow("recipients", "delivery", "delivery", (*DELIVERIES, "bounced"))


def _give_tokens() -> None:
    bind = op.get_bind()
    for recipient_id in bind.execute(sa.text("SELECT id FROM recipients")).scalars().all():
        give = sa.text("UPDATE recipients SET token = :token WHERE id = :id")
        bind.execute(give, {"token": secrets.token_urlsafe(32), "id": recipient_id})


def _leave_one_for_each_mailbox() -> None:
    """Recipients of a listing that is gone were allowed twice with one address."""
    op.execute(
        "DELETE FROM recipients WHERE id NOT IN"
        " (SELECT first FROM (SELECT MIN(id) AS first FROM recipients GROUP BY thread_id, email) AS firsts)"
    )


def _restore_recipients() -> None:
    op.execute("UPDATE recipients SET delivery = 'failed' WHERE delivery = 'bounced'")
    _allow("recipients", "delivery", "delivery", DELIVERIES)
    with op.batch_alter_table("recipients") as table:
        table.add_column(sa.Column("listing_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("listing_name", sa.String(length=600), nullable=False, server_default=""))
    op.execute(
        "UPDATE recipients SET listing_id = (SELECT t.listing_id FROM threads t WHERE t.id = recipients.thread_id),"
        " listing_name = (SELECT t.listing_name FROM threads t WHERE t.id = recipients.thread_id)"
    )
    with op.batch_alter_table("recipients") as table:
        table.alter_column("listing_name", server_default=None)
        table.create_foreign_key(
            op.f("fk_recipients_listing_id"), "listings", ["listing_id"], ["id"], ondelete="SET NULL"
        )
        table.create_index("ix_recipients_listing_id", ["listing_id"])
        table.drop_constraint(op.f("uq_recipients_thread_id_email"), type_="unique")
        table.drop_constraint(op.f("uq_recipients_token"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_recipients_enquiry_id_listing_id_email"), ["enquiry_id", "listing_id", "email"]
        )
        table.drop_constraint(op.f("fk_recipients_thread_id"), type_="foreignkey")
        for column in ("thread_id", "token", "reason"):
            table.drop_column(column)


def _thread_messages() -> None:
    with op.batch_alter_table("messages") as table:
        table.add_column(sa.Column("thread_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("author_name", sa.String(length=254), nullable=False, server_default=""))
        table.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("internal", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("withheld", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("mail_id", sa.String(length=300), nullable=True))
    op.execute(
        "UPDATE messages SET thread_id = (SELECT r.thread_id FROM recipients r WHERE r.id = messages.recipient_id)"
        " WHERE recipient_id IS NOT NULL"
    )
    with op.batch_alter_table("messages") as table:
        for column in ("author_name", "internal", "withheld"):
            table.alter_column(column, server_default=None)
        table.create_foreign_key(op.f("fk_messages_thread_id"), "threads", ["thread_id"], ["id"], ondelete="CASCADE")
        table.create_foreign_key(op.f("fk_messages_user_id"), "users", ["user_id"], ["id"], ondelete="SET NULL")
        table.drop_constraint(op.f("fk_messages_recipient_id"), type_="foreignkey")
        table.create_foreign_key(
            op.f("fk_messages_recipient_id"), "recipients", ["recipient_id"], ["id"], ondelete="SET NULL"
        )
        table.create_unique_constraint(op.f("uq_messages_thread_id_mail_id"), ["thread_id", "mail_id"])
        table.create_index("ix_messages_thread_id", ["thread_id"])
        table.create_index("ix_messages_user_id", ["user_id"])
    _allow("messages", "author", "author", (*AUTHORS, "site"))


def _restore_messages() -> None:
    op.execute("UPDATE messages SET author = 'desk' WHERE author = 'site'")
    _allow("messages", "author", "author", AUTHORS)
    op.execute(
        "UPDATE messages SET recipient_id = (SELECT MIN(r.id) FROM recipients r WHERE r.thread_id = messages.thread_id)"
        " WHERE recipient_id IS NULL AND thread_id IS NOT NULL"
    )
    with op.batch_alter_table("messages") as table:
        table.drop_index("ix_messages_thread_id")
        table.drop_index("ix_messages_user_id")
        table.drop_constraint(op.f("uq_messages_thread_id_mail_id"), type_="unique")
        table.drop_constraint(op.f("fk_messages_thread_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_messages_user_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_messages_recipient_id"), type_="foreignkey")
        table.create_foreign_key(
            op.f("fk_messages_recipient_id"), "recipients", ["recipient_id"], ["id"], ondelete="CASCADE"
        )
        for column in ("thread_id", "author_name", "user_id", "internal", "withheld", "mail_id"):
            table.drop_column(column)


def _extend_enquiries() -> None:
    with op.batch_alter_table("enquiries") as table:
        table.add_column(sa.Column("stage", sa.String(length=32), nullable=False, server_default="sent"))
        table.add_column(sa.Column("link_expires_at", _time(), nullable=True))
        table.add_column(sa.Column("verified_at", _time(), nullable=True))
        table.add_column(sa.Column("terms", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("spam_score", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("spam_signs", sa.JSON(), nullable=True))
        table.add_column(sa.Column("emptied_at", _time(), nullable=True))
    sqlite = op.get_bind().dialect.name == "sqlite"
    year_later = "datetime(created_at, '+365 days') || '.000000'" if sqlite else "created_at + interval '365 days'"
    op.execute(
        f"UPDATE enquiries SET link_expires_at = {year_later}, spam_signs = '[]',"  # noqa: S608 - words of this file
        " stage = CASE WHEN status = 'spam' THEN 'held' ELSE 'sent' END"
    )
    with op.batch_alter_table("enquiries") as table:
        for column in ("stage", "terms", "spam_score"):
            table.alter_column(column, server_default=None)
        for column in ("link_expires_at", "spam_signs"):
            table.alter_column(column, nullable=False)
        table.create_check_constraint(
            op.f("ck_enquiries_stage"), sa.text("stage IN ('sent', 'held', 'to_match', 'dropped')")
        )
        table.create_index("ix_enquiries_stage", ["stage"])
        table.drop_constraint(op.f("ck_enquiries_enquiry_status"), type_="check")
        table.drop_column("status")
    _allow("enquiries", "receipt", "delivery", (*DELIVERIES, "bounced"))


def _restore_enquiries() -> None:
    op.execute("UPDATE enquiries SET receipt = 'failed' WHERE receipt = 'bounced'")
    _allow("enquiries", "receipt", "delivery", DELIVERIES)
    with op.batch_alter_table("enquiries") as table:
        table.add_column(sa.Column("status", sa.String(length=32), nullable=False, server_default="new"))
    op.execute(
        "UPDATE enquiries SET status = COALESCE((SELECT t.status FROM threads t WHERE t.enquiry_id = enquiries.id"
        " AND t.id = (SELECT MIN(id) FROM threads WHERE enquiry_id = enquiries.id)), 'new')"
    )
    with op.batch_alter_table("enquiries") as table:
        table.alter_column("status", server_default=None)
        table.create_check_constraint(op.f("ck_enquiries_enquiry_status"), sa.text(f"status IN ({_listed(STATUSES)})"))
        table.drop_index("ix_enquiries_stage")
        table.drop_constraint(op.f("ck_enquiries_stage"), type_="check")
        for column in (
            "stage", "link_expires_at", "verified_at", "terms", "spam_score", "spam_signs", "emptied_at",
        ):  # fmt: skip
            table.drop_column(column)


def _create_what_is_said() -> None:
    op.create_table(
        "quotes",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("basis", sa.String(length=120), nullable=False),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("terms", sa.String(length=2000), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_quotes_amount")),
        sa.CheckConstraint("lead_days >= 0", name=op.f("ck_quotes_lead_days")),
        _key("quotes", "message_id", "messages", "CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name="pk_quotes"),
    )
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", _time(), nullable=False),
        sa.Column("ends_at", _time(), nullable=False),
        sa.Column("state", _words("slot_state", "proposed", "chosen", "withdrawn"), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_slots_ends_at")),
        _key("slots", "message_id", "messages", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_slots"),
    )
    op.create_index("ix_slots_message_id", "slots", ["message_id"])
    op.create_table(
        "bookings",
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("state", _words("booking_state", "tentative", "confirmed", "cancelled"), nullable=False),
        sa.Column("starts_at", _time(), nullable=False),
        sa.Column("ends_at", _time(), nullable=False),
        sa.Column("changed_at", _time(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_bookings_ends_at")),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_bookings_sequence")),
        _key("bookings", "thread_id", "threads", "CASCADE"),
        sa.PrimaryKeyConstraint("thread_id", name="pk_bookings"),
        sa.UniqueConstraint("uid", name=op.f("uq_bookings_uid")),
    )
    op.create_table(
        "enquiry_files",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("added_at", _time(), nullable=False),
        _key("enquiry_files", "enquiry_id", "enquiries", "CASCADE"),
        _key("enquiry_files", "message_id", "messages", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_enquiry_files"),
        sa.UniqueConstraint("stored_as", name=op.f("uq_enquiry_files_stored_as")),
    )
    for column in ("enquiry_id", "message_id"):
        op.create_index(f"ix_enquiry_files_{column}", "enquiry_files", [column])


def _time() -> sa.DateTime:
    return sa.DateTime(timezone=True)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)


def _allow(table_name: str, column: str, kind: str, words: tuple[str, ...]) -> None:
    """Let a column hold these words. SQLite cannot change a constraint: there the table is made anew with its rows."""
    with op.batch_alter_table(table_name) as table:
        table.drop_constraint(op.f(f"ck_{table_name}_{kind}"), type_="check")
        table.create_check_constraint(op.f(f"ck_{table_name}_{kind}"), sa.text(f"{column} IN ({_listed(words)})"))


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)
