"""The names of the months in English, whole and short, with their numbers."""

from __future__ import annotations

import calendar

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
# One of them, as a part of a regular expression.
MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
