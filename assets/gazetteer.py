"""Makes facilities/catalogue/gazetteer/places.tsv from tables of GeoNames (CC BY 4.0).

    python assets/gazetteer.py places_nordic.csv places_europe.csv

The first table is taken whole, with its alternate names; of the second the towns outside the Nordic countries with at
least SMALLEST inhabitants.
"""

import csv
import re
import sys
from pathlib import Path

from rapidfuzz import fuzz

from facilities.catalogue.names import fold

SMALLEST = 30_000
NORDIC = {"AX", "DK", "FI", "FO", "GL", "IS", "NO", "SE", "SJ"}
TARGET = Path("facilities/catalogue/gazetteer/places.tsv")
LATIN = re.compile(r"[A-ZÅÄÖÆØÁÐÉÍÓÚÝÞ][a-zåäöæøáðéíóúýþü]{2,}([ -][A-Za-zÅÄÖÆØåäöæøáðéíóúýþü]+)*")
AT_HOME = {
    "Copenhagen": "København", "Gothenburg": "Göteborg", "Århus": "Aarhus", "East Helsinki": "Itä-Helsinki",
    "Vienna": "Wien", "Geneva": "Genève", "Munich": "München", "Brussels": "Bruxelles", "Prague": "Praha",
    "Warsaw": "Warszawa", "Rome": "Roma", "Milan": "Milano", "Turin": "Torino", "Naples": "Napoli",
    "Florence": "Firenze", "Venice": "Venezia", "Genoa": "Genova", "Lisbon": "Lisboa", "Sevilla": "Sevilla",
    "The Hague": "Den Haag", "Bucharest": "București", "Belgrade": "Beograd", "Nuremberg": "Nürnberg",
    "Athens": "Athína",
}  # fmt: skip
"""Towns that the tables call by an English name: the name on the spot."""
ALSO = {
    "Köln": "Cologne", "Nürnberg": "Nuremberg", "Zürich": "Zurich", "Basel": "Bale", "Bern": "Berne",
    "Genève": "Genf", "Hannover": "Hanover", "Antwerpen": "Antwerp", "Gent": "Ghent", "Bruxelles": "Brussel",
    "Göteborg": "Gothenburg", "København": "Copenhagen", "Kraków": "Cracow", "Lisboa": "Lissabon",
    "Firenze": "Florens", "Roma": "Rom",
}  # fmt: skip
REGIONS = {
    "SE": "02 Blekinge|03 Gävleborg|05 Gotland|06 Halland|07 Jämtland|08 Jönköping|09 Kalmar|10 Dalarna|12 Kronoberg|"
    "14 Norrbotten|15 Örebro|16 Östergötland|18 Södermanland|21 Uppsala|22 Värmland|23 Västerbotten|24 Västernorrland|"
    "25 Västmanland|26 Stockholm|27 Skåne|28 Västra Götaland",
    "DK": "17 Hovedstaden|18 Midtjylland|19 Nordjylland|20 Sjælland|21 Syddanmark",
    "NO": "01 Akershus|04 Buskerud|05 Finnmark|08 Møre og Romsdal|09 Nordland|12 Oslo|13 Østfold|14 Rogaland|"
    "17 Telemark|18 Troms|20 Vestfold|21 Trøndelag|34 Innlandet|42 Agder|46 Vestland",
    "FI": "01 Uusimaa|02 Varsinais-Suomi|04 Satakunta|05 Kanta-Häme|06 Pirkanmaa|07 Päijät-Häme|08 Kymenlaakso|"
    "09 Etelä-Karjala|10 Etelä-Savo|11 Pohjois-Savo|12 Pohjois-Karjala|13 Keski-Suomi|14 Etelä-Pohjanmaa|15 Pohjanmaa|"
    "16 Keski-Pohjanmaa|17 Pohjois-Pohjanmaa|18 Kainuu|19 Lappi",
    "IS": "38 Austurland|39 Höfuðborgarsvæðið|40 Norðurland eystra|41 Norðurland vestra|42 Suðurland|43 Suðurnes|"
    "44 Vestfirðir|45 Vesturland",
    "GB": "ENG England|SCT Scotland|WLS Wales|NIR Northern Ireland",
}
"""What GeoNames' codes of first-level divisions stand for, where one helps to tell two towns apart."""


def main(nordic: str, europe: str) -> None:
    rows = [*_read(nordic), *(row for row in _read(europe) if _is_wanted(row))]
    lines = sorted(map(_line, rows), key=lambda line: (line[1], -int(line[5]), line[0]))
    TARGET.write_text("".join("\t".join(line) + "\n" for line in lines), encoding="utf-8")


def _read(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _is_wanted(row: dict[str, str]) -> bool:
    return row["countrycode"] not in NORDIC and int(row["population"]) >= SMALLEST


def _line(row: dict[str, str]) -> list[str]:
    name = AT_HOME.get(row["name"], row["name"])
    others = [row["name"], ALSO.get(name, ""), *filter(LATIN.fullmatch, row.get("alternatenames", "").split("|"))]
    keys = sorted({fold(other) for other in others if other} - {fold(name), ""})
    keys = [key for key in keys if not _is_found_anyway(key, fold(name))]
    regions = dict(each.split(" ", 1) for each in REGIONS.get(row["countrycode"], "").split("|") if each)
    lat, lng = (f"{float(row[axis]):.3f}".rstrip("0").rstrip(".") for axis in ("latitude", "longitude"))
    region = regions.get(row["admin1code"], "")
    return [name, row["countrycode"], region, lat, lng, row["population"], "|".join([fold(name), *keys])]


def _is_found_anyway(key: str, name: str) -> bool:
    """Whether somebody who types the other spelling finds the town before the two part."""
    return key[:4] == name[:4] and fuzz.ratio(key, name) > 80


if __name__ == "__main__":
    main(*sys.argv[1:])
