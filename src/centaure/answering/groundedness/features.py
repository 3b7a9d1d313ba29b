"""What speaks for a sentence and against it: every comparison, one after the other."""

from collections.abc import Sequence

from centaure.answering.groundedness.additions import compare_additions
from centaure.answering.groundedness.alignment import Alignment
from centaure.answering.groundedness.binding import compare_bindings
from centaure.answering.groundedness.coverage import Similarity, cover
from centaure.answering.groundedness.datings import compare_moments
from centaure.answering.groundedness.evidence import Evidence
from centaure.answering.groundedness.figures import compare_quantities
from centaure.answering.groundedness.frames import compare_frames
from centaure.answering.groundedness.markings import compare_marks, compare_polarity
from centaure.answering.groundedness.naming import compare_names, compare_roles
from centaure.answering.groundedness.operators import compare_operators
from centaure.answering.groundedness.pairing import compare_pairs, compare_places
from centaure.answering.groundedness.sources import Sources, SourceStatement
from centaure.answering.groundedness.stances import compare_stances
from centaure.answering.groundedness.statements import Statement


def weigh(
    said: Statement,
    sources: Sources,
    alignment: Alignment,
    question: Statement,
    similarity: Similarity | None = None,
) -> Evidence:
    """Compare a sentence with what stands behind it."""
    evidence = Evidence()
    window = [sources.statements[number] for number in alignment.window]
    near = _neighbours(window, sources)
    cover(evidence, said, window, alignment, question, similarity)
    compare_quantities(evidence, said, window, near, sources)
    compare_moments(evidence, said, window, near, sources)
    compare_names(evidence, said, window, near, sources)
    compare_roles(evidence, said, sources, alignment)
    compare_pairs(evidence, said, window[0], alignment)
    compare_bindings(evidence, said, window[0], alignment)
    compare_places(evidence, said, sources, alignment)
    compare_operators(evidence, said, window, alignment)
    compare_polarity(evidence, said, window, alignment)
    compare_marks(evidence, said, window)
    compare_additions(evidence, said, window, sources)
    compare_stances(evidence, said, window[0], alignment)
    compare_frames(evidence, said, window[0], alignment)
    return evidence


def _neighbours(window: Sequence[SourceStatement], sources: Sources) -> list[SourceStatement]:
    """The two sentences before each of a window, and the one after."""
    places = {(each.passage, each.place + step) for each in window for step in (-2, -1, 1)}
    return [
        each
        for each in sources.statements
        if (each.passage, each.place) in places and each not in window
    ]
