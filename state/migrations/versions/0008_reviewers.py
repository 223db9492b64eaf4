"""Leading departments look at what supporting ones hand in, and are told of it"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REVIEWED = sa.text("reviewers <> ''")


def upgrade() -> None:
    op.add_column(
        "assignment", sa.Column("reviewers", sa.String(400), nullable=False, server_default="")
    )
    op.create_index(
        "ix_assignment_reviewed",
        "assignment",
        ["office", "state"],
        sqlite_where=REVIEWED,
        postgresql_where=REVIEWED,
    )
    op.create_table(
        "receipt_lead",
        sa.Column("event_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("department", sa.String(40), nullable=False),
        sa.Column("told_in", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name="fk_receipt_lead_event_id"),
        sa.ForeignKeyConstraint(["told_in"], ["letter.id"], name="fk_receipt_lead_told_in"),
        sa.PrimaryKeyConstraint("event_id", "department", name="pk_receipt_lead"),
    )
    op.create_index("ix_receipt_lead_told_in", "receipt_lead", ["told_in"])


def downgrade() -> None:
    op.drop_table("receipt_lead")
    op.drop_index("ix_assignment_reviewed", table_name="assignment")
    op.drop_column("assignment", "reviewers")
