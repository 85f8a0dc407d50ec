"""`python -m ingest people [join|part|rename|undo ...] [--index DIR] [--json]`: who is who, listed and decided by hand.

Exit status: 0 done, 2 nothing could be done (one line on standard error says why).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from dataclasses import asdict

from ingest.people import Known, People, open_people
from rag.errors import OnTheRecordError
from rag.terminal import printable, say, say_json, warn

VERB = "people"


def run(arguments: Sequence[str]) -> int:
    """Run the command on what stands behind `people`; returns the exit status."""
    args = _parser().parse_args(arguments)
    try:
        with open_people(args.index) as people:
            found = _done(args, people)
            unknown = people.unknown()
    except OnTheRecordError as error:
        warn(f"error: {error}")
        return 2
    for label in unknown:
        warn(f"note: something is decided about {label!r}, and no article has that label: it is kept")
    if args.json:
        say_json([asdict(person) for person in found])
    else:
        for line in _lines(found):
            say(printable(line))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest people",
        description="List who is quoted, with the reason why each label is theirs; join, part and rename people. "
        "Decisions are kept in people.yaml in the folder of the index, and articles stay as they are.",
        epilog="To index a folder that is called people, write ./people.",
    )
    _add_common(parser, index=None, json=False)
    parser.add_argument("--like", metavar="NAME", default="", help="list only whom a name, or a part of one, can mean")
    verbs = parser.add_subparsers(dest="verb", metavar="join | part | rename | undo")
    for verb, names, about in (
        ("join", ("A", "B"), "two people are one, with all their labels"),
        ("part", ("A", "B"), "two labels are two people's"),
        ("rename", ("A", "NAME"), "a person is shown as NAME"),
        ("undo", ("A",), "take back what was decided about A, or about A and B"),
    ):
        one = verbs.add_parser(verb, help=about, description=about)
        for name in names:
            one.add_argument(name)
        if verb == "undo":
            one.add_argument("B", nargs="?")
        # They may stand behind the verb as well: a default there would hide what stands before it.
        _add_common(one, index=argparse.SUPPRESS, json=argparse.SUPPRESS)
    return parser


def _add_common(parser: argparse.ArgumentParser, *, index: str | None, json: object) -> None:
    parser.add_argument("--index", default=index, help="folder of the index (default: OTR_INDEX, then index/)")
    parser.add_argument("--json", action="store_true", default=json, help="print the people as JSON")


def _done(args: argparse.Namespace, people: People) -> tuple[Known, ...]:
    """Do what is asked; whom it is about."""
    match args.verb:
        case "join":
            return (people.join(args.A, args.B),)
        case "part":
            return people.part(args.A, args.B)
        case "rename":
            return (people.rename(args.A, args.NAME),)
        case "undo":
            return people.undo(args.A, args.B)
        case _:
            return people.all(args.like)


def _lines(found: Iterable[Known]) -> Iterable[str]:
    """A line for each person, and one for each label of whoever has several or another name than that one."""
    for person in found:
        yield f"{person.name}: {_counted(person.statements)}"
        if len(person.labels) > 1 or person.labels[0].label != person.name or person.also:
            for label in person.labels:
                because = f": {label.because}" if label.because else ""
                yield f"    {label.label}, {_counted(label.statements)}{because}"
            for besides in person.also:
                if all(besides.name != label.label for label in person.labels):
                    yield f"    also called {besides.name} in {besides.article}"


def _counted(count: int) -> str:
    return f"{count} statement{'' if count == 1 else 's'}"
