"""Create listings of the four kinds and all that belongs to them."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_2"
down_revision = "20261121_1"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create_listings()
    _create_sources()
    _create_access_terms()
    _create_attachments()
    _create_certificates()
    _create_contacts()
    _create_facilities()
    _create_instruments()
    _create_listing_categories()
    _create_listing_texts()
    _create_organisations()
    _create_prices()
    _create_revisions()
    _create_services()
    _create_source_records()
    _create_specifications()
    _create_listing_techniques()


def _create_listings() -> None:
    op.create_table(
        "listings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "organisation",
                "facility",
                "instrument",
                "service",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "in_review",
                "published",
                "withdrawn",
                "archived",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=600), nullable=False),
        sa.Column("name_key", sa.String(length=600), nullable=False),
        sa.Column("abbreviation", sa.String(length=80), nullable=False),
        sa.Column("other_names", sa.JSON(), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("keywords", sa.JSON(), nullable=False),
        sa.Column("department", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=120), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("building", sa.String(length=120), nullable=False),
        sa.Column("room", sa.String(length=120), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("ror", sa.String(length=9), nullable=True),
        sa.Column("rrid", sa.String(length=80), nullable=True),
        sa.Column("doi", sa.String(length=200), nullable=True),
        sa.Column("established", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=120), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=400), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_at IS NOT NULL)", name=op.f("ck_listings_withdrawn_at")
        ),
        sa.CheckConstraint("(lat IS NULL) = (lng IS NULL)", name=op.f("ck_listings_lat_lng")),
        sa.CheckConstraint("established BETWEEN 800 AND 2200", name=op.f("ck_listings_established")),
        sa.CheckConstraint("lat BETWEEN -90 AND 90", name=op.f("ck_listings_lat")),
        sa.CheckConstraint("length(country) = 2", name=op.f("ck_listings_country")),
        sa.CheckConstraint("length(name) > 0", name=op.f("ck_listings_name")),
        sa.CheckConstraint("lng BETWEEN -180 AND 180", name=op.f("ck_listings_lng")),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_listings_parent")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["listings.id"],
            name=op.f("fk_listings_organisation_id"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["listings.id"], name=op.f("fk_listings_parent_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["successor_id"], ["listings.id"], name=op.f("fk_listings_successor_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listings")),
        sa.UniqueConstraint("ror", name=op.f("uq_listings_ror")),
    )
    with op.batch_alter_table("listings", schema=None) as batch_op:
        batch_op.create_index("ix_listings_name_key_country", ["name_key", "country"], unique=False)
        batch_op.create_index(batch_op.f("ix_listings_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listings_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_listings_places", ["status", "country", "city", "lat", "lng"], unique=False)
        batch_op.create_index("ix_listings_status_confirmed_at", ["status", "confirmed_at"], unique=False)
        batch_op.create_index("ix_listings_status_kind", ["status", "kind"], unique=False)
        batch_op.create_index(batch_op.f("ix_listings_updated_at"), ["updated_at"], unique=False)


def _create_sources() -> None:
    op.create_table(
        "sources",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sources")),
    )


def _create_access_terms() -> None:
    op.create_table(
        "access_terms",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("modes", sa.JSON(), nullable=False),
        sa.Column(
            "access_mode",
            sa.Enum(
                "free",
                "free_conditionally",
                "paid",
                "peer_reviewed",
                "other",
                name="access_mode",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "training",
            sa.Enum(
                "required",
                "offered",
                "none",
                name="training",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("training_hours", sa.Integer(), nullable=True),
        sa.Column("booking_required", sa.Boolean(), nullable=True),
        sa.Column("safety_certificate", sa.String(length=300), nullable=False),
        sa.Column("agreements", sa.JSON(), nullable=False),
        sa.Column("insurance", sa.String(length=300), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("price_level", sa.Integer(), nullable=True),
        sa.CheckConstraint("price_level BETWEEN 1 AND 4", name=op.f("ck_access_terms_price_level")),
        sa.CheckConstraint("training_hours >= 0", name=op.f("ck_access_terms_training_hours")),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_access_terms_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", name=op.f("pk_access_terms")),
    )


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "image",
                "link",
                "document",
                name="attachment_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("credit", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_attachments_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
    )
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachments_listing_id"), ["listing_id"], unique=False)


def _create_certificates() -> None:
    op.create_table(
        "certificates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=400), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_certificates_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificates")),
    )
    with op.batch_alter_table("certificates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificates_listing_id"), ["listing_id"], unique=False)


def _create_contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("orcid", sa.String(length=19), nullable=True),
        sa.Column("languages", sa.JSON(), nullable=False),
        sa.Column("enquiry_kinds", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_contacts_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    with op.batch_alter_table("contacts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contacts_listing_id"), ["listing_id"], unique=False)


def _create_facilities() -> None:
    op.create_table(
        "facilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("siting", sa.String(length=40), nullable=False),
        sa.Column("operation", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["listings.id"], name=op.f("fk_facilities_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facilities")),
    )


def _create_instruments() -> None:
    op.create_table(
        "instruments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("manufacturer", sa.String(length=120), nullable=False),
        sa.Column("model", sa.String(length=200), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("serial_number", sa.String(length=80), nullable=False),
        sa.Column("inventory_number", sa.String(length=80), nullable=False),
        sa.Column("acquired", sa.String(length=10), nullable=False),
        sa.Column("available_until", sa.Date(), nullable=True),
        sa.Column(
            "instrument_status",
            sa.Enum(
                "available",
                "limited",
                "under_repair",
                "planned",
                "retired",
                name="instrument_status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint("quantity >= 1", name=op.f("ck_instruments_quantity")),
        sa.ForeignKeyConstraint(["id"], ["listings.id"], name=op.f("fk_instruments_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruments")),
    )


def _create_listing_categories() -> None:
    op.create_table(
        "listing_categories",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"],
            ["categories.id"],
            name=op.f("fk_listing_categories_category_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_categories_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", "category_id", name=op.f("pk_listing_categories")),
    )
    with op.batch_alter_table("listing_categories", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_categories_category_id"), ["category_id"], unique=False)


def _create_listing_texts() -> None:
    op.create_table(
        "listing_texts",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=600), nullable=False),
        sa.Column("summary", sa.String(length=400), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_texts_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("listing_id", "language", name=op.f("pk_listing_texts")),
    )


def _create_organisations() -> None:
    op.create_table(
        "organisations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "organisation_kind",
            sa.Enum(
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
                name="organisation_kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("company_number", sa.String(length=20), nullable=False),
        sa.Column("sector", sa.String(length=32), nullable=False),
        sa.Column("activities", sa.JSON(), nullable=False),
        sa.Column("customers", sa.JSON(), nullable=False),
        sa.Column("employees", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["listings.id"], name=op.f("fk_organisations_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )


def _create_prices() -> None:
    op.create_table(
        "prices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(length=200), nullable=False),
        sa.Column(
            "group",
            sa.Enum(
                "internal",
                "academic",
                "company",
                name="price_group",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "basis",
            sa.Enum(
                "hour",
                "sample",
                "day",
                "project",
                name="price_basis",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("setup_fee", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("includes_operator", sa.Boolean(), nullable=True),
        sa.Column("includes_analysis", sa.Boolean(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_prices_amount")),
        sa.CheckConstraint("setup_fee >= 0", name=op.f("ck_prices_setup_fee")),
        sa.CheckConstraint("valid_until >= valid_from", name=op.f("ck_prices_valid_until")),
        sa.ForeignKeyConstraint(["listing_id"], ["listings.id"], name=op.f("fk_prices_listing_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_prices")),
    )
    with op.batch_alter_table("prices", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_prices_listing_id"), ["listing_id"], unique=False)


def _create_revisions() -> None:
    op.create_table(
        "revisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=120), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "created",
                "imported",
                "edited",
                "confirmed",
                "withdrawn",
                "published",
                name="revision_act",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_revisions_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
    )
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisions_listing_id"), ["listing_id"], unique=False)


def _create_services() -> None:
    op.create_table(
        "services",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sample_input", sa.Text(), nullable=False),
        sa.Column("deliverables", sa.Text(), nullable=False),
        sa.Column("capacity", sa.String(length=300), nullable=False),
        sa.Column("lead_time_min", sa.Integer(), nullable=True),
        sa.Column("lead_time_max", sa.Integer(), nullable=True),
        sa.Column("trl_min", sa.Integer(), nullable=True),
        sa.Column("trl_max", sa.Integer(), nullable=True),
        sa.CheckConstraint("lead_time_min >= 0 AND lead_time_max >= lead_time_min", name=op.f("ck_services_lead_time")),
        sa.CheckConstraint("trl_min BETWEEN 1 AND 9 AND trl_max BETWEEN trl_min AND 9", name=op.f("ck_services_trl")),
        sa.ForeignKeyConstraint(["id"], ["listings.id"], name=op.f("fk_services_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
    )


def _create_source_records() -> None:
    op.create_table(
        "source_records",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=80), nullable=False),
        sa.Column("source_id", sa.String(length=200), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("licence", sa.String(length=80), nullable=False),
        sa.Column("record", sa.JSON(), nullable=False),
        sa.Column("imported_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_source_records_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["source"], ["sources.name"], name=op.f("fk_source_records_source")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_records")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_source_records_source_source_id")),
    )
    with op.batch_alter_table("source_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_source_records_listing_id"), ["listing_id"], unique=False)


def _create_specifications() -> None:
    op.create_table(
        "specifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("value", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_specifications_listing_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_specifications")),
    )
    with op.batch_alter_table("specifications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_specifications_listing_id"), ["listing_id"], unique=False)


def _create_listing_techniques() -> None:
    op.create_table(
        "listing_techniques",
        sa.Column("listing_id", sa.Integer(), nullable=False),
        sa.Column("technique_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["listing_id"], ["listings.id"], name=op.f("fk_listing_techniques_listing_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["technique_id"],
            ["techniques.id"],
            name=op.f("fk_listing_techniques_technique_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("listing_id", "technique_id", name=op.f("pk_listing_techniques")),
    )
    with op.batch_alter_table("listing_techniques", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listing_techniques_technique_id"), ["technique_id"], unique=False)


def downgrade() -> None:
    op.drop_table("listing_techniques")
    op.drop_table("specifications")
    op.drop_table("source_records")
    op.drop_table("services")
    op.drop_table("revisions")
    op.drop_table("prices")
    op.drop_table("organisations")
    op.drop_table("listing_texts")
    op.drop_table("listing_categories")
    op.drop_table("instruments")
    op.drop_table("facilities")
    op.drop_table("contacts")
    op.drop_table("certificates")
    op.drop_table("attachments")
    op.drop_table("access_terms")
    op.drop_table("sources")
    op.drop_table("listings")
