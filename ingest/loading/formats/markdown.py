"""Read Markdown, with its front matter: YAML between dashes or, as Hugo has it, TOML between plus signs."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ingest.loading.common import BLOCK, LoadError, Read, decode, without_struck
from ingest.loading.emphasis import BEGIN, END, emphasised, with_questions, without_marks
from rag.schema import Article

if TYPE_CHECKING:
    from markdown_it.token import Token

_SPACES = re.compile(r" {2,}")
_TOML = re.compile(r"\ufeff?\+\+\+[ \t]*\r?\n(.*?\n)\+\+\+[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_EMPHASIS = {"strong_open": BEGIN, "em_open": BEGIN, "strong_close": END, "em_close": END}
_ADDRESSES = ("url", "link", "canonical_url", "canonical", "permalink", "source_url")
_TAG = re.compile(r"<!--.*?(?:-->|\Z)|<[^<>]*>", re.DOTALL)

# What no plain text has: a heading behind #, bold words, a quotation in italics with its marks within, a link.
_STARRED = r"(?<![\w*])(?P<stars>\*{1,3})(?=[^\s*])[^*\n]+(?:\n[^*\n]+)?(?<=[^\s*])(?P=stars)(?![\w*])"
_SIGN = re.compile(
    r"^#{1,6} +[^\W\d_]|(?<![\w*])\*{2,3}(?=[^\s*])[^*\n]+(?<=[^\s*])\*{2,3}(?![\w*])"
    r"|(?<![\w*])\*(?=[“\"„«])[^*\n]+[”\"“»]\*(?![\w*])|(?<!\w)_(?=[“\"„«])[^_\n]+[”\"“»]_(?!\w)"
    r"|\[[^\[\]\n]+\]\(https?://[^()\s]+\)",
    re.M,
)
_SIGNS = 2  # So many lines with one, and fewer stars that are none of Markdown's, make a text Markdown.
# Of stars, what emphasises, the bullets of lists, rules, and a star that a backslash keeps.
_OF_MARKDOWN = re.compile(rf"{_STARRED}|^[ \t]*(?:\*[ \t]*){{3,}}$|^[ \t]*\*(?=[ \t])|\\\*", re.M)
AS_MARKDOWN = (
    "it is read as Markdown, though its name does not say so: the signs for bold, italics and headings are left out"
)


def is_markdown(text: str) -> bool:
    """True for a text that plainly is Markdown, whatever the name of its file: not for one with a few stars."""
    signs = sum(_SIGN.search(line) is not None for line in text.split("\n"))
    return signs >= _SIGNS and _OF_MARKDOWN.sub("", text).count("*") < signs


def read_markdown(data: bytes) -> Read:
    """Read Markdown with front matter; the first heading is the title if the front matter has none."""
    matter, body = _parted(decode(data))
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(body)
    headings = (
        without_marks(_inline_text(tokens[i + 1])) for i, token in enumerate(tokens) if token.type == "heading_open"
    )
    article = Article(
        id="",
        text="\n\n".join(with_questions(_blocks(tokens))),
        title=_scalar(matter, "title", "headline") or next(headings, None),
        author=_scalar(matter, "author", "authors", "byline"),
        publication=_scalar(matter, "publication", "publisher", "source"),
        published=_scalar(matter, "published", "date", "published_at"),
        url=next(filter(_is_address, (_scalar(matter, name) for name in _ADDRESSES)), None),
        updated=_scalar(matter, "updated", "modified", "lastmod", "last_modified_at"),
        language=_scalar(matter, "language", "lang"),
    )
    return Read.one(article, *without_struck(_struck(tokens)))


def _parted(text: str) -> tuple[dict[str, Any], str]:
    """The front matter and what stands below it."""
    if (found := _TOML.match(text)) is not None:
        try:
            return tomllib.loads(found[1]), text[found.end() :]
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise LoadError(f"the front matter is not valid TOML ({error})") from error
    import frontmatter
    import yaml  # type: ignore[import-untyped]
    from frontmatter.default_handlers import YAMLHandler

    class PythonYAML(YAMLHandler):
        """The parser in Python: the handler's own choice, in C, ends the process on deeply nested lists."""

        def load(self, fm: str, **_: object) -> Any:
            return super().load(fm, Loader=yaml.SafeLoader)

    try:
        matter, body = frontmatter.parse(text, handler=PythonYAML())
    except yaml.YAMLError as error:
        raise LoadError(
            f"the front matter is not valid YAML ({' '.join(str(error).split())}); "
            "put values that contain a colon in quotation marks"
        ) from error
    return matter, body


def _scalar(matter: dict[str, Any], *names: str) -> str | None:
    value = next((matter[name] for name in names if matter.get(name)), None)
    if isinstance(value, list | dict):
        each = [_name(item) for item in (value if isinstance(value, list) else [value])]
        return ", ".join(name for name in each if name) or None
    return None if value is None else str(value)


def _name(item: object) -> str | None:
    """What an item is called: itself, or the name in it."""
    found = item.get("name") if isinstance(item, dict) else item
    return found if isinstance(found, str) else None


def _is_address(value: str | None) -> bool:
    """True for an address of the web: a path within its own site is none."""
    return value is not None and value.startswith(("http://", "https://"))


def _blocks(tokens: Iterable[Token]) -> Iterator[str]:
    quoted = headed = 0
    for token in tokens:
        if token.type.startswith("blockquote_"):
            quoted += token.nesting
        if token.type.startswith("heading_"):
            headed += token.nesting
        if token.type == "inline":
            text = emphasised(_inline_text(token)) if headed else _inline_text(token)
        elif token.type == "html_block":
            text = _TAG.sub("", token.content)
        else:
            text = token.content
        if text.strip():
            yield f"{BLOCK if quoted else ''}{text.strip()}"


def _inline_text(token: Token) -> str:
    """The text without what is struck through, what is emphasised between the marks for it."""
    breaks = {"softbreak": " ", "hardbreak": "\n", "html_inline": ""} | _EMPHASIS
    own = _own_breaks(token.children or ())
    parts = [
        ("\n" if number in own else breaks.get(child.type, child.content), is_struck)
        for number, (child, is_struck) in enumerate(_children(token))
    ]
    text = "".join(text for text, is_struck in parts if not is_struck).strip()
    return _SPACES.sub(" ", text) if any(is_struck for _, is_struck in parts) else text


def _own_breaks(children: Sequence[Token]) -> set[int]:
    """The breaks that no width made: behind a line that is bold as a whole, and before a bold label, "**Lee:** …"."""
    found, first = set[int](), 0
    for number, child in enumerate(children):
        if child.type not in ("softbreak", "hardbreak"):
            continue
        line, rest = (
            [c for c in part if c.content or c.nesting] for part in (children[first:number], children[number:])
        )
        end = _strong_end(rest)
        label = "".join(inner.content for inner in rest[: end + 1])
        behind = rest[end + 1].content if end + 1 < len(rest) else ""
        is_label = end > 0 and (label.rstrip().endswith(":") or behind.startswith(":"))
        if is_label or _strong_end(line) == len(line) - 1 > 0:
            found.add(number)
        first = number + 1
    return found


def _strong_end(children: Sequence[Token]) -> int:
    """Where what is bold at the head of a line ends; -1 where nothing is."""
    if not children or children[0].type != "strong_open":
        return -1
    return next((n for n, child in enumerate(children) if child.type == "strong_close"), -1)


def _children(token: Token) -> Iterator[tuple[Token, bool]]:
    """The pieces of a paragraph, each with whether it is struck through."""
    struck = 0
    for child in token.children or ():
        struck += child.nesting if child.type.startswith("s_") else 0
        yield child, struck > 0


def _struck(tokens: Iterable[Token]) -> list[str]:
    found = [child.content for token in tokens for child, is_struck in _children(token) if is_struck]
    return [words for words in dict.fromkeys(found) if words.strip()]
