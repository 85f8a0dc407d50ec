"""Articles added through the page: kept in a folder beside the index under safe names, and indexed from there.

Files and folders of files come as copies; a link or a feed is followed (`ingest.fetching.following`).
"""

from __future__ import annotations

import filecmp
import glob
import hashlib
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ingest.fetching.following import follow
from ingest.fetching.keeping import keep
from ingest.fetching.keeping import safe_name as safe_name
from ingest.fetching.keeping import uploads_folder as uploads_folder
from ingest.loading.finding import can_be_read as can_be_read
from ingest.loading.loaders import Failure
from ingest.loading.worker import Worker, worker
from ingest.pipeline import Progress, Report, ingest
from rag.errors import ConfigError
from rag.schema import Article


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
            keep(file, place)
        followed = follow(links, folder, reader, progress)
    report = ingest([folder], index=index, progress=progress)
    return replace(
        report,
        failed=(*failed, *followed.failed, *report.failed),
        warnings=(*followed.notes, *report.warnings),
    )


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
