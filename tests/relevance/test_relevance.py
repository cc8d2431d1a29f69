"""The judged queries: that their files can be relied on, and that the search answers them well."""

from collections.abc import Iterator
from shutil import copytree

import pytest

from tests.conftest import running_app
from tests.relevance.__main__ import Asked, ask
from tests.relevance.judged import CATALOGUES, KINDS, LANGUAGES, half_of, judgements, queries
from tests.relevance.measures import mean, ndcg, score, success
from tests.relevance.searching import OurSearch, index_on_postgresql, records_by_listing

FLOORS = {"demo": 0.90, "corpus": 0.86}
"""The least mean nDCG@10 of all queries of a catalogue: a little below what was measured."""


@pytest.fixture(scope="module", params=CATALOGUES)
def search(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurSearch]:
    """The search over each catalogue in turn, only read by these tests; the corpus only where there is one."""
    files = request.getfixturevalue(f"{request.param}_files")
    with running_app(copytree(files, tmp_path_factory.mktemp("copy") / "instance"), tables=False) as app:
        yield OurSearch(app, request.param)


def test_every_query_says_what_it_is_of_and_belongs_to_the_half_that_its_id_decides() -> None:
    for query in queries():
        assert query.text.strip() == query.text != ""
        assert (query.language in LANGUAGES, query.kind in KINDS, query.catalogue in CATALOGUES) == (True, True, True)
        assert query.half == half_of(query.id)


def test_no_two_queries_of_a_catalogue_are_the_same() -> None:
    assert len({query.id for query in queries()}) == len(queries())
    assert len({(query.catalogue, query.text.casefold()) for query in queries()}) == len(queries())


def test_there_are_enough_queries_of_every_kind_and_language_for_both_halves() -> None:
    assert len(queries()) >= 80
    for half in ("tune", "held"):
        those = [query for query in queries() if query.half == half]
        assert len(those) >= 0.4 * len(queries())
        assert {query.kind for query in those} == set(KINDS)
        assert {query.language for query in those} == set(LANGUAGES)


def test_every_query_has_a_record_that_its_visitor_wants_and_no_judgement_stands_alone() -> None:
    graded = judgements()
    assert set(graded) == {query.id for query in queries()}
    for query in queries():
        assert set(graded[query.id].values()) <= {0, 1, 2}
        assert 2 in graded[query.id].values(), query


@pytest.mark.xdist_group("relevance")
def test_every_record_that_was_judged_is_in_its_catalogue(search: OurSearch) -> None:
    graded = judgements()
    judged = {record for query in queries(search.catalogue) for record in graded[query.id]}
    assert judged <= set(records_by_listing().values())


def test_the_measures_agree_with_a_calculation_by_hand() -> None:
    grades = {"best": 2, "useful": 1, "also useful": 1, "useless": 0}
    # 1/log2(2) + 3/log2(3) over 3/log2(2) + 1/log2(3) + 1/log2(4)
    assert ndcg(["useful", "best", "useless", "never seen"], grades) == pytest.approx(2.892789 / 4.130930, abs=1e-6)
    assert ndcg(["best", "useful", "also useful"], grades) == 1
    assert ndcg([], grades) == 0
    assert [success(["useful", "best"], grades, within) for within in (1, 3)] == [False, True]
    assert success(["useful"], {"useful": 1}, 1)


def test_what_comes_after_the_tenth_place_does_not_count() -> None:
    grades = {"best": 2}
    assert ndcg([*"123456789", "best"], grades) > 0 == ndcg([*"1234567890", "best"], grades)


def test_a_mean_counts_how_often_nothing_was_found() -> None:
    grades = {"best": 2}
    assert mean([score([], grades), score(["best"], grades)]).nothing == 0.5


@pytest.fixture(scope="module")
def answers(search: OurSearch) -> list[Asked]:
    """How each query of the catalogue is answered."""
    return ask(search.catalogue, [search])


@pytest.mark.xdist_group("relevance")
def test_the_judged_queries_are_answered_well(search: OurSearch, answers: list[Asked]) -> None:
    assert mean([each.scores["ours"] for each in answers]).ndcg >= FLOORS[search.catalogue]


@pytest.mark.xdist_group("relevance")
def test_both_engines_answer_each_half_of_the_queries_alike(
    search: OurSearch, answers: list[Asked], postgresql: str
) -> None:
    with index_on_postgresql(search.app, postgresql):
        others = ask(search.catalogue, [search])
    for half in ("tune", "held"):
        one, other = (_of_half(asked, half) for asked in (answers, others))
        assert other == pytest.approx(one, abs=0.05)


def _of_half(answers: list[Asked], half: str) -> float:
    return mean([each.scores["ours"] for each in answers if each.query.half == half]).ndcg
