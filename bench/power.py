"""Power cuts: what a disk may hold of a run when the power goes, made from a record of the run's system calls.

A run is watched by strace with all that it writes. Up to a moment of it, what an fsync has covered is on the disk, and
of the rest whatever chance leaves: all, nothing, the first writes to a file or some blocks of them. What happens to
names (a file begun, renamed, deleted) keeps its order within a folder, and is on the disk once something in it is
synced. That is harsher than ext4, which keeps the order of all folders and does not lose what is renamed over a file.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import killing
import trials

CALLS = (
    *("open", "openat", "creat", "close", "dup", "dup2", "dup3", "fcntl", "lseek", "read", "readv"),
    *("write", "writev", "pwrite64", "pwritev", "ftruncate", "truncate", "fallocate", "fsync", "fdatasync", "mmap"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat", "rmdir"),
    *("pwritev2", "link", "linkat", "symlink", "symlinkat", "copy_file_range", "sendfile"),
)
UNKNOWN = {"pwritev2", "link", "linkat", "symlink", "symlinkat", "copy_file_range", "sendfile"}
LONGEST = 1 << 24  # Bytes of one write that strace shows.
BLOCK = 4096  # Bytes that a disk writes whole.
SHARED = "-shm"  # What SQLite shares among processes is not read after a power cut.
ENDED = 1 / 6  # of the cuts come after the end of a run

_BEGUN = re.compile(r"^(\d+) +(.*) <unfinished \.\.\.>$")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. \w+ resumed>(.*)$")
_CALL = re.compile(r"^\d+ +(\w+)\((.*)\) += (-?\d+)(?:<(.*)>)?")
_STRING = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')
_PLACE = re.compile(r"<((?:\\x[0-9a-f]{2})*)>")
Call = tuple[str, str, int, str]


@dataclass(eq=False, slots=True)
class File:
    """What is in a file, what of it is on the disk, and the writes in between: (where, what), or (length, None)."""

    content: bytearray = field(default_factory=bytearray)
    synced: bytearray = field(default_factory=bytearray)
    waiting: list[tuple[int, bytes | None]] = field(default_factory=list)

    def write(self, place: int, data: bytes | None) -> None:
        """Write at a place, or make the file so long."""
        _apply(self.content, place, data)
        self.waiting.append((place, data))

    def sync(self) -> None:
        """Bring it to the disk."""
        self.synced, self.waiting = bytearray(self.content), []

    def left(self, chance: random.Random) -> bytes:
        """What a power cut may leave of it."""
        found, how = bytearray(self.synced), chance.choice(("nothing", "all", "first", "some"))
        first = chance.randrange(len(self.waiting) + 1)
        for number, (place, data) in enumerate(self.waiting):
            if how == "all" or (how == "first" and number < first):
                _apply(found, place, data)
            elif how == "some" and data is None and chance.random() < 0.5:
                _apply(found, place, None)
            elif how == "some" and data is not None:
                for begin in range(0, len(data), BLOCK):
                    if chance.random() < 0.5:
                        _apply(found, place + begin, data[begin : begin + BLOCK])
        return bytes(found)


@dataclass(slots=True)
class _Opened:
    file: File
    place: int
    appends: bool


class Disk:
    """The files of a folder as a run writes them, and which of it is on the disk. A folder has None for its file."""

    def __init__(self, folder: Path, start: Path | None) -> None:
        """`start` holds what is in the folder before, all of it on the disk."""
        self._folder = folder
        self._names: dict[str, File | None] = {}
        for part in sorted(start.rglob("*")) if start else ():
            content = part.read_bytes() if part.is_file() else b""
            known = None if part.is_dir() else File(bytearray(content), bytearray(content))
            self._names[str(part.relative_to(start or part))] = known
        self._synced = dict(self._names)
        self._waiting: defaultdict[str, list[Callable[[dict[str, File | None]], object]]] = defaultdict(list)
        self._opened: dict[int, _Opened] = {}

    def replay(self, calls: Sequence[Call]) -> None:
        """Do what a run did."""
        for name, arguments, result, place in calls:
            if name in UNKNOWN or (name == "mmap" and _is_written(arguments) and SHARED not in _paths(arguments)[0]):
                raise NotImplementedError(f"{name}: what it writes cannot be seen")
            known = getattr(self, f"_{name}", None)
            if known:
                known(arguments, result, place)

    def left(self, to: Path, chance: random.Random) -> None:
        """Make a folder of what a power cut may leave."""
        to.mkdir(parents=True)
        names = dict(self._synced)
        for waiting in self._waiting.values():
            for change in waiting[: chance.choice((0, len(waiting), chance.randrange(len(waiting) + 1)))]:
                change(names)
        for name, file in sorted(names.items()):
            if file is None:
                (to / name).mkdir(parents=True, exist_ok=True)
            else:
                (to / name).parent.mkdir(parents=True, exist_ok=True)
                (to / name).write_bytes(file.left(chance))

    # ------------------------------------------------------------------ calls, by their names

    def _openat(self, arguments: str, result: int, place: str) -> None:
        name, flags = self._inside(_text(place)), arguments
        if not name or "O_DIRECTORY" in flags or self._names.get(name, File) is None:
            self._opened.pop(result, None)
            return
        file = self._names.get(name)
        if file is None:
            file = File()
            self._name(name, lambda names: names.__setitem__(name, file))
        if "O_TRUNC" in flags and file.content:
            file.write(0, None)
        self._opened[result] = _Opened(file, 0, "O_APPEND" in flags)

    _open = _openat

    def _creat(self, arguments: str, result: int, place: str) -> None:
        self._openat(f"{arguments} O_TRUNC", result, place)

    def _close(self, arguments: str, result: int, place: str) -> None:
        self._opened.pop(_number(arguments), None)

    def _dup(self, arguments: str, result: int, place: str) -> None:
        if known := self._opened.get(_number(arguments)):
            self._opened[result] = known

    _dup2 = _dup3 = _dup

    def _fcntl(self, arguments: str, result: int, place: str) -> None:
        if "F_DUPFD" in arguments:
            self._dup(arguments, result, place)

    def _lseek(self, arguments: str, result: int, place: str) -> None:
        if known := self._opened.get(_number(arguments)):
            known.place = result

    def _read(self, arguments: str, result: int, place: str) -> None:
        if known := self._opened.get(_number(arguments)):
            known.place += result

    _readv = _read

    def _write(self, arguments: str, result: int, place: str) -> None:
        if known := self._opened.get(_number(arguments)):
            at = len(known.file.content) if known.appends else known.place
            known.file.write(at, _data(arguments)[:result])
            known.place = at + result

    _writev = _write

    def _pwrite64(self, arguments: str, result: int, place: str) -> None:
        if known := self._opened.get(_number(arguments)):
            known.file.write(int(arguments.rpartition(",")[2]), _data(arguments)[:result])

    _pwritev = _pwrite64

    def _ftruncate(self, arguments: str, result: int, place: str) -> None:
        if known := self._opened.get(_number(arguments)):
            known.file.write(int(arguments.rpartition(",")[2]), None)

    def _truncate(self, arguments: str, result: int, place: str) -> None:
        file = self._names.get(self._inside(_paths(arguments)[-1]) or "")
        if file:
            file.write(int(arguments.rpartition(",")[2]), None)

    def _fallocate(self, arguments: str, result: int, place: str) -> None:
        if known := self._opened.get(_number(arguments)):
            _, _, begin, length = arguments.rsplit(",", 3)
            known.file.write(max(len(known.file.content), int(begin) + int(length)), None)

    def _fsync(self, arguments: str, result: int, place: str) -> None:
        if known := self._opened.get(_number(arguments)):
            known.file.sync()
        name = self._inside(_paths(arguments)[0])
        if name is not None:
            self._commit(name if not name or self._names.get(name, File) is None else str(Path(name).parent))

    _fdatasync = _fsync

    def _rename(self, arguments: str, result: int, place: str) -> None:
        old, new = (self._inside(path) for path in self._given(arguments))
        if old and new:
            file = self._names[old]

            def move(names: dict[str, File | None]) -> None:
                names.pop(old, None)
                names[new] = file

            self._name(new, move)

    _renameat = _renameat2 = _rename

    def _unlink(self, arguments: str, result: int, place: str) -> None:
        [path] = self._given(arguments)
        if name := self._inside(path):
            self._name(name, lambda names: names.pop(name, None))

    _unlinkat = _rmdir = _unlink

    def _mkdir(self, arguments: str, result: int, place: str) -> None:
        [path] = self._given(arguments)
        if name := self._inside(path):
            self._name(name, lambda names: names.__setitem__(name, None))

    _mkdirat = _mkdir

    def _name(self, name: str, change: Callable[[dict[str, File | None]], object]) -> None:
        change(self._names)
        self._waiting[str(Path(name).parent)].append(change)

    def _commit(self, folder: str) -> None:
        for name in (str(parent) for parent in (Path(folder), *Path(folder).parents)):
            for change in self._waiting.pop(name, ()):
                change(self._synced)

    def _inside(self, path: str) -> str | None:
        """The name within the folder; empty for the folder itself, None for what is elsewhere."""
        inside = os.path.relpath(path, self._folder)
        return None if inside.startswith("..") else "" if inside == "." else inside

    def _given(self, arguments: str) -> list[str]:
        """The paths that a call names, each within the folder that stands before it, if one does."""
        paths, base = [], ""
        for match in re.finditer(rf"{_PLACE.pattern}|{_STRING.pattern}", arguments):
            if match[1] is not None:
                base = _text(match[1])
            else:
                paths.append(os.path.join(base, _text(match[2])))
        return paths


def recorded(folder: Path, index: Path, record: Path) -> list[Call]:
    """What a run does to an index, call by call; RuntimeError where it does not end well."""
    ready = trials.FORK.Event()
    child = trials.FORK.Process(target=_run, args=(folder, index, ready))
    child.start()
    tracer = killing.attached(
        child.pid or 0, ["-y", "-xx", "-s", str(LONGEST), "-o", str(record), "-e", f"trace={','.join(CALLS)}"]
    )
    ready.set()
    child.join()
    tracer.wait()
    if child.exitcode:
        raise RuntimeError(f"the run that is watched ended with {child.exitcode}")
    marked = "".join(f"\\x{byte:02x}" for byte in os.fsencode(index))
    return [call for call in _calls(record) if marked in call[1] or marked in call[3]]


def _run(folder: Path, index: Path, ready: Any) -> None:
    ready.wait()
    trials.index_files(folder, index)


@dataclass(frozen=True, slots=True)
class Cut:
    """A power cut: its name, the index that it leaves, and whether the run had ended by then."""

    name: str
    index: Path
    is_ended: bool


def cuts(base: Path, source: Path, before: Path, many: int, chance: random.Random) -> Iterator[Cut]:
    """So many power cuts of runs over articles: of first ones, and of updates of the index `before`."""
    runs: list[tuple[str, Path | None, Path, list[Call]]] = []
    for kind, start in (("first", None), ("update", before)):
        index = base / f"watched-{kind}"
        if start:
            shutil.copytree(start, index)
        runs.append((kind, start, index, recorded(source, index, base / f"{kind}.calls")))
    for number in range(many):
        kind, start, index, calls = runs[number % len(runs)]
        moment = len(calls) if chance.random() < ENDED else chance.randrange(len(calls))
        disk, left = Disk(index, start), base / "left"
        disk.replay(calls[:moment])
        shutil.rmtree(left, ignore_errors=True)
        disk.left(left, chance)
        _take_times(left, *filter(None, (start, index)))
        yield Cut(f"{kind}, call {moment:,} of {len(calls):,}", left, moment == len(calls))


def _take_times(left: Path, *folders: Path) -> None:
    """Give each file the time of the one that holds the same: a run notes them, to see what was altered."""
    for file in left.rglob("*"):
        for folder in folders:
            same = folder / file.relative_to(left)
            if file.is_file() and same.is_file() and same.read_bytes() == file.read_bytes():
                shutil.copystat(same, file)


def _calls(record: Path) -> Iterator[Call]:
    """The calls that went well, in the order in which they ended: (name, arguments, result, what was opened)."""
    begun: dict[str, str] = {}
    with record.open(encoding="ascii", errors="replace") as lines:
        for read in lines:
            line = read.rstrip("\n")
            if match := _BEGUN.match(line):
                begun[match[1]] = line.removesuffix(" <unfinished ...>")
                continue
            if match := _RESUMED.match(line):
                line = begun.pop(match[1], "") + match[2]
            if (call := _CALL.match(line)) and int(call[3]) >= 0:
                yield call[1], call[2], int(call[3]), call[4] or ""


def _apply(content: bytearray, place: int, data: bytes | None) -> None:
    if data is None:
        del content[place:]
        content.extend(bytes(place - len(content)))
    elif data:
        content.extend(bytes(max(0, place - len(content))))
        content[place : place + len(data)] = data


def _text(shown: str) -> str:
    return os.fsdecode(bytes.fromhex(shown.replace("\\x", "")))


def _paths(arguments: str) -> list[str]:
    return [_text(shown) for shown in _PLACE.findall(arguments)] or [""]


def _data(arguments: str) -> bytes:
    return b"".join(bytes.fromhex(shown.replace("\\x", "")) for shown in _STRING.findall(arguments))


def _number(arguments: str) -> int:
    return int(re.match(r"-?\d+", arguments)[0])  # type: ignore[index]


def _is_written(arguments: str) -> bool:
    return "MAP_SHARED" in arguments and "PROT_WRITE" in arguments
