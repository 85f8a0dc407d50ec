"""One-word mutations of what somebody said, and other typography for the same words. Strings in, strings out."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence

# A mutation: what the words become, and which word became which.
Mutation = tuple[str, str]

AUXILIARY = re.compile(
    r"\b(?:is|are|was|were|will|would|can|could|should|must|may|might|has|have|had|do|does|did)\b(?!\s+not\b|n?['’]t)"
)
NEGATED = re.compile(r"\s+(?:not|never)\b")
CONTRACTED = re.compile(r"\b(is|are|was|were|ca|wo|would|could|should|has|have|had|do|does|did)n['’]t\b")
FULL = {"ca": "can", "wo": "will"}
OPPOSITES = {"nobody": "everybody", "nothing": "everything", "no": "every", "never": "always", "without": "with"}
OPPOSITES |= {positive: negative for negative, positive in OPPOSITES.items() if positive not in ("with", "every")}
NUMBERS = "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty".split()
SCALES = {"hundred": "thousand", "thousand": "million", "million": "billion", "billion": "million"}
MODALS = "will would can could should must may might".split()
TENSES = {"is": "was", "are": "were", "has": "had", "have": "had", "does": "did", "do": "did", "wants": "wanted"}
TENSES |= {past: present for present, past in TENSES.items() if past != "had"} | {"had": "has"}
NAME = re.compile(r"(?<=[^\W\d_]\s)[A-Z][^\W\d_]+(?:['’]s)?(?![^\W\d_])")


def negations(text: str) -> Iterator[Mutation]:
    """A negation put in or taken out."""
    for match in AUXILIARY.finditer(text):
        yield f"{text[: match.end()]} not{text[match.end() :]}", f"{match[0]} not"
    for match in NEGATED.finditer(text):
        yield text[: match.start()] + text[match.end() :], f"without{match[0]}"
    for match in CONTRACTED.finditer(text):
        verb = FULL.get(match[1], match[1])
        yield text[: match.start()] + verb + text[match.end() :], verb
    yield from _replaced(text, OPPOSITES)


def numbers(text: str, rng: random.Random) -> Iterator[Mutation]:
    """A number made another number, in digits or in words, or of another scale."""
    for match in re.finditer(r"\d+(?:[.,]\d+)*", text):
        digits = [i for i, char in enumerate(match[0]) if char.isdigit()]
        place = rng.choice(digits)
        other = rng.choice([d for d in "123456789" if d != match[0][place]])
        number = match[0][:place] + other + match[0][place + 1 :]
        yield text[: match.start()] + number + text[match.end() :], number
    words = {word: rng.choice([n for n in NUMBERS if n != word]) for word in NUMBERS}
    yield from _replaced(text, words | SCALES)


def names(text: str, known: Sequence[str], rng: random.Random) -> Iterator[Mutation]:
    """A capitalised word inside a sentence made another of the collection's."""
    for match in NAME.finditer(text):
        ending = "’s" if match[0].endswith(("'s", "’s")) else ""
        bare = match[0][: len(match[0]) - len(ending)]
        others = [name for name in known if name != bare]
        if others:
            other = rng.choice(others) + ending
            yield text[: match.start()] + other + text[match.end() :], other


def modals(text: str, rng: random.Random) -> Iterator[Mutation]:
    """A modal verb made another one."""
    yield from _replaced(text, {word: rng.choice([m for m in MODALS if m != word]) for word in MODALS})


def tenses(text: str) -> Iterator[Mutation]:
    """A present verb made past, or a past one present."""
    yield from _replaced(text, TENSES)


def _replaced(text: str, words: dict[str, str]) -> Iterator[Mutation]:
    for match in re.finditer(rf"(?<![\w'’-])(?:{'|'.join(words)})(?![\w'’-])", text, re.I):
        other = words[match[0].lower()]
        other = other.capitalize() if match[0][0].isupper() else other
        yield text[: match.start()] + other + text[match.end() :], other


def _spaced(space: str) -> Callable[[str, random.Random], str]:
    return lambda text, rng: re.sub(" ", lambda match: space if rng.random() < 0.5 else " ", text)


def _inserted(char: str) -> Callable[[str, random.Random], str]:
    return lambda text, rng: re.sub(
        r"(?<=[a-z]{2})(?=[a-z]{2})", lambda match: char if rng.random() < 0.2 else "", text
    )


def _swapped(table: dict[str, str]) -> Callable[[str, random.Random], str]:
    pattern = re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True))))
    return lambda text, rng: pattern.sub(lambda match: table[match[0]], text)


def _curled(text: str, rng: random.Random) -> str:
    text = re.sub(r'(^|[\s(\[—-])"', r"\1“", text).replace('"', "”")
    return re.sub(r"(^|[\s(\[—-])'", r"\1‘", text).replace("'", "’")


# Every way is applied to the whole of an answer, the quote and the text around it alike.
VARIANTS: dict[str, Callable[[str, random.Random], str]] = {
    "straight marks": _swapped({"“": '"', "”": '"', "‘": "'", "’": "'"}),
    "curly marks": _curled,
    "doubled marks": _swapped({"“": "``", "”": "''", '"': "''"}),
    "guillemets": _swapped({"“": "«", "”": "»"}),
    "low marks": _swapped({"“": "„", "”": "“"}),
    "full-width marks": _swapped({"“": "＂", "”": "＂", "’": "＇"}),
    "en dashes": _swapped({" - ": " – ", "—": " – "}),
    "two hyphens": _swapped({" – ": " -- ", "—": "--"}),
    "spaced dashes": _swapped({"—": " — "}),
    "non-breaking hyphens": _swapped({"-": "\u2011"}),
    "minus signs": _swapped({"-": "\u2212"}),
    "non-breaking spaces": _spaced("\u00a0"),
    "thin spaces": _spaced("\u2009"),
    "double spaces": _spaced("  "),
    "zero-width spaces": _inserted("\u200b"),
    "soft hyphens": _inserted("\u00ad"),
    "ligatures": _swapped({"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}),
    "points for an ellipsis": _swapped({"…": "..."}),
    "spaced points": _swapped({"…": ". . ."}),
    "decomposed letters": lambda text, rng: unicodedata.normalize("NFD", text),
}
