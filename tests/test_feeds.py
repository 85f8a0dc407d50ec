"""A feed brings the articles that it links to, each once; what cannot be had is named, and the others go on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

import ingest.__main__ as cli
from ingest.fetching import following, links
from ingest.fetching.following import Followed, follow
from ingest.fetching.keeping import uploads_folder
from ingest.loading.feeds import Entry, read_feed
from ingest.loading.worker import worker
from tests.fakes import FakeEmbeddings
from tests.site import PAGE, Does, moved, says

HOST = "http://lock.example"
FEED = f"{HOST}/feed"
KIND = "application/rss+xml; charset=utf-8"


def rss(*items: str) -> str:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>The Holm Echo</title>{"".join(items)}</channel></rss>'
    )


def item(link: str, title: str = "Lock leaks", date: str = "Mon, 02 Mar 2026 10:00:00 GMT") -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate></item>"


def told(title: str) -> str:
    """A page that says nothing of itself but its headline."""
    return PAGE.replace("Lock leaks", title)


@pytest.fixture
def asked(site: dict[str, Does], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The links that are asked for, in order; nobody waits between two of them."""
    found: list[str] = []
    fetch = links.fetch_changed

    def noting(link: str, seen: links.Seen | None) -> links.Fetched | None:
        found.append(link)
        return fetch(link, seen)

    monkeypatch.setattr(following, "fetch_changed", noting)
    monkeypatch.setattr(following, "PAUSE", 0)
    return found


def followed(folder: Path, *links: str) -> Followed:
    with worker() as reader:
        return follow(links, folder, reader)


def kept(folder: Path) -> list[dict[str, str]]:
    return [json.loads(file.read_text()) for file in sorted(folder.glob("*.jsonl"))]


ATOM = f"""<?xml version="1.0" encoding="utf-8"?>
<!-- made by hand -->
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:base="{HOST}/news/">
  <title type="text">The Holm Echo</title>
  <link rel="self" href="/feed"/>
  <entry><media:title>A picture</media:title><title type="html">Lock leaks</title>
    <link rel="enclosure" href="sound.mp3"/><link href="lock"/><author><name>Per Lund</name></author>
    <published>2026-03-02T10:00:00Z</published><updated>2026-03-03T10:00:00+01:00</updated></entry>
  <entry><title>No link</title></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>The Holm Echo</title></channel>
  <item><title>Lock leaks</title><link>http://lock.example/news/lock</link><dc:creator>Per Lund</dc:creator>
  <dc:date>2026-03-02T10:00:00Z</dc:date></item></rdf:RDF>"""
LINK, PUBLISHED = f"{HOST}/news/lock", "2026-03-02T10:00:00+00:00"


@pytest.mark.parametrize(
    ("data", "entry"),
    [
        (ATOM, Entry(LINK, "Lock leaks", "Per Lund", PUBLISHED, "2026-03-03T10:00:00+01:00")),
        (RDF, Entry(LINK, "Lock leaks", "Per Lund", PUBLISHED)),
        (rss(item("/news/lock")), Entry(LINK, "Lock leaks", None, PUBLISHED)),
        (rss(f"<item><guid>{LINK}</guid></item>"), Entry(LINK)),
        (rss(f"<item><title>Salt & lock</title><link>{LINK}</link></item>"), Entry(LINK, "Salt lock")),
        (rss(item(LINK, date="some day")), Entry(LINK, "Lock leaks")),
        (rss(item(LINK), item(LINK, title="The same")), Entry(LINK, "Lock leaks", None, PUBLISHED)),
    ],
    ids=["atom", "rdf", "relative", "guid", "stray mark", "no date", "twice"],
)
def test_each_kind_of_feed_tells_outlet_link_title_author_and_dates(data: str, entry: Entry) -> None:
    feed = read_feed(data.encode(), FEED)
    assert feed
    assert feed.title == "The Holm Echo"
    assert feed.entries == (entry,)


@pytest.mark.parametrize(
    "data", [PAGE, "", "<rss", "{}", '<?xml version="1.0"?><newsItem/>', "<p>About <rss> feeds</p>"]
)
def test_what_is_no_feed_is_none(data: str) -> None:
    feed = read_feed(data.encode(), FEED)
    assert feed is None or not feed.entries


def test_a_feed_does_not_read_files_or_grow_by_its_entities(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("hidden words")
    entities = f'<!ENTITY x SYSTEM "{secret.as_uri()}"><!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
    feed = read_feed(f"<!DOCTYPE rss [{entities}]>{rss(item(LINK, title='&x;&b;'))[21:]}".encode(), FEED)
    assert feed
    assert feed.entries[0].title == "&x;&b;"


def test_each_entry_becomes_an_article_with_outlet_title_date_and_link(
    site: dict[str, Does], asked: list[str], tmp_path: Path
) -> None:
    site |= {"/feed": says(rss(item(LINK), item("/dam", "Dam holds")), KIND)}
    site |= {"/news/lock": says(), "/dam": moved("/new/dam"), "/new/dam": says(told("Dam holds at last"))}
    assert followed(tmp_path, FEED).failed == ()
    assert [[each[name] for name in ("title", "publication", "published", "url")] for each in kept(tmp_path)] == [
        ["Dam holds at last", "The Holm Echo", PUBLISHED, f"{HOST}/new/dam"],
        ["Lock leaks", "The Holm Echo", PUBLISHED, LINK],
    ]


def test_what_a_page_says_of_itself_comes_before_what_its_feed_says(
    site: dict[str, Does], asked: list[str], tmp_path: Path
) -> None:
    own = '<meta property="og:site_name" content="The Orley Post"><meta name="date" content="2026-02-27"></head>'
    site |= {"/feed": says(rss(item(LINK)), KIND), "/news/lock": says(PAGE.replace("</head>", own))}
    followed(tmp_path, FEED)
    [article] = kept(tmp_path)
    assert (article["publication"], article["published"]) == ("The Orley Post", "2026-02-27")


def test_an_entry_of_which_the_feed_says_nothing_new_is_not_asked_for_again(
    site: dict[str, Does], asked: list[str], tmp_path: Path
) -> None:
    site |= {
        "/feed": says(rss(item(f"{HOST}/a"), item(f"{HOST}/b")), KIND),
        "/a": says(told("A")),
        "/b": says(told("B")),
    }
    followed(tmp_path, FEED)
    assert asked == [FEED, f"{HOST}/a", f"{HOST}/b"]
    later = item(f"{HOST}/b", date="Tue, 03 Mar 2026 10:00:00 GMT")
    site |= {"/feed": says(rss(item(f"{HOST}/a"), later), KIND), "/b": says(told("B, corrected"))}
    asked.clear()
    assert followed(tmp_path, FEED).notes[0].text == "a feed of 2 entries, 1 of them new or changed"
    assert asked == [FEED, f"{HOST}/b"]
    assert [each["title"] for each in kept(tmp_path)] == ["A", "B, corrected"]


def test_a_site_that_can_tell_is_asked_whether_anything_has_changed(
    site: dict[str, Does], asked: list[str], tmp_path: Path
) -> None:
    answers: list[int] = []

    def does(request: BaseHTTPRequestHandler) -> None:
        is_same = request.headers["If-None-Match"] == '"1"' and request.headers["If-Modified-Since"] == "then"
        answers.append(304 if is_same else 200)
        says("" if is_same else PAGE, status=answers[-1], ETag='"1"', Last_Modified="then")(request)

    site["/news/lock"] = does
    for _ in range(2):
        assert followed(tmp_path, LINK) == Followed()
    assert answers == [200, 304]
    next(tmp_path.glob("*.jsonl")).unlink()  # what is gone is fetched as if it had never been
    followed(tmp_path, LINK)
    assert answers == [200, 304, 200]
    assert len(kept(tmp_path)) == 1


def test_an_entry_that_cannot_be_had_is_named_tried_again_and_costs_no_other(
    site: dict[str, Does], asked: list[str], tmp_path: Path
) -> None:
    wanted = ["http://10.0.0.1/", "file:///etc/passwd", f"{HOST}/gone", f"{HOST}/empty", FEED, LINK]
    site |= {"/feed": says(rss(*map(item, wanted)), KIND, ETag='"1"'), "/gone": says(status=404), "/empty": says("")}
    site["/news/lock"] = says()
    failed = followed(tmp_path, FEED).failed
    assert [failure.path for failure in failed] == wanted[:-1]
    reasons = ["private network", "no link that can be followed", "answers 404", "the file is empty", "leads to a feed"]
    assert all(reason in failure.reason for failure, reason in zip(failed, reasons, strict=True))
    assert [each["url"] for each in kept(tmp_path)] == [LINK]
    site["/gone"] = says(told("Found again"))
    assert [failure.path for failure in followed(tmp_path, FEED).failed] == [*wanted[:2], *wanted[3:-1]]
    assert len(kept(tmp_path)) == 2


def test_a_feed_is_followed_so_far_and_so_long_and_says_so(
    site: dict[str, Does], asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site["/feed"] = says(rss(*(item(f"{HOST}/{number}") for number in range(5))), KIND)
    site |= {f"/{number}": says(told(f"Part {number}")) for number in range(5)}
    monkeypatch.setattr(following, "MAX_ENTRIES", 2)
    assert "only the first 2 are looked at" in followed(tmp_path, FEED).notes[0].text
    assert len(kept(tmp_path)) == 2
    monkeypatch.setattr(following, "MAX_ENTRIES", 5)
    monkeypatch.setattr(following, "FEED_SECONDS", -1.0)
    [failure] = followed(tmp_path, FEED).failed
    assert failure.reason == "3 entries of the feed are left after -1 s: run it again"
    monkeypatch.setattr(following, "FEED_SECONDS", 600.0)
    assert followed(tmp_path, FEED).failed == ()
    assert len(kept(tmp_path)) == 5


def test_notes_that_cannot_be_read_cost_no_more_than_asking_again(
    site: dict[str, Does], asked: list[str], tmp_path: Path
) -> None:
    site |= {"/feed": says(rss(item(LINK)), KIND), "/news/lock": says()}
    for broken in ("no JSON", "[]", '{"a": 1}', '{"a": {"b": 1}}'):
        (tmp_path / following.NOTES).write_text(broken)
        asked.clear()
        assert followed(tmp_path, FEED).failed == ()
        assert asked == [FEED, LINK]


@pytest.fixture
def run(site: dict[str, Does], asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sequence[str]:
    """The end of a command line that indexes with a stand-in for the model."""
    monkeypatch.setattr("ingest.pipeline.load_embeddings", FakeEmbeddings)
    return ["--index", str(tmp_path / "index")]


def test_a_link_on_the_command_line_is_indexed_beside_files_and_never_asked_for_unnamed(
    run: Sequence[str], site: dict[str, Does], asked: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site |= {"/feed": says(rss(item(LINK), item("/gone")), KIND), "/news/lock": says(), "/gone": says(status=404)}
    file = tmp_path / "dam.txt"
    file.write_text("“It holds,” said Per Lund, the engineer.")
    assert cli.main([str(file), FEED, *run]) == 1
    out, err = capsys.readouterr()
    assert "2 added, 0 updated, 0 unchanged, 0 removed, 1 failed" in out
    assert err.splitlines()[0].startswith(f"skipped {HOST}/gone: The site answers 404")
    assert f"note {FEED}: a feed of 2 entries, 2 of them new or changed" in err
    asked.clear()
    assert cli.main([*run]) == 0
    assert "0 added, 0 updated, 2 unchanged" in capsys.readouterr().out
    assert asked == []


def test_a_run_that_gets_nothing_makes_no_index(
    run: Sequence[str], site: dict[str, Does], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["http://10.0.0.1/feed", *run]) == 1
    assert "skipped http://10.0.0.1/feed: 10.0.0.1 is an address within a private network" in capsys.readouterr().err
    assert not (tmp_path / "index").exists()


def test_a_dry_run_asks_no_site(run: Sequence[str], asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([LINK, "--dry-run", *run]) == 2
    assert "leave out the links" in capsys.readouterr().err
    assert asked == []


def test_a_folder_that_cannot_be_written_is_one_sentence(
    run: Sequence[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    uploads_folder(tmp_path / "index").write_text("in the way")
    assert cli.main([LINK, *run]) == 2
    assert "cannot be kept in" in capsys.readouterr().err
