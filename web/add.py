"""The collection changed through the page: files and links go in, HTML that says what happened comes out."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from ingest import Report, ingest
from ingest.loading.loaders import SUFFIXES
from ingest.uploads import add_uploads, remove_upload
from rag import lookup
from rag.errors import ConfigError, OnTheRecordError
from rag.pipeline import read_article
from rag.terminal import printable
from web.conversation import TROUBLE
from web.render import notice_html, report_html

VARIABLE = "OTR_LINKS"
NO_LINKS = "Links are not followed here: save the page as a file, or start the program with OTR_LINKS=yes."
log = logging.getLogger(__name__)

Progress = Callable[[int, int, str], None]
MAX_LINKS = 20  # at a time


def follows_links() -> bool:
    """True when OTR_LINKS says yes: sites are asked for articles then. ConfigError when it says neither yes nor no."""
    given = os.environ.get(VARIABLE, "").strip().lower()
    if given not in ("", "no", "yes"):
        raise ConfigError(f"{VARIABLE} is {given!r}: expected yes, to let the page fetch articles by links, or no.")
    return given == "yes"


def adding_problem(files: Sequence[str], links: str, folder: Sequence[str] = ()) -> str | None:
    """A sentence saying why these cannot be added, or None; `folder` is what was chosen as one, read or not."""
    named, formats = links.split(), ", ".join(sorted(SUFFIXES))
    if not files and not named:
        nothing = "The folder has no file that can be read. These are" if folder else "Choose one or more files first"
        return f"{nothing}: {formats}."
    if named and not follows_links():
        return NO_LINKS
    if len(named) > MAX_LINKS:
        return f"These are {len(named)} links; give at most {MAX_LINKS} at a time."
    return None


def add_articles(files: Sequence[str], index: Path, progress: Progress, links: str = "") -> str:
    """Add files, and what is at links, one a line, to the index; HTML that says what happened. Never raises."""
    if problem := adding_problem(files, links):
        return notice_html([problem], bad=True)
    return _told(lambda: add_uploads(files, index, links=links.split(), progress=progress), index)


def bring_up_to_date(index: Path, progress: Progress) -> str:
    """Index anew what has changed in the files and folders that the index was made from. Never raises."""
    return _told(lambda: ingest((), index=index, progress=progress), index)


def remove(article_id: str, index: Path, progress: Progress) -> str:
    """Take an article that was added on the page out, with the file that it came with. Never raises."""
    return _told(lambda: remove_upload(read_article(article_id, index=index), index, progress=progress), index)


def _told(work: Callable[[], Report], index: Path) -> str:
    try:
        report = work()
        return report_html(_counted(report), _failures(report), _by_name(_notes(report), index))
    except (OnTheRecordError, OSError) as error:
        return notice_html([str(error)], bad=True)
    except Exception:  # the border to the page: whatever it is, the person who added the files is told
        log.exception("indexing failed")
        return notice_html([TROUBLE], bad=True)


def report_lines(report: Report) -> list[str]:
    """What an indexing run did, as plain sentences: the counts, what could not be read, and what is worth knowing."""
    return [_counted(report), *_failures(report), *_notes(report)]


def _counted(report: Report) -> str:
    counts = {name: len(getattr(report, name)) for name in ("added", "updated", "unchanged", "removed")}
    done = ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing to index"
    return f"Articles: {done}."


def _failures(report: Report) -> list[str]:
    return [printable(f"{_named(failure.path)} could not be read: {failure.reason}") for failure in report.failed]


def _notes(report: Report) -> list[str]:
    return [printable(f"{Path(warning.path).name}: {warning.text}") for warning in report.warnings]


def _by_name(lines: list[str], index: Path) -> list[str]:
    """The lines with each file by its name: where it lies on the machine of the program helps nobody on the page."""
    if any(os.sep in line for line in lines):
        paths = {printable(article.path) for article, _ in lookup.articles(index=index).values()}
        for path in sorted(filter(None, paths), key=len, reverse=True):
            lines = [line.replace(path, Path(path).name) for line in lines]
    return lines


def _named(path: str) -> str:
    return path if "://" in path else Path(path).name
