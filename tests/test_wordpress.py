"""An export of WordPress: what its readers see, under the names of its writers."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ingest.loading.formats.wordpress import as_shown, without_notice
from ingest.loading.loaders import load

SAID = "“I have asked for these gates for nine years,” said Tobias Renn."


def item(content: str, status: str = "publish", kind: str = "post", modified: str = "2026-03-03 08:00:00") -> str:
    return (
        f"<item><title>Gates</title><link>https://brack.example/{kind}</link>"
        "<pubDate>Tue, 03 Mar 2026 08:00:00 +0000</pubDate><dc:creator>odile</dc:creator>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded><wp:post_date>2026-03-03 08:00:00</wp:post_date>"
        f"<wp:post_modified>{modified}</wp:post_modified><wp:status>{status}</wp:status>"
        f"<wp:post_type>{kind}</wp:post_type><wp:comment><wp:comment_content>Rubbish.</wp:comment_content></wp:comment>"
        "</item>"
    )


def export(folder: Path, *items: str) -> Path:
    file = folder / "site.xml"
    file.write_text(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
        "<title>The Brack Post</title><wp:author><wp:author_login>odile</wp:author_login>"
        f"<wp:author_display_name>Odile Farr</wp:author_display_name></wp:author>{''.join(items)}</channel></rss>"
    )
    return file


def test_an_article_has_its_writers_name_and_no_comments(tmp_path: Path) -> None:
    blocks = f"<!-- wp:paragraph --><p>The gates go.</p><!-- /wp:paragraph -->\n<p>{SAID}</p>"
    [found] = load(export(tmp_path, item(blocks, modified="2026-03-04 09:00:00"))).articles
    assert (found.text, found.author, found.publication) == (
        f"The gates go.\n\n{SAID}",
        "Odile Farr",
        "The Brack Post",
    )
    assert (found.published, found.updated) == ("2026-03-03", "2026-03-04T09:00:00")


def test_an_empty_line_parts_paragraphs_and_codes_are_no_text(tmp_path: Path) -> None:
    picture = '[caption id="9" width="300"]<img src="x.jpg"/> The old weir[/caption]'
    [found] = load(export(tmp_path, item(f'The gates go.\n\n{picture}\n\n{SAID}\n\n[gallery ids="1,2"]'))).articles
    assert found.text == f"The gates go.\n\n{SAID}"
    assert found.updated is None


def test_what_no_reader_sees_is_left_out_and_counted(tmp_path: Path) -> None:
    hidden = [item("Not checked.", status="draft"), item("The weir in spring.", status="inherit", kind="attachment")]
    loaded = load(export(tmp_path, item(f"<p>{SAID}</p>"), *hidden))
    assert [article.text for article in loaded.articles] == [SAID]
    assert [w.text for w in loaded.warnings] == [
        "entries of the feed with no readers (drafts, pictures), and are left out: 2"
    ]


@pytest.mark.parametrize("broken", ["[caption", "[caption id=1]", "\n \n", "["])
def test_codes_that_never_end_cost_little(broken: str) -> None:
    begun = time.perf_counter()
    as_shown(broken * 60_000)
    assert time.perf_counter() - begun < 2


def test_the_notice_that_a_feed_has_below_an_entry_is_no_text() -> None:
    page, home = "https://brack.example/gates/", "https://brack.example"
    links = f'<a href="{page}">Gates</a>', f'<a href="{home}">The Brack</a>'
    notice = f"<p>{links[0]} was first on {links[1]}.</p>"
    assert without_notice(f"<p>{SAID}</p>\n{notice}\n", page, home) == f"<p>{SAID}</p>\n"
    for other in (f"<p>{links[0]} again.</p>", "<p>It rained.</p>", f"<p>{links[1]} and {links[0]}</p>"):
        assert without_notice(f"<p>{SAID}</p>{other}", page, home) == f"<p>{SAID}</p>{other}"
    assert without_notice(SAID, page, home) == SAID
