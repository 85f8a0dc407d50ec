"""A file that is no answer is refused in one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import ConfigError
from rag.writing import exports
from rag.writing.exports import parse_answers, read_answers


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "There is no citation in file"),
        (b"Hello.", "There is no citation in file"),
        (b"\xff\xfe\x00", "The answer file is not UTF-8 text"),
        (b"\xe9", "The answer file is not UTF-8 text"),
        (b"[]", "The list in file is empty"),
        (b"{", "file is not JSON"),
        (b"[1]", "There is no answer with a list of citations in file"),
        (b'{"text": "no citations"}', "There is no answer with a list of citations in file"),
        (b'{"citations": [], "text": 3}', "The text of the answer in file is int, not a string"),
        (b"[" * 100_000, "file is not JSON"),
        (b'{"a": ' * 50_000, "file is not JSON"),
        (b'{"citations": []}\n{"cit', "Answer 2 in file is not JSON"),
        (b'{"citations": [' + b"9" * 5000 + b"]}", "file is not JSON"),
    ],
)
def test_what_is_no_answer_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(ConfigError) as error:
        parse_answers(data, "file")
    assert str(error.value).startswith(message)


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in (tmp_path, tmp_path / "none", "a\0b"):
        with pytest.raises(ConfigError, match="cannot be read"):
            read_answers(path)
    monkeypatch.setattr(exports, "MAX_BYTES", 3)
    (tmp_path / "long").write_text("long")
    with pytest.raises(ConfigError, match="more than 3 bytes"):
        read_answers(tmp_path / "long")
