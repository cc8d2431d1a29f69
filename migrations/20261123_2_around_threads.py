"""Create answer templates, blocked senders, openings by the desk, matches of needs and daily numbers."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_2"
down_revision = "20261123_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_answer_templates()
    _create_blocked_senders()
    _create_thread_openings()
    _create_need_matches()
    _create_daily_numbers()


def _create_answer_templates() -> None:
    op.create_table(
        "answer_templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _key("answer_templates", "listing_id", "listings", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_answer_templates"),
    )
    op.create_index("ix_answer_templates_listing_id", "answer_templates", ["listing_id"])


def _create_blocked_senders() -> None:
    op.create_table(
        "blocked_senders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pattern", sa.String(length=254), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("blocked_by_id", sa.Integer(), nullable=True),
        sa.Column("blocked_by", sa.String(length=120), nullable=False),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=False),
        _key("blocked_senders", "blocked_by_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_blocked_senders"),
        sa.UniqueConstraint("pattern", name=op.f("uq_blocked_senders_pattern")),
    )


def _create_thread_openings() -> None:
    op.create_table(
        "thread_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("thread_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        _key("thread_openings", "thread_id", "threads", "CASCADE"),
        _key("thread_openings", "user_id", "users", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_thread_openings"),
    )
    for column in ("thread_id", "opened_at"):
        op.create_index(f"ix_thread_openings_{column}", "thread_openings", [column])


def _create_need_matches() -> None:
    op.create_table(
        "need_matches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enquiry_id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("offered", "approved", "dropped", name="match_state", native_enum=False, create_constraint=True,
                    length=32),
            nullable=False,
        ),
        _key("need_matches", "enquiry_id", "enquiries", "CASCADE"),
        _key("need_matches", "listing_id", "listings", "CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_need_matches"),
        sa.UniqueConstraint("enquiry_id", "listing_id", name=op.f("uq_need_matches_enquiry_id_listing_id")),
    )  # fmt: skip
    op.create_index("ix_need_matches_listing_id", "need_matches", ["listing_id"])


def _create_daily_numbers() -> None:
    op.create_table(
        "daily_numbers",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.CheckConstraint("views >= 0", name=op.f("ck_daily_numbers_views")),
        sa.CheckConstraint("found >= 0", name=op.f("ck_daily_numbers_found")),
        _key("daily_numbers", "listing_id", "listings", "CASCADE"),
        sa.PrimaryKeyConstraint("listing_id", "day", name="pk_daily_numbers"),
    )
    op.create_index("ix_daily_numbers_day", "daily_numbers", ["day"])


def downgrade() -> None:
    for table in ("daily_numbers", "need_matches", "thread_openings", "blocked_senders", "answer_templates"):
        op.drop_table(table)


def _key(table: str, column: str, other: str, ondelete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"), ondelete=ondelete)
