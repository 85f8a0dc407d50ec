"""The time that a long text takes grows with its length, not with its square."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable

import pytest

from ingest import extract_quotes, quotes
from ingest.quoting.signed import signed
from ingest.text.jumps import jumps
from ingest.text.names import mentions
from ingest.text.wrapping import width_breaks

WRAPPED = textwrap.fill(
    "The lock at Holm will be shut for the rest of the month while divers look at its foot, the port said on Monday, "
    "and it will open again in the spring, when the last of the ice has gone from the river above the two weirs.",
    64,
)


@pytest.mark.parametrize(
    ("find", "text", "count"),
    [
        (mentions, "A. Lee spoke.\n" * 12_000, 12_000),
        (width_breaks, f"{WRAPPED}\n\n" * 6_000, 18_000),
        (signed, "“It leaks.”\n— Ann Lee\n" * 30_000, 30_000),
    ],
)
def test_everything_in_a_long_text_is_found_without_delay(
    find: Callable[[str], list[object]], text: str, count: int
) -> None:
    begun = time.process_time()
    assert len(find(text)) == count
    assert time.process_time() - begun < 6


def test_lines_that_lead_to_another_page_are_looked_for_once_for_all_quotes(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def noted(text: str) -> list[tuple[int, int]]:
        read.append(text)
        return jumps(text)

    monkeypatch.setattr(quotes, "jumps", noted)
    text = "“We shut the lock,” said Ana Torvik.\n\nContinued on page 6\n\n“We did not,” said Per Lund."
    assert len(extract_quotes(text)) == 2
    assert len(read) == 1
