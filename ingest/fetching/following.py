"""Follow links to articles and to feeds of them: what is read there is kept in a folder, to be indexed like any file.

Links and the entries of feeds are asked for one after the other. What was fetched before is noted in a hidden file of
the folder: an entry of which the feed says nothing new is not asked for again, and a site that can tell is asked
whether a page has changed. What cannot be had is named, and the others go on.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from ingest.fetching.keeping import keep, safe_name
from ingest.fetching.links import Fetched, LinkError, Seen, fetch_changed
from ingest.loading.feeds import Entry, Feed, read_feed
from ingest.loading.loaders import Failure, Warned
from ingest.loading.worker import Worker
from rag.lasting import write_whole
from rag.schema import Article

MAX_ENTRIES = 100  # of one feed; those that it lists first
FEED_SECONDS = 600.0  # for the entries of one feed
PAUSE = 0.5  # seconds between two entries that are asked for
NOTES = ".links.json"
# Of an article at a link, what is kept.
FIELDS = ("text", "title", "author", "publication", "published", "url", "updated", "language", "story", "notice")

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Known:
    """What was found at a link: its state, what its feed said of it, and the file that keeps it, empty for a feed."""

    url: str
    etag: str = ""
    modified: str = ""
    stamp: str | None = None
    file: str = ""

    @classmethod
    def of(cls, seen: Seen, stamp: str | None = None, file: str = "") -> Known:
        """A state as it is noted."""
        return cls(seen.url, seen.etag, seen.modified, stamp, file)

    @property
    def seen(self) -> Seen:
        """The state by which a site can tell whether anything has changed."""
        return Seen(self.url, self.etag, self.modified)


@dataclass(frozen=True, slots=True)
class Followed:
    """What cannot be had, by its link, and what was found in feeds."""

    failed: tuple[Failure, ...] = ()
    notes: tuple[Warned, ...] = ()


def follow(links: Sequence[str], folder: Path, reader: Worker, progress: Progress | None = None) -> Followed:
    """Keep the articles at some links, or in the feeds at them, in a folder.

    `progress` is called with (done, in all, link) before each. Raises OSError when the folder cannot be written.
    """
    if not links:
        return Followed()
    folder.mkdir(parents=True, exist_ok=True)
    run = _Following(folder, reader, progress or (lambda *_: None))
    try:
        for number, link in enumerate(links):
            run.progress(number, len(links), link)
            run.take(link)
    finally:
        write_whole(folder / NOTES, json.dumps({link: asdict(each) for link, each in run.known.items()}))
    return Followed(tuple(run.failed), tuple(run.notes))


class _Following:
    """One run over some links."""

    def __init__(self, folder: Path, reader: Worker, progress: Progress) -> None:
        self.progress = progress
        self.known = _read(folder / NOTES)
        self.failed: list[Failure] = []
        self.notes: list[Warned] = []
        self._folder, self._reader = folder, reader

    def take(self, link: str) -> None:
        """Keep what is at a link, or what the feed at it leads to."""
        try:
            if (fetched := self._fetched(link)) is None:
                return
            feed = read_feed(fetched.data, fetched.url)
            if feed is None:
                self._keep(link, fetched, None, None)
                return
        except LinkError as error:
            self.failed.append(Failure(link, str(error)))
            return
        if self._take_feed(link, feed):
            self.known[link] = Known.of(fetched.seen)
        else:  # its entries are looked at again, whether it has changed or not
            self.known.pop(link, None)

    def _fetched(self, link: str) -> Fetched | None:
        before = self.known.get(link)
        is_there = before is not None and (not before.file or (self._folder / before.file).exists())
        return fetch_changed(link, before.seen if before and is_there else None)

    def _take_feed(self, link: str, feed: Feed) -> bool:
        """Keep the entries of a feed; False when some of them could not be had."""
        entries, began = feed.entries[:MAX_ENTRIES], time.monotonic()
        due = [e for e in entries if e.link not in self.known or self.known[e.link].stamp != e.stamp]
        failures = len(self.failed)
        for number, entry in enumerate(due):
            if time.monotonic() - began > FEED_SECONDS:
                why = f"{len(due) - number} entries of the feed are left after {FEED_SECONDS:g} s: run it again"
                self.failed.append(Failure(link, why))
                break
            self.progress(number, len(due), entry.link)
            time.sleep(PAUSE if number else 0)
            self._take_entry(entry, feed)
        told = f"a feed of {len(feed.entries):,} entries, {len(due):,} of them new or changed"
        if len(feed.entries) > MAX_ENTRIES:
            told += f"; only the first {MAX_ENTRIES} are looked at"
        self.notes.append(Warned(link, told))
        return len(self.failed) == failures

    def _take_entry(self, entry: Entry, feed: Feed) -> None:
        try:
            fetched = self._fetched(entry.link)
            if fetched is None:
                self.known[entry.link] = replace(self.known[entry.link], stamp=entry.stamp)
            elif read_feed(fetched.data, fetched.url):
                raise LinkError("The entry leads to a feed and to no article: give the link of that feed by itself.")
            else:
                self._keep(entry.link, fetched, entry, feed)
        except LinkError as error:
            self.failed.append(Failure(entry.link, str(error)))

    def _keep(self, link: str, fetched: Fetched, entry: Entry | None, feed: Feed | None) -> None:
        """Keep what is read of what was fetched, with the address at which it was."""
        parts = urlsplit(fetched.url)
        stem = Path(parts.path.rstrip("/")).stem or parts.hostname or "link"
        digest = hashlib.sha256(fetched.url.encode()).hexdigest()[:8]
        with tempfile.TemporaryDirectory() as temporary:
            file = Path(temporary) / safe_name(f"{stem}{fetched.suffix}")
            file.write_bytes(fetched.data)
            loaded = self._reader.load(file)
            if not loaded.articles:
                why = loaded.failures[0].reason if loaded.failures else "there is no article in it"
                raise LinkError(f"{why}: open the link in a browser, and save its text as a file")
            # Where a page was found is certain; what it says of its own address is not.
            kept = [replace(_completed(article, entry, feed), url=fetched.url) for article in loaded.articles]
            lines = [{field: getattr(article, field) for field in FIELDS} for article in kept]
            made = Path(temporary) / f"{file.stem}-{digest}.jsonl"
            made.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            keep(made, self._folder / made.name)
        self.known[link] = Known.of(fetched.seen, entry.stamp if entry else None, made.name)


def _completed(article: Article, entry: Entry | None, feed: Feed | None) -> Article:
    """An article with what its page does not say of it and its feed does: it is the same by whichever link it came."""
    if entry is None or feed is None:
        return article
    return replace(
        article,
        title=article.title or entry.title,
        author=article.author or entry.author,
        published=article.published or entry.published,
        publication=feed.title if _is_host(article) and feed.title else article.publication,
    )


def _is_host(article: Article) -> bool:
    """True where a page names no outlet: the name of its site stands in for one then."""
    host = (urlsplit(article.url or "").hostname or "").removeprefix("www.")
    return not article.publication or article.publication.lower().removeprefix("www.") == host


def _read(file: Path) -> dict[str, Known]:
    """What was noted of links; nothing where it cannot be read, so that all are asked for again."""
    with suppress(OSError, ValueError, TypeError, AttributeError):
        return {link: Known(**kept) for link, kept in json.loads(file.read_text(encoding="utf-8")).items()}
    return {}
