"""Who is who by the word of a person who uses the index: labels joined, parted and renamed by hand.

    people.yaml in the folder of an index <-> ByHand

Only who changes it with the functions here, or in an editor, writes the file: it is no part of what indexing makes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from rag.errors import ConfigError
from rag.lasting import write_whole

FILE = "people.yaml"
KEPT = "people.yaml.kept"  # A copy of it, by which a loss is told.
LARGEST = 1 << 20  # Bytes; a thousand decisions are a tenth of it.
DEPTH = 3  # The file, the entries under a key, the labels of an entry.
HEAD = """\
# Who is who, decided by hand: `python -m ingest people --help`. Indexing leaves this file as it is.
# join: labels of one person. part: two labels of two people. rename: a label of a person, and the name to show.
# It can be edited; remarks are not kept when a command writes it anew.
"""

Pair = tuple[str, str]


@dataclass(frozen=True)
class ByHand:
    """What was decided: labels of one person, pairs of labels of two people, and (label, name to be shown)."""

    joined: tuple[tuple[str, ...], ...] = ()
    parted: tuple[Pair, ...] = ()
    renamed: tuple[Pair, ...] = ()

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every label that something was decided about."""
        named = (label for label, _ in self.renamed)
        return frozenset({*(label for entry in (*self.joined, *self.parted) for label in entry), *named})

    def is_about(self, labels: Iterable[str]) -> bool:
        """True when something was decided about one of these labels."""
        return bool(self.labels) and not self.labels.isdisjoint(labels)

    def joined_with(self, label: str) -> frozenset[str]:
        """The labels of one person with this one, itself among them; it alone where nothing was joined to it."""
        return self._groups.get(label) or frozenset({label})

    def contradiction(self) -> Pair | None:
        """Two labels that are both parted and joined, or None."""
        return next(((one, other) for one, other in self.parted if other in self.joined_with(one)), None)

    def are_apart(self, label: str, others: Iterable[str]) -> bool:
        """True when a label, or one joined to it, was parted from one of the others, or from one joined to these."""
        if not self.parted:
            return False
        parted = self._parted_from
        away = {far for near in self.joined_with(label) for far in parted.get(near, ())}
        return bool(away) and any(not away.isdisjoint(self.joined_with(other)) for other in others)

    def shown(self, labels: Iterable[str]) -> str:
        """The name to show for the person of these labels; empty where none was given."""
        names = dict(self.renamed)
        return next((names[label] for label in labels if label in names), "")

    @cached_property
    def _groups(self) -> dict[str, frozenset[str]]:
        groups: dict[str, frozenset[str]] = {}
        for entry in self.joined:
            group = frozenset(entry).union(*(groups.get(label, ()) for label in entry))
            groups.update((label, group) for label in group)
        return groups

    @cached_property
    def _parted_from(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for one, other in self.parted:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return found

    # ------------------------------------------------------------------ deciding

    def join(self, one: Collection[str], other: Collection[str]) -> ByHand:
        """The first labels of two people are one's from now on; no label of the one is parted from one of the other."""
        pair = next(iter(one)), next(iter(other))
        kept = tuple(entry for entry in self.parted if not _is_between(entry, one, other))
        return replace(self, joined=(*self.joined, pair), parted=kept)

    def part(self, one: str, other: str) -> ByHand:
        """Two labels are two people's from now on, and no join names both of them."""
        cut = (tuple(n for n in entry if n != other) if {one, other} <= {*entry} else entry for entry in self.joined)
        kept = tuple(entry for entry in self.parted if {*entry} != {one, other})
        return replace(self, joined=tuple(entry for entry in cut if len(entry) > 1), parted=(*kept, (one, other)))

    def rename(self, labels: Collection[str], name: str) -> ByHand:
        """The person of these labels is shown under a name from now on."""
        kept = tuple(entry for entry in self.renamed if entry[0] not in labels)
        return replace(self, renamed=(*kept, (next(iter(labels)), name)))

    def undo(self, one: Collection[str], other: Collection[str] | None = None) -> ByHand:
        """Without what was decided about these labels, or about these and the others."""

        def stays(entry: Iterable[str]) -> bool:
            named = {*entry}
            return named.isdisjoint(one) or (other is not None and named.isdisjoint(other))

        return ByHand(
            tuple(entry for entry in self.joined if stays(entry)),
            tuple(entry for entry in self.parted if stays(entry)),
            tuple(entry for entry in self.renamed if stays(entry if other is not None else entry[:1])),
        )

    # ------------------------------------------------------------------ what was decided, one by one

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every decision, in the order of the file."""
        given = (("join", self.joined), ("part", self.parted), ("rename", self.renamed))
        return tuple(Decision(verb, entry) for verb, entries in given for entry in entries)

    def without(self, decision: Decision) -> ByHand:
        """What is left when one decision is taken back; ConfigError when there is none like it."""
        if decision not in self.decisions:
            raise ConfigError("That is not decided any more: open the list of decisions anew.")
        kept = {
            verb: tuple(d.names for d in self.decisions if d.verb == verb and d != decision)
            for verb in ("join", "part", "rename")
        }
        return ByHand(kept["join"], kept["part"], kept["rename"])  # type: ignore[arg-type]  # pairs, as they were


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that was decided: the labels joined or parted, or a label and the name to be shown."""

    verb: str
    names: tuple[str, ...]


NOTHING = ByHand()


def state_of(index: Path) -> str:
    """What names the state of the file: it changes with each write to it. Empty where there is none."""
    try:
        stat = (index / FILE).stat()
    except OSError:
        return ""
    return f"{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}"


def read_by_hand(index: Path) -> ByHand:
    """Read what was decided for an index: nothing where there is no file. ConfigError says what is wrong in it."""
    import yaml  # type: ignore[import-untyped]

    file = index / FILE
    try:
        with file.open("rb") as opened:
            raw = opened.read(LARGEST + 1)
    except FileNotFoundError:
        return NOTHING
    except OSError as error:
        raise _unusable(file, error.strerror or str(error)) from error
    if len(raw) > LARGEST:
        raise _unusable(file, f"it is larger than {LARGEST:,} bytes")
    # Every scalar is text: a label can be `No` or `1984`. The loader in C is ten times as fast.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        text, depth = raw.decode("utf-8"), 0
        # An alias only serves to make a small file large, and what is nested takes long to read.
        for event in yaml.parse(text, loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH or isinstance(event, yaml.AliasEvent):
                raise _unusable(file, "it has an alias (*), or lists within lists of labels")
        return _checked(file, yaml.load(text, loader))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise _unusable(file, f"no valid YAML: {' '.join(str(error).split())}") from error


def write_by_hand(index: Path, by_hand: ByHand) -> None:
    """Write what was decided, whole or not at all. Raises ConfigError when it cannot be written."""
    import yaml

    file = index / FILE
    content = {
        "join": [[*entry] for entry in by_hand.joined],
        "part": [[*entry] for entry in by_hand.parted],
        "rename": dict(by_hand.renamed),
    }
    kept = {key: value for key, value in content.items() if value}
    text = HEAD + (yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=LARGEST) if kept else "")
    if len(text.encode()) > LARGEST:
        raise _unusable(file, f"it would be larger than {LARGEST:,} bytes")
    try:
        write_whole(file, text)
    except OSError as error:
        raise ConfigError(f"{file} cannot be written ({error.strerror}): it is as it was.") from error
    keep(index)


def keep(index: Path) -> None:
    """Keep a copy of the file as it is, by which `loss` tells what it had; not of one that cannot be used."""
    with suppress(ConfigError, OSError):
        read_by_hand(index)
        text = (index / FILE).read_text(encoding="utf-8")
        if text != _text(index / KEPT):
            write_whole(index / KEPT, text)


def loss(index: Path) -> str:
    """What became of a file that is gone, or of which no more than a beginning is left; empty where it is whole."""
    now, kept = _text(index / FILE), _text(index / KEPT)
    if now == kept or not kept.startswith(now):
        return ""
    what = "it has lost its end" if now else "it is gone or empty"
    return f"{what}: what it said is in {KEPT} beside it. Give that its name back, or delete {KEPT} if this was meant"


def _text(file: Path) -> str:
    """What a file says; nothing where there is none or it cannot be read."""
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _unusable(file: Path, what: str) -> ConfigError:
    return ConfigError(
        f"{file}, which says who is who by hand, cannot be used ({what}): mend it, or move it out of the folder; "
        "the index itself is whole."
    )


def _checked(file: Path, given: Any) -> ByHand:
    """What the file says, once it is of the right shape and does not contradict itself."""
    if given in (None, ""):
        return NOTHING
    if not isinstance(given, dict) or not {*given} <= {"join", "part", "rename"}:
        raise _unusable(file, "expected nothing but join, part and rename")
    joined = _lists(file, "join", given.get("join"))
    parted = _lists(file, "part", given.get("part"))
    renamed = given.get("rename") or {}
    if not isinstance(renamed, dict) or not all(_are_names(entry) for entry in renamed.items()):
        raise _unusable(file, "under rename, each line must be a label and a name, such as `I. Hale: Ida Hale`")
    by_hand = ByHand(joined, tuple((one, other) for one, other, *_ in parted), tuple(renamed.items()))
    for entry in parted:
        if len(entry) != 2:
            raise _unusable(file, f"under part, {', '.join(map(repr, entry))} are not two labels")
    if pair := by_hand.contradiction():
        raise _unusable(file, f"under part, {', '.join(map(repr, pair))} are joined as well")
    return by_hand


def _lists(file: Path, key: str, given: Any) -> tuple[tuple[str, ...], ...]:
    entries = given or []
    if not isinstance(entries, list) or not all(
        isinstance(entry, list) and len(entry) > 1 and _are_names(entry) for entry in entries
    ):
        raise _unusable(file, f"under {key}, each line must be a list of labels, such as `- [I. Hale, Ida Hale]`")
    return tuple(tuple(entry) for entry in entries)


def _are_names(values: Iterable[Any]) -> bool:
    return all(isinstance(value, str) and value.strip() for value in values)


def _is_between(entry: Pair, one: Collection[str], other: Collection[str]) -> bool:
    return (entry[0] in one and entry[1] in other) or (entry[0] in other and entry[1] in one)
