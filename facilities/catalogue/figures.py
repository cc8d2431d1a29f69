"""The figures an organisation states, each with its year and where it comes from: 120 (2025, annual report)."""

from decimal import Decimal

from facilities.catalogue.gazetteer import town
from facilities.catalogue.models import Organisation, Phase, PipelineProject, Site
from facilities.formats import money, number


def employees_of(organisation: Organisation) -> str:
    """Empty where nothing is stated."""
    if organisation.employees is None:
        return ""
    return _stated(number(organisation.employees), organisation.employees_year, organisation.employees_source)


def turnover_of(organisation: Organisation) -> str:
    """Empty where nothing is stated."""
    if organisation.turnover is None:
        return ""
    currency = organisation.turnover_currency
    amount = money(Decimal(organisation.turnover), currency) if currency else number(organisation.turnover)
    return _stated(amount, organisation.turnover_year, organisation.turnover_source)


def pipeline_by_phase(organisation: Organisation) -> list[tuple[Phase, list[PipelineProject]]]:
    """The projects of each phase that has any, those closest to patients first."""
    phases = ((phase, [each for each in organisation.pipeline if each.phase == phase]) for phase in reversed(Phase))
    return [(phase, projects) for phase, projects in phases if projects]


def site_points(organisation: Organisation) -> list[dict[str, float | str]]:
    """The sites as a map draws them, where they are or else in their town; those of which neither is known not."""
    known = ((site, _point(site)) for site in organisation.sites)
    return [{"lat": point[0], "lng": point[1], "name": site.name or site.city} for site, point in known if point]


def _point(site: Site) -> tuple[float, float] | None:
    if site.lat is not None and site.lng is not None:
        return site.lat, site.lng
    found = town(site.city, site.country) if site.city else None
    return (found.lat, found.lng) if found else None


def _stated(figure: str, year: int | None, source: str) -> str:
    whence = ", ".join(filter(None, (str(year or ""), source)))
    return f"{figure} ({whence})" if whence else figure
