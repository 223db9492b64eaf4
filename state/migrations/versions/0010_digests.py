"""What a digest said, and which letters hold it"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column(
        "digest", sa.Column("which", sa.String(10), nullable=False, server_default="weekly")
    )
    op.add_column("digest", sa.Column("said", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_digest_which", "digest", ["office", "which", "period"])
    op.create_table(
        "digest_letter",
        sa.Column("letter_id", NUMBER, nullable=False, autoincrement=False),
        sa.Column("period", sa.String(12), nullable=False),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name="fk_digest_letter_letter_id"),
        sa.PrimaryKeyConstraint("letter_id", "period", name="pk_digest_letter"),
    )
    op.create_index("ix_digest_letter_period", "digest_letter", ["period"])
    _remember()


def _remember() -> None:
    """Of the letters there are: until now a digest's letters were known by their day."""
    op.execute(
        "INSERT INTO digest_letter (letter_id, period) "
        "SELECT DISTINCT letter.id, digest.period FROM letter "
        "JOIN letter_item ON letter_item.letter_id = letter.id AND letter_item.kind = 'digest' "
        "JOIN digest ON digest.office = letter.office AND digest.day = letter.day"
    )
