"""Create enquiries with their recipients and messages."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_3"
down_revision = "20261121_2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_enquiries()
    _create_recipients()
    _create_messages()


def _create_enquiries() -> None:
    op.create_table(
        "enquiries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("form_id", sa.String(length=64), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "question",
                "booking",
                "quote",
                "training",
                name="enquiry_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "new",
                "delivered",
                "opened",
                "answered",
                "waiting",
                "accepted",
                "declined",
                "closed",
                "spam",
                name="enquiry_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requester_name", sa.String(length=120), nullable=False),
        sa.Column("requester_email", sa.String(length=254), nullable=False),
        sa.Column("requester_organisation", sa.String(length=200), nullable=False),
        sa.Column(
            "requester_group",
            sa.Enum(
                "own_organisation",
                "academia",
                "healthcare",
                "companies",
                "abroad",
                name="user_group",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("preferred_dates", sa.JSON(), nullable=False),
        sa.Column("duration", sa.String(length=120), nullable=False),
        sa.Column("samples", sa.String(length=500), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=True),
        sa.Column("budget", sa.String(length=120), nullable=False),
        sa.Column("participants", sa.Integer(), nullable=True),
        sa.Column(
            "receipt",
            sa.Enum(
                "waiting",
                "sent",
                "deferred",
                "failed",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("receipt_detail", sa.String(length=500), nullable=False),
        sa.CheckConstraint("participants >= 1", name=op.f("ck_enquiries_participants")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiries")),
        sa.UniqueConstraint("form_id", name=op.f("uq_enquiries_form_id")),
        sa.UniqueConstraint("token", name=op.f("uq_enquiries_token")),
    )
    with op.batch_alter_table("enquiries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enquiries_created_at"), ["created_at"], unique=False)
        batch_op.create_index(
            "ix_enquiries_requester_email_created_at", ["requester_email", "created_at"], unique=False
        )


def _create_recipients() -> None:
    op.create_table(
        "recipients",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("listing_name", sa.String(length=600), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "listing",
                "facility",
                "organisation",
                "desk",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "delivery",
            sa.Enum(
                "waiting",
                "sent",
                "deferred",
                "failed",
                name="delivery",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("delivery_detail", sa.String(length=500), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contacts.id"], name=op.f("fk_recipients_contact_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiries.id"], name=op.f("fk_recipients_enquiry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_recipients_listing_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint(
            "enquiry_id", "listing_id", "email", name=op.f("uq_recipients_enquiry_id_listing_id_email")
        ),
    )
    with op.batch_alter_table("recipients", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recipients_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipients_enquiry_id"), ["enquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recipients_listing_id"), ["listing_id"], unique=False)


def _create_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("recipient_id", sa.Integer(), nullable=True),
        sa.Column(
            "author",
            sa.Enum(
                "requester",
                "owner",
                "desk",
                name="author",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enquiry_id"], ["enquiries.id"], name=op.f("fk_messages_enquiry_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"], name=op.f("fk_messages_recipient_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_enquiry_id"), ["enquiry_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_recipient_id"), ["recipient_id"], unique=False)


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("recipients")
    op.drop_table("enquiries")
