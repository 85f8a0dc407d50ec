"""Read debates in Akoma Ntoso (LegalDocML), the XML in which parliaments publish what was said in them.

In: the tree of a file. Out: articles; each speech, question or answer begins with the name of whoever gives it, behind
the mark of a label that a file tells (`TOLD`). What nobody says, a heading, a scene, a summary, is set apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.loading.formats.captions import in_order
from ingest.text.turn_labels import TOLD
from ingest.text.unlabelled import SET_APART
from rag.schema import Article

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEBATES = ("debate", "debateReport")
_SPEECHES = ("speech", "question", "answer")
_WHO = "from"
# What no one says, though it may stand within a speech; anything else in a speech is its words.
_NOBODYS = ("heading", "subheading", "num", "scene", "narrative", "summary", "remark")
_PARAGRAPHS = ("p", "block", "item", "li", "td", "th", *_NOBODYS)
_BESIDE = ("authorialNote", "noteRef", "recordedTime", "meta", "coverPage", "preface", "conclusions", "attachments")
_BROKEN = ("eol", "br")
_CLOSE = re.compile(r"[\s:.–—-]+\Z")  # What closes a label in print.


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """A paragraph of a debate, and the speech that it is a part of; None for one that nobody says."""

    text: str
    speech: _Element | None


def debates(root: _Element) -> list[Article]:
    """The debates in a file of Akoma Ntoso that have text; none where it holds other documents."""
    return [found for debate in _all(root, *_DEBATES) if (found := _article(debate)).text]


def _article(debate: _Element) -> Article:
    names = _names(debate)
    paragraphs = [paragraph for paragraph in _paragraphs(debate, None) if paragraph.text]
    heading = next((_shown(heading) for heading in _all(debate, "heading")), None)
    work = next(_all(debate, "FRBRWork"), debate)
    days = [*_given(debate, "date", "docDate"), *_given(work, "date", "FRBRdate"), *_given(debate, "date", "FRBRdate")]
    outlets = [*_given(debate, "showAs", "publication"), *_given(debate, "name", "publication")]
    makers = (names.get(_id(href)) for href in _given(work, "href", "FRBRauthor"))
    return Article(
        id=next(_given(debate, "value", "FRBRthis"), ""),
        text="\n\n".join(_labelled(paragraphs, names)),
        title=next(filter(None, map(_shown, _all(debate, "docTitle"))), None)
        or next(_given(debate, "value", "FRBRalias"), None)
        or heading,
        publication=next(iter(outlets), None) or next(filter(None, makers), None),
        published=next(iter(days), None),
        language=next(_given(debate, "language", "FRBRlanguage"), None),
    )


def _names(debate: _Element) -> dict[str, str]:
    """The names of all whom the references of a debate tell, persons, offices and bodies, by id and by address."""
    told = [one for one in debate.iter() if _local(one).startswith("TLC") and one.get("showAs")]
    return {one.get(key): _line(one.get("showAs")) for one in told for key in ("href", "id", "eId") if one.get(key)}


def _labelled(paragraphs: list[_Paragraph], names: dict[str, str]) -> Iterator[str]:
    """The paragraphs, a label before each that begins a speech or goes on with one that another has broken into."""
    before: _Element | None = None
    for paragraph in paragraphs:
        who = None if paragraph.speech is None else _speaker(paragraph.speech, names)
        if not who:
            yield SET_APART + paragraph.text
        elif paragraph.speech is before:
            yield paragraph.text
        else:
            before = paragraph.speech
            yield f"{TOLD}{who}: {paragraph.text}"


def _speaker(speech: _Element, names: dict[str, str]) -> str:
    """Who gives a speech: as print has it where that has the full name, else by the full name and what print has.

    "Ann Lee (Tarn)" of "Ann Lee (Tarn):" and of "The Member for Tarn"; "Ann Lee" of "Mrs Lee". An office is who speaks
    where nobody is told who holds it.
    """
    printed = next((_shown(one) for one in speech if _local(one) == _WHO), "")
    printed = _CLOSE.sub("", printed).replace(":", ",")
    name = in_order(names.get(_id(speech.get("by", "")), "")).replace(":", ",")
    role = names.get(_id(speech.get("as", "")), "").replace(":", ",")
    if not name or name.casefold() in printed.casefold():
        return printed or role
    is_same = name.split()[-1].casefold() in printed.casefold()
    beside = role if is_same or not printed else printed
    return f"{name} ({beside})" if beside and not set("()") & set(beside) else name


def _paragraphs(element: _Element, speech: _Element | None) -> Iterator[_Paragraph]:
    """The paragraphs below an element in their order, what stands in no paragraph of its own among them."""
    text = element.text or ""
    for child in element:
        kind = _local(child)
        is_inner = kind in _SPEECHES or any(_local(inner) in _PARAGRAPHS for inner in child.iter())
        if kind in _BESIDE or kind == _WHO or not kind:
            pass
        elif kind == "remark" and text.strip():
            text += _bracketed(child)  # In the middle of a paragraph.
        elif is_inner:
            yield _Paragraph(_line(text), speech)
            text = ""
            own = child if kind in _SPEECHES else None if kind in _NOBODYS else speech
            yield from _paragraphs(child, own)
        else:
            text += _inline(child)
        text += child.tail or ""
    yield _Paragraph(_line(text), speech)


def _inline(element: _Element) -> str:
    """The text of an element as it is shown, with the marks of what it quotes, which can stand in its attributes."""
    kind = _local(element)
    if kind in _BROKEN:
        return "\n"
    if kind in _BESIDE or not kind:
        return ""
    if kind == "remark":
        return _bracketed(element)
    inner = (element.text or "") + "".join(_inline(child) + (child.tail or "") for child in element)
    return f"{element.get('startQuote', '')}{inner}{element.get('endQuote', '')}"


def _bracketed(remark: _Element) -> str:
    shown = _shown(remark)
    return shown if shown[:1] in ("(", "[") else f"[{shown}]" if shown else ""


def _shown(element: _Element) -> str:
    """All text of an element on one line."""
    return _line("".join(element.itertext()))


def _line(text: str) -> str:
    return " ".join(text.split())


def _given(element: _Element, attribute: str, *names: str) -> Iterator[str]:
    """What the elements of these names have in an attribute, where they have something there."""
    return (value for one in _all(element, *names) if (value := one.get(attribute, "").strip()))


def _id(reference: str) -> str:
    return reference.strip().removeprefix("#")


def _all(element: _Element, *names: str) -> Iterator[_Element]:
    return (inner for inner in element.iter() if _local(inner) in names)


def _local(element: _Element) -> str:
    """The name of an element, whatever its namespace; none for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
