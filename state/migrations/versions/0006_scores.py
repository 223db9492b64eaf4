"""Details of events, scores"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("event", sa.Column("detail", sa.Text()))
    op.create_table(
        "scored",
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("upto", NUMBER, nullable=False),
        sa.Column("next_on", sa.Date()),
        sa.Column("stamp", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("office", "year", name="pk_scored"),
    )
    counts = ("kept", "late", "missing", "omitted", "weight", "points")
    op.create_table(
        "score",
        sa.Column("office", sa.String(40), nullable=False),
        sa.Column("department", sa.String(40), nullable=False),
        sa.Column("phase", sa.String(85), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in counts),
        sa.PrimaryKeyConstraint("office", "department", "phase", "first", "year", name="pk_score"),
    )


def downgrade() -> None:
    op.drop_table("score")
    op.drop_table("scored")
    op.drop_column("event", "detail")
