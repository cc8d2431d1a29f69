"""All figures, in the order of the page."""

from flask_babel import lazy_gettext as _

from facilities.insight.facts import actors, companies, tools
from facilities.insight.facts.figure import Chart, Figure, Group

ORGANISATIONS = _("organisations")
YEAR = _("Year")

FIGURES = (
    Figure(
        "kinds", Group.ACTORS, _("Organisations by kind"),
        _("Organisations with a published page, each counted once. Counts of public pages are never withheld."),
        ORGANISATIONS, actors.by_kind, labels=_("Kind"),
    ),
    Figure(
        "roles", Group.ACTORS, _("Organisations by role"),
        _("Roles in the value chain as the organisations’ public pages say them. One with several roles is counted "
          "with each, so the numbers do not add up to the number of organisations."),
        ORGANISATIONS, actors.by_role, labels=_("Role"),
    ),
    Figure(
        "sectors", Group.ACTORS, _("Organisations by sector"),
        _("The sector that an organisation’s public page names."),
        ORGANISATIONS, actors.by_sector, labels=_("Sector"),
    ),
    Figure(
        "sizes", Group.ACTORS, _("Organisations by size"),
        _("The EU’s size classes, by the number of employees alone: micro is fewer than 10, small fewer than 50, "
          "medium fewer than 250. Only organisations that state their number of employees are counted."),
        ORGANISATIONS, companies.by_size, protected=True, labels=_("Size"),
    ),
    Figure(
        "founded", Group.ACTORS, _("Organisations by year of foundation"),
        _("The year in which an organisation was founded, as its public page says it; by decade where fewer than "
          "200 say it. Organisations that no longer exist are not in the catalogue, so earlier years look smaller "
          "than they were."),
        ORGANISATIONS, actors.founded, Chart.COLUMNS, labels=YEAR,
    ),
    Figure(
        "categories", Group.MEMBERS, _("Members by category"),
        _("Memberships in force on the day of these facts, by the network’s own categories."),
        _("members"), actors.members_by_category, labels=_("Category"),
    ),
    Figure(
        "members", Group.MEMBERS, _("Members over time"),
        _("Members at the end of each year; of this year, on the day of these facts. A membership without a first "
          "day is counted as if it had always been. Of a hub, the members are those of the hub as it is today."),
        _("members"), actors.members_over_time, Chart.COLUMNS, labels=YEAR,
    ),
    Figure(
        "employees", Group.COMPANIES, _("Employees"),
        _("The sum of the numbers of employees that organisations state, by the year that the number is of. Each "
          "organisation is counted once, with the latest number it gave; nothing is estimated for the others."),
        _("employees"), companies.employees, Chart.COLUMNS, protected=True, labels=YEAR,
    ),
    Figure(
        "turnover", Group.COMPANIES, _("Turnover"),
        _("The sum of the yearly turnover that organisations state, by currency and by the year it is of. Amounts "
          "in different currencies are not added."),
        _("amount"), companies.turnover, protected=True, labels=_("Currency and year"),
    ),
    Figure(
        "techniques", Group.TOOLS, _("Instruments by technique"),
        _("Instruments with a published page, by the techniques that they are for: the fifteen of most "
          "instruments, and those that have none of these. An instrument of several techniques is counted with "
          "each. A set of equal pieces is one."),
        _("instruments"), tools.by_technique, labels=_("Technique"),
    ),
    Figure(
        "ages", Group.TOOLS, _("Instruments by age"),
        _("Calendar years since an instrument was acquired, as its public page says it."),
        _("instruments"), tools.by_age, labels=_("Age"),
    ),
    Figure(
        "certificates", Group.TOOLS, _("Services by certificate"),
        _("Services with a published page that name the certificate or authorisation themselves: the fifteen most "
          "frequent. A service with several is counted with each; editions of one standard are one."),
        _("services"), tools.by_certificate, labels=_("Certificate"),
    ),
    Figure(
        "open", Group.TOOLS, _("Open to companies"),
        _("Of the facilities, instruments and services whose access terms say who may use them, the share that "
          "names companies. Terms are their own, else those of the facility or organisation they belong to."),
        _("per cent"), tools.open_to_companies, Chart.SHARES, labels=_("What"),
    ),
    Figure(
        "pipeline", Group.OFFERS, _("Projects by phase"),
        _("Projects of the pipelines that organisations publish, by how far they have come."),
        _("projects"), companies.pipeline, protected=True, labels=_("Phase"),
    ),
    Figure(
        "indications", Group.OFFERS, _("Projects by indication"),
        _("The same projects by what they are against, in the organisations’ own words: the fifteen of most "
          "projects. Those of fewer than three organisations are left out."),
        _("projects"), companies.indications, protected=True, labels=_("Indication"),
    ),
    Figure(
        "offers", Group.OFFERS, _("Offers by kind"),
        _("Published offers whose last day has not gone by."),
        _("offers"), tools.offers_by_kind, labels=_("Kind"),
    ),
    Figure(
        "premises", Group.OFFERS, _("Premises on offer"),
        _("Square metres of the premises on offer, each with the largest size that its page says."),
        _("square metres"), tools.premises, labels=_("Free from"),
    ),
    Figure(
        "enquiries", Group.USE, _("Enquiries"),
        _("Enquiries that reached a listing, by the calendar year in which they were sent; one to several listings "
          "is counted with each. Spam is not counted. Of this year, until the day of these facts."),
        _("enquiries"), companies.enquiries, Chart.COLUMNS, protected=True, labels=YEAR,
    ),
    Figure(
        "answers", Group.USE, _("Usual answer time"),
        _("The median of the working days until the first answer to the enquiries of the last twelve months that "
          "were answered, if there are five or more."),
        _("working days"), companies.answers, Chart.NONE, protected=True, labels=_("What"),
    ),
)  # fmt: skip
