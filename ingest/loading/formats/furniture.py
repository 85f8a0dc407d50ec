"""Take out of a web page what is no text of its article, and put in the times of a live page's entries.

In: a page's tree of elements, which is changed. What goes is told by markup: captions, boxes beside the text, and
paragraphs that are a link to another page and no sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ingest.loading.formats.embeds import read_embed
from ingest.loading.formats.unseen import drop

if TYPE_CHECKING:
    from lxml.etree import _Element

# Captions, and what their classes say are captions or credits of pictures.
_CAPTION = re.compile(r"(?:^|[-_])(?:fig)?(?:caption|credit)s?(?:$|[-_])", re.I)
_BESIDE = ("figcaption", "aside")
_LINKED = ("p", "li", "div", "td")
_BLOCKS = ("p", "h1", "h2", "h3", "h4", "blockquote", "li", "dd", "time")
_EMPHASIS = ("b", "strong", "i", "em", "u", "span")
_ENTRIES = ("section", "article", "div", "li")
# Before a link to another article stands at most so much, as "Read more: ", and ends so.
_LEAD, _LEADS = 40, re.compile(r"[:|»›>]\Z|\s[—–-]\Z")
# The names of what asks whether a reader minds being watched; the page as a whole can have them, too.
_CONSENT = re.compile(r"(?:^|[-_])(?:cookies?|consent|gdpr|onetrust)(?:$|[-_])", re.I)
_ADVERTISED = re.compile(r"(?:^|[-_])(?:ads?|advert|advertisement)(?:$|[-_])", re.I)
# The names of what sells the paper, and what somebody who wants it is asked to click or to fill in.
_SOLD = re.compile(
    r"pay-?wall|reg(?:istration)?-?wall|subscri|newsletter|sign-?up|member(?:ship)?-?(?:offer|wall)", re.I
)
_TAKEN = re.compile(r"\b(?:log-?in|sign-?(?:in|up)|subscri\w*|register|registration|membership|join)\b", re.I)
# An offer has no more paragraphs or fewer letters: whatever is longer is the article, with a button or a link in it.
_OFFERED, _SHORT = 2, 400
_MOST_SOLD = 0.5  # Share of the paragraphs' words: more of them are the article, for subscribers.
_SELECTOR = re.compile(r'"cssSelector"\s*:\s*"([^"]+)"')
_REMARK = "#cmnt_ref"  # How Google's documents lead from a remark to where it was made.
_DASHED = re.compile(r"[—–-]")
_CLOCK = re.compile(r"T(\d{2}:\d{2})")


def strip_furniture(tree: _Element) -> None:
    """Take captions, boxes beside the text and links to other articles out of a page."""
    for quotation in [*tree.iter("blockquote")]:
        _keep_credit(quotation)
        read_embed(quotation)
    for quoted in tree.iter("q"):
        _mark(quoted)
    for line_break in [*tree.iter("br")]:
        _move_out(line_break)
    for element in [*tree.iter(*_BESIDE), *(e for e in tree.iter("p", "div", "span") if _is_caption(e))]:
        drop(element)
    for element in [e for e in tree.iter("div", "section") if _asks_consent(e)]:
        drop(element)
    for element in _selling(tree):
        drop(element)
    for element in [e for e in tree.iter("div", "section", "p", "span") if _is_advertised(e)]:
        drop(element)
    for link in [link for link in tree.iter("a") if link.get("href", "").startswith(_REMARK)]:
        drop(_remark(link))
    for element in [e for e in tree.iter(*_LINKED) if _leads_away(e)]:
        drop(element)


def _mark(quoted: _Element) -> None:
    """Put the quotation marks that whoever looks at the page sees into its text."""
    quoted.tag, quoted.text = "span", f"“{quoted.text or ''}"
    if len(quoted):
        quoted[-1].tail = f"{quoted[-1].tail or ''}”"
    else:
        quoted.text += "”"


def _move_out(line_break: _Element) -> None:
    """Put a break that ends what is bold or in italics behind it: trafilatura would leave it out."""
    parent = line_break.getparent()
    while parent is not None and parent.tag in _EMPHASIS:
        if (line_break.tail or "").strip() or line_break.getnext() is not None:
            return
        parent.addnext(line_break)
        line_break.tail, parent.tail = parent.tail, None
        parent = line_break.getparent()


def _keep_credit(quotation: _Element) -> None:
    """Make paragraphs of who a block quotation is by, which stands in a footer of it or in the caption of its figure.

    trafilatura leaves figures and footers out; what is a quotation there is text.
    """
    figure = next((e for e in quotation.iterancestors("figure") if e.find(".//img") is None), None)
    if figure is not None:
        figure.tag = "div"
    captions = [] if figure is None else [*figure.iter("figcaption")]
    cited = [cite for cite in quotation.iter("cite") if not (cite.tail or "").strip() and _is_alone(cite, quotation)]
    credits = [*quotation.iter("footer"), *cited, *captions]
    for work in [work for part in (quotation, *credits) for work in part.iter("cite")]:
        if _DASHED.match(_before(work).strip()) or any(credit in credits for credit in work.iterancestors()):
            _set_in_brackets(work)
    for credit in credits:
        shown = " ".join("".join(credit.itertext()).split())
        for inner in [*credit]:
            credit.remove(inner)
        credit.tag = "p"
        credit.text = shown if not shown or _DASHED.match(shown) else f"— {shown}"
        if credit.getparent() is not quotation:
            tail, credit.tail = credit.tail, None
            quotation.append(credit)
            quotation.tail = f"{quotation.tail or ''}{tail or ''}"


def _set_in_brackets(work: _Element) -> None:
    """Set a work in brackets that a credit cites behind a name and a comma: it is where the words were, and no role."""
    parent, before, named = work.getparent(), work.getprevious(), _before(work).rstrip()
    shown = "".join(work.itertext()).strip()
    if parent is None or not shown or not named.endswith(","):
        return
    for inner in [*work]:
        work.remove(inner)
    work.text = f"({shown})"
    if before is None:
        parent.text = f"{named[:-1]} "
    else:
        before.tail = f"{named[:-1]} "


def _is_alone(cite: _Element, quotation: _Element) -> bool:
    """True for a name that stands by itself below a quotation."""
    return cite.getparent() is quotation and not _before(cite).strip()


def _before(element: _Element) -> str:
    """The text between an element and what stands before it in its parent."""
    parent, before = element.getparent(), element.getprevious()
    return (parent.text if before is None and parent is not None else before.tail if before is not None else "") or ""


def show_times(tree: _Element) -> None:
    """Where entries stand one after the other, each with its time, put the time in a paragraph at an entry's head."""
    entries = [entry for time in tree.iter("time") if (entry := _entry(time)) is not None]
    siblings = Counter(entry.getparent() for entry in entries)
    for entry in entries:
        if siblings[entry.getparent()] > 1:
            time = next(entry.iter("time"))
            shown = " ".join("".join(time.itertext()).split()) or "".join(_CLOCK.findall(time.get("datetime", "")))
            paragraph = entry.makeelement("p", {})
            paragraph.text = shown
            drop(time)
            entry.insert(0, paragraph)


def _entry(time: _Element) -> _Element | None:
    """The part of a page that a time is the only one of, and that has paragraphs, as an entry of a live page has."""
    found = None
    for ancestor in time.iterancestors():
        if ancestor.tag == "body" or sum(1 for _ in ancestor.iter("time")) > 1:
            return found
        if found is None and ancestor.tag in _ENTRIES and ancestor.find(".//p") is not None:
            found = ancestor
    return found


def _is_caption(element: _Element) -> bool:
    return any(_CAPTION.search(name) for name in element.get("class", "").split())


def _asks_consent(element: _Element) -> bool:
    """True for a box about cookies: what has the article or its headline in it is none."""
    return any(map(_CONSENT.search, _names(element))) and next(element.iter("article", "main", "h1"), None) is None


def _selling(tree: _Element) -> list[_Element]:
    """The boxes that sell subscriptions: praise in them is no part of the article.

    The part of an article that only subscribers get can have such a name, too: it is long, leads to no log-in, or the
    page declares it a part of the article by that name.
    """
    own = {
        name for data in tree.xpath("//script/text()") for found in _SELECTOR.findall(data) for name in found.split()
    }
    boxes = [e for e in tree.iter("div", "section", "aside", "form") if any(map(_SOLD.search, _names(e)))]
    boxes = [e for e in boxes if not own.intersection(f"{mark}{name}" for mark in ".#" for name in _names(e))]
    boxes = [e for e in boxes if next(e.iter("article", "main", "h1"), None) is None and _is_offer(e)]
    most = _MOST_SOLD * _length(tree)
    return [box for box in boxes if _length(box) < most]


def _names(element: _Element) -> list[str]:
    return [element.get("id", ""), *element.get("class", "").split()]


def _is_offer(element: _Element) -> bool:
    """True for a short part of a page with a link to where one logs in or subscribes, a form or a button."""
    if sum(1 for _ in element.iter("p")) > _OFFERED and _length(element) >= _SHORT:
        return False
    links = (link.get("href", "") for link in element.iter("a"))
    return any(map(_TAKEN.search, links)) or next(element.iter("form", "button", "input"), None) is not None


def _length(element: _Element) -> int:
    """How many letters the paragraphs of a part of a page have."""
    return sum(len("".join(paragraph.itertext())) for paragraph in element.iter("p"))


def _is_advertised(element: _Element) -> bool:
    """True for what marks the place of an advertisement between two paragraphs: a word or two."""
    if not any(map(_ADVERTISED.search, element.get("class", "").split())):
        return False
    return len(" ".join("".join(element.itertext()).split())) <= _LEAD and next(element.iter("h1"), None) is None


def _remark(link: _Element) -> _Element:
    """What an editor remarks below a document: the box or the paragraph that begins with the link back to the text."""
    found = link
    for ancestor in link.iterancestors("p", "div", "li"):
        if next(ancestor.iter("a")) is not link or "".join(ancestor.itertext()).lstrip()[:1] != "[":
            break
        found = ancestor
    return found


def _leads_away(element: _Element) -> bool:
    """True for a paragraph or an item that is a link, perhaps behind a few words, and ends no sentence."""
    if element.tag == "td" and any(True for _ in element.itersiblings()):
        return False  # A cell of a table; alone in its row, it is a line of a newsletter.
    links = [link for link in element.iter("a") if link.get("href", "#")[0:1] not in ("#", "")]
    text = " ".join("".join(element.itertext()).split())
    text = text[1:-1].strip() if (text[:1], text[-1:]) in (("[", "]"), ("(", ")")) else text
    linked = " ".join(" ".join("".join(link.itertext()).split()) for link in links)
    if not linked or not text.endswith(linked) or any(inner is not element for inner in element.iter(*_BLOCKS)):
        return False
    lead = text[: -len(linked)].strip()
    is_lead = len(lead) <= _LEAD and (not lead or _LEADS.search(lead) is not None)
    return is_lead and not text.endswith((".", "!", "?", "…", ":"))
