"""Kills, power cuts, full disks, damages, readers and hostile files: what an index and its readers stand, as one table.

    python bench/reliability.py [--kills 24] [--cuts 12] [--disks 8] [--seeds 1] [--updates 3] [--files 120] [--json]

Every trial ends with the index compared, row by row and vector by vector, with one that nothing happened to. Ends with
status 1 when a bound is missed. Full disks are tried where a disk can be mounted, which takes root on Linux.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import damages
import killing
import poison
import power
import trials
from asking import Reader
from common import SEEDS, Row, parser_of, report

from rag.errors import ConfigError
from rag.people.by_hand import ByHand, loss, read_by_hand, write_by_hand

NAMED = 5  # failures that are printed of each kind
CPU_BOUND, MEMORY_BOUND = 60, 1024  # seconds and MB of one file
# By the clock, a run over one file is late after so long, and one over broken ones after so much more for each of them.
FILE_SECONDS, BROKEN_SECONDS = 600, 10
# Processor seconds of a run of these articles, and of one of its writes.
RUN_SECONDS, WRITE_SECONDS = 0.3, 0.03
AGAIN = 0.25  # of the kills come upon a run that takes up what a kill left, too


# Decisions by hand that are put beside an index which is damaged.
DECIDED = ByHand(tuple((f"Ida Moe{n}", f"Moe{n}") for n in range(30)), (("Per Lund1", "Lund"),))


class Wrong(list[str]):
    """What went wrong, told at once: a run of many trials takes long."""

    def append(self, what: str) -> None:
        """Note it and tell it."""
        super().append(what)
        print(what, file=sys.stderr, flush=True)


class Tally:
    """How many trials there were of a kind, and what went wrong."""

    def __init__(self) -> None:
        self.tried, self.wrong = 0, Wrong()

    def check(self, name: str, given: tuple[str, Any], wanted: Any = None) -> None:
        """Count a trial: it has to be done, and to give what is wanted."""
        self.tried += 1
        if given[0] != "done":
            self.wrong.append(f"{name}: {given[0]}: {given[1]}")
        elif wanted is not None and not trials.same(given[1], wanted):
            self.wrong.append(f"{name}: the index is another")

    def figures(self) -> Row:
        """[those that went well, all], and the first that did not."""
        right = [self.tried - len(self.wrong), self.tried]
        return {"right": right, **({"wrong": self.wrong[:NAMED]} if self.wrong else {})}


def index_and_read(folder: Path, index: Path) -> Any:
    """What an index holds after one more run."""
    trials.index_files(folder, index)
    return trials.contents(index)


def check_and_read(folder: Path, index: Path) -> Any:
    """What an index holds after its check."""
    trials.index_files(folder, index, check=True)
    return trials.contents(index)


def check_and_people(folder: Path, index: Path) -> Any:
    """What an index holds after its check, and what was decided by hand: None where it is told to be lost or no use."""
    found, decided = check_and_read(folder, index), None
    with suppress(ConfigError):
        decided = None if loss(index) else asdict(read_by_hand(index))
    return found, decided


def undisturbed(folder: Path, index: Path) -> Any:
    """What an index holds to which nothing happened."""
    kind, found = trials.apart(index_and_read, folder, index)
    assert kind == "done", found
    return found


def kills(base: Path, many: int, chance: random.Random, keep: Path | None = None) -> Row:
    """Kill runs, first ones and updates, at moments of every kind; some of the runs that come next as well.

    `keep` is a folder for what a kill left where the next run did not mend it.
    """
    tally, found = Tally(), dict.fromkeys(("in_write", "at_truncation", "between_steps", "killed", "needed_a_check"), 0)
    source, index, first = base / "source", base / "index", base / "first"
    trials.write_articles(source)
    undisturbed(source, first)
    trials.change(source, "Tuesday")
    shutil.copytree(first, base / "second")
    wanted = undisturbed(source, base / "second")
    fresh = undisturbed(source, base / "fresh")
    if not trials.same(wanted, fresh):
        tally.wrong.append("an update ends in another index than a first run")
    for round, (kind, prepare, cut_at) in enumerate(_moments(many, chance)):
        shutil.rmtree(index, ignore_errors=True)
        if kind != "first":
            shutil.copytree(first, index)
        for _ in range(1 + (chance.random() < AGAIN)):
            seen = killing.killed(source, index, prepare, cut_at=cut_at)
            found["killed"] += seen.hit
            found["in_write"] += seen.hit and seen.in_write
            found["at_truncation"] += bool(seen.hit and seen.cut)
            found["between_steps"] += seen.hit and kind == "step"
        left = Path(shutil.copytree(index, base / "left"))
        given, was_checked = _next_run(f"kill {round} ({kind})", source, index)
        found["needed_a_check"] += was_checked
        if keep and (was_checked or given[0] != "done" or not trials.same(given[1], wanted)):
            shutil.copytree(left, keep / f"{round}-{kind}")
        shutil.rmtree(left)
        tally.check(f"kill {round} ({kind})", given, wanted)
    return {**found, **tally.figures()}


def power_cuts(base: Path, many: int, chance: random.Random, keep: Path | None = None) -> Row:
    """Cut the power of runs, first ones and updates: what reaches the disk without an fsync is left to chance.

    A reader of what is left is told that it is damaged, or answers from a state that there was.
    """
    if not killing.can_trace():
        return {"skipped": "strace is not there, which watches a run: install it, as by `apt-get install strace`"}
    tally, found = Tally(), dict.fromkeys(("ended", "told", "needed_a_check"), 0)
    source, first = base / "source", base / "first"
    trials.write_articles(source)
    states = [undisturbed(source, first)]
    trials.change(source, "Tuesday")
    states.append(wanted := undisturbed(source, base / "fresh"))
    known = [article for state in states for article in state[0]]
    for number, cut in enumerate(power.cuts(base, source, first, many, chance)):
        read = trials.apart(trials.contents, Path(shutil.copytree(cut.index, base / "read")))
        shutil.rmtree(base / "read")
        is_true = read[0] == "told" or (
            read[0] == "done"
            and (trials.same(read[1], wanted) if cut.is_ended else all(a in known for a in read[1][0]))
        )
        found["ended"] += cut.is_ended
        found["told"] += read[0] == "told"
        index = Path(shutil.copytree(cut.index, base / "index"))
        given, was_checked = _next_run(f"cut {number} ({cut.name})", source, index)
        shutil.rmtree(index)
        found["needed_a_check"] += was_checked
        name = f"cut {number} ({cut.name})"
        if not is_true:
            given = ("a reader", read[1] if read[0] != "done" else "answers from a state that never was")
        if keep and (was_checked or given[0] != "done" or not trials.same(given[1], wanted)):
            shutil.copytree(cut.index, keep / f"cut-{number}")
        tally.check(name, given, wanted)
    return {**found, **tally.figures()}


def _next_run(name: str, source: Path, index: Path) -> tuple[tuple[str, Any], bool]:
    """What one more run leaves, or its check where it asks for that, and whether it did."""
    given = trials.apart(index_and_read, source, index)
    if given[0] == "told" and "--check" in given[1]:
        print(f"{name}: {given[1]}", file=sys.stderr, flush=True)
        return trials.apart(check_and_read, source, index), True
    return given, False


def _moments(many: int, chance: random.Random) -> Iterator[tuple[str, killing.PREPARED, int]]:
    """So many (kind, moment, write to a cut file at which it is, or 0): a sixth of them at a truncation."""
    kinds = ("cut", "write", "step", "write", "first", "write") if killing.can_trace() else ("write", "step", "first")
    for number in range(many):
        kind = kinds[number % len(kinds)]
        if kind == "cut":
            yield kind, killing.in_watched, chance.choice((1, 1, 1, 2, 3, 5, 8))
        elif kind == "step":
            yield kind, killing.after_step(chance.choice(killing.STEPS), chance.randint(2, 4)), 0
        elif kind == "first" and chance.random() < 0.5:
            yield kind, killing.by_chance(chance.uniform(0, RUN_SECONDS)), 0
        else:
            yield kind, killing.in_write(chance.randint(1, 5), chance.uniform(0, WRITE_SECONDS)), 0


def disks(base: Path, many: int, chance: random.Random) -> Row:
    """Let the disk fill up in a run, make room, and run again."""
    folder, disk, tally, full = base / "articles", base / "disk", Tally(), 0
    trials.write_articles(folder)
    wanted = undisturbed(folder, base / "undisturbed")
    if not trials.small_disk(disk, 4000):
        return {"skipped": "a disk cannot be mounted here"}
    try:
        for round in range(many):
            shutil.rmtree(disk / "index", ignore_errors=True)
            trials.small_disk(disk, chance.randint(250, 1600))
            kind, found = trials.apart(index_and_read, folder, disk / "index")
            full += kind == "told" and "no space left" in str(found)
            if kind not in ("done", "told"):
                tally.wrong.append(f"disk {round}: {kind}: {found}")
            trials.small_disk(disk, 100_000)
            tally.check(f"disk {round}", trials.apart(index_and_read, folder, disk / "index"), wanted)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=False)
    return {"full": full, **tally.figures()}


def harm(base: Path, seeds: int, first: int) -> Row:
    """Damage an index in every way, see whether it is told, and let `--check` repair it."""
    folder, tally, silent, people = base / "articles", Tally(), Counter[str](), Counter[str]()
    trials.write_articles(folder)
    whole, index = base / "whole", base / "index"
    wanted = undisturbed(folder, whole)
    write_by_hand(whole, DECIDED)
    kinds = {**damages.kinds(), **damages.of_people()}
    for name, damage in kinds.items():
        for seed in range(seeds):
            shutil.rmtree(index, ignore_errors=True)
            # With its times: they are among what an index knows of its files.
            shutil.copytree(whole, index)
            damage(index, random.Random(f"{name}{first + seed}"))
            kind, found = trials.apart(trials.contents, index)
            if kind not in ("done", "told"):
                tally.wrong.append(f"{name}: a reader ends with {kind}: {found}")
            if kind == "done" and not trials.same(found, wanted):
                silent[name] += 1
            kind, found = trials.apart(check_and_people, folder, index)
            tally.check(name, (kind, found[0] if kind == "done" else found), wanted)
            # Nobody else knows what a person decided: the check has to leave it as it is.
            if kind == "done" and found[1] is not None and found[1] != asdict(DECIDED):
                people[name] += 1
    return {
        "kinds": len(kinds),
        "read_without_a_word": {**silent},
        "people_otherwise": {**people},
        **tally.figures(),
    }


def readers(base: Path, updates: int, chance: random.Random) -> Row:
    """Ask all the time while an index is brought up to date again and again."""
    folder, index = base / "articles", base / "index"
    trials.write_articles(folder)
    trials.apart(index_and_read, folder, index)
    tally, end = Tally(), trials.FORK.Event()
    ours, theirs = trials.FORK.Pipe(False)
    reader = trials.FORK.Process(target=trials.give, args=(theirs, Reader(index).ask_until, (end,)))
    reader.start()
    for round in range(updates):
        trials.write_articles(folder, day=f"day {round}")
        kind, found = trials.apart(trials.index_files, folder, index)
        tally.check(f"update {round}", (kind, None) if kind == "done" else (kind, found))
    end.set()
    kind, found = ours.recv()
    reader.join()
    if kind != "done":
        tally.wrong.append(f"a reader: {kind}: {found}")
        return {"asked": 0, **tally.figures()}
    tally.wrong.extend(found[1])
    return {"asked": found[0], "wrongly_answered": len(found[1]), **tally.figures()}


def read_alone(folder: Path, index: Path) -> Row:
    """Index a folder, and say what it cost: (names indexed or told, CPU seconds, MB)."""
    found = trials.index_files(folder, index)
    told = {Path(failure.path.partition(":")[0]).name for failure in found.failed}
    told |= {Path(failure.path).name.partition(" (item")[0] for failure in found.failed}
    # Such as one that was broken into the same words as another.
    told |= {Path(warned.path).name for warned in found.warnings}
    opened = trials.store.open_store(index, model=trials.Words.name, dimension=trials.Words.dimension)
    kept = {Path(entry.path).name for entry in opened.entries().values()}
    opened.close()
    seconds, memory = trials.spent()
    return {"known": sorted(told | kept), "seconds": seconds, "megabytes": memory}


def files(base: Path, many: int, chance: random.Random, *, small: bool = False) -> Row:
    """Index hostile and broken files with good ones beside them: each is read or named, none costs too much."""
    tally, seconds, memory = Tally(), 0.0, 0.0
    jobs: list[tuple[str, Callable[[Path], object]]] = []
    for name, make in poison.poison().items():
        if not small or name in ("span.docx", "deep.json", "deep.docx", "pages.pdf", "quotes.md"):
            jobs.append((name, lambda folder, name=name, make=make: (folder / name).write_bytes(make())))  # type: ignore[misc]
    jobs.append(("broken files", lambda folder: poison.broken_files(SEEDS, folder, many, chance)))
    for number, (name, fill) in enumerate(jobs):
        folder = base / f"files{number}"
        folder.mkdir()
        trials.write_articles(folder, many=3)
        fill(folder)
        limit = FILE_SECONDS + (many * BROKEN_SECONDS if name == "broken files" else 0)
        kind, found = trials.apart(read_alone, folder, base / f"index{number}", seconds=limit)
        names = sorted(path.name for path in folder.iterdir())
        if kind == "done":
            lacking = sorted({*names} - {*found["known"]})
            if lacking:
                tally.wrong.append(f"{name}: nothing is said of {lacking[:NAMED]}")
            each = found["seconds"] / (many if name == "broken files" else 1)
            seconds, memory = max(seconds, each), max(memory, found["megabytes"])
            if each > CPU_BOUND or found["megabytes"] > MEMORY_BOUND:
                tally.wrong.append(f"{name}: {each:.0f} s of CPU, {found['megabytes']:.0f} MB")
        tally.check(name, (kind, None) if kind == "done" else (kind, found))
        shutil.rmtree(folder)
    return {"broken": many, "most_cpu_seconds": seconds, "most_megabytes": memory, **tally.figures()}


def measure(args: argparse.Namespace) -> Row:
    """All trials, one after the other."""
    trials.prepare()
    parts: dict[str, Callable[[Path], Row]] = {
        "kills": lambda base: kills(base, args.kills, random.Random(args.seed + 1), args.keep),
        "power cuts": lambda base: power_cuts(base, args.cuts, random.Random(args.seed + 3), args.keep),
        "full disks": lambda base: disks(base, args.disks, random.Random(args.seed + 2)),
        "damages": lambda base: harm(base, args.seeds, args.seed),
        "readers": lambda base: readers(base, args.updates, random.Random(args.seed + 4)),
        "files": lambda base: files(base, args.files, random.Random(args.seed + 5), small=args.short),
    }
    figures: Row = {}
    for name, part in parts.items():
        if args.only and name not in args.only:
            continue
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            figures[name] = part(Path(folder))
        figures[name]["seconds"] = round(time.monotonic() - began)
        print(f"{name}: {figures[name]}", file=sys.stderr)
    return figures


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = parser_of(__doc__)
    for name, many, what in (
        ("kills", 24, "runs that are killed"),
        ("cuts", 12, "power cuts"),
        ("disks", 8, "disks that fill up"),
        ("seeds", 1, "damages of each kind"),
        ("updates", 3, "updates that are read meanwhile"),
        ("files", 120, "files broken by chance"),
    ):
        parser.add_argument(f"--{name}", type=int, default=many, help=f"how many {what} (default: {many})")
    parser.add_argument("--seed", type=int, default=0, help="of the chances, for a long run in pieces (default: 0)")
    parser.add_argument("--short", action="store_true", help="leave out the largest of the hostile files")
    parser.add_argument(
        "--keep", type=Path, help="a folder for what kills and cuts left that the next run did not mend"
    )
    parser.add_argument(
        "--only", action="append", help="kills, power cuts, full disks, damages, readers or files alone"
    )
    args = parser.parse_args(argv)
    os.environ.setdefault("OTR_LLM", "embedded")
    figures = measure(args)
    report(figures, as_json=args.json)
    return int(any("wrong" in part or part.get("read_without_a_word") for part in figures.values()))


if __name__ == "__main__":
    sys.exit(main())
