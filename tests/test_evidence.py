"""Who counts as named when somebody is named against a question."""

from __future__ import annotations

import pytest

from rag.evidence import is_named


@pytest.mark.parametrize("name", ["Ida Hale", "the Harbour Board", "Hale", "Minister of Ports", "The Tidewater Post"])
def test_a_person_or_body_is_named(name: str) -> None:
    assert is_named(name)


@pytest.mark.parametrize("name", ["", "he", "the captain", "The lifelong Orrindaler", "a Halvick pilot's aide", "The"])
def test_a_pronoun_or_a_description_names_nobody(name: str) -> None:
    assert not is_named(name)
