"""Dates as an answer writes them."""

from __future__ import annotations

from datetime import date


def display_date(published: str | None) -> str | None:
    """An ISO date as "3 March 2025"; anything else as it is."""
    try:
        day = date.fromisoformat((published or "")[:10])
    except ValueError:
        return published or None
    return f"{day.day} {day:%B} {day.year}"
