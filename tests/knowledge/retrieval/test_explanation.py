"""What a search says of itself."""

import pytest

from centaure.knowledge.retrieval import SearchFilters, search
from centaure.knowledge.retrieval.explanation import HitExplained, QuestionExplained

pytestmark = pytest.mark.anyio


async def test_a_hit_says_why_it_stands_where_it_stands(database, library) -> None:
    alice = library.user("alice")
    library.document(
        "rh/charte.txt", ["La prime de télé-travail est mensuelle."], [1], title="Charte"
    )
    async with database.read(alice) as session:
        found = await search(session, "charte : prime de télétravail", SearchFilters(), 5)
    question = QuestionExplained.of(found)
    assert {one.kind for one in question.expansions} >= {"form"}
    assert [one.weight for one in question.terms] == sorted(
        (one.weight for one in question.terms), reverse=True
    )
    assert question.meaning_weight is None
    hit = HitExplained.of(found.hits[0])
    assert hit.found_by == ["words"]
    assert hit.named > 0
    assert hit.words > hit.whole > 0
    assert hit.coverage == 1
    assert {"prim", "chart", "tel"} <= set(hit.stems)
    total = hit.words + hit.phrases + hit.named + hit.whole + hit.period + hit.feedback
    assert total == pytest.approx(found.hits[0].score, abs=0.01)
