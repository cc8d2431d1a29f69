"""Towns, regions and countries named in a query, in any language or older spelling."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from facilities.catalogue.gazetteer import Found, all_towns, country_names
from facilities.catalogue.models import country_name
from facilities.search.understanding import weights
from facilities.search.understanding.phrases import Phrases
from facilities.search.understanding.words import QueryWord
from search_index import Alternative, Near, fold

_BEFORE = """near nearby around in at from nara kring omkring runt vid i fran naer ved hos rundt taet nahe bei um aus
close to pa inom till tett na neben"""
BEFORE = frozenset(_BEFORE.split())
"""Words, folded, that stand before a place in five languages."""
_INNER = frozenset(("to", "pa", "til", "of", "om", "rund"))
"""Second words of prepositions: close to, tæt på."""

NORDIC = {"SE", "NO", "DK", "FI", "IS", "FO", "AX"}
LARGE = 100_000
LARGE_NORDIC = 15_000
"""People from which a town is meant by its name alone, in small letters."""
SMALL = 2_000
"""People from which a town is meant by its name alone with a capital, or in small letters after a preposition."""
SHORT = 3
"""Letters up to which a name means a place only with a capital, and in a large town or after a preposition."""

_WORDS = """\
acre agen al alta archway are arge as ask aurora bad bale bar bara barra bath batman berg bo bode boden boo bor
bosse bostad box bro bron bury cay celle center centre cork dal dammen deal dej dinar drama ed elk essen eule fleet
fordon forest frihed gallus gap gare give goes gol gram greve haga hals hammel hamn harrow hauge hede hole house hov
hull ii image kamen kemi kil kilo kinn kula lage lager langen lara leer lend lens lier lime lind linden lod lom
losning luster lye mala mark masa massa media melle mice minden mitte mode model mol mole mons mos moss most mus mut
nice nis odde of or orange ord ore oss papa parla pest pila pinto pita plan plock police power prov quarto reading
rena rene renne rho ringe rom rugby ruse ry rye sale salt sand sena service setre shi silico sina singen sitten situ
skala skatta ski skive slough soder soften sola sole soma sore spa split standard stange stege stella stena stige
stilling strand stranda stranden sund tarm tarsus tau tegel tem tender test them thy time tire tofte torrent tours
tune tuner tynne uden unna vac vag van vara varde vas vem vernier vi vik vitro vivo wedding wells worms zug"""
WORDS = frozenset(_WORDS.split())
"""Names of towns that are words of other meaning: those that dictionaries of five languages have in small letters, and
that texts of the field write so more often than not."""

MOST_NAMES = 40
"""Names of a place that are looked for."""

GROUPS = {
    "scandinavia": ("SE", "NO", "DK"),
    "skandinavien": ("SE", "NO", "DK"),
    "skandinavia": ("SE", "NO", "DK"),
    "nordic countries": ("SE", "NO", "DK", "FI", "IS"),
    "the nordics": ("SE", "NO", "DK", "FI", "IS"),
    "norden": ("SE", "NO", "DK", "FI", "IS"),
}
"""Countries that are named together."""

OF_COUNTRIES = {
    "SE": ("swedish", "svensk", "svenska", "svenskt", "svenske"),
    "NO": ("norwegian", "norsk", "norska", "norskt", "norske"),
    "DK": ("danish", "dansk", "danska", "danskt", "danske"),
    "FI": ("finnish", "finsk", "finska", "finskt", "finske"),
    "IS": ("icelandic", "islandsk", "islandska", "islandske"),
}
"""What is of a country, folded: a Danish company is one in Denmark."""

REGION_NAMES = {
    "Skåne": ("scania", "skaane", "schonen"),
    "Dalarna": ("dalecarlia",),
    "Västra Götaland": ("west sweden", "vastsverige"),
    "Hovedstaden": ("greater copenhagen", "oresund", "medicon valley"),
    "Midtjylland": ("central denmark", "central jutland"),
    "Nordjylland": ("north denmark", "north jutland"),
    "Sjælland": ("zealand", "seeland"),
    "Varsinais-Suomi": ("southwest finland", "egentliga finland"),
    "Pirkanmaa": ("birkaland",),
    "Lappi": ("lapland", "lappland"),
    "Pohjois-Pohjanmaa": ("norra osterbotten", "north ostrobothnia"),
}
"""Other names of regions, folded."""
_REGION_FORMS = ("{}", "{} lan", "{} county", "{} fylke", "region {}", "{} region")


@dataclass(frozen=True, slots=True)
class Place:
    """A place a name may mean: a town or the middle of a region with its `near`, or `countries`."""

    name: str
    people: int
    near: Near | None = None
    country: str = ""
    countries: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """The place in the visitor's language."""
        return country_name(self.country) if self.countries and self.country else self.name

    @property
    def value(self) -> str:
        """Degrees, or codes of countries."""
        return f"{self.near.lat:.3f},{self.near.lng:.3f}" if self.near else ",".join(self.countries)

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """The place's names, for a query that asks for nothing but the place."""
        return tuple(Alternative(name, weight=weights.PLACE) for name in self.names[:MOST_NAMES])

    @property
    def prefer(self) -> Mapping[str, tuple[str, ...]]:
        """Values of facets that say a listing is there, whether or not its coordinates are known or right."""
        if self.countries:
            return {"country": self.countries}
        return {"city": tuple(dict.fromkeys((self.name, *(name.title() for name in self.names))))[:MOST_NAMES]}


@dataclass(frozen=True, slots=True)
class PlaceFound:
    """Words `start` to `end` - 1 are a place with what stands before it; the name itself begins at `name_start`."""

    start: int
    name_start: int
    end: int
    place: Place


def places_within(words: Sequence[QueryWord]) -> Iterator[PlaceFound]:
    """Places at all positions of a query; they may overlap."""
    for at in range(len(words)):
        for end, places in _book().at(words, at):
            start = _preposition(words, at)
            place = _likeliest(places)
            if all(word.loose for word in words[start:end]) and _is_meant(place, words[at:end], start < at, at):
                yield PlaceFound(start, at, end, place)
                break


def _preposition(words: Sequence[QueryWord], at: int) -> int:
    """Where the preposition before a name begins; `at` if there is none."""
    if at > 1 and words[at - 1].folded in _INNER and words[at - 2].folded in BEFORE:
        return at - 2
    return at - 1 if at and words[at - 1].folded in BEFORE else at


def _likeliest(places: Sequence[Place]) -> Place:
    return max(places, key=lambda place: (bool(place.countries), place.country in NORDIC, place.people))


def _is_meant(place: Place, said: Sequence[QueryWord], follows: bool, at: int) -> bool:
    """Whether a name as written means the place rather than something else."""
    written = "".join(word.written for word in said)
    capital = said[0].is_capital and not (written.isupper() and len(written) <= SHORT + 1)
    if place.countries:
        return len(written) > SHORT or written.isupper() or (follows and capital)
    if " ".join(word.folded for word in said) in WORDS:
        return follows and capital
    if len(written) <= SHORT:
        return _is_short_place(place, written, capital, follows)
    if follows:
        return capital or place.people >= SMALL
    large = LARGE_NORDIC if place.country in NORDIC else LARGE
    return place.people >= large or (capital and at > 0 and place.people >= SMALL)


def _is_short_place(place: Place, written: str, capital: bool, follows: bool) -> bool:
    """Os needs help, Ulm a capital; åbo can be nothing else."""
    is_large = place.people >= LARGE and len(written) == SHORT
    return capital and (follows or is_large) if written.isascii() else is_large or (follows and capital)


@lru_cache(maxsize=1)
def _book() -> Phrases[Place]:
    """All places by all names. About 10 MB, made at the first question."""
    book: Phrases[Place] = Phrases()
    for name, place in _best_by_name().items():
        book.add(name, place)
    return book


def _best_by_name() -> dict[str, Place]:
    """Of places with one name the likeliest: countries, then towns, then regions."""
    best: dict[str, Place] = {}
    regions: dict[tuple[str, str], list[Found]] = {}
    for town, names in all_towns():
        place = _town(town, names)
        if town.admin:
            regions.setdefault((town.admin, town.country), []).append(town)
        for name in names:
            best[name] = _likeliest([place, best.get(name, place)])
    for (name, country), towns in regions.items():
        for said, region in _region(name, country, towns):
            best.setdefault(said, region)
    return best | _countries()


def _town(found: Found, names: Sequence[str]) -> Place:
    near = Near(found.lat, found.lng, weight=weights.NEAR)
    return Place(found.name, found.people, near, found.country, names=(fold(found.name), *names))


def _region(name: str, country: str, towns: Sequence[Found]) -> Iterator[tuple[str, Place]]:
    """The names of a region, with where its people live on average."""
    people = sum(town.people for town in towns) or 1
    lat = sum(town.lat * town.people for town in towns) / people
    lng = sum(town.lng * town.people for town in towns) / people
    names = (fold(name), *REGION_NAMES.get(name, ()))
    region = Place(name, people, Near(lat, lng, weight=weights.REGION), country, names=names)
    for each in names:
        yield from ((form.format(each), region) for form in _REGION_FORMS)


def _countries() -> dict[str, Place]:
    named = {name: (code,) for name, code in country_names().items() if len(code) == 2} | GROUPS
    named |= {word: (code,) for code, words in OF_COUNTRIES.items() for word in words}
    return {
        name: Place(name.title(), 0, None, codes[0] if len(codes) == 1 else "", codes, (name,))
        for name, codes in named.items()
    }
