"""Find where an agency's copy begins: "PORT ELLIN, Ostrand (AP) — ", "PORT ELLIN, Oct 14 (Norwick Wire) - ".

In: a text. Out: the place with its day, and the agency; or the text, as long as before, without that.
"""

from __future__ import annotations

import re

# The place, perhaps the region and the day, and in brackets the agency; not "QUESTION: (Off mic.) — the farmers …".
WIRED = re.compile(
    r"([A-Z](?:[^\Wa-z]|[.,'’-]| (?! )){2,40}(?:, [^\n()]{2,30})?) \(([A-Z][^()\d\n]{1,30})\)\s+(?:[–—]|--?)\s"
)
AT_HEAD = re.compile(rf"^{WIRED.pattern}", re.M)


def without_datelines(text: str) -> str:
    """The text with line breaks for its datelines, which nobody says and which name nobody who speaks."""
    return AT_HEAD.sub(lambda found: "\n" * len(found[0]), text)
