"""`bench/power.py` makes what a power cut may leave: what was synced is there, the rest may be or not."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "bench"))

import power

INDEX = Path("/index")


def shown(text: str) -> str:
    """A text as strace shows it."""
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def opened(name: str, descriptor: int, flags: str = "O_RDWR|O_CREAT") -> power.Call:
    path = shown(f"{INDEX}/{name}")
    return "openat", f'AT_FDCWD<{shown("/")}>, "{path}", {flags}, 0644', descriptor, path


def called(call: str, name: str, descriptor: int, *more: str, result: int = 0) -> power.Call:
    path = shown(f"{INDEX}/{name}" if name else str(INDEX))
    return call, ", ".join((f"{descriptor}<{path}>", *more)), result, ""


def written(name: str, descriptor: int, text: str) -> power.Call:
    return called("write", name, descriptor, f'"{shown(text)}"', str(len(text)), result=len(text))


def renamed(old: str, new: str) -> power.Call:
    return "rename", f'"{shown(f"{INDEX}/{old}")}", "{shown(f"{INDEX}/{new}")}"', 0, ""


def left_by(calls: list[power.Call], tmp_path: Path, start: Path | None = None) -> set[tuple[tuple[str, str], ...]]:
    """What a hundred power cuts leave: the names and contents of all files."""
    found = set()
    for seed in range(100):
        disk = power.Disk(INDEX, start)
        disk.replay(calls)
        to = tmp_path / f"left{seed}"
        disk.left(to, random.Random(seed))
        files = sorted(file for file in to.rglob("*") if file.is_file())
        found.add(tuple((str(file.relative_to(to)), file.read_text()) for file in files))
    return found


def test_what_was_synced_is_there_and_the_rest_may_be(tmp_path: Path) -> None:
    calls = [opened("a", 5), written("a", 5, "one"), called("fsync", "a", 5), written("a", 5, "two")]
    assert left_by(calls, tmp_path) == {(("a", "one"),), (("a", "onetwo"),)}


def test_a_file_that_was_never_synced_may_be_gone_or_empty(tmp_path: Path) -> None:
    assert left_by([opened("a", 5), written("a", 5, "one")], tmp_path) == {(), (("a", ""),), (("a", "one"),)}


def test_a_file_renamed_over_another_without_being_synced_may_be_empty(tmp_path: Path) -> None:
    start = tmp_path / "start"
    start.mkdir()
    (start / "version").write_text("old")
    calls = [opened("part", 5), written("part", 5, "new"), called("close", "part", 5), renamed("part", "version")]
    left = left_by(calls, tmp_path, start)
    assert {(("version", "old"),), (("version", ""),), (("version", "new"),)} <= left
    calls.insert(2, called("fsync", "part", 5))
    synced = left_by([*calls, called("fsync", "", 6)], tmp_path / "synced", start)
    assert synced == {(("version", "new"),)}


def test_names_keep_their_order_within_a_folder(tmp_path: Path) -> None:
    left = left_by([opened("a", 5), opened("b", 6)], tmp_path)
    assert left == {(), (("a", ""),), (("a", ""), ("b", ""))}


def test_writes_go_where_the_run_wrote_them(tmp_path: Path) -> None:
    calls = [
        *(opened("a", 5), written("a", 5, "abcdef"), called("lseek", "a", 5, "1", "SEEK_SET", result=1)),
        *(written("a", 5, "X"), called("pwrite64", "a", 5, f'"{shown("YZ")}"', "2", "4", result=2)),
        *(called("ftruncate", "a", 5, "5"), called("dup", "a", 5, result=7), written("a", 7, "W")),
        called("fdatasync", "a", 5),
    ]
    assert left_by(calls, tmp_path) == {(("a", "aXWdY"),)}


def test_what_cannot_be_seen_is_not_passed_over() -> None:
    shared = called("mmap", "a", 5, "4096", "PROT_READ|PROT_WRITE", "MAP_SHARED")
    with pytest.raises(NotImplementedError, match="mmap"):
        power.Disk(INDEX, None).replay([opened("a", 5), shared])


def test_calls_that_others_interrupt_are_read_whole(tmp_path: Path) -> None:
    record = tmp_path / "record"
    record.write_text(
        f'11  write(5<{shown("/index/a")}>, "{shown("one")}", 3 <unfinished ...>\n'
        "12  fsync(6) = -1 EIO (Input/output error)\n"
        "11  <... write resumed>) = 3\n"
    )
    assert [*power._calls(record)] == [("write", f'5<{shown("/index/a")}>, "{shown("one")}", 3', 3, "")]
