"""Understand a question: its kind, whom it asks about, and its topic. Rules only; no model.

The speakers of the index (a `Directory`) settle who is meant; a person who is asked about and is no
speaker there becomes an unknown speaker, which is what lets an answer say "not quoted".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rag.people import Directory
from rag.schema import History, Message, Query, QuestionKind
from rag.text import terms

MAX_HISTORY_CHARS = 2000  # Of each message: rules over a pasted article would take minutes.
MAX_HISTORY = 6  # Earlier messages read for a follow-up; older ones no longer say whom it is about.

SPEECH = (
    r"(?:"
    r"say|said|says|saying|tell|told|tells|think|thinks|thought|believe[sd]?|claim(?:s|ed)?|argue[sd]?|"
    r"call(?:s|ed)?|describe[sd]?|warn(?:s|ed)?|explain(?:s|ed)?|react(?:s|ed)?|respond(?:s|ed)?|"
    r"repl(?:y|ies|ied)|want(?:s|ed)?|blame[sd]?|accuse[sd]?|promise[sd]?|vow(?:s|ed)?|pledge[sd]?|"
    r"suggest(?:s|ed)?|propose[sd]?|predict(?:s|ed)?|expect(?:s|ed)?|den(?:y|ies|ied)|admit(?:s|ted)?|"
    r"concede[sd]?|confirm(?:s|ed)?|announce[sd]?|insist(?:s|ed)?|complain(?:s|ed)?|criticis?z?e[sd]?|"
    r"praise[sd]?|defend(?:s|ed)?|reject(?:s|ed)?|dismiss(?:es|ed)?|support(?:s|ed)?|oppose[sd]?|back(?:s|ed)?|"
    r"recall(?:s|ed)?|remember(?:s|ed)?|mention(?:s|ed)?|add(?:s|ed)?|state[sd]?|declare[sd]?|estimate[sd]?|"
    r"compare[sd]?|feel|feels|felt|see|sees|saw|put|puts|make|makes|made|give|gives|gave|use[sd]?|ask(?:s|ed)?|"
    r"urge[sd]?|demand(?:s|ed)?|recommend(?:s|ed)?|hope[sd]?|fear(?:s|ed)?|worr(?:y|ies|ied)|agree[sd]?|"
    r"disagree[sd]?|change[sd]?|comment(?:s|ed)?|quip(?:s|ped)?|characteri[sz]e[sd]?|justif(?:y|ies|ied)|"
    r"object(?:s|ed)?|threaten(?:s|ed)?|write|writes|wrote|tweet(?:s|ed)?|note[sd]?|quoted|cited|"
    r"report(?:s|ed)?|reveal(?:s|ed)?|stress(?:es|ed)?|emphasi[sz]e[sd]?|allege[sd]?|joke[sd]?|boast(?:s|ed)?|"
    r"differ"
    r")"
)
AUXILIARY = r"(?:did|does|do|has|have|had|would|will|is|was|were|are|can|could)"
ATTITUDE = (
    r"(?:position|view|views|stance|opinion|reaction|response|take|argument|comments?|statements?|remarks?|explanation|"
    r"criticism|concerns?|account|version|verdict|message|warning|claim|words|reasoning|case|prediction|advice|complaint)"
)
OF_ATTITUDE = rf"['’]s?\s+(?:\w+\s+){{0,2}}?{ATTITUDE}"
FILLER = r"(?:each|both|also|really|actually|ever|exactly|then|now|publicly|recently|reportedly|just|all|have|been)"
# Whom a question asks about: at most 120 characters, so that a hostile question costs little.
SUBJECT = [
    re.compile(r"\baccording to (?P<who>[^?,;]+?)\s*(?:[?,;]|$)", re.I),
    re.compile(r"\b(?:was|is) it (?P<who>(?!true\b|correct\b|right\b|the case\b).+?) (?:who|that)\b", re.I),
    re.compile(
        rf"\b{AUXILIARY}(?:n['’]t)?\s+(?P<who>(?!there\b|it\b)\S.{{0,120}}?)\s+(?:{FILLER}\s+){{0,3}}{SPEECH}\b", re.I
    ),
    re.compile(rf"\b(?:(?:what|how)\s+(?:is|was|are|were)\s+)?(?P<who>[^?,;]+?){OF_ATTITUDE}\b", re.I),
    re.compile(
        rf"\b(?:what|how|why|when|where|whether|if|that)\s+(?P<who>(?!did\b|does\b|do\b|has\b|is\b|was\b|were\b|are\b).{{1,120}}?)\s+"
        rf"(?:{FILLER}\s+){{0,3}}{SPEECH}\b",
        re.I,
    ),
]
# "Voss on the pool", "And what about Olm": somebody only if a speaker is called so, or it is a full name.
SHORT = [
    re.compile(r"^(?:(?:and|but|or|so|then)\s+)?(?:(?:what|how)\s+about\s+)?(?P<who>.+)$", re.I),
    re.compile(r"^(?P<who>.{1,120}?)\s+(?:on|about)\s+\S", re.I),
]
MAX_SHORT_CHARS = 80
FULL_NAME = re.compile(r"(?:[^\W\d_a-z][\w.'’-]*\s+){1,3}[^\W\d_a-z][\w.'’-]*")
# Phrases in a subject's place that name nobody in particular.
ANYBODY = re.compile(
    r"^(?:(?:the|any|all|some|these|those|various|different|other|named|outside|quoted|our|your|most|two|three|four|"
    r"several|many|which|what|us|u\.s\.)\s+)*"
    r"(?:people|persons?|anyone|anybody|everyone|everybody|someone|somebody|nobody|no one|articles?|pieces?|story|"
    r"stories|each|both|text|reports?|reporters?|journalists?|speakers?|they|he|she|it|we|you|i|who|experts?|"
    r"analysts?|critics?|officials?|"
    r"sources?|politicians?|leaders?|sides?|others?|opinions?|reactions?|supporters?|opponents?|voters?|residents?)\b",
    re.I,
)
PRONOUN = re.compile(r"\b(?:he|she|they|him|her|them|his|their|hers|theirs)\b", re.I)
FOLLOW_UP = re.compile(
    r"^(?:and|but|or|so|what about|how about|what else|anything else|also|why|when|where|then)\b", re.I
)
LIST = re.compile(
    r"\b(?:list|name all|everyone who|everybody who|all the|who all|who else|which (?:\w+ ){0,3}?"
    rf"(?!{SPEECH}\b|is\b|was\b|has\b|does\b)[a-z]+s\b|"
    r"which (?:\w+ ){0,2}people|what (?:people|reactions|different)|who are|who were|who have|who commented|who spoke|"
    r"how did (?:people|everyone))\b",
    re.I,
)
VERSUS = re.compile(r"\b(?:vs\.?|versus|differ\w*|compare[ds]?|comparison|disagree\w*|contrast\w*)\b", re.I)
DID_SAY = re.compile(
    rf"^(?:so\s+|and\s+|but\s+)?(?:{AUXILIARY}(?:n['’]t)?|is it true|is it correct|true or false|really)\b", re.I
)
WHO = re.compile(
    r"^(?:and\s+|so\s+|but\s+)?(?:who|whom|whose|which|by whom)\b|"
    r"\bwho (?:said|says|called|thinks|argued|claimed|warned)\b",
    re.I,
)
JOINED = re.compile(r"\s+(?:and|vs\.?|versus|or|&)\s+|\s*,\s*(?:and\s+)?", re.I)
CHANGE = re.compile(
    r"\b(?:change[ds]?|changing|shift(?:s|ed)?|revers(?:e[ds]?|ing)|evolv\w+|flip-?flop\w*|u-turn)\b.{0,40}?"
    r"\b(?:mind|position|stance|views?|opinion|tune|line|course|on|about|over|since)\b|\bu-turn\b|\bflip-?flop",
    re.I,
)
# Words of a question that are about the asking, not about the topic.
ASKING = frozenset(
    terms(
        "say said tell told think thought quote quoted according article articles statement comment remark position "
        "view stance opinion reaction respond response react describe call explain exactly someone person piece news "
        "what who whom which whose how why when where word phrase use used make made case each both named outside"
    )
)


def understand(question: str, history: History | None, people: Directory) -> Query:
    """Turn a question, and what was said before it, into a Query. Never fails: at worst it is a plain search."""
    question = " ".join(question.split())
    query = _alone(question, people)
    recent = (history or [])[-MAX_HISTORY:]
    earlier = [m for m in recent if isinstance(m, Mapping) and isinstance(m.get("content"), str)]
    if earlier and _leans_on_history(question, query):
        return _with_history(query, earlier, people)
    return query


def _alone(question: str, people: Directory) -> Query:
    phrases = list(dict.fromkeys(_asked(question))) or _asked_in_short(question, people)
    known: list[str] = []
    unknown: list[str] = []
    for phrase in phrases:
        names = people.find(phrase) or _whole_names(phrase, people)
        known.extend(n for n in names if n not in known)
        if not names and _is_name(phrase):
            unknown.append(phrase)
    kind = _kind(question, len(phrases))
    if kind == "compare" and len(known) < 2:
        known.extend(n for n in _scan(question, people) if n not in known)
    return Query(question, kind, _topic(question, phrases), tuple(known), tuple(unknown))


def _asked(question: str) -> Iterable[str]:
    """The phrases in the question that stand where the speaker does."""
    bare = question.strip(" ?!.")
    if WHO.match(bare):
        return
    for pattern in SUBJECT:
        match = pattern.search(bare)
        if match is None:
            continue
        for part in JOINED.split(match["who"]):
            phrase = re.sub(rf"{OF_ATTITUDE}\b.*$", "", part.strip(" '’\"“”"), flags=re.I)
            if phrase and not ANYBODY.match(phrase):
                yield phrase
        return


def _asked_in_short(question: str, people: Directory) -> list[str]:
    """The same in a question without a verb."""
    bare = question.strip(" ?!.")
    if WHO.match(bare):
        return []
    for pattern in SHORT:
        match = pattern.match(bare)
        parts = JOINED.split(match["who"]) if match and len(match["who"]) <= MAX_SHORT_CHARS else []
        if parts and all(people.find(part) or FULL_NAME.fullmatch(part) for part in parts):
            return parts
    return []


def _scan(text: str, people: Directory) -> list[str]:
    return list(dict.fromkeys(name for mention in people.scan(text) for name in mention.names))


def _whole_names(phrase: str, people: Directory) -> list[str]:
    """Speakers named within a phrase such as "Governor Ida Hale"; not a surname behind another given name."""
    return [
        name
        for mention in people.scan(phrase)
        if " " in phrase[mention.start : mention.end] or not re.search(r"[^\W\d_a-z]\w+\s+$", phrase[: mention.start])
        for name in mention.names
    ]


def _is_name(phrase: str) -> bool:
    """True for what must be somebody's name: a capital that opens a word, or one or two bare words."""
    words = phrase.split()
    if words and words[0].lower() in ("the", "a", "an", "that", "this", "his", "her", "their", "these", "those"):
        words = words[1:]
        return len(words) > 1 and all(w[0].isupper() for w in words)
    return any(w[0].isupper() for w in words) or 0 < len(words) <= 2


def _kind(question: str, asked: int) -> QuestionKind:
    if asked > 1 or (VERSUS.search(question) and not LIST.search(question)):
        return "compare"
    if CHANGE.search(question):
        return "change"
    if DID_SAY.search(question):
        return "did_say"
    if LIST.search(question):
        return "list"
    if WHO.search(question):
        return "who_said"
    return "said_what"


def _topic(question: str, phrases: Iterable[str]) -> str:
    """The question without whom it asks about: what the statements should bear on."""
    topic = question.strip(" ?!.")
    for phrase in phrases:
        topic = re.sub(re.escape(phrase) + r"(?:['’]s?)?", " ", topic, flags=re.I)
    return " ".join(topic.split())


def topic_terms(topic: str) -> list[str]:
    """The stems of a topic that a statement can be compared with."""
    return [t for t in terms(topic) if t not in ASKING]


def _leans_on_history(question: str, query: Query) -> bool:
    if FOLLOW_UP.match(question) or not topic_terms(query.topic):
        return True
    return not query.speakers and not query.unknown_speakers and PRONOUN.search(question) is not None


def _with_history(query: Query, earlier: list[Message], people: Directory) -> Query:
    """Fill in from the conversation what a follow-up leaves out: whom, or about what."""
    before: Query | None = None
    replied: list[str] = []
    for message in earlier:
        content = str(message["content"])[:MAX_HISTORY_CHARS]
        if message.get("role") == "user":
            before = (
                understand(content, None, people) if before is None else _merge(_alone(content, people), before, [])
            )
            replied = []
        else:
            replied = replied or _scan(content, people)[:1]
    return _merge(query, before, replied) if before else query


def _merge(query: Query, before: Query, replied: list[str]) -> Query:
    own = bool(query.speakers or query.unknown_speakers)
    if own and topic_terms(query.topic):
        return query
    inherited = before.speakers or tuple(replied)
    return Query(
        query.question,
        "said_what" if query.kind == "compare" else query.kind,
        f"{query.topic} {before.topic}".strip() if own or len(topic_terms(query.topic)) < 2 else query.topic,
        query.speakers if own else inherited,
        query.unknown_speakers if own else before.unknown_speakers,
    )
