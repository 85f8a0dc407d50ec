"""Many people who ask on the page at once: errors, silences, memory, and how long answers take beside one person's.

Each asks a question as the page does, reads the stream until the answer is whole, and asks the next one, with the
conversation so far. The questions are drawn from the index: what somebody who is quoted said about their own words.
"""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median
from typing import Any

from common import ROOT, SEEDS, Row, index_of, parser_of, report
from gradio_client.utils import apply_diff  # type: ignore[import-untyped]

USERS, SECONDS, ALONE_SECONDS = 50, 120, 30
QUIET = 2.0  # Seconds without a sign of life that are too long.
FLAT = 0.05  # By this share memory may differ between the second quarter of the time and the last.
LOOKED = 2.0  # Seconds between two looks at the memory.
START_SECONDS = 300
QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was asked: when the whole answer was there, the longest silence before, what went wrong."""

    seconds: float
    silence: float
    error: str


class Person:
    """Somebody with the page open."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self.session = f"{name}-{time.monotonic_ns()}"  # A browser's page has one as long as it is open.
        self.memory: Any = None  # What the browser keeps.
        self._submit, self._model = 0, ""
        self._buttons: dict[str, int] = {}

    async def open(self) -> None:
        """Open the page, and read how it asks."""
        config = (await self._client.get("/config")).json()
        named = {each["props"].get("elem_id"): each for each in config["components"]}
        asks = [[named["otr-question"]["id"], "submit"]]
        self._submit = next(each["id"] for each in config["dependencies"] if each["targets"] == asks)
        self._model = named["otr-model"]["props"]["value"]
        ids = {part["id"]: name for name, part in named.items()}
        clicks = ((each["id"], each["targets"][0][0]) for each in config["dependencies"] if each["targets"])
        self._buttons = {ids[part]: event for event, part in clicks if ids.get(part)}

    def saw(self) -> None:
        """Something new is to be seen."""

    async def press(self, button: str, data: list[Any]) -> str:
        """Press a button; all that comes back until it is done."""
        await self.open()
        async with aclosing(self._heard(self._buttons[button], data)) as heard:
            async for event in heard:
                if event["msg"] == "process_completed":
                    return str(event["output"]["data"][-1])
        raise SystemExit(f"{button} came to no end")

    async def _heard(self, event: int, data: list[Any]) -> AsyncGenerator[dict[str, Any]]:
        """What the page is told after one of its events, message by message."""
        body = {"data": data, "fn_index": event, "session_hash": self.session}
        (await self._client.post("/gradio_api/queue/join", json=body)).raise_for_status()
        told = self._client.stream("GET", "/gradio_api/queue/data", params={"session_hash": self.session})
        async with told as reply:
            async for line in reply.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    async def ask(self, question: str) -> Asked:
        """Ask and read the answer."""
        began = last = time.monotonic()
        silence, error = 0.0, "the stream ended"
        shown: list[Any] = []
        try:
            async with aclosing(self._heard(self._submit, [question, self.memory, self._model])) as heard:
                async for event in heard:
                    if event["msg"] not in ("process_generating", "process_completed"):
                        continue
                    silence, last = max(silence, time.monotonic() - last), time.monotonic()
                    self.saw()
                    if event["msg"] == "process_completed":
                        error = "" if event.get("success") else str(event.get("output"))
                        break
                    data = event["output"]["data"]
                    shown = [apply_diff(*pair) for pair in zip(shown, data, strict=True)] if shown else data
        except Exception as failure:  # noqa: BLE001  # whatever it is, it is what somebody would have met
            error = f"{type(failure).__name__}: {failure}"
        if not error:
            self.memory = shown[-1]
            turn = self.memory["turns"][-1]
            error = "" if turn["answer"] else str(turn["status"])
        return Asked(time.monotonic() - began, max(silence, time.monotonic() - last), error)


async def crowd(url: str, users: int, seconds: float, questions: Sequence[str]) -> list[Asked]:
    """Let so many people ask for so long; what each question met."""
    import httpx

    # No connection is used twice: one that the server closes just then is opened again by a browser, but not by httpx.
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=url, timeout=300, trust_env=False, limits=limits) as client:
        people = [Person(client, f"person-{number}") for number in range(users)]
        await asyncio.gather(*(person.open() for person in people))
        end = time.monotonic() + seconds

        async def ask_on(number: int, person: Person) -> list[Asked]:
            asked: list[Asked] = []
            while not asked or time.monotonic() < end:
                asked.append(await person.ask(questions[(number + 7 * len(asked)) % len(questions)]))
            return asked

        return [each for of_one in await asyncio.gather(*map(ask_on, range(users), people)) for each in of_one]


def questions_of(url: str) -> list[str]:
    """Questions that an index can answer, in a fixed order."""
    import httpx

    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        people = client.get("/api/people", params={"limit": 50}).json()
        asked = []
        for person in people:
            found = client.get("/api/quotes", params={"speaker": person["name"], "limit": 4}).json()
            words = (" ".join(citation["quote"].strip("“”\"'").split()[:6]) for citation in found)
            asked += [f"What did {person['name']} say about {few}?" for few in words]
            if len(asked) >= QUESTIONS:
                break
    return asked


@contextmanager
def page_of(index: Path, *, python: str = sys.executable, root: Path = ROOT) -> Iterator[tuple[str, int]]:
    """The address and the process of a page over an index; it makes one of the sample articles where there is none."""
    from urllib.error import URLError
    from urllib.request import urlopen

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [python, str(root / "app.py"), "--index", str(index), "--port", str(port)]
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
                break
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        else:
            raise RuntimeError(f"the page did not start: see what `{' '.join(command)}` says")
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait(30)


def memory(pid: int) -> float:
    """What a process holds, in MB."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024


async def watched(pid: int, work: Any) -> tuple[list[Asked], list[float]]:
    """What the crowd met, and the memory of the program meanwhile."""
    held: list[float] = []

    async def look() -> None:
        while True:
            held.append(memory(pid))
            await asyncio.sleep(LOOKED)

    looking = asyncio.create_task(look())
    try:
        return await work, held
    finally:
        looking.cancel()


def figures_of(asked: Sequence[Asked]) -> Row:
    """How many questions there were, and how long they took."""
    times = sorted(each.seconds for each in asked)
    return {
        "questions": len(asked),
        "errors": len([each for each in asked if each.error]),
        "seconds_median": median(times),
        "seconds_p95": times[int(0.95 * (len(times) - 1))],
        "longest_silence": max(each.silence for each in asked),
        f"silences_over_{QUIET:g}_s": len([each for each in asked if each.silence > QUIET]),
    }


def measure(url: str, pid: int, users: int, seconds: float, alone: float) -> Row:
    """One person for a while, then all of them."""
    questions = questions_of(url)
    asyncio.run(crowd(url, 1, 0.1, questions))  # The first answer loads the models.
    one = figures_of(asyncio.run(crowd(url, 1, alone, questions)))
    asked, held = asyncio.run(watched(pid, crowd(url, users, seconds, questions)))
    many = figures_of(asked)
    quarter = max(1, len(held) // 4)
    early, late = mean(held[quarter : 2 * quarter] or held), mean(held[-quarter:])
    wrong = sorted({each.error for each in asked if each.error})[:5]
    return {
        "one person": one,
        f"{users} people": many,
        "p95_beside_one": many["seconds_p95"] / one["seconds_p95"],
        "memory_mb_second_quarter": early,
        "memory_mb_last_quarter": late,
        "memory_mb_most": max(held),
        "is_flat": late <= early * (1 + FLAT),
        "wrong": wrong,
    }


def main(argv: list[str] | None = None) -> int:
    """Run the command line; 1 where somebody met an error or a silence, or memory grew."""
    parser = parser_of(__doc__)
    parser.add_argument("articles", nargs="?", default=str(SEEDS), help="articles to ask about (default: seeds/)")
    parser.add_argument("--users", type=int, default=USERS)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long they ask")
    parser.add_argument("--alone", type=float, default=ALONE_SECONDS, help="how long one asks alone before")
    args = parser.parse_args(argv)
    with index_of(args.articles, args.index) as index, page_of(index) as (url, pid):
        figures = measure(url, pid, args.users, args.seconds, args.alone)
    report(figures, as_json=args.json)
    many = figures[f"{args.users} people"]
    return int(bool(many["errors"]) or many["longest_silence"] > QUIET or not figures["is_flat"])


if __name__ == "__main__":
    raise SystemExit(main())
