"""Read Markdown, with its YAML front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from ingest.loading.common import BLOCK, LoadError, Read, decode, without_struck
from rag.schema import Article

if TYPE_CHECKING:
    from markdown_it.token import Token

_SPACES = re.compile(r" {2,}")
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)


def read_markdown(data: bytes) -> Read:
    """Read Markdown with YAML front matter; the first heading is the title if the front matter has none."""
    import frontmatter
    import yaml  # type: ignore[import-untyped]
    from frontmatter.default_handlers import YAMLHandler
    from markdown_it import MarkdownIt

    class PythonYAML(YAMLHandler):
        """The parser in Python: the handler's own choice, in C, ends the process on deeply nested lists."""

        def load(self, fm: str, **_: object) -> Any:
            return super().load(fm, Loader=yaml.SafeLoader)

    try:
        matter, body = frontmatter.parse(decode(data), handler=PythonYAML())
    except yaml.YAMLError as error:
        raise LoadError(
            f"the front matter is not valid YAML ({' '.join(str(error).split())}); "
            "put values that contain a colon in quotation marks"
        ) from error
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    headings = (_inline_text(tokens[i + 1]) for i, token in enumerate(tokens) if token.type == "heading_open")
    article = Article(
        id="",
        text="\n\n".join(_blocks(tokens)),
        title=_scalar(matter, "title", "headline") or next(headings, None),
        author=_scalar(matter, "author", "authors"),
        publication=_scalar(matter, "publication", "publisher", "source"),
        published=_scalar(matter, "published", "date", "published_at"),
        url=_scalar(matter, "url", "link"),
        updated=_scalar(matter, "updated", "modified", "lastmod"),
        language=_scalar(matter, "language", "lang"),
    )
    return Read.one(article, *without_struck(_struck(tokens)))


def _scalar(matter: dict[str, Any], *names: str) -> str | None:
    value = next((matter[name] for name in names if matter.get(name)), None)
    if isinstance(value, list):
        return ", ".join(item for item in value if isinstance(item, str)) or None
    return None if value is None or isinstance(value, dict) else str(value)


def _blocks(tokens: Iterable[Token]) -> Iterator[str]:
    quoted = 0
    for token in tokens:
        if token.type.startswith("blockquote_"):
            quoted += token.nesting
        if token.type == "inline":
            text = _inline_text(token)
        elif token.type == "html_block":
            text = _TAG.sub("", token.content)
        else:
            text = token.content
        if text.strip():
            yield f"{BLOCK if quoted else ''}{text.strip()}"


def _inline_text(token: Token) -> str:
    """The text without what is struck through."""
    breaks = {"softbreak": " ", "hardbreak": "\n", "html_inline": ""}
    parts = [(breaks.get(child.type, child.content), is_struck) for child, is_struck in _children(token)]
    text = "".join(text for text, is_struck in parts if not is_struck).strip()
    return _SPACES.sub(" ", text) if any(is_struck for _, is_struck in parts) else text


def _children(token: Token) -> Iterator[tuple[Token, bool]]:
    """The pieces of a paragraph, each with whether it is struck through."""
    struck = 0
    for child in token.children or ():
        struck += child.nesting if child.type.startswith("s_") else 0
        yield child, struck > 0


def _struck(tokens: Iterable[Token]) -> list[str]:
    found = [child.content for token in tokens for child, is_struck in _children(token) if is_struck]
    return [words for words in dict.fromkeys(found) if words.strip()]
