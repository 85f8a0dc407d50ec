"""XML of news agencies: each item an article with its own headline, byline, provider, dates and version."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.loading.common import LoadError
from ingest.loading.formats.wire import read_wire
from ingest.loading.loaders import load
from rag.schema import Article

NAR = 'xmlns="http://iptc.org/std/nar/2006-10-01/"'
XHTML = 'contenttype="application/xhtml+xml"><html xmlns="http://www.w3.org/1999/xhtml"><head/><body>{}</body></html>'
BODY = "<p>HOLM (Kystwire) — The lock keeper spoke.</p><p>“It leaks &amp; it stays,” Ana Torvik said.</p>"
TEXT = "HOLM (Kystwire) — The lock keeper spoke.\n\n“It leaks & it stays,” Ana Torvik said."


def item(
    guid: str = "tag:kystwire.example:1", version: str = "1", status: str = "usable", content: str | None = None
) -> str:
    content = content if content is not None else f"<inlineXML {XHTML.format(BODY)}</inlineXML>"
    return (
        f'<newsItem {NAR} guid="{guid}" version="{version}" xml:lang="en-GB"><itemMeta>'
        '<provider literal="kystwire"><name>Kystwire</name></provider>'
        "<versionCreated>2026-05-04T10:00:00Z</versionCreated><firstCreated>2026-05-03T08:00:00Z</firstCreated>"
        f'<pubStatus qcode="stat:{status}"/><edNote>Check the spelling.</edNote></itemMeta>'
        "<contentMeta><by>Ann Bo</by><headline>Lock leaks</headline></contentMeta>"
        f"<contentSet>{content}</contentSet></newsItem>"
    )


def only(markup: str) -> Article:
    [article] = read_wire(markup.encode()).articles
    return article


def test_an_item_gives_its_text_and_every_field() -> None:
    assert only(item()) == Article(
        id="tag:kystwire.example:1#1",
        text=TEXT,
        title="Lock leaks",
        author="Ann Bo",
        publication="Kystwire",
        published="2026-05-03T08:00:00Z",
        language="en-GB",
        story="tag:kystwire.example:1",
    )


def test_a_message_of_several_items_gives_several_articles(tmp_path: Path) -> None:
    file = tmp_path / "wire.xml"
    items = item() + item(guid="tag:kystwire.example:2")
    file.write_text(f"<newsMessage {NAR}><itemSet>{items}</itemSet></newsMessage>", encoding="utf-8")
    assert [a.id for a in load(file).articles] == ["tag:kystwire.example:1#1", "tag:kystwire.example:2#1"]
    assert {(a.published, a.language, a.publication) for a in load(file).articles} == {("2026-05-03", "en", "Kystwire")}


def test_a_later_version_says_when_it_was_made_and_a_cancelled_one_that_it_is_taken_back() -> None:
    assert only(item(version="2")).updated == "2026-05-04T10:00:00Z"
    assert only(item(status="canceled")).notice == "retracted Check the spelling."


@pytest.mark.parametrize(
    ("old", "new", "notice"),
    [
        ("Check the spelling.", "Correction: It is Torvik.", "Correction: It is Torvik."),
        ("<edNote>", '<signal qcode="sig:correction"/><edNote>', "Check the spelling."),
        ("Check the spelling.", "More follows.", None),
    ],
)
def test_a_note_that_corrects_is_a_notice_and_others_are_for_editors(old: str, new: str, notice: str | None) -> None:
    assert only(item().replace(old, new)).notice == notice


def test_text_that_is_not_marked_up_is_read_as_it_stands() -> None:
    plain = '<inlineData contenttype="text/plain">One line.\n\nAnother &lt;b&gt;.</inlineData>'
    assert only(item(content=plain)).text == "One line.\n\nAnother <b>."


NITF = (
    "<nitf><head><title>Slug</title></head><body><body.head><hedline><hl1>Lock leaks</hl1></hedline><byline>By "
    "<person>Ann Bo</person></byline><distributor>Kystwire</distributor></body.head><body.content>"
    f"{BODY}<block><p>Last.</p></block></body.content></body></nitf>"
)


def test_nitf_is_read_within_an_item_and_by_itself() -> None:
    inside = only(item(content=f'<inlineXML contenttype="application/nitf+xml">{NITF}</inlineXML>'))
    alone = only(NITF)
    assert inside.text == alone.text == f"{TEXT}\n\nLast."
    assert (alone.title, alone.author, alone.publication) == ("Lock leaks", "Ann Bo", "Kystwire")


def test_an_item_without_text_is_passed_over() -> None:
    picture = '<remoteContent href="a.jpg" contenttype="image/jpeg"/>'
    assert [a.id for a in read_wire(f"<x>{item()}{item('p', content=picture)}</x>".encode()).articles] == [
        "tag:kystwire.example:1#1"
    ]


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("<urlset><url/></urlset>", "no news item with text was found under <urlset>; read are NewsML-G2, NITF"),
        ("<rss><item/></rss>", "the feed has no text of its articles, only links"),
        ("<newsItem", "not valid XML"),
    ],
)
def test_other_xml_is_refused_with_its_name(markup: str, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        read_wire(markup.encode())


def test_what_a_document_type_declares_is_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden", encoding="utf-8")
    declared = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    markup = declared + item(content='<inlineData contenttype="text/plain">One. &e;</inlineData>')
    assert "hidden" not in only(markup).text
