"""Whose words they are in an article that holds a post, a block quotation or a few labelled lines as well."""

from __future__ import annotations

import pytest

from ingest.quotes import extract_quotes
from ingest.quoting.layout import laid_out

NEWS = (
    "The Roads Board opened the new bridge at Orsa on Monday. The board said that the tolls would end in the spring, "
    "and that nobody had to pay twice. It said in a statement: “We have learned from the winter.”\n\n"
)
MORE = (
    "\n\nBirgit Aas, who runs the ferry beside the bridge, was there with her crew of nine, two of whom had walked the "
    "whole way from the north bank in the rain. She said that the ferry would sail until the autumn."
)


def speakers(text: str) -> dict[str, str | None]:
    """The speaker of each statement by its last word."""
    return {q.text.strip("”.!“").split()[-1]: q.speaker.name if q.speaker else None for q in extract_quotes(text)}


@pytest.mark.parametrize(
    "within",
    [
        "What a bridge. What a day! — Hugo Lind (@hlind) 4 May 2025",
        "“A bridge is a promise,” — Hugo Lind, poet",
    ],
)
def test_what_is_set_off_in_an_article_leaves_the_rest_as_it_is(within: str) -> None:
    found = speakers(NEWS + within + MORE)
    assert "Hugo Lind" in found.values()
    assert [found[word] for word in ("twice", "winter", "autumn")] == ["Roads Board", "Roads Board", "Birgit Aas"]


def test_an_article_is_no_transcript_for_a_post() -> None:
    post = "What a bridge. What a day! — Hugo Lind (@hlind) 4 May 2025"
    assert not laid_out(NEWS + post + MORE).is_much_of(NEWS + post + MORE)
    said = ("It is sound.", "Since when?", "I do. We looked.", "And who pays?", "All of us.", "I doubt that.")
    lines = "\n\n".join(f"{'AAS' if number % 2 else 'LIND'}: {words}" for number, words in enumerate(said))
    assert laid_out(lines).is_much_of(lines)
