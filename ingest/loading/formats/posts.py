"""Records of what networks and feeds export as JSON, where part of what belongs to a post stands around all of them.

Known are JSON Feed, an export of Telegram (a channel, a group or all of an account) and answers of X's interface.
In: what a file holds. Out: records by our own names; None where it is something else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Record = dict[str, Any]

_JSON_FEED = "jsonfeed.org/version/"


def posts_of(value: object) -> list[Record] | None:
    """The posts of an export, each with what stands around it; those without any text are left out."""
    if not isinstance(value, dict):
        return None
    if isinstance(value.get("items"), list) and _JSON_FEED in str(value.get("version", "")):
        return [*_feed_items(value)]
    if (chats := _chats(value)) is not None:
        return [record for chat in chats for record in _messages(chat)]
    if isinstance(value.get("data"), list) and isinstance(value.get("includes"), dict):
        return [*_authored(value["data"], _objects(value["includes"].get("users")))]
    return None


def _feed_items(feed: Mapping[str, Any]) -> Iterator[Record]:
    about = {"publication": feed.get("title"), "language": feed.get("language"), "authors": feed.get("authors")}
    given = {name: value for name, value in about.items() if value}
    for item in _objects(feed["items"]):
        yield {**given, **{name: value for name, value in item.items() if value is not None}}


def _chats(value: Mapping[str, Any]) -> list[Record] | None:
    """The chats of Telegram; a message there has its text in pieces and says of which type it is."""
    everything = value.get("chats")
    listed = everything.get("list") if isinstance(everything, dict) else [value]
    chats = [chat for chat in _objects(listed) if isinstance(chat.get("messages"), list) and "name" in chat]
    known = any("from_id" in one or "text_entities" in one for chat in chats for one in _objects(chat["messages"]))
    return chats if known else None


def _messages(chat: Mapping[str, Any]) -> Iterator[Record]:
    for message in _objects(chat["messages"]):
        pieces = message.get("text")
        text = "".join(map(_piece, pieces)) if isinstance(pieces, list) else _piece(pieces)
        if not text.strip():
            continue  # Somebody came or left, or a picture.
        writer = message.get("from")
        yield {
            "text": text,
            "id": f"{chat.get('id', chat['name'])}/{message.get('id')}",  # The numbers are those of the chat.
            "author": writer if writer != chat["name"] else None,
            "publication": chat["name"],
            "published": message.get("date"),
            "updated": message.get("edited"),
        }


def _piece(piece: object) -> str:
    text = piece.get("text") if isinstance(piece, dict) else piece
    return text if isinstance(text, str) else ""


def _authored(posts: object, users: list[Record]) -> Iterator[Record]:
    names = {user.get("id"): user.get("name") for user in users}
    for post in _objects(posts):
        yield {"author": names.get(post.get("author_id")), **post}


def _objects(value: object) -> list[Record]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
