"""Bring what is derived of an index up to date with Chroma where no run has done so, and tell whether it is.

That is after a run that was killed, after an update of the program, or where the files are gone or torn.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from rag.errors import StoreError
from rag.index import columns, words
from rag.index.chroma import Chroma
from rag.index.derive import FILES, Deriver, Errors, changed, discard, token_of, wrong_with
from rag.index.locks import RUN_LOCK, alone
from rag.index.rows import Entry
from rag.index.trouble import damage_of, full_disk, is_full, torn, torn_vectors, unreadable
from rag.index.vectors import KIND, named
from rag.index.words import check_files

BATCH = 100  # Articles read at a time.


def is_current(index: Path) -> bool:
    """True when what is derived stands for the records as Chroma has them, and its files are whole."""
    folder = index / columns.FOLDER
    if not (folder / columns.FILE).is_file():
        return False
    try:
        with closing(columns.connect(folder / columns.FILE)) as database:
            meta = columns.read_meta(database)
        if (meta.get("version"), meta.get("token"), meta.get("opstamp")) != (
            *(str(columns.VERSION), token_of(index)),
            str(words.state_of(index / words.FOLDER)),
        ):
            return False
        check_files(index / words.FOLDER)
        return all(
            (folder / named(name, int(meta.get("generation", "0")))).stat().st_size
            >= int(meta.get(key, "0")) * int(meta["dimension"]) * KIND.itemsize
            for name, key in FILES.items()
        )
    except (*Errors, OSError, LookupError, ValueError):
        return False


def being_made(index: Path) -> str:
    """Of how many articles the tables are so far, while others make them anew; empty when they are whole or gone."""
    try:
        columns.Columns(index / columns.FOLDER).close()
    except columns.BeingMadeError as error:
        return str(error)
    except columns.ColumnsError:
        pass
    return ""


def renew(index: Path, *, model: str, dimension: int, anew: bool = False) -> bool:
    """Bring what is derived up to date, or make all of it `anew`; False when a run has begun, which does so itself.

    Raises StoreError when Chroma's rows are not what was written, or there is no space left.
    """
    from filelock import FileLock, Timeout

    try:
        with FileLock(index / RUN_LOCK).acquire(timeout=0):
            with alone(index):
                if anew:
                    discard(index)
                if is_current(index):
                    return True
                # With some of them Chroma would not come back.
                if broken := torn(index):
                    raise StoreError(torn_vectors(index, broken))
                chroma = Chroma(index, model=model, dimension=dimension)
            with closing(chroma):
                _renew(index, chroma, dimension)
            return True
    except Timeout:
        return False
    except (*Errors, OSError) as error:
        raise told(index, error) from error


def _renew(index: Path, chroma: Chroma, dimension: int) -> None:
    with alone(index):
        deriver = Deriver(index, dimension)
    with closing(deriver):
        chroma.load()
        wrong = catch_up(chroma, deriver, chroma.records())
        with alone(index):
            # What is whole need not be derived again, whatever is wrong.
            deriver.commit(columns.MAKING if wrong else token_of(index))
    if wrong:
        raise StoreError(damage_of(index, next(iter(wrong.values()))))


def catch_up(chroma: Chroma, deriver: Deriver, records: Iterable[Entry]) -> dict[str, str]:
    """Derive what Chroma has otherwise than what is derived; what is wrong with articles that are not whole, by id.

    Chroma is loaded already. Each batch is kept at once, so that a kill costs one, and in between others can open the
    index. What was begun from nothing is not seen before `Deriver.commit` is given a state that it stands for.
    """
    deriver.make_words()
    anew, gone = changed(deriver.entries(), records)
    for id in gone:
        deriver.remove(id)
    wrong = {}
    for begin in range(0, len(anew), BATCH):
        if begin:
            with alone(chroma.path):
                deriver.commit(deriver.token)
        for made in chroma.made(anew[begin : begin + BATCH]):
            trouble = wrong_with(made)
            if trouble:
                wrong[made.id] = trouble
                deriver.remove(made.id)
            else:
                deriver.put(made)
    return wrong


def told(index: Path, error: Exception) -> StoreError:
    """What went wrong with what is derived, as one sentence."""
    if is_full(index) or "is full" in str(error) or "No space left" in str(error):
        return StoreError(full_disk(index))
    return StoreError(unreadable(index, error) if isinstance(error, OSError) else damage_of(index, str(error)))
