"""Title and day of a transcript: they stand in the lines above the first who speaks.

    Seabed Bill                                    Daily Press Briefing - October 14, 2026
    Volume 812: debated on 4 March 2026            Ann Lee, Spokesperson
    ANN LEE: I beg to move ...                     MS LEE: Afternoon, everybody ...

In: an article of which nothing tells the title. Out: the same with what its head tells, as long as that is plain.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice, takewhile

from ingest.text.turn_labels import TIME
from ingest.text.turns import CLOCK, turns
from ingest.text.wrapping import unwrapped
from rag.schema import Article
from rag.text import paragraphs

Day = Callable[[str | None], str | None]

MOST_LINES, LONGEST = 12, 160
SENTENCE = re.compile(r"[.!?…:]\Z|[a-z]{3}[.!?…][”\"]?\s")  # One ends in the line: that is text, or a caption.
YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
DAY_WORDS = 4  # "Wednesday, 4 March 2026"; the year comes last or first.
LOOSE = " \t,;:|·•–—-()[]"
# "[House Hearing, 119 Congress]", the number of a page, a song.
BESIDE = re.compile(r"[\[(][^\[\]()]*[\])]|[\W\d_]+|[♪♫].*")
TIME_OF_DAY = re.compile(rf"{TIME}|{CLOCK}")
NO_TITLES = (BESIDE, TIME_OF_DAY)


def of_transcript(article: Article, day: Day) -> Article:
    """A transcript with the first line for its title, and the only day above who speaks first; any other as it is.

    `day` makes an ISO date of a complete one, and None of anything else.
    """
    text = unwrapped(article.text)
    if (begin := min((turn.area[0] for turn in turns(text, unlabelled=False)), default=0)) == 0:
        return article
    begin = text.rfind("\n", 0, begin) + 1
    lines = (text[slice(*place)] for place in islice(paragraphs(text[:begin]), MOST_LINES))
    head = list(takewhile(lambda line: len(line) <= LONGEST and not SENTENCE.search(line), lines))
    days = [found for line in head if (found := next(_days(line, day), None))]
    if not head or len({published for published, _ in days}) > 1:
        return article
    title = next((line for line in head if not (any(form.fullmatch(line) for form in NO_TITLES) or day(line))), None)
    if title is None or "\t" in title:
        return article
    (published, written) = next(iter(days), (None, ""))
    shown = title.removesuffix(written).rstrip(LOOSE) if written and title.endswith(written) else title
    return replace(article, title=article.title or shown or title, published=published or article.published)


def _days(line: str, day: Day) -> Iterator[tuple[str, str]]:
    """The days in a line, each with how it is written there."""
    words = [match.span() for match in re.finditer(r"\S+", line)]
    for number, (start, end) in enumerate(words):
        if not YEAR.search(line, start, end):
            continue
        spans = [(words[max(0, number - more)][0], end) for more in range(DAY_WORDS - 1, -1, -1)]
        for begin, stop in spans:
            written = line[begin:stop].strip(LOOSE)
            if found := day(written):
                yield found, written
                break
