"""Create what the desk decides about."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_7"
down_revision = "20261121_6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_proposals()
    _create_reports()
    _create_claims()
    _create_duplicates()
    _create_merges()
    _create_decisions()
    _create_preferences()


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent_back",
                "accepted",
                "rejected",
                "taken_back",
                name="proposal_state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_proposals_listing_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_proposals_made_by_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    with op.batch_alter_table("proposals") as batch_op:
        batch_op.create_index("ix_proposals_listing_id", ["listing_id"], unique=False)
        batch_op.create_index("ix_proposals_state", ["state"], unique=False)
        batch_op.create_index(
            "uq_proposals_open",
            ["listing_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'sent_back')"),
            postgresql_where=sa.text("state IN ('waiting', 'sent_back')"),
        )


def _create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "outdated",
                "wrong",
                "closed",
                "duplicate",
                "other",
                name="report_reason",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("locale", sa.String(length=8), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "accepted", "rejected", name="case_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_reports_listing_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
    )
    with op.batch_alter_table("reports") as batch_op:
        batch_op.create_index("ix_reports_listing_id", ["listing_id"], unique=False)
        batch_op.create_index("ix_reports_state", ["state"], unique=False)


def _create_claims() -> None:
    op.create_table(
        "claims",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("mailed_to", sa.String(length=254), nullable=False),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open", "accepted", "rejected", name="case_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_claims_listing_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_claims_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
    )
    with op.batch_alter_table("claims") as batch_op:
        batch_op.create_index("ix_claims_listing_id", ["listing_id"], unique=False)
        batch_op.create_index("ix_claims_state", ["state"], unique=False)
        batch_op.create_index("ix_claims_user_id", ["user_id"], unique=False)


def _create_duplicates() -> None:
    op.create_table(
        "duplicates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open", "different", "merged", name="pair_state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("first_id < second_id", name="ck_duplicates_order"),
        sa.ForeignKeyConstraint(["first_id"], ["listings.id"], name="fk_duplicates_first_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["second_id"], ["listings.id"], name="fk_duplicates_second_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_duplicates"),
        sa.UniqueConstraint("first_id", "second_id", name="uq_duplicates_first_id_second_id"),
    )
    with op.batch_alter_table("duplicates") as batch_op:
        batch_op.create_index("ix_duplicates_second_id", ["second_id"], unique=False)
        batch_op.create_index("ix_duplicates_state", ["state"], unique=False)


def _create_merges() -> None:
    op.create_table(
        "merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("merged_by", sa.String(length=120), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_by", sa.String(length=120), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["kept_id"], ["listings.id"], name="fk_merges_kept_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["merged_id"], ["listings.id"], name="fk_merges_merged_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_merges"),
    )
    with op.batch_alter_table("merges") as batch_op:
        batch_op.create_index("ix_merges_kept_id", ["kept_id"], unique=False)
        batch_op.create_index("ix_merges_merged_id", ["merged_id"], unique=False)


def _create_decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=True),
        sa.Column("listing_name", sa.String(length=600), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "accepted",
                "accepted_edited",
                "sent_back",
                "rejected",
                "merged",
                "unmerged",
                "not_duplicate",
                "withdrawn",
                "restored",
                "claim_accepted",
                "claim_rejected",
                "report_accepted",
                "report_rejected",
                name="decision_act",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("public_note", sa.String(length=400), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name="fk_decisions_listing_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["made_by_id"], ["users.id"], name="fk_decisions_made_by_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
    )
    with op.batch_alter_table("decisions") as batch_op:
        batch_op.create_index("ix_decisions_listing_id", ["listing_id"], unique=False)
        batch_op.create_index("ix_decisions_made_at", ["made_at"], unique=False)


def _create_preferences() -> None:
    op.create_table(
        "preferences",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("confirmation_months", sa.Integer(), nullable=False),
        sa.Column("decisions_public", sa.Boolean(), nullable=False),
        sa.Column("registration_open", sa.Boolean(), nullable=False),
        sa.CheckConstraint("confirmation_months BETWEEN 1 AND 60", name="ck_preferences_confirmation_months"),
        sa.CheckConstraint("id = 1", name="ck_preferences_one_row"),
        sa.PrimaryKeyConstraint("id", name="pk_preferences"),
    )


def downgrade() -> None:
    op.drop_table("preferences")
    op.drop_table("decisions")
    op.drop_table("merges")
    op.drop_table("duplicates")
    op.drop_table("claims")
    op.drop_table("reports")
    op.drop_table("proposals")
