"""Count a listing's versions, know who made each, and let its life have more stations.

SQLite cannot change a constraint: there each table is made anew with its rows and its other checks.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261121_8"
down_revision = "20261121_7"
branch_labels = None
depends_on = None

STATUSES = ("draft", "in_review", "published", "withdrawn", "archived")
ACTS = ("created", "imported", "edited", "confirmed", "withdrawn", "published")
NEW_ACTS = (
    "submitted", "sent_back", "scheduled", "archived", "moved", "restored", "merged", "unmerged", "undone",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("listings", sa.Column("version", sa.Integer(), nullable=True))
    op.add_column("listings", sa.Column("confirmation_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("listings", sa.Column("withdraw_on", sa.Date(), nullable=True))
    op.add_column("organisations", sa.Column("review", sa.String(32), nullable=True))
    op.add_column("contacts", sa.Column("deputy_name", sa.String(120), nullable=True))
    op.add_column("contacts", sa.Column("deputy_email", sa.String(254), nullable=True))
    op.add_column("revisions", sa.Column("version", sa.Integer(), nullable=True))
    op.add_column("revisions", sa.Column("note", sa.Text(), nullable=True))
    _fill()
    with op.batch_alter_table("listings") as table:
        _allow(table, "ck_listings_status", "status", (*STATUSES, "merged"))
        table.alter_column("version", existing_type=sa.Integer(), nullable=False)
        table.create_index("ix_listings_withdraw_on", ["withdraw_on"])
    with op.batch_alter_table("organisations") as table:
        _only(table, "ck_organisations_review", "review", ("desk", "manager", "nobody"))
        table.alter_column("review", existing_type=sa.String(32), nullable=False)
    with op.batch_alter_table("contacts") as table:
        table.alter_column("deputy_name", existing_type=sa.String(120), nullable=False)
        table.alter_column("deputy_email", existing_type=sa.String(254), nullable=False)
    with op.batch_alter_table("revisions") as table:
        _allow(table, "ck_revisions_revision_act", "act", (*ACTS, *NEW_ACTS))
        table.alter_column("version", existing_type=sa.Integer(), nullable=False)
        table.alter_column("note", existing_type=sa.Text(), nullable=False)
        table.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        table.drop_index("ix_revisions_listing_id")
        table.create_unique_constraint(op.f("uq_revisions_listing_id_version"), ["listing_id", "version"])
        table.create_foreign_key(op.f("fk_revisions_user_id"), "users", ["user_id"], ["id"], ondelete="SET NULL")
        table.create_foreign_key(op.f("fk_revisions_import_id"), "imports", ["import_id"], ["id"], ondelete="SET NULL")
        table.create_index("ix_revisions_user_id", ["user_id"])
        table.create_index("ix_revisions_import_id", ["import_id"])


def downgrade() -> None:
    """Merged listings become archived ones; acts that are not known become edits."""
    op.execute("UPDATE listings SET status = 'archived' WHERE status = 'merged'")
    op.execute(sa.text("UPDATE revisions SET act = 'edited' WHERE act IN :acts").bindparams(_in("acts", NEW_ACTS)))
    with op.batch_alter_table("revisions") as table:
        _allow(table, "ck_revisions_revision_act", "act", ACTS)
        table.drop_index("ix_revisions_user_id")
        table.drop_index("ix_revisions_import_id")
        table.drop_constraint(op.f("fk_revisions_user_id"), type_="foreignkey")
        table.drop_constraint(op.f("fk_revisions_import_id"), type_="foreignkey")
        table.drop_constraint(op.f("uq_revisions_listing_id_version"), type_="unique")
        for column in ("version", "note", "user_id", "import_id"):
            table.drop_column(column)
        table.create_index("ix_revisions_listing_id", ["listing_id"])
    with op.batch_alter_table("contacts") as table:
        table.drop_column("deputy_name")
        table.drop_column("deputy_email")
    with op.batch_alter_table("organisations") as table:
        table.drop_constraint(op.f("ck_organisations_review"), type_="check")
        table.drop_column("review")
    with op.batch_alter_table("listings") as table:
        _allow(table, "ck_listings_status", "status", STATUSES)
        table.drop_index("ix_listings_withdraw_on")
        for column in ("version", "confirmation_asked_at", "withdraw_on"):
            table.drop_column(column)


def _fill() -> None:
    """Number the revisions of each listing from one; a listing's version is the number of its last."""
    op.execute(
        "UPDATE revisions SET note = '', version = (SELECT count(*) FROM revisions AS earlier"
        " WHERE earlier.listing_id = revisions.listing_id AND earlier.id <= revisions.id)"
    )
    op.execute("UPDATE listings SET version = (SELECT count(*) FROM revisions WHERE listing_id = listings.id)")
    op.execute("UPDATE organisations SET review = 'manager'")
    op.execute("UPDATE contacts SET deputy_name = '', deputy_email = ''")


def _allow(table: Any, name: str, column: str, words: tuple[str, ...]) -> None:
    """Let a column hold these words and no others."""
    table.drop_constraint(op.f(name), type_="check")
    _only(table, name, column, words)


def _only(table: Any, name: str, column: str, words: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{word}'" for word in words)
    table.create_check_constraint(op.f(name), sa.text(f"{column} IN ({listed})"))


def _in(name: str, words: tuple[str, ...]) -> sa.BindParameter[tuple[str, ...]]:
    return sa.bindparam(name, words, expanding=True)
