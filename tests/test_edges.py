"""Where a span that the tagger finds ends."""

from __future__ import annotations

import pytest

from ingest.quoting.edges import through_figure


@pytest.mark.parametrize(
    ("text", "stop", "whole"),
    [
        ("He wrote at 7.05am. She left", "He wrote at 7", "He wrote at 7.05am"),
        ("It costs 1,200.50 crowns", "It costs 1", "It costs 1,200.50"),
        ("It began at 7. She left at 9", "It began at 7", "It began at 7"),
        ("They met in 2019, 2020 and", "They met in 2019", "They met in 2019"),
        ("It fell by 3.5%.", "It fell by 3.5", "It fell by 3.5"),
    ],
)
def test_a_figure_is_whole_and_a_point_behind_one_ends_a_sentence(text: str, stop: str, whole: str) -> None:
    assert text[slice(*through_figure(text, (0, len(stop))))] == whole
