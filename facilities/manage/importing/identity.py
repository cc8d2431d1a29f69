"""By what a row is recognised when its file is imported again."""

from collections import Counter
from collections.abc import Mapping

from facilities.catalogue.names import fold, name_key

LONGEST = 200


class Identities:
    """The source id of each row: its id column, else inventory number, else maker and serial number, else name and
    department. Rows that only share a name are counted in the order of the file."""

    def __init__(self) -> None:
        self.rows: dict[str, int] = {}
        self._counts: Counter[str] = Counter()

    def of(self, cells: Mapping[str, str]) -> str:
        if cells.get("id"):
            return cells["id"]
        if number := cells.get("inventory_number"):
            return f"inventory:{number}"
        if number := cells.get("serial_number"):
            return f"serial:{fold(cells.get('manufacturer', ''))}|{number}"
        name = name_key(name_of(cells))[:120]
        by_name = f"name:{name}|{fold(cells.get('department', ''))[:60]}"
        self._counts[by_name] += 1
        count = self._counts[by_name]
        return by_name if count == 1 else f"{by_name}#{count}"

    def used_by(self, source_id: str, number: int) -> int | None:
        """The earlier row that has this id already; None if this row is the first."""
        first = self.rows.setdefault(source_id, number)
        return None if first == number else first


def name_of(cells: Mapping[str, str]) -> str:
    """The name of a new listing: as written, else maker and model, else the beginning of the description."""
    if cells.get("name"):
        return cells["name"]
    made = " ".join(filter(None, (cells.get("manufacturer"), cells.get("model"))))
    return made or cells.get("description", "").split("\n")[0][:120]
