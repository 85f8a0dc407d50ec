"""What was decided by hand and is lost: each run says so, and keeps what it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import ingest
from rag.people.by_hand import FILE, KEPT, ByHand, keep, loss, write_by_hand
from tests.fakes import FakeEmbeddings


@pytest.mark.parametrize(("left", "told"), [(None, "gone"), (0, "empty"), (0.9, "lost its end"), (1, "")])
def test_a_run_tells_what_was_decided_and_is_lost_and_keeps_it(tmp_path: Path, left: float | None, told: str) -> None:
    article, index = tmp_path / "dam.txt", tmp_path / "index"
    article.write_text("“The dam will hold,” Ida Hale said.")
    ingest([article], index=index, embeddings=FakeEmbeddings())
    write_by_hand(index, ByHand(renamed=(("Ida Hale", "Ida Brandt"), ("Ada Moe", "Ada Brandt"))))
    text = (index / FILE).read_text()
    (index / FILE).write_text(text[: int((left or 0) * len(text))])
    if left is None:
        (index / FILE).unlink()
    for _ in range(2):
        notes = [note.text for note in ingest(index=index, embeddings=FakeEmbeddings()).warnings]
        assert len(notes) == bool(told)
        assert all(told in note for note in notes)
    assert (index / KEPT).read_text() == text


def test_an_edit_by_hand_is_no_loss_and_is_kept_by_the_next_run(tmp_path: Path) -> None:
    write_by_hand(tmp_path, ByHand(renamed=(("Ida Hale", "Ida Brandt"),)))
    (tmp_path / FILE).write_text("rename: {Ada Moe: Ada Brandt}\n")
    assert not loss(tmp_path)
    keep(tmp_path)
    assert (tmp_path / KEPT).read_text() == "rename: {Ada Moe: Ada Brandt}\n"
    (tmp_path / FILE).write_text("rename: [")
    keep(tmp_path)
    assert (tmp_path / KEPT).read_text() == "rename: {Ada Moe: Ada Brandt}\n"
