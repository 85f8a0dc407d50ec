"""A chat model as the judge: it reads the passages whole and points at numbers; the program copies.

    hits -> pages -> sheet (numbered) -> the model's numbers -> judgements of hits and of sentences

Whatever it cannot use of a reply is dropped and counted; when no reply can be used, the embedded judge does the work.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

from langchain_core.messages import BaseMessage, HumanMessage, SystemMessage
from pydantic import BaseModel, Field, field_validator, model_validator

from rag.errors import ModelError
from rag.judging import prompts
from rag.judging.copying import covering, is_same, named_in, said_by, sentence_hit
from rag.judging.judge import Judge
from rag.judging.sheet import Page, Sheet, pages_of, write_sheet
from rag.models.chat import ChatModel
from rag.models.fence import estimated_tokens, plain
from rag.schema import Hit, Judged, Judgement, Query, Speaker

logger = logging.getLogger(__name__)

# From this probability on the embedded judge is sure: a chat model's "none" is then asked for once more. A
# probability with a meaning: of ten such statements, nine are right.
SURE = 0.9
TRIES = 2
# The form of the reply travels with the prompt, and so do the marks of a chat format.
OVERHEAD_TOKENS = 400


class Choice(BaseModel):
    """One statement that a model points at."""

    number: int = Field(description=prompts.NUMBER)
    relation: Literal["answers", "says_so", "opposite", "another"] = Field(description=prompts.RELATION)
    # Without a default here: OpenAI refuses a form that has any.
    speaker: str = Field(description=prompts.SPEAKER)

    @model_validator(mode="before")
    @classmethod
    def _no_speaker_is_empty(cls, value: Any) -> Any:
        return {**value, "speaker": value.get("speaker") or ""} if isinstance(value, dict) else value

    @field_validator("relation", mode="before")
    @classmethod
    def _as_we_spell_it(cls, value: Any) -> Any:
        return value.strip().lower().replace(" ", "_") if isinstance(value, str) else value


class Choices(BaseModel):
    """The statements that answer the question."""

    chosen: list[Choice] = Field(description=prompts.CHOSEN)


class ChatJudge:
    """Judges by a chat model; `second` does the work when it fails, and says which statements it is sure of."""

    def __init__(self, chat: ChatModel, second: Judge, *, token_budget: int) -> None:
        """`token_budget` is how many tokens a prompt may have, all in all."""
        self._chat = chat
        self._second = second
        self._budget = token_budget

    @property
    def name(self) -> str:
        """The model's name."""
        return self._chat.name

    def judge(self, query: Query, hits: Sequence[Hit]) -> Judged:
        """Judge hits: one call, and a second one about what `second` is sure of when the reply is "none".

        Passages that the budget has no room for are not judged. Never raises for what the model does: then the
        judgements are those of `second`, with a note.
        """
        if not hits:
            return Judged((), by=self.name)
        try:
            sheet = self._sheet(query, pages_of(hits))
            judgements = self._judgements(query, sheet)
            if not judgements:
                judgements = self._once_more(query, hits, sheet)
        except ModelError as error:
            # What a client raises can repeat the prompt.
            is_told = logger.isEnabledFor(logging.DEBUG)
            logger.warning("%s The judge %s does the work.", error, self._second.name, exc_info=is_told)
            note = prompts.NOTE.format(name=self.name)
            return replace(self._second.judge(query, hits), note=note)
        return Judged(judgements, by=self.name)

    def _once_more(self, query: Query, hits: Sequence[Hit], sheet: Sheet) -> tuple[Judgement, ...]:
        """Ask about those statements alone of which `second` is sure: one hostile passage must not silence the rest."""
        sure = [each.hit for each in self._second.judge(query, hits).judgements if each.shown >= SURE]
        shown = {hit.statement.id for hit in sheet.hits}
        # Asked about the same again, it could only say the same.
        if not sure or {hit.statement.id for hit in sure} == shown:
            return ()
        logger.info("%s chose none; asked again about %d that are sure", self.name, len(sure))
        return self._judgements(query, self._sheet(query, pages_of(sure)))

    def _sheet(self, query: Query, pages: Sequence[Page]) -> Sheet:
        """The sheet of as many passages, from the best on, as the budget has room for; ModelError when of none."""
        for count in range(len(pages), 0, -1):
            sheet = write_sheet(pages[:count])
            size = OVERHEAD_TOKENS + sum(estimated_tokens(str(m.content)) for m in messages_of(query, sheet))
            if size <= self._budget:
                if count < len(pages):
                    logger.info("%d of %d passages fit into %d tokens", count, len(pages), self._budget)
                return sheet
        raise ModelError(f"No passage fits into a prompt of {self._budget} tokens: set OTR_LLM_TOKENS higher.")

    def _judgements(self, query: Query, sheet: Sheet) -> tuple[Judgement, ...]:
        """What the model says of a sheet, asked once more after a reply of no use; ModelError when both are."""
        for tried in range(1, TRIES + 1):
            try:
                reply = self._chat.ask(Choices, messages_of(query, sheet))
                return _copied(reply, sheet)
            except ModelError as error:
                if tried == TRIES:
                    raise
                logger.info("%s Asking once more.", error)
        raise AssertionError("every try returns or raises")


def messages_of(query: Query, sheet: Sheet) -> list[BaseMessage]:
    """The prompt about a sheet."""
    question = [prompts.QUESTION.format(question=plain(query.question))]
    if plain(query.text) != plain(query.question):
        question.append(prompts.WHOLE.format(text=plain(query.text)))
    asked = "\n".join(question)
    # The question stands on both sides: behind thousands of words a model forgets what it was asked.
    return [SystemMessage(prompts.SYSTEM), HumanMessage(f"{asked}\n\n{sheet.text}\n\n{asked}\n{prompts.TASK}")]


def _copied(reply: Choices, sheet: Sheet) -> tuple[Judgement, ...]:
    """The judgements that numbers stand for, in their order, each statement once.

    Raises ModelError when there are numbers, but none of the sheet's: that is no "none".
    """
    found: dict[str, Judgement] = {}
    unknown = 0
    for choice in reply.chosen:
        judgement = _judgement(choice, sheet)
        if judgement is None:
            unknown += 1
        else:
            found.setdefault(judgement.hit.statement.id, judgement)
    if unknown:
        logger.warning("dropped %d of %d numbers that a model made up", unknown, len(reply.chosen))
    if unknown and not found:
        raise ModelError("The model pointed at nothing but numbers that do not exist.")
    return tuple(found.values())


def _judgement(choice: Choice, sheet: Sheet) -> Judgement | None:
    """The judgement of one number, or None for a number that was made up."""
    if choice.number in sheet.statements:
        page, hit = sheet.statements[choice.number]
    elif choice.number in sheet.sentences:
        page, sentence = sheet.sentences[choice.number]
        held = covering(page, sentence)
        if held is None:
            missed = sentence_hit(page, sentence, named_in(page, choice.speaker, sentence.start))
            known = _known(choice, page, sheet)
            return _related(choice, said_by(missed, known) if known else missed)
        hit = held
    else:
        return None
    if known := _known(choice, page, sheet):
        return _related(choice, said_by(hit, known))
    if not choice.speaker.strip() or is_same(hit.statement.quote.speaker, choice.speaker):
        return _related(choice, hit)
    seen = named_in(page, choice.speaker, hit.statement.quote.content[0].start)
    if seen is None:
        logger.info("dropped words for a speaker that do not stand in the passage")
    return replace(_related(choice, hit), seen=seen)


def _known(choice: Choice, page: Page, sheet: Sheet) -> Speaker | None:
    """Whom the index has elsewhere in the article under the words for a speaker."""
    words = choice.speaker.strip()
    return sheet.speaker(page.article.id, words) if words else None


def _related(choice: Choice, hit: Hit) -> Judgement:
    """A model says yes or no and no probability: its word is taken whole."""
    likely: dict[str, Any] = {choice.relation: 1.0}
    return Judgement(hit, **likely)
