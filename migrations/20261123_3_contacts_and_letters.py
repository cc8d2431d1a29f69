"""Let contacts say whom they take and when they are away, and letters which thread they belong to."""

import sqlalchemy as sa
from alembic import op

revision = "20261123_3"
down_revision = "20261123_2"
branch_labels = None
depends_on = None

DELIVERIES = "'waiting', 'sent', 'deferred', 'failed', 'bounced'"


def upgrade() -> None:
    with op.batch_alter_table("contacts") as table:
        table.add_column(sa.Column("groups", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("away_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("away_until", sa.Date(), nullable=True))
        table.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("bounce_words", sa.String(length=500), nullable=False, server_default=""))
        table.create_check_constraint(op.f("ck_contacts_away_until"), sa.text("away_until >= away_from"))
    with op.batch_alter_table("contacts") as table:
        for column in ("groups", "bounce_words"):
            table.alter_column(column, server_default=None)
    with op.batch_alter_table("letters") as table:
        for column, other in (("thread_id", "threads"), ("recipient_id", "recipients")):
            table.add_column(sa.Column(column, sa.Integer(), nullable=True))
            table.create_foreign_key(op.f(f"fk_letters_{column}"), other, [column], ["id"], ondelete="SET NULL")
            table.create_index(f"ix_letters_{column}", [column])
        table.add_column(sa.Column("reply_to", sa.String(length=400), nullable=False, server_default=""))
        table.add_column(sa.Column("calendar", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("mail_id", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("delivery", sa.String(length=32), nullable=False, server_default="waiting"))
        table.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        table.create_check_constraint(op.f("ck_letters_delivery"), sa.text(f"delivery IN ({DELIVERIES})"))
    op.execute("UPDATE letters SET delivery = 'sent' WHERE sent_at IS NOT NULL")
    with op.batch_alter_table("letters") as table:
        for column in ("reply_to", "calendar", "mail_id", "delivery"):
            table.alter_column(column, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("letters") as table:
        table.drop_constraint(op.f("ck_letters_delivery"), type_="check")
        for column in ("thread_id", "recipient_id"):
            table.drop_index(f"ix_letters_{column}")
            table.drop_constraint(op.f(f"fk_letters_{column}"), type_="foreignkey")
        for column in ("thread_id", "recipient_id", "reply_to", "calendar", "mail_id", "delivery", "bounced_at"):
            table.drop_column(column)
    with op.batch_alter_table("contacts") as table:
        table.drop_constraint(op.f("ck_contacts_away_until"), type_="check")
        for column in ("groups", "away_from", "away_until", "left_at", "bounced_at", "bounce_words"):
            table.drop_column(column)
