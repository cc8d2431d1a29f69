"""Until when something has to be ready: under 8 weeks, inom 4 veckor, by March."""

from collections.abc import Iterator, Sequence

from facilities.search.understanding.needs import Need, NeedFound
from facilities.search.understanding.words import QueryWord
from search_index import fold

LONGEST_DAYS = 3650
"""The longest lead time, in working days, that a search can ask for."""


def _phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """Phrases, separated by commas, as folded words, the longest first."""
    return tuple(sorted((tuple(fold(each).split()) for each in text.split(",")), key=len, reverse=True))


_WITHIN = _phrases("""under, within, in, in under, in less than, less than, no more than, at most, up to, max, maximum,
inom, på, på mindre än, mindre än, högst, upp till, maximalt, innen, i løpet av, på under, mindre enn, høyst, inntil,
inden, inden for, i løbet af, mindre end, højst, indtil, innerhalb, innerhalb von, binnen, unter, weniger als,
höchstens""")
_UNTIL = _phrases("""by, before, until, till, no later than, före, innan, senast, senast i, til, før, innen, senest,
senest i, inden, bis, bis zum, vor, spätestens, spätestens im""")
_BETWEEN = frozenset(
    fold("""the next of end beginning start middle mid early late närmaste slutet början mitten av neste de
slutten starten begynnelsen næste slutningen af nächsten Ende Anfang Mitte""").split()
)
"""What may stand between the preposition and the time."""

_ONE_TO_TWELVE = """one en ett et ein einem einer eine a an|two två to zwei|three tre drei|four fyra fire vier|
five fem fünf|six sex seks sechs|seven sju syv sieben|eight åtta åtte otte acht|nine nio ni neun|ten tio ti zehn|
eleven elva elleve elf|twelve tolv zwölf"""
_NUMBERS = {word: n for n, said in enumerate(_ONE_TO_TWELVE.split("|"), 1) for word in fold(said).split()}
_UNITS = {
    1: "day days dag dagar dager dage tag tage tagen",
    5: "week weeks vecka veckor uke uker uge uger woche wochen",
    21: "month months månad månader måned måneder monat monate monaten",
}
_WORKING_DAYS = {unit: days for days, said in _UNITS.items() for unit in fold(said).split()}
"""The working days of each unit."""

_MONTHS = frozenset(
    fold("""january february march april may june july august september october november december
januari februari mars maj juni juli augusti oktober januar februar mai august desember marts dezember märz jänner
jan feb mar apr jun jul aug sep sept oct okt nov dec des dez""").split()
)


def deadlines_within(words: Sequence[QueryWord]) -> Iterator[NeedFound]:
    """Deadlines at all places of a query: a number of days is a lead time, a month only filling."""
    for start in range(len(words)):
        for found in (_lead_time(words, start), _month(words, start)):
            if found and all(word.loose for word in words[found.start : found.end]):
                yield found


def _lead_time(words: Sequence[QueryWord], start: int) -> NeedFound | None:
    at = _after(words, start, _WITHIN)
    number, unit = (words[each].folded if at and each < len(words) else "" for each in (at, at + 1))
    days = _number(number) * _WORKING_DAYS.get(unit, 0)
    return NeedFound(start, at + 2, Need(range="lead", value=f"-{days}")) if 0 < days <= LONGEST_DAYS else None


def _number(text: str) -> int:
    """0 for what is no number of at most three digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else _NUMBERS.get(text, 0)


def _month(words: Sequence[QueryWord], start: int) -> NeedFound | None:
    at = _after(words, start, _UNTIL)
    if not at or at == len(words) or words[at].folded not in _MONTHS:
        return None
    year = words[at + 1].folded if at + 1 < len(words) else ""
    return NeedFound(start, at + 1 + (year.isdigit() and len(year) == 4), Need())


def _after(words: Sequence[QueryWord], start: int, phrases: Sequence[tuple[str, ...]]) -> int:
    """Where the time begins that follows one of the phrases and small words; 0 if none stands there."""
    for phrase in phrases:
        if tuple(word.folded for word in words[start : start + len(phrase)]) == phrase:
            at = start + len(phrase)
            while at < len(words) and words[at].folded in _BETWEEN:
                at += 1
            return at
    return 0
