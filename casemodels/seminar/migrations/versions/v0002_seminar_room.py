"""The seminar room: ids of decisions, participants and their devices, what the trainer did."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _ids_of_decisions()
    _participants()
    _acts_and_ratings()


def _ids_of_decisions() -> None:
    """Every decision has an id of its own; those that have none yet get one that nobody knows."""
    op.add_column("decisions", sa.Column("decision", sa.String(), nullable=True))
    fresh = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "replace(gen_random_uuid()::text, '-', '')"}  # fmt: skip
    op.execute(f"UPDATE decisions SET decision = {fresh[op.get_bind().dialect.name]}")
    # SQLite writes the table anew for this, and with it the promise that no id is given again.
    with op.batch_alter_table("decisions", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("decision", existing_type=sa.String(), nullable=False)
        table.create_unique_constraint("uq_decisions_decision", ["decision"])


def _participants() -> None:
    op.create_table(
        "seminars",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("opened", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "participants",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seminar", sa.Integer(), sa.ForeignKey("seminars.id"), nullable=False),
        sa.Column("nickname", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("run", sa.String(), nullable=False, unique=True),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("joined", MOMENT, nullable=False),
        sa.Column("keyboard", sa.String(), nullable=False),
        sa.UniqueConstraint("seminar", "folded", name="uq_participants_nickname"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "devices",
        sa.Column("token", sa.String(), primary_key=True),
        sa.Column("participant", sa.Integer(), sa.ForeignKey("participants.id"), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
    )
    op.create_index("ix_devices_participant", "devices", ["participant"])
    op.create_table(
        "passes",
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("participant", sa.Integer(), sa.ForeignKey("participants.id"), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("once", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_passes_participant", "passes", ["participant"])


def _acts_and_ratings() -> None:
    op.create_table(
        "acts",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("seminar", sa.Integer(), sa.ForeignKey("seminars.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_acts_seminar", "acts", ["seminar"])
    op.create_table(
        "ratings",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("rater", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ratings_run", "ratings", ["run"])
    op.create_table(
        "settings",
        sa.Column("name", sa.String(), primary_key=True),
        sa.Column("value", sa.String(), nullable=False),
    )
