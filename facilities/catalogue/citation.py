"""How to cite a listing, and the addresses its identifiers resolve to."""

from dataclasses import dataclass

from facilities.catalogue.models import Instrument, Listing


@dataclass(frozen=True, slots=True)
class Identifier:
    """A persistent identifier: its scheme, how it is written, the address that resolves it."""

    scheme: str
    value: str
    url: str


def identifiers(listing: Listing) -> list[Identifier]:
    """ROR, RRID and DOI of a listing, those it has."""
    rrid = (listing.rrid or "").removeprefix("RRID:")
    schemes = [
        ("ROR", listing.ror, f"https://ror.org/{listing.ror}"),
        ("RRID", rrid and f"RRID:{rrid}", f"https://scicrunch.org/resolver/RRID:{rrid}"),
        ("DOI", listing.doi, f"https://doi.org/{listing.doi}"),
    ]
    return [Identifier(scheme, value, url) for scheme, value, url in schemes if value]


def citation(listing: Listing, site_name: str, site_url: str) -> str:
    """One line after the APA pattern: owner (year of last update). Name [kind]. Site. Address. Identifiers."""
    year, kind = listing.updated_at.year, listing.kind.label
    owner = _owner(listing)
    title = f"{_title(listing)} [{kind}]"
    work = [f"{owner} ({year})", title] if owner else [f"{title} ({year})"]
    numbers = [f"{each.scheme}: {each.value.removeprefix('RRID:')}" for each in identifiers(listing)]
    parts = [*work, site_name, permanent_url(listing, site_url), *numbers]
    return ". ".join(part.rstrip(".") for part in parts)


def permanent_url(listing: Listing, site_url: str) -> str:
    return site_url.rstrip("/") + listing.path


def _owner(listing: Listing) -> str:
    """The organisation, then the facility, as authors; empty for a listing that belongs to nothing."""
    owners = [above.name for above in listing.lineage() if above is not listing]
    return ", ".join(reversed(owners))


def _title(listing: Listing) -> str:
    """The name, with maker and model where the name does not say them."""
    product = product_beside(listing, listing.name)
    return f"{listing.name} ({product})" if product else listing.name


def product_name(listing: Listing) -> str:
    """Maker and model of an instrument, the maker not repeated; empty for the other kinds."""
    if not isinstance(listing, Instrument):
        return ""
    maker, model = listing.manufacturer, listing.model
    return model if maker and folded(maker) in folded(model) else f"{maker} {model}".strip()


def product_beside(listing: Listing, name: str) -> str:
    """What a page writes beside `name`: maker and model, or nothing when the name already says the model."""
    if not isinstance(listing, Instrument):
        return ""
    # What a model comes with ("LSM 980 with Airyscan 2") is not part of its name.
    model = listing.model.partition(" with ")[0] or listing.manufacturer
    return "" if folded(model) in folded(name) else product_name(listing)


def folded(text: str) -> str:
    """Lower case without blanks and hyphens, as names of models are compared: LSM 980, lsm-980."""
    return "".join(text.casefold().replace("-", "").split())
