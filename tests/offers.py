"""What offers and companies say, for tests: fields as `content.write` takes them."""

from typing import Any

PREMISES: dict[str, Any] = {
    "offer_kind": "premises", "premises": ["laboratory", "office"], "area_min": 120, "area_max": 800,
    "room_classes": ["gmp", "bsl_2"], "free_from": "2027-03-01", "summary": "With a view.",
}  # fmt: skip
FUNDING: dict[str, Any] = {
    "offer_kind": "funding", "stages": ["pre_seed", "seed"], "amount_min": 500_000, "amount_max": 5_000_000,
    "currency": "SEK", "open_until": "2040-01-15",
}  # fmt: skip
COMPANY: dict[str, Any] = {
    "organisation_kind": "company", "sector": "biotech", "activities": ["manufacturing"], "customers": ["industry"],
    "specialties": ["cdmo", "advanced_therapies"], "employees": 128, "employees_year": 2025,
    "employees_source": "annual report", "turnover": 214_000_000, "turnover_currency": "SEK", "turnover_year": 2024,
    "turnover_source": "register; audited", "city": "Stockholm", "country": "SE",
    "sites": [
        {"name": "Production", "address": "Mill Road 1", "city": "Matfors", "country": "SE", "lat": 62.35, "lng": 17.0},
        {"city": "Oslo", "country": "NO"},
    ],
    "pipeline": [
        {"name": "NB-101", "phase": "phase_2", "indication": "Haemophilia B", "modality": "Gene therapy", "year": 2024},
        {"name": "NB-204", "phase": "preclinical"},
    ],
}  # fmt: skip
