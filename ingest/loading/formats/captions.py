"""Read captions, WebVTT (.vtt) and SubRip (.srt): the words as they are said, without times, a paragraph a speaker.

Both have a line with an arrow between two times, and below it lines of words up to an empty one: one small reader
serves both, and goes on behind a time that is written wrongly.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import compress

from ingest.loading.common import LoadError, Read, decode
from ingest.text.capitals import are_capitals
from ingest.text.turn_labels import OWN_WORDS, TOLD, label_of
from ingest.text.unlabelled import SET_APART
from rag.schema import Article

_ARROW = re.compile(r"\s*(?:(\d+):)?(\d+):(\d+)(?:[.,](\d+))?\s*-->\s*(?:(\d+):)?(\d+):(\d+)(?:[.,](\d+))?.*")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]+)>")
_SLANTED = re.compile(r"(?:<v[^>]*>)?(?:(?:<i>(?:(?!</i>).)*</i>\s*)+|\{\\i1\}.*)", re.S)
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
_NOTES = ("♪", "♫")
_SONG = 8  # Lines of the longest song with a note at its first and at its last only.
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
    is_slanted: bool = False  # All of it is in italics: whoever speaks is not seen.


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
    shown = _unrolled(_with_voices_apart(_with_songs_whole(cues)))
    if len(labels) >= _ALWAYS * len(cues):
        shown = _voiced(shown)
    titled = _TITLE.fullmatch(rows[0].strip())
    paragraphs = [*_paragraphs(shown, keeps_marks=is_named)]
    text = "\n\n".join(paragraphs if is_named else _told(paragraphs))
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
        yield from _voices(_seconds(times.groups()[:4]), _seconds(times.groups()[4:]), [*_beside_words(shown)])


def _beside_words(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a caption, a name above the words set before them: "(Ann Lee)" on the first line, "ANN LEE:"."""
    name = ""
    for number, line in enumerate(lines):
        shown = _TAG.sub("", line).strip()
        below = lines[number + 1] if number + 1 < len(lines) else ""
        alone = _ALONE.fullmatch(shown) if not (number or _LABELLED.match(_TAG.sub("", below))) else None
        if below and shown.endswith(":") and _is_loud_label(f"{shown} {below}"):
            name = line.replace(shown, f"{shown} ")
        elif below and alone and not are_capitals(shown):  # "[BELL TOLLS]" is a sound.
            name = f"{alone[1]}: "
        else:
            yield f"{name}{line}"
            name = ""


def _voices(start: float, end: float, lines: Sequence[str]) -> Iterator[_Cue]:
    """A caption, cut where another voice begins."""
    voice, own = "", list[str]()
    is_slanted = _SLANTED.fullmatch("\n".join(lines).strip()) is not None
    for line in lines:
        marked = _VOICE.search(line)
        if marked and own:
            yield _Cue(start, end, tuple(own), voice, is_slanted)
            own = []
        voice = in_order(html.unescape(marked[1]).strip()) if marked else voice
        if text := html.unescape(_TAG.sub("", line)).strip():
            own.append(_BRACKETED.sub(r"\1\2", text, count=1) if not own else text)
    if own:
        yield _Cue(start, end, tuple(own), voice, is_slanted)


def in_order(voice: str) -> str:
    """Give "Ann Lee (Guest)" of "Lee, Ann (Guest)", as lists have their names; any other name as it is."""
    listed = _LISTED.fullmatch(voice)
    return f"{listed[2]} {listed[1]}{listed[3]}" if listed else voice


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{fraction}")


def _with_voices_apart(cues: Sequence[_Cue]) -> list[_Cue]:
    """The captions, those set apart that by their type are not whose label stands above them.

    That is told where a label is in italics, as a narrator's is: who is seen is set upright then.
    """
    labelled = [_is_labelled(cue) for cue in cues]
    if not any(cue.is_slanted for cue, is_labelled in zip(cues, labelled, strict=True) if is_labelled):
        return [*cues]
    made, last = list[_Cue](), None
    for cue, is_labelled in zip(cues, labelled, strict=True):
        last = cue.is_slanted if is_labelled else last
        is_apart = last is not None and cue.is_slanted != last
        made.append(replace(cue, lines=(SET_APART + cue.lines[0], *cue.lines[1:])) if is_apart else cue)
    return made


def _is_labelled(cue: _Cue) -> bool:
    return bool(cue.voice) or any(map(_is_loud_label, cue.lines))


def _is_loud_label(line: str) -> bool:
    """True for "ANN LEE: Good evening": in captions who speaks stands so, and nothing else does."""
    label = label_of(line, 0, (0, len(line)))
    return label is not None and label.place is not None and label.is_in_capitals


def _told(paragraphs: Sequence[str]) -> list[str]:
    """The paragraphs, the mark of a label before each name in capitals, where one at least says a whole sentence."""
    labelled = [_is_loud_label(paragraph) for paragraph in paragraphs]
    is_said = any(map(_ends_sentence, compress(paragraphs, labelled)))
    return [f"{TOLD}{one}" if is_said and loud else one for one, loud in zip(paragraphs, labelled, strict=True)]


def _with_songs_whole(cues: Sequence[_Cue]) -> list[_Cue]:
    """The captions, each song as one line that has a note before its first and behind its last line only."""
    rows = [(number, line) for number, cue in enumerate(cues) for line in cue.lines]
    kept = [list[str]() for _ in cues]
    at = 0
    while at < len(rows):
        lines = [line for _, line in rows[at : at + _SONG]]
        sung = lines[: _sung(lines)]
        kept[rows[at][0]].append(" ".join(sung))
        at += len(sung)
    return [replace(cue, lines=tuple(lines)) for cue, lines in zip(cues, kept, strict=True) if lines]


def _sung(lines: Sequence[str]) -> int:
    """How many of the lines the first one's song has; 1 where there is none, or where each line has its note."""
    if not lines[0].startswith(_NOTES) or lines[0].endswith(_NOTES):
        return 1
    last = next((number for number, line in enumerate(lines) if number and _MUSIC.search(line)), 0)
    is_closed = lines[last].endswith(_NOTES) and not lines[last].startswith(_NOTES)
    return last + 1 if is_closed and not any(map(_LABELLED.match, lines[:last])) else 1


def _unrolled(cues: Sequence[_Cue]) -> Iterator[_Cue]:
    before: tuple[str, ...] = ()
    for cue in cues:
        same = next((n for n in range(len(cue.lines), 0, -1) if _are_again(before[-n:], cue.lines[:n])), 0)
        before = cue.lines
        if cue.lines[same:]:
            yield replace(cue, lines=cue.lines[same:])


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
            words = (line[change.end() :] if change else line).removeprefix(SET_APART)
            paused = not number and (cue.start - end > _PAUSE or len(text) > _LONG) and _ends_sentence(text)
            is_music = _MUSIC.match(line) is not None or _MUSIC.match(before) is not None
            before = line
            apart = SET_APART if cue.lines[0].startswith(SET_APART) else ""
            is_other = text.startswith(SET_APART) != bool(apart) or (cue.voice != voice and not number)
            if is_music or is_other or change or paused or _LABELLED.match(words):
                if text:
                    yield text
                text = f"{cue.voice}: " if cue.voice else ">> " if keeps_marks and line.startswith(">>") else apart
            text = f"{text}{'' if text.endswith((' ', SET_APART)) or not text else ' '}{words}"
        voice, end = cue.voice, cue.end
    if text:
        yield text


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’)»").endswith((".", "!", "?", "…", "]"))
