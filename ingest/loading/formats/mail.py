"""Read e-mail: newsletters in an mbox file, one article each, or one in an .eml file. Python's own parser reads it.

So it does a page that a browser saved in one file (.mhtml), which is a message with the page and its pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parseaddr, parsedate_to_datetime
from itertools import takewhile
from unicodedata import normalize

from ingest.loading.blocks import FROM
from ingest.loading.byline import with_first_line
from ingest.loading.common import BLOCK, LoadError, Read
from ingest.loading.formats.captions import in_order
from ingest.loading.formats.page import read_html, text_of_html
from ingest.loading.formats.replies import Interview, as_interview
from ingest.loading.tidy import iso_date
from ingest.text.sources import is_body
from rag.schema import Article

_FROM = re.compile(rb"^" + FROM.pattern, re.M)
_QUOTED_FROM = re.compile(r"^>(?=>*From )", re.M)
# Of a plain part that only says where the newsletter can be seen.
_SHORT = 200
_SIGNATURE = "-- "
_SIGNATURE_LINES = 10  # What is longer behind the last such line is text.
# Where a message can be read on the web; a list can have the address to write to there instead.
_KEPT_AT = ("archived-at", "list-post")
_AT = re.compile(r"[^\n:]{3,80}:?[\s(<](https?://[^\s<>()]+)[)>]?")
# The head of a message that another one passes on, in its text.
_PASSED_ON = re.compile(r"\W{0,3}(From|Date|Sent|Subject|To|Cc|Reply-To):\W{0,3}\s(.*)", re.I)
_PASSES_ON = re.compile(r"fwd?:", re.I)
_HEAD_LINES = 8
NO_MESSAGE = "no message with text was found in it"


def read_mail(data: bytes) -> Read:
    """Read the messages of an mbox file, or the one message of another; what has no text is named."""
    read = read_messages(data)
    if not read.articles:
        raise LoadError(NO_MESSAGE)
    return read


def read_saved_page(data: bytes) -> Read:
    """Read a page that was saved in one file; its address is where it was saved from, if the page itself names none."""
    message = message_from_bytes(data, EmailMessage, policy=policy.default)
    page = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    if page is None:
        raise LoadError("there is no page in it; save the page again, as .html")
    markup = page.get_payload(decode=True)
    read = read_html(markup if isinstance(markup, bytes) else b"")
    saved_from = message.get("snapshot-content-location") or page.get("content-location") or ""
    address = str(saved_from).strip()
    return replace(read, articles=tuple(replace(one, url=one.url or address or None) for one in read.articles))


def read_messages(data: bytes, first: int = 1) -> Read:
    """The same of a part of an mbox file, whose first message has the number `first`; it may have no text at all."""
    articles, warnings = [], []
    for number, message in enumerate(_messages(data), start=first):
        article, notes = _article(message)
        named = f"message {number} (“{article.title or 'no subject'}”)"
        if not article.text.strip():
            warnings.append(f"{named} has no text and is left out")
            continue
        articles.append(article)
        warnings += [f"{named} is read {note}" for note in notes]
    return Read(tuple(articles), tuple(warnings))


def _messages(data: bytes) -> Iterator[EmailMessage]:
    begins = [*_FROM.finditer(data)] if data.startswith(b"From ") else []
    ends = [*(match.start() for match in begins[1:]), len(data)]
    parts = [data[match.end() : end] for match, end in zip(begins, ends, strict=True)] if begins else [data]
    for part in parts:
        yield message_from_bytes(part, EmailMessage, policy=policy.default)


def _article(message: EmailMessage) -> tuple[Article, list[str]]:
    """The article of a message, and what is to be told of how it is read."""
    lines, left_out = _text(message)
    sender, subject, sent = (str(message.get(header, "")) for header in ("from", "subject", "date"))
    answered = _answered(message, lines)
    text = answered.text if answered else _set_off(lines)
    left_out += answered.left_out if answered else 0
    notes = [f"without its signature or what it answers (lines at its end: {left_out})"] if left_out else []
    if passed_on := _passed_on(text, subject):
        fields, text = passed_on
        notes.append("as the message that it passes on, without what stands above it")
        sender, subject, sent = fields["from"], fields["subject"], fields.get("date") or fields.get("sent", "")
    name, address = _person(sender)
    kept = (str(message.get(header, "")).strip("<> ") for header in _KEPT_AT)
    archived = next((one for one in kept if one.startswith("http")), None) or _shown_at(text)
    writes = _is_writer(name, address) or answered is not None
    article = Article(
        id=str(message.get("message-id", "")).strip("<> \r\n"),
        text=text,
        title=subject or None,
        author=name if writes else None,
        publication=(parseaddr(str(message.get("list-id", "")))[0] if writes else name or address) or None,
        published=_day(sent) or iso_date(sent.replace(" at ", " ")),
        url=archived,
    )
    below = text.lstrip().partition("\n")[2] if _shown_at(text) else text  # A by-line stands below the address, too.
    told = with_first_line(replace(article, text=below), iso_date) if below.strip() else article
    return replace(told, text=text), notes


def _passed_on(text: str, subject: str) -> tuple[dict[str, str], str] | None:
    """The fields and the text of a message that is passed on with no more than a few words above it."""
    lines = [line.strip() for line in text.split("\n")]
    for number in range(len(lines)):
        head = [*takewhile(bool, map(_PASSED_ON.fullmatch, lines[number : number + _HEAD_LINES]))]
        fields = {field[1].lower(): field[2].strip() for field in head if field}
        if {"from", "subject"} <= fields.keys():
            below = "\n".join(text.split("\n")[number + len(head) :]).strip()
            is_short = sum(map(len, lines[:number])) < _SHORT
            is_passed_on = _PASSES_ON.match(subject) is not None and subject.endswith(fields["subject"])
            return (fields, below) if is_short and below and is_passed_on else None
    return None


def _answered(message: EmailMessage, lines: Sequence[str]) -> Interview | None:
    """A message that answers what it quotes, question by question; None for any other."""
    is_reply = any(message.get(header) for header in ("in-reply-to", "references"))
    given = getaddresses([str(one) for header in ("to", "cc") for one in message.get_all(header, ())])
    recipients = [in_order(name) for name, _ in given]
    return as_interview(lines, _person(str(message.get("from", "")))[0], recipients, is_reply=is_reply)


def _person(sender: str) -> tuple[str, str]:
    """The name and the address of a sender; the name in its order where a directory has the surname first."""
    name, address = parseaddr(sender)
    return in_order(name), address


def _is_writer(name: str, address: str) -> bool:
    """True where a newsletter is sent by a person: "Ann Lee" of ann.lee@ or alee@, not "Tarn Weekly" of hello@."""
    words = [re.sub(r"\W", "", normalize("NFKD", word)) for word in name.lower().split()]  # An address has no accents.
    local = address.partition("@")[0].lower()
    if len(words) < 2 or words[0] == "the" or is_body(name):
        return False
    first, last = words[0], words[-1]
    return local in {f"{one}{mark}{last}" for one in (first, first[0]) for mark in (".", "_", "-")} | {first[0] + last}


def _shown_at(text: str) -> str | None:
    """The address that a newsletter's first line ends in, as "View this post on the web at …"."""
    found = _AT.fullmatch(text.lstrip().split("\n", 1)[0].strip())
    return found[1] if found else None


def _text(message: EmailMessage) -> tuple[list[str], int]:
    """The lines of the plain part where it has the text, else the HTML part's; how many at its end are left out."""
    plain, markup = (message.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    text = _QUOTED_FROM.sub("", _content(plain)) if plain else ""
    if markup and len(text) < _SHORT and (shown := text_of_html(_content(markup))):
        return [f">{line}" if line.startswith(BLOCK) else line for line in shown.split("\n")], 0
    return _own_words(text.replace("\r\n", "\n"))


def _own_words(text: str) -> tuple[list[str], int]:
    """The lines without the signature and without what is answered at their end, and how many lines of words these are.

    A message without words of its own passes on what it quotes: that is its text.
    """
    lines = text.rstrip().split("\n")
    unsigned = _without_signature(lines)
    own = _without_answered(unsigned) or [line.removeprefix(">").removeprefix(" ") for line in unsigned]
    return own, sum(1 for line in lines[len(own) :] if line.strip() and line.rstrip() != _SIGNATURE.rstrip())


def _set_off(lines: Sequence[str]) -> str:
    """The lines as a text, those with a > set off."""
    return "\n".join(BLOCK + line.lstrip("> ") if line.startswith(">") else line for line in lines).strip()


def _without_signature(lines: list[str]) -> list[str]:
    """The lines above the last one of two hyphens, where only a few stand below it.

    The space behind the hyphens can be lost on the way: then what stands below them, once, is one paragraph.
    """
    last = next((n for n in range(len(lines) - 1, -1, -1) if lines[n] == _SIGNATURE), None)
    bare = [n for n, line in enumerate(lines) if line == _SIGNATURE.rstrip()]
    if last is None and len(bare) == 1 and all(line.strip() for line in lines[bare[0] + 1 :]):
        last = bare[0]
    if last is None or len(lines) - last - 1 > _SIGNATURE_LINES:
        return lines
    return lines[:last] if any(line.strip() for line in lines[:last]) else lines


def _without_answered(lines: list[str]) -> list[str]:
    """The lines without those at their end that are quoted or blank; none where all are."""
    end = len(lines)
    while end and (lines[end - 1].startswith(">") or not lines[end - 1].strip()):
        end -= 1
    return lines[:end]


def _content(part: MIMEPart) -> str:
    try:
        return str(part.get_content())
    except LookupError:  # an encoding that nobody knows
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""


def _day(value: str) -> str | None:
    try:
        return parsedate_to_datetime(value).date().isoformat()
    except (ValueError, TypeError):
        return None
