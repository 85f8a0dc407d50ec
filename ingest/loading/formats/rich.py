"""Read rich text (.rtf), as old desks and archives give it: the final text without what is struck through or hidden.

The form is small: groups in braces, words behind a backslash, and text. striprtf knows it, too, but writes the address
of a link into its sentence and keeps what is deleted or hidden: quotations would not be those that a person sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from ingest.loading.common import LoadError, Read, named, without_breaks, without_struck
from ingest.loading.formats.exports import articles_of
from rag.schema import Article

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+"
)
# Groups that are no text; so are all that are marked with a star, but for shapes, which can hold a box of text.
_LEFT_OUT = frozenset(
    "fonttbl colortbl stylesheet info pict nonshppict object fldinst listtext pntext listtable header headerl headerr "
    "headerf footer footerl footerr footerf annotation atnid atnauthor sp shprslt xe tc txe rxe template".split()
)
_SHAPES = ("shpinst", "shptxt")
_ABOUT = ("title", "author", "creatim")
_DAY = ("yr", "mo", "dy")
_CHARACTERS = {
    **{"line": "\n", "tab": "\t", "cell": "\t", "nestcell": "\t", "emdash": "—", "endash": "–", "bullet": "•"},
    **{"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " "},
}
_SIGNS = {"~": "\u00a0", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_ENDS = ("par", "sect", "page", "row", "nestrow", "column")
# Marks of words that are not part of the final text.
_STRUCK, _DELETED, _HIDDEN = ("strike", "striked"), "deleted", "v"
# The encodings of fonts, by what they call their sets of letters; the others are Windows' Western one.
_SETS = {77: "mac_roman", 128: "cp932", 129: "cp949", 134: "cp936", 136: "cp950", 161: "cp1253", 162: "cp1254"} | {
    **{163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250"},
}


@dataclass(frozen=True, slots=True)
class _State:
    """What holds up to the end of a group."""

    place: str = "text"  # What the words are for: "text", "note", one of _ABOUT, a table of fonts; "" for nothing.
    marks: frozenset[str] = frozenset()
    encoding: str = ""
    skipped: int = 1  # So many characters stand in for one of Unicode.


@dataclass(slots=True)
class _Document:
    """What was read so far."""

    encoding: str = "cp1252"
    fonts: dict[int, str] = field(default_factory=dict)
    font: int = 0
    paragraphs: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    about: dict[str, list[str]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    open: dict[str, list[str]] = field(default_factory=lambda: {"text": [], "note": []})

    def write(self, words: str, state: _State) -> None:
        """Put words where they belong."""
        if state.place in _ABOUT:
            self.about.setdefault(state.place, []).append(words)
        elif state.place in self.open:
            if state.marks:
                self.gone.setdefault(_HIDDEN if _HIDDEN in state.marks else min(state.marks), []).append(words)
            else:
                self.open[state.place].append(words)

    def end(self, place: str) -> None:
        """End a paragraph of the text or of a note."""
        if place in self.open:
            text = without_breaks(_whole("".join(self.open[place]).strip()))
            self.open[place] = []
            if text:
                (self.paragraphs if place == "text" else self.notes).append(text)


def read_rtf(data: bytes) -> Read:
    """Read rich text: its paragraphs, then its notes; title, author and the day it was made where it says so."""
    if not data.lstrip().startswith(b"{\\rtf"):
        raise LoadError("the file is not rich text, or is damaged; open it in a word processor and save it again")
    document = _Document()
    _read(data.decode("latin-1"), document)
    document.end("text")
    about = {name: " ".join("".join(parts).split()) for name, parts in document.about.items()}
    day = about.get("creatim", "").split()
    text = "\n\n".join((*document.paragraphs, *document.notes))
    article = Article(
        id="",
        text=text,
        title=about.get("title") or None,
        author=about.get("author") or None,
        published="-".join(part.zfill(2) for part in day) if len(day) == len(_DAY) else None,
    )
    deleted = [words.strip() for words in document.gone.get(_DELETED, []) if words.strip()]
    struck = [words.strip() for name in _STRUCK for words in document.gone.get(name, []) if words.strip()]
    tracked = f"the document has tracked changes; it is read as their final text, without {named(deleted)}"
    return Read(articles_of(text) or (article,), (*([tracked] if deleted else []), *without_struck(struck)))


def _read(text: str, document: _Document) -> None:
    states, state = list[_State](), _State()
    at = skip = 0
    pending = b""  # Bytes of letters, of which several may make one.
    while match := _TOKEN.match(text, at):
        at = match.end()
        word, number, code, sign, brace, words = match.groups()
        if code and skip:
            skip -= 1
            continue
        if code:
            pending += bytes.fromhex(code)
            continue
        if pending:
            document.write(pending.decode(_encoding(document, state), "replace"), state)
            pending = b""
        if words is not None:
            shown, skip = words[skip:], max(0, skip - len(words))
            document.write(shown.encode("latin-1").decode(_encoding(document, state), "replace"), state)
            continue
        skip = 0
        if brace == "{":
            states.append(state)
        elif brace:
            if state.place == "note" and states and states[-1].place != "note":
                document.end("note")
            state = states.pop() if states else state
        elif sign == "*":
            state = replace(state, place=state.place if _is_shape(text, at) else "")
        elif sign and sign in "\r\n":
            document.end(state.place)
        elif sign:
            document.write(_SIGNS.get(sign, ""), state)
        elif word == "bin":
            at += max(0, int(number or 0))
        elif word == "u":
            document.write(chr(int(number or 0) % 0x10000), state)
            skip = state.skipped
        elif word:
            state = _after(word, number, state, document)


def _is_shape(text: str, at: int) -> bool:
    return text.startswith(tuple(f"\\{name}" for name in _SHAPES), at)


def _after(word: str, number: str | None, state: _State, document: _Document) -> _State:
    """What holds behind a word, whose effect on the document is done."""
    if word in _CHARACTERS:
        document.write(_CHARACTERS[word], state)
    elif word in _ENDS:
        document.end(state.place)
    elif word in _DAY and state.place == "creatim":
        document.write(f" {number or ''} ", state)
    elif word in (*_STRUCK, _DELETED, _HIDDEN):
        marks = state.marks - {word} if number == "0" else state.marks | {word}
        return replace(state, marks=marks)
    elif word == "plain":
        return replace(state, marks=frozenset(), encoding="")
    elif word == "uc":
        return replace(state, skipped=min(int(number or 1), 4))
    elif word == "ansicpg":
        document.encoding = _known(f"cp{number}")
    elif word == "mac":
        document.encoding = "mac_roman"
    elif word == "f":
        document.font = int(number or 0)
        return replace(state, encoding=document.fonts.get(document.font, ""))
    elif word == "fcharset":
        document.fonts[document.font] = _SETS.get(int(number or 0), "")
    elif word == "footnote" and state.place:
        return replace(state, place="note")
    elif word in _ABOUT and state.place == "info":
        return replace(state, place=word)
    elif word in _LEFT_OUT:
        return replace(state, place="info" if word == "info" else "")
    return state


def _whole(text: str) -> str:
    """The text with one character for the two halves that rich text has of those beyond 65,535."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _encoding(document: _Document, state: _State) -> str:
    return state.encoding or document.encoding


def _known(encoding: str) -> str:
    try:
        b"".decode(encoding)
    except LookupError:
        return "cp1252"
    return encoding
