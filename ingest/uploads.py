"""Articles added through the page: kept in a folder beside the index under safe names, and indexed from there.

Files and folders of files come as copies; a link is fetched, and kept as what was read of it.
"""

from __future__ import annotations

import filecmp
import glob
import hashlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from ingest.links import LinkError, fetch
from ingest.loaders import SUFFIXES, Failure
from ingest.pipeline import Progress, Report, ingest
from ingest.worker import Worker, worker
from rag.errors import ConfigError
from rag.lasting import put_in_place
from rag.schema import Article

MAX_STEM = 100  # characters; file systems allow 255 bytes, and a character can take four
KEPT = (
    "text",
    "title",
    "author",
    "publication",
    "published",
    "url",
    "updated",
    "language",
    "story",
    "notice",
)  # by a link


def add_uploads(
    files: Sequence[str | Path], index: Path, *, links: Sequence[str] = (), progress: Progress | None = None
) -> Report:
    """Copy files into the index's folder of uploads and index it.

    A file sent again replaces the one of its name that has no other articles, by their titles or first lines; of two
    files of one name with different articles, or in one go, both are kept. What nothing can be read of is named in the
    report and not kept.
    Raises what `ingest` raises, and OSError when a file cannot be copied.
    """
    folder = uploads_folder(index)
    folder.mkdir(parents=True, exist_ok=True)
    failed: list[Failure] = []
    sent: set[Path] = set()
    with worker() as reader:
        for file in map(Path, files):
            name = safe_name(file.name)
            loaded = reader.load(file)
            if not loaded.articles:
                failed.extend(replace(failure, path=name) for failure in loaded.failures)
                continue
            place = _place(file, loaded.articles, folder / name, reader, sent)
            sent.add(place)
            _keep(file, place)
        for link in links:
            try:
                _add_link(link, folder, reader)
            except LinkError as error:
                failed.append(Failure(link, str(error)))
    report = ingest([folder], index=index, progress=progress)
    return replace(report, failed=(*failed, *report.failed))


def can_be_read(name: str) -> bool:
    """True for the name of a file of a format that is read; of a folder, the others are passed over."""
    return Path(name).suffix.lower() in SUFFIXES and not Path(name).name.startswith(".")


def added_with(article: Article, index: Path) -> Path:
    """The file that an article was added on the page with; ConfigError for one that came in another way."""
    file = Path(article.path).resolve()
    if not file.is_relative_to(uploads_folder(index).resolve()) or not file.is_file():
        raise ConfigError(
            f"{Path(article.path).name} was not added on the page: take the file out of its folder, then bring the "
            "index up to date."
        )
    return file


def remove_upload(article: Article, index: Path, *, progress: Progress | None = None) -> Report:
    """Delete the file that an article was added with, and take what was in it out of the index.

    Raises what `ingest` raises; the file is where it was then.
    """
    file = added_with(article, index)
    aside = file.with_name(f".{file.name}.removed")
    os.replace(file, aside)
    try:
        report = ingest([uploads_folder(index)], index=index, progress=progress)
    except BaseException:
        os.replace(aside, file)
        raise
    aside.unlink()
    return report


def uploads_folder(index: Path) -> Path:
    """Where uploads to an index are kept: beside it, so that an index can be deleted and made anew from them."""
    return index.parent / f"{index.name}-uploads"


def safe_name(name: str) -> str:
    """A file name without folders, leading dots or odd characters, its suffix kept: `../a b?.txt` -> `a b_.txt`."""
    path = Path(name.replace("\\", "/").rsplit("/", 1)[-1])
    stem = re.sub(r"[^\w.,() -]", "_", path.stem).strip(" .")[:MAX_STEM] or "article"
    if stem.lower().startswith("readme"):  # passed over in a folder, but this one was chosen
        stem = f"article-{stem}"
    return stem + re.sub(r"[^\w.]", "_", path.suffix.lower())


def _place(file: Path, articles: Sequence[Article], usual: Path, reader: Worker, sent: set[Path]) -> Path:
    """Where a file is kept: where it is already, in place of an older one, or where nothing is; `sent` is new itself.

    Which folder a file was in is not known here, so its name alone does not tell it from another one.
    """
    named = f"{glob.escape(usual.stem)}-{'[0-9a-f]' * 8}{glob.escape(usual.suffix)}"
    there = [usual, *sorted(usual.parent.glob(named))] if usual.exists() else []
    for place in there:
        if filecmp.cmp(file, place, shallow=False):
            return place
    known = _known_by(articles)
    for place in there:
        if place not in sent and _known_by(reader.load(place).articles) <= known:
            return place
    digest = hashlib.sha256(file.read_bytes()).hexdigest()[:8]
    return usual.with_stem(f"{usual.stem}-{digest}") if there else usual


def _known_by(articles: Sequence[Article]) -> set[str]:
    """The articles by title, or by the first line where there is none."""
    return {article.title or article.text.strip().partition("\n")[0] for article in articles}


def _keep(file: Path, place: Path) -> None:
    """Copied beside and renamed, so that an indexing run that reads the folder never sees half a file."""
    part = place.with_name(f".{place.name}.part")
    shutil.copyfile(file, part)
    put_in_place(part, place)


def _add_link(link: str, folder: Path, reader: Worker) -> None:
    """Keep what is read at a link, with the address at which it was."""
    fetched = fetch(link)
    parts = urlsplit(fetched.url)
    stem = Path(parts.path.rstrip("/")).stem or parts.hostname or "link"
    digest = hashlib.sha256(fetched.url.encode()).hexdigest()[:8]
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / safe_name(f"{stem}{fetched.suffix}")
        file.write_bytes(fetched.data)
        loaded = reader.load(file)
        if not loaded.articles:
            why = loaded.failures[0].reason if loaded.failures else "there is no article in it"
            raise LinkError(f"{why}: open the link in a browser, and save its text as a file")
        # Where a page was found is certain; what it says of its own address is not.
        kept = [replace(article, url=fetched.url) for article in loaded.articles]
        lines = [{field: getattr(article, field) for field in KEPT} for article in kept]
        made = Path(temporary) / f"{file.stem}-{digest}.jsonl"
        made.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        _keep(made, folder / made.name)
