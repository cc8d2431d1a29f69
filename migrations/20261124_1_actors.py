"""Say more of actors: roles that the desk keeps, sites, pipelines, what they offer, and what their figures rest on.

SQLite cannot change a constraint: there a table is made anew with its rows.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "20261124_1"
down_revision = "20261123_4"
branch_labels = None
depends_on = None

KINDS = ("organisation", "facility", "instrument", "service")
ORGANISATION_KINDS = (
    "university",
    "hospital",
    "institute",
    "service_company",
    "supplier",
    "investor",
    "science_park",
    "cluster",
    "authority",
    "company",
    "other",
)
COLUMNS = (
    "specialties",
    "employees_year",
    "employees_source",
    "turnover",
    "turnover_currency",
    "turnover_year",
    "turnover_source",
)
ROLES = sa.table(
    "actor_roles",
    sa.column("slug"),
    sa.column("position"),
    sa.column("labels", sa.JSON()),
    sa.column("descriptions", sa.JSON()),
    sa.column("topics", sa.JSON()),
)
FIRST_ROLES = (
    (
        "discovery",
        {
            "en": "Discovery",
            "sv": "Upptäckt och tidig forskning",
            "nb": "Oppdagelse og tidlig forskning",
            "da": "Opdagelse og tidlig forskning",
        },
        ["target", "screening", "lead"],
    ),
    (
        "preclinical",
        {
            "en": "Preclinical",
            "sv": "Preklinisk utveckling",
            "nb": "Preklinisk utvikling",
            "da": "Præklinisk udvikling",
        },
        ["toxicology", "pharmacology", "animal studies"],
    ),
    (
        "clinical",
        {"en": "Clinical", "sv": "Klinisk prövning", "nb": "Klinisk utprøving", "da": "Klinisk afprøvning"},
        ["trial", "patients", "CRO"],
    ),
    (
        "manufacturing",
        {"en": "Manufacturing", "sv": "Tillverkning", "nb": "Produksjon", "da": "Produktion"},
        ["GMP", "CDMO", "scale-up"],
    ),
    (
        "regulatory",
        {
            "en": "Regulatory",
            "sv": "Regulatoriska frågor",
            "nb": "Regulatoriske spørsmål",
            "da": "Regulatoriske forhold",
        },
        ["approval", "CE marking", "IVDR"],
    ),
    (
        "diagnostics",
        {"en": "Diagnostics", "sv": "Diagnostik", "nb": "Diagnostikk", "da": "Diagnostik"},
        ["assay", "biomarker", "IVD"],
    ),
    (
        "devices",
        {"en": "Devices", "sv": "Medicinteknik", "nb": "Medisinsk utstyr", "da": "Medicinsk udstyr"},
        ["medical device", "MDR", "prototype"],
    ),
    (
        "data",
        {"en": "Data", "sv": "Data och AI", "nb": "Data og KI", "da": "Data og AI"},
        ["registry", "bioinformatics", "health data"],
    ),
    (
        "financing",
        {"en": "Financing", "sv": "Finansiering", "nb": "Finansiering", "da": "Finansiering"},
        ["capital", "grant", "investor"],
    ),
    (
        "premises",
        {"en": "Premises", "sv": "Lokaler", "nb": "Lokaler", "da": "Lokaler"},
        ["laboratory space", "office", "plot"],
    ),
    (
        "business_support",
        {"en": "Business support", "sv": "Affärsstöd", "nb": "Forretningsstøtte", "da": "Erhvervsstøtte"},
        ["incubator", "patent", "start a company"],
    ),
    (
        "policy",
        {"en": "Policy", "sv": "Politik och samhälle", "nb": "Politikk og samfunn", "da": "Politik og samfund"},
        ["regulation", "strategy", "health policy"],
    ),
)


def upgrade() -> None:
    _create_actor_roles()
    _create_offers()
    _create_pipeline_projects()
    _create_sites()
    op.bulk_insert(
        ROLES,
        [
            dict(zip(("slug", "labels", "topics", "descriptions", "position"), (*role, {}, number), strict=True))
            for number, role in enumerate(FIRST_ROLES)
        ],
    )
    with op.batch_alter_table("listings") as table:
        _allow(table, "ck_listings_kind", "kind", (*KINDS, "offer"))
    with op.batch_alter_table("instruments") as table:
        table.add_column(sa.Column("idle_hours", sa.Integer(), nullable=True))
        table.create_check_constraint(op.f("ck_instruments_idle_hours"), sa.text("idle_hours BETWEEN 0 AND 168"))
    _extend_organisations()


def _create_actor_roles() -> None:
    op.create_table(
        "actor_roles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("descriptions", sa.JSON(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_actor_roles")),
        sa.UniqueConstraint("slug", name=op.f("uq_actor_roles_slug")),
    )


def _create_offers() -> None:
    op.create_table(
        "offers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "offer_kind",
            _words("offer_kind", "premises", "funding", "knowledge", "education", "partners"),
            nullable=False,
        ),
        sa.Column("open_until", sa.Date(), nullable=True),
        sa.Column("premises", sa.JSON(), nullable=False),
        sa.Column("area_min", sa.Integer(), nullable=True),
        sa.Column("area_max", sa.Integer(), nullable=True),
        sa.Column("room_classes", sa.JSON(), nullable=False),
        sa.Column("free_from", sa.Date(), nullable=True),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("amount_min", sa.BigInteger(), nullable=True),
        sa.Column("amount_max", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.CheckConstraint("amount_min >= 0 AND amount_max >= amount_min", name=op.f("ck_offers_amount")),
        sa.CheckConstraint("area_min >= 0 AND area_max >= area_min", name=op.f("ck_offers_area")),
        sa.ForeignKeyConstraint(["id"], ["listings.id"], name=op.f("fk_offers_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    op.create_index(op.f("ix_offers_offer_kind"), "offers", ["offer_kind"], unique=False)


def _create_pipeline_projects() -> None:
    op.create_table(
        "pipeline_projects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "phase",
            _words("phase", "discovery", "preclinical", "phase_1", "phase_2", "phase_3", "registration", "market"),
            nullable=False,
        ),
        sa.Column("indication", sa.String(length=200), nullable=False),
        sa.Column("modality", sa.String(length=200), nullable=False),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_pipeline_projects_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pipeline_projects")),
    )
    op.create_index(op.f("ix_pipeline_projects_listing_id"), "pipeline_projects", ["listing_id"], unique=False)


def _create_sites() -> None:
    op.create_table(
        "sites",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.CheckConstraint("(lat IS NULL) = (lng IS NULL)", name=op.f("ck_sites_lat_lng")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_sites_lat")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_sites_country")),
        sa.CheckConstraint("lng BETWEEN -180 AND 180", name=op.f("ck_sites_lng")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_sites_listing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
    )
    op.create_index(op.f("ix_sites_listing_id"), "sites", ["listing_id"], unique=False)


def downgrade() -> None:
    """Offers are deleted, interest organisations become other ones."""
    op.execute("DELETE FROM listings WHERE kind = 'offer'")
    op.execute("UPDATE organisations SET organisation_kind = 'other' WHERE organisation_kind = 'interest'")
    with op.batch_alter_table("organisations") as table:
        for column in ("employees", "employees_year", "turnover", "turnover_year"):
            table.drop_constraint(op.f(f"ck_organisations_{column}"), type_="check")
        for column in COLUMNS:
            table.drop_column(column)
        _allow(table, "ck_organisations_organisation_kind", "organisation_kind", ORGANISATION_KINDS)
    with op.batch_alter_table("instruments") as table:
        table.drop_constraint(op.f("ck_instruments_idle_hours"), type_="check")
        table.drop_column("idle_hours")
    with op.batch_alter_table("listings") as table:
        _allow(table, "ck_listings_kind", "kind", KINDS)
    for table in (
        "offers",
        "pipeline_projects",
        "sites",
        "actor_roles",
    ):
        op.drop_table(table)


def _words(name: str, *words: str) -> sa.Enum:
    return sa.Enum(*words, name=name, native_enum=False, create_constraint=True, length=32)


def _extend_organisations() -> None:
    with op.batch_alter_table("organisations") as table:
        _allow(table, "ck_organisations_organisation_kind", "organisation_kind", (*ORGANISATION_KINDS, "interest"))
        table.add_column(sa.Column("specialties", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("employees_year", sa.Integer(), nullable=True))
        table.add_column(sa.Column("employees_source", sa.String(length=200), nullable=False, server_default=""))
        table.add_column(sa.Column("turnover", sa.BigInteger(), nullable=True))
        table.add_column(sa.Column("turnover_currency", sa.String(length=3), nullable=False, server_default=""))
        table.add_column(sa.Column("turnover_year", sa.Integer(), nullable=True))
        table.add_column(sa.Column("turnover_source", sa.String(length=200), nullable=False, server_default=""))
        for column, check in (
            ("employees", "employees >= 0"),
            ("employees_year", "employees_year BETWEEN 1900 AND 2200"),
            ("turnover", "turnover >= 0"),
            ("turnover_year", "turnover_year BETWEEN 1900 AND 2200"),
        ):
            table.create_check_constraint(op.f(f"ck_organisations_{column}"), sa.text(check))
    with op.batch_alter_table("organisations") as table:
        for column in ("specialties", "employees_source", "turnover_currency", "turnover_source"):
            table.alter_column(column, server_default=None)


def _allow(table: Any, name: str, column: str, words: tuple[str, ...]) -> None:
    """Let a column hold these words and no others."""
    table.drop_constraint(op.f(name), type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    table.create_check_constraint(op.f(name), sa.text(f"{column} IN ({listed})"))
