"""Let a chat model point at numbered statements and say in a few words what each is about.

Out come (number, phrase) pairs, one by one as the model writes them. The phrase is shown only if
every word of it comes from the question or the statement; otherwise it is empty.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable

from rag import prompts
from rag.citations import words
from rag.llm import ChatModel
from rag.names import name_words
from rag.polarity import NEGATION
from rag.schema import Citation
from rag.text import STOP_WORDS, TERM, stem, terms

logger = logging.getLogger(__name__)

LINE = re.compile(r"^\s*\[(\d{1,4})\]\s*(.*?)\s*$")
WEIGHTLESS = frozenset("a an the of on in at to and its his her their this that these those is are was were be".split())
PHRASE = re.compile(r"[^\W_][\w ,'’-]*")
MAX_PHRASE_WORDS = 9
TOKENS_PER_LINE = 24
# A model that does not end is cut off: no answer needs more characters than this for each statement.
MAX_REPLY_CHARS = 200


def point(chat: ChatModel, question: str, citations: Sequence[Citation]) -> Iterator[tuple[int, str]]:
    """Yield the numbers a model points at, each once, with a verified phrase; (0, "") when it says none answers.

    Unknown numbers and unusable phrases are dropped with a log line. Raises whatever the model's client raises.
    """
    prompt = ChatPromptTemplate(
        [
            ("system", prompts.SYSTEM),
            HumanMessage(prompts.EXAMPLE_QUESTION),
            AIMessage(prompts.EXAMPLE_REPLY),
            ("human", prompts.HUMAN),
        ]
    )
    chain: Runnable[dict[str, str], BaseMessage] = prompt | chat.bound(
        max_tokens=TOKENS_PER_LINE * len(citations), grammar=prompts.grammar(citations)
    )
    by_number = {citation.number: citation for citation in citations}
    seen: set[int] = set()
    inputs = {"question": question, "evidence": prompts.evidence_lines(citations)}
    for line in _lines(chain, inputs, limit=MAX_REPLY_CHARS * len(citations)):
        if line.strip() == prompts.NOTHING and not seen:
            yield 0, ""
            return
        match = LINE.match(line)
        number = int(match[1]) if match else 0
        if match is None or number not in by_number or number in seen:
            if line.strip():
                logger.info("dropped a line of the model that points at no statement: %.80r", line)
            continue
        seen.add(number)
        phrase = verified(match[2], question, by_number[number])
        yield number, "" if _names_another(phrase, by_number[number], citations) else phrase


def second_look(chat: ChatModel, question: str, citations: Sequence[Citation]) -> Iterator[int]:
    """Ask about each statement alone after a reply that none answers: one cannot speak for the others.

    Yields the numbers that the model points at.
    """
    for citation in citations:
        if any(number == citation.number for number, _ in point(chat, question, [citation])):
            yield citation.number


def verified(phrase: str, question: str, citation: Citation) -> str:
    """The phrase if a reader may see it, without the word "on" before it, else an empty string.

    Its words, but for those that carry nothing, must stand in the statement, or in the question, in
    the same order; nothing may be negated, and there is no room for a quotation or a marker.
    """
    taken = phrase.strip(" .,:;-").split()
    while taken and taken[-1].lower() in STOP_WORDS:
        taken.pop()
    while taken and taken[0].lower() in ("on", "about"):
        taken.pop(0)
    label = " ".join(taken)
    stems = _weighty(label)
    good = (
        terms(label)
        and PHRASE.fullmatch(label)
        and len(taken) <= MAX_PHRASE_WORDS
        and not any(NEGATION.fullmatch(word) for word in taken)
        and any(_in_order(stems, _weighty(text)) for text in (words(citation), question))
    )
    if not good:
        logger.info("dropped a phrase that the evidence does not carry: %.80r", phrase)
    return label if good else ""


def _names_another(phrase: str, citation: Citation, citations: Sequence[Citation]) -> bool:
    """True when a label holds a name of another cited speaker that its own statement does not hold."""
    names = {word for other in citations for word in name_words(other.speaker)} - set(name_words(citation.speaker))
    found = set(name_words(phrase)) & names - set(name_words(words(citation)))
    if found:
        logger.info("dropped a phrase that names another speaker: %.80r", phrase)
    return bool(found)


def _weighty(text: str) -> list[str]:
    """The stems of all words but the weightless; "for" and "against" are stop words of a search, not here."""
    found = (re.sub(r"['’]s?$", "", word.lower()) for word in TERM.findall(text))
    return [stem(word) for word in found if word not in WEIGHTLESS]


def _in_order(stems: Sequence[str], of: Sequence[str]) -> bool:
    """True when the stems stand in another sequence in their order, gaps allowed."""
    rest = iter(of)
    return all(wanted in rest for wanted in stems)


def _lines(chain: Runnable[dict[str, str], BaseMessage], inputs: dict[str, str], *, limit: int) -> Iterator[str]:
    """The reply line by line as it streams, cut off at `limit` characters."""
    pending, length = "", 0
    for chunk in chain.stream(inputs):
        piece = str(chunk.text) if isinstance(chunk, AIMessageChunk) else str(chunk.content)
        length += len(piece)
        *whole, pending = (pending + piece).split("\n")
        yield from whole
        if length > limit:
            logger.warning("the model wrote on after %d characters and was cut off", length)
            return
    if pending:
        yield pending
