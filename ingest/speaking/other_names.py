"""Other names that an article gives a person: a nickname in marks, a name before marriage, on a stage, a peer's.

In: the names of an article, each with the label of whose it is. Out: under each label the other names. The label that
is printed stays what it is; who is asked for by another name is found.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import takewhile

from ingest.text.names import CAPITALISED, NICKNAME, PARTICLE, PARTICLES, SMALL_WORDS, Mention
from ingest.text.sources import DETERMINERS
from rag.people.names import BREAKS
from rag.schema import Speaker

# What leads to another name: the only words of English that are known here.
MAIDEN, BORN, FORMER = r"n[ée]e|né", r"born", r"formerly"
AS = r"a\.?k\.?a\.?|known (?:[a-z]+ ){0,4}?as|perform(?:s|ed|ing) as"
LEAD = r"(?:who (?:[\w-]+ ){0,3}?(?:is|was|has been|had been) |(?:who )?(?:is |was )?)(?:[a-z]+ ){0,2}?"
# No further than a word with the point that ends its sentence.
RUN = rf"(?:{PARTICLE} )*{CAPITALISED}(?:(?<!\w\w\w\.)[ \u00a0](?:{CAPITALISED}|{PARTICLE}))*"
# "Ann Lee, 41, who until 2021 was known as Ann Hale", "Ann Lee (née Hale)".
BEHIND = re.compile(
    rf"(?:, \d{{1,3}})?(?P<open>,? \(|,? )(?P<lead>{LEAD})(?P<how>{MAIDEN}|{BORN}|{FORMER}|{AS}):? "
    rf"(?P<mark>[“\"‘']?)(?P<name>{RUN})"
)
# "Ann Lee, whom the whole quay calls “Dusty,”", "Ann Lee, nicknamed “Dusty” at school", "Ann Lee, “Dusty” to all". What
# something is called has a mark as well: of "whom" the words before it say that it is the person; what is titled is a
# thing, and what is by somebody can be called as well, "a film by Ann Lee, called “Harrow,”".
SHORT = rf"{CAPITALISED}(?: {CAPITALISED})?"
OF_WHOM = r"whom (?:[\w’'-]+ ){1,7}?"
NAMED, BY = r"(?:nicknamed|dubbed|called)", re.compile(r"\bby\s+\Z", re.I)
IN_MARKS = re.compile(
    rf"(?:, \d{{1,3}})?, (?P<lead>{OF_WHOM}(?P<verb>[a-z]+) |(?P<who>who (?:is|was|has been|had been) )?{NAMED} |)"
    rf"[“\"‘'](?P<name>{SHORT}?),?[”\"’'](?P<to> to )?"
)
IN_WORDS = re.compile(rf"(?:, \d{{1,3}})?, {OF_WHOM}call(?:s|ed)? (?P<name>{SHORT})(?=[,)])")
# "Ann Lee, Baroness Orsa, has", "Ann Lee (Lady Orsa)", "Ann Lee, who sits as Lady Orsa", "Bo Lee, 3rd Earl of Tarn.":
# not one of several who are listed.
PEERS = frozenset("lord lady baron baroness".split())
AS_PEER = re.compile(
    rf"(?:(?P<as>, who (?:[\w’'-]+ )+?as )|, (?:now )?| \()(?:the )?(?:\w+ )??{CAPITALISED} (?:of )??(?P<name>{SHORT})"
    rf"(?: of {CAPITALISED})?(?(as)(?!\w)|(?:[.)]|, (?!and\b|or\b|[^\W\d_a-z])))"
)
# What may follow a name that is whole: none of "South Orsa senator".
WHOLE = re.compile(r"\s*(?:[^\w\s’']|\Z)|\n|[’'](?P<end>)|\s+(?P<next>\w+)")
NEXT = BREAKS | SMALL_WORDS | {"until"}
NOT_LEADING = (BREAKS | DETERMINERS | SMALL_WORDS) - frozenset("who is was has had now then".split())


def other_names(text: str, named: Sequence[tuple[Mention, str]]) -> dict[str, tuple[str, ...]]:
    """The other names of everybody who has some, under the label of each; `named` has each mention with its label."""
    at = {mention.start: (mention, label) for mention, label in named}
    found: dict[str, list[str]] = {}
    peers = by_title(text, [mention for mention, _ in named])
    for mention, label in named:
        if mention.start in peers:
            found.setdefault(label, []).append(peers[mention.start])
        # Of a single word it must be sure: "X, formerly known as Twitter".
        if mention.is_body or (mention.body is None and len(mention.tokens) == 1):
            continue
        if (alone := nickname(text, mention)) and label.split()[-1] != alone.split()[-1]:
            found.setdefault(label, []).append(f"{alone} {_family(label.split())}")
        marked = BEHIND.match(text, mention.end)
        other = _told(text, marked, label, at) if marked else ""
        if marked and other:
            found.setdefault(label, []).append(other)
            _, own = at.get(marked.start("name"), (None, ""))
            if own == other:  # It speaks under that name, too.
                found.setdefault(own, []).append(label)
    plain = {label: [" ".join(name.split()) for name in names] for label, names in found.items()}
    return {label: tuple(dict.fromkeys(name for name in names if name != label)) for label, names in plain.items()}


def by_title(text: str, named: Sequence[Mention]) -> dict[int, str]:
    """What each is called as a peer, "Lady Orsa", under where the full name stands of whom the text says so.

    That somebody is called so shows by "Lord" or the like before it, here or elsewhere; it is nobody's surname.
    """
    titles: dict[str, str] = {}
    for mention in named:
        if PEERS.issuperset(title := text[mention.run : mention.start].lower().split()[-1:]) and title:
            titles.setdefault(" ".join(mention.tokens), f"{title[0].capitalize()} {' '.join(mention.tokens)}")
    whole = [m for m in named if titles and len(m.tokens) > 1 and not m.is_body]
    marked = ((mention, AS_PEER.match(text, mention.end)) for mention in whole)
    return {
        mention.start: titles[other["name"]]
        for mention, other in marked
        if other and other["name"] in titles and not _is_surname(other, whole)
    }


def _is_surname(other: re.Match[str], whole: Sequence[Mention]) -> bool:
    """True where somebody has a peer's name as a surname; "Viscount Orsa" of the words that lead to it is nobody."""
    surname = other["name"].split()[-1].lower()
    alike = [mention for mention in whole if mention.surname == surname]
    own = {mention.tokens for mention in alike if other.start() <= mention.start < other.end()}
    return any(mention.tokens not in own for mention in alike)


def nickname(text: str, mention: Mention) -> str:
    """The nickname that stands in marks between the words of a name, or in a clause behind it; empty for none."""
    if within := NICKNAME.search(text, mention.start, mention.end):
        return within[0].strip(" \u00a0“\"‘'()”’")
    if plain := IN_WORDS.match(text, mention.end):
        return plain["name"]
    marked = IN_MARKS.match(text, mention.end)
    if not marked or not (marked["lead"] or marked["to"]) or marked["verb"] in NOT_LEADING:
        return ""
    is_work = not (marked["who"] or marked["verb"]) and BY.search(text[max(0, mention.run - 4) : mention.run])
    return "" if is_work else marked["name"].rstrip(".")


def with_other_names(speakers: Sequence[Speaker | None], names: Mapping[str, tuple[str, ...]]) -> list[Speaker | None]:
    """The speakers with their other names; who has some is a person, whatever a stage name sounds like."""
    return [
        replace(speaker, also=names[speaker.name], kind="person")
        if speaker and speaker.is_named and speaker.name in names
        else speaker
        for speaker in speakers
    ]


def _told(text: str, marked: re.Match[str], label: str, at: Mapping[int, tuple[Mention, str]]) -> str:
    """The other name that stands behind a mark, in full as far as the label tells; empty where it is none."""
    how, name, words = marked["how"], marked["name"].rstrip(".’'"), label.split()
    behind = WHOLE.match(text, marked.start("name") + len(name))
    is_whole = behind is not None and (behind["next"] is None or behind["next"] in NEXT)
    is_owner = name.endswith(("'s", "’s")) or (behind is not None and behind["end"] == "" and not marked["mark"])
    if not is_whole or is_owner or not NOT_LEADING.isdisjoint(marked["lead"].split()):
        return ""
    mention, _ = at.get(marked.start("name"), (None, ""))
    tokens, is_person = name.split(), mention is not None and mention.body is False
    if re.fullmatch(AS, how):  # Of a stage name the namer cannot tell whose it is.
        return "" if {*tokens} <= {*words} else name
    if mention is not None and mention.is_body:
        return ""
    if re.fullmatch(MAIDEN, how) or (how == FORMER and len(tokens) == 1 and is_person):
        # "née Hale" is Ann Hale; of a surname alone it tells nothing.
        given = _given(words)
        return name if tokens[0] == words[0] else " ".join([*given, name]) if given else ""
    # Not "formerly Minister of Ports" nor "born Leeds, 1961".
    is_other = words[0] == tokens[0] if how == FORMER else is_person and len(tokens) > 1
    return name if is_other and not {*tokens} <= {*words} else ""


def _given(words: Sequence[str]) -> list[str]:
    """The words of a name before its surname, "van" and the like aside."""
    return [*takewhile(lambda word: word.lower() not in PARTICLES, words[:-1])]


def _family(words: Sequence[str]) -> str:
    return " ".join(words[len(_given(words)) :])
