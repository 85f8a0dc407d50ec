"""What a run did, in whole and of each file."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.loading.loaders import Failure, Warned

NAMED = 5  # Articles without a statement that a note names.


@dataclass(frozen=True, slots=True)
class Found:
    """What one file gave: articles, statements in them, and how often there was something to say or to skip.

    `silent` are the ids of its articles in which no statement was found. `changed`: an article is new or another.
    """

    path: str
    articles: int = 0
    statements: int = 0
    warnings: int = 0
    failed: int = 0
    silent: tuple[str, ...] = ()
    changed: bool = False

    def __str__(self) -> str:
        counts = [_counted(self.articles, "article"), _counted(self.statements, "statement")]
        more = ((self.warnings, "note"), (self.failed, "failure"))
        return f"{self.path}: {', '.join([*counts, *(_counted(*one) for one in more if one[0])])}"


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did, as article ids; `failed` names what was skipped; `embedded` counts texts.

    `warnings` names files that were read in a way an editor should know of, such as one with tracked changes, and
    `findings` what was wrong with the index and is repaired. `files` says of each file what was found in it, whether or
    not it had changed. After a `dry_run` it says what would be done.
    """

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()
    embedded: int = 0
    warnings: tuple[Warned, ...] = ()
    findings: tuple[str, ...] = ()
    files: tuple[Found, ...] = ()
    dry_run: bool = False

    def __str__(self) -> str:
        counts = ("added", "updated", "unchanged", "removed", "failed")
        return ", ".join(f"{len(getattr(self, name))} {name}" for name in counts) + f" ({self.embedded} texts embedded)"


def silence(found: Found) -> Warned:
    """Names articles in which nobody is quoted: that can be so, or how the file was read is wrong."""
    named = ", ".join(repr(id) for id in found.silent[:NAMED])
    more = f" and {len(found.silent) - NAMED} more" if len(found.silent) > NAMED else ""
    return Warned(found.path, f"no statement was found in {named}{more}")


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
