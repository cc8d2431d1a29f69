"""Models and numbers are found however they are written."""

import pytest

from search_index import Index, Query
from tests.search_index.listings import listing

MODELS = [
    ("LSM880", ["LSM 880", "LSM-880", "lsm880", "LSM880", "Zeiss LSM 880"]),
    ("LSM 880", ["LSM 880", "LSM-880", "lsm880"]),
    ("LSM-880", ["LSM 880", "LSM-880", "lsm880"]),
    ("Q Exactive HF-X", ["Q-Exactive HFX", "QExactive HF-X", "Q Exactive HF X", "qexactive hfx"]),
    ("QExactive HFX", ["Q-Exactive HFX", "QExactive HF-X", "Q Exactive HF X", "Q-Exactive HF-X"]),
    ("Q-Exactive HFX", ["QExactive HFX", "Q Exactive HF X"]),
    ("7T", ["7T", "7 T", "7 Tesla", "7-tesla", "7tesla", "7 t"]),
    ("7 Tesla", ["7T", "7 T", "7 Tesla", "7-tesla"]),
    ("a 5 T magnet", ["5 Tesla", "5T"]),
    ("9.4T", ["9.4 T", "9.4 Tesla", "9,4 T", "9.4T"]),
    ("9,4 tesla", ["9.4T", "9,4 T"]),
    ("600 MHz", ["600MHz", "600 MHz", "600-MHz", "600 megahertz"]),
    ("600MHz", ["600 MHz", "600MHz"]),
    ("300 kV", ["300kV", "300 kV", "300 kilovolt"]),
    ("300kV", ["300 kV"]),
    ("FACSAria III", ["FACS Aria", "FACSAria III", "facsaria", "FACS-Aria III"]),
    ("FACS Aria", ["FACSAria", "facsaria"]),
]


@pytest.mark.parametrize(("model", "typed"), [(model, typed) for model, several in MODELS for typed in several])
def test_models_and_numbers_are_found_in_every_spelling(index: Index, model: str, typed: str) -> None:
    index.apply([listing(1, "Zeiss", model=model)], [])
    assert index.search(Query(typed)).ids == [1]


def test_another_number_is_another_model(index: Index) -> None:
    index.apply([listing(1, "LSM 880"), listing(2, "LSM 900"), listing(3, "MRI 7T, 3 bays"), listing(4, "MRI 3T")], [])
    assert index.search(Query("LSM880")).ids == [1]
    assert index.search(Query("3 tesla")).ids == [4]
