"""Read captions, WebVTT (.vtt) and SubRip (.srt): the words as they are said, without times, a paragraph a speaker.

Both have a line with an arrow between two times, and below it lines of words up to an empty one: one small reader
serves both, and goes on behind a time that is written wrongly.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.loading.common import LoadError, Read, decode
from ingest.text.turn_labels import OWN_WORDS
from rag.schema import Article

_ARROW = re.compile(r"\s*(?:(\d+):)?(\d+):(\d+)(?:[.,](\d+))?\s*-->\s*(?:(\d+):)?(\d+):(\d+)(?:[.,](\d+))?.*")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[a-zA-Z0-9:.][^<>]*>|\{\\[^{}]*\}")
# A surname, a comma, one or two first names: nobody's office is written so, for it has small letters.
_LISTED = re.compile(
    r"((?:[a-z]{2,3} )*[^\W\d_a-z][\w’'-]+), ([^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w.’'-]*)?)"
    r"((?: [(\[][^()\[\]]*[)\]])?)"
)
# A name in brackets on a line above the words, as programs for meetings write it.
_ALONE = re.compile(r"[(\[]([^\W\d_a-z][\w.’'-]*(?: [^\W\d_a-z][\w.’'-]*){1,3})[)\]]")
# Another speaker begins: ">> Good evening", "- Who said so?"
_CHANGE = re.compile(r"(?:>>+|[-–—]\s)\s*")
_LABELLED = re.compile(r"\w[^:\n]{0,60}:\s")
# The same in brackets, as programs that tell voices apart write it: "[SPEAKER_01]: "
_BRACKETED = re.compile(r"\[(\w[^\[\]:\n]{0,60})\](:\s)")
# What stands behind the name of the format: a title, and no fields, "Kind: captions", which have lines of their own.
_TITLE = re.compile(r"WEBVTT[ \t]+(?:[-–—][ \t]*(?=\S)|(?![\w-]+[:=]))(.*\S)")
_MUSIC = re.compile(r"[♪♫]")  # What is played or sung is a paragraph by itself.
_PAUSE = 3.0  # Seconds of silence that end a paragraph.
_LONG = 600  # Characters after which a paragraph ends with its sentence.
_ALWAYS = 0.9  # Share of the captions that begin with a name where a program has put one before each.


@dataclass(frozen=True, slots=True)
class _Cue:
    """What one caption shows: from when to when, in seconds, its lines, and whose voice it is if the file says so."""

    start: float
    end: float
    lines: tuple[str, ...]
    voice: str = ""


def read_captions(data: bytes) -> Read:
    """Read captions; a line that a caption repeats from the one before, as rolling captions do, is read once."""
    rows = decode(data).splitlines()
    cues = list(_cues(rows))
    if not cues:
        raise LoadError("there are no captions in it: no line has two times with --> between them")
    labels = [label for cue in cues if (label := _LABELLED.match(cue.lines[0]))]
    marks = [mark for cue in cues for line in cue.lines if (mark := _CHANGE.match(line)) and line.startswith(">>")]
    # Where some of the marks of a change have a name behind them, the others tell where its words end.
    is_named = any(_LABELLED.match(mark.string, mark.end()) for mark in marks)
    if labels or is_named or any(cue.voice for cue in cues):
        cues = _without_credits(cues)
    shown = _unrolled(cues)
    if len(labels) >= _ALWAYS * len(cues):
        shown = _voiced(shown)
    titled = _TITLE.fullmatch(rows[0].strip())
    text = "\n\n".join(_paragraphs(shown, keeps_marks=is_named))
    return Read.one(Article(id="", text=text, title=titled[1] if titled else None))


def _without_credits(cues: Sequence[_Cue]) -> list[_Cue]:
    """The captions without who made them: no voice says the last one, which ends no sentence as the one before does."""
    kept = [*cues]
    while len(kept) > 1 and _is_credit(kept[-1]) and (_ends_sentence(kept[-2].lines[-1]) or _is_credit(kept[-2])):
        kept.pop()
    return kept


def _is_credit(cue: _Cue) -> bool:
    line = cue.lines[0]
    is_said = cue.voice or _CHANGE.match(line) or _LABELLED.match(line) or _MUSIC.match(line)
    whole = " ".join(cue.lines)
    return not (is_said or line[:1].islower() or OWN_WORDS.search(whole) or _ends_sentence(whole))


def _cues(lines: Sequence[str]) -> Iterator[_Cue]:
    number = 0
    while number < len(lines):
        times = _ARROW.fullmatch(lines[number])
        number += 1
        if not times:
            continue
        shown = []
        while number < len(lines) and lines[number].strip():
            shown.append(lines[number])
            number += 1
        if len(shown) > 1 and (alone := _ALONE.fullmatch(shown[0].strip())):
            shown = [f"{alone[1]}: {shown[1]}", *shown[2:]]
        yield from _voices(_seconds(times.groups()[:4]), _seconds(times.groups()[4:]), shown)


def _voices(start: float, end: float, lines: Sequence[str]) -> Iterator[_Cue]:
    """A caption, cut where another voice begins."""
    voice, own = "", list[str]()
    for line in lines:
        marked = _VOICE.search(line)
        if marked and own:
            yield _Cue(start, end, tuple(own), voice)
            own = []
        voice = in_order(html.unescape(marked[1]).strip()) if marked else voice
        if text := html.unescape(_TAG.sub("", line)).strip():
            own.append(_BRACKETED.sub(r"\1\2", text, count=1) if not own else text)
    if own:
        yield _Cue(start, end, tuple(own), voice)


def in_order(voice: str) -> str:
    """Give "Ann Lee (Guest)" of "Lee, Ann (Guest)", as lists have their names; any other name as it is."""
    listed = _LISTED.fullmatch(voice)
    return f"{listed[2]} {listed[1]}{listed[3]}" if listed else voice


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _unrolled(cues: Sequence[_Cue]) -> Iterator[_Cue]:
    before: tuple[str, ...] = ()
    for cue in cues:
        same = next((n for n in range(len(cue.lines), 0, -1) if _are_again(before[-n:], cue.lines[:n])), 0)
        before = cue.lines
        if cue.lines[same:]:
            yield _Cue(cue.start, cue.end, cue.lines[same:], cue.voice)


def _voiced(cues: Iterable[_Cue]) -> Iterator[_Cue]:
    """The captions with the name before each as its voice: a sentence goes on over several with the same one."""
    for cue in cues:
        label = _LABELLED.match(cue.lines[0])
        if label and not cue.voice:
            cue = replace(cue, voice=label[0].rstrip()[:-1], lines=(cue.lines[0][label.end() :], *cue.lines[1:]))
        yield cue


def _are_again(before: Sequence[str], lines: Sequence[str]) -> bool:
    """True for lines that the caption before has, too: a label or a mark of change may have stood before the words."""
    pairs = zip(before, lines, strict=False)
    return len(before) == len(lines) and all(line in (shown, _words(shown)) for shown, line in pairs)


def _words(line: str) -> str:
    """A line without its mark of change and its label."""
    change = _CHANGE.match(line)
    label = _LABELLED.match(line, change.end() if change else 0)
    return line[label.end() :] if label else line[change.end() :] if change else line


def _paragraphs(cues: Iterator[_Cue], *, keeps_marks: bool = False) -> Iterator[str]:
    """The captions of one speaker in one go: to another voice, a mark of change, a label or a pause."""
    text, voice, end, before = "", "", 0.0, ""
    for cue in cues:
        for number, line in enumerate(cue.lines):
            change = _CHANGE.match(line)
            words = line[change.end() :] if change else line
            paused = not number and (cue.start - end > _PAUSE or len(text) > _LONG) and _ends_sentence(text)
            is_music = _MUSIC.match(line) is not None or _MUSIC.match(before) is not None
            before = line
            if is_music or change or paused or (cue.voice != voice and not number) or _LABELLED.match(words):
                if text:
                    yield text
                text = f"{cue.voice}: " if cue.voice else ">> " if keeps_marks and line.startswith(">>") else ""
            text = f"{text}{'' if text.endswith(' ') or not text else ' '}{words}"
        voice, end = cue.voice, cue.end
    if text:
        yield text


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’)»").endswith((".", "!", "?", "…", "]"))
