"""Mails that came back, and the failures of which the office was told"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    op.create_table(
        "mail_read",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("mailbox", sa.String(500), nullable=False),
        sa.Column("name", sa.String(300), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verdict", sa.String(12), nullable=False),
        sa.Column("letter_id", NUMBER),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_mail_read_letter_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mail_read"),
        sa.UniqueConstraint("mailbox", "name", name="uq_mail_read_mailbox_name"),
    )
    op.create_index("ix_mail_read_digest", "mail_read", ["digest"])
    op.create_table(
        "failure_told",
        sa.Column("letter_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("told_in", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_failure_told_letter_id"),
        sa.ForeignKeyConstraint(["told_in"], ["letter.id"], name="fk_failure_told_told_in"),
        sa.PrimaryKeyConstraint("letter_id", name="pk_failure_told"),
    )
    op.create_index("ix_failure_told_told_in", "failure_told", ["told_in"])
    op.create_index(
        "ix_delivery_failed",
        "delivery",
        ["letter_id"],
        sqlite_where=FAILED,
        postgresql_where=FAILED,
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_failed", table_name="delivery")
    op.drop_table("failure_told")
    op.drop_table("mail_read")
