"""REST without a server: what programs may send, what they get, and what they are told when it cannot be used."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient

from rag.errors import OnTheRecordError
from rag.schema import Article
from rag.verification.verify import verify
from rag.writing.exports import parse_answers
from tests.fakes import quote, record, reported, write_index
from web.conversation import NO_QUESTION
from web.line import Line
from web.programs import MAX_HISTORY, MAX_MESSAGE_CHARS, Programs
from web.rest import refused, routes, told

DAM = Article(
    "dam/1",
    "“The dam will hold,” mayor Ida Hale said. Ida Hale has denied that the gate leaks.\n\n"
    "“It rains on the dam,” Karl Poole said. “It rains,” he said.",
    title="<b>Dam</b>",
    publication="The Post",
    published="2026-03-05",
)
SAID = DAM.text.index("said")
LATER = Article("later", "“The dam is old,” Ida Hale said.", publication="The Mail", published="2026-04-05")


@pytest.fixture
def index(tmp_path: Path, fake_models: None) -> Path:
    write_index(
        tmp_path,
        record(
            DAM,
            quote(DAM, "“The dam will hold,”", by="Ida Hale", role="mayor"),
            reported(DAM, "Ida Hale | has denied | that the gate leaks", by="Ida Hale", role="mayor"),
            quote(DAM, "“It rains on the dam,”", by="Karl Poole"),
        ),
        record(LATER, quote(LATER, "“The dam is old,”", by="Ida Hale")),
    )
    return tmp_path


@pytest.fixture
def client(index: Path) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(routes(index, Programs(index, Line(2))))
    app.add_exception_handler(OnTheRecordError, told)
    app.add_exception_handler(RequestValidationError, refused)
    with TestClient(app, raise_server_exceptions=False) as made:
        yield made


def ask(client: TestClient, question: str = "What did Ida Hale say about the dam?", **more: Any) -> dict[str, Any]:
    reply = client.post("/api/ask", json={"question": question, **more})
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def test_a_question_gets_the_answer_that_the_library_gives(client: TestClient, index: Path) -> None:
    import rag

    answer = ask(client)
    assert answer == json.loads(json.dumps(rag.ask("What did Ida Hale say about the dam?", index=index).to_dict()))
    assert answer["citations"]
    assert verify(answer, index=index).verified


def test_the_sentences_are_data_that_make_up_the_text(client: TestClient) -> None:
    answer = ask(client)
    lines = [line for line in answer["sentences"] if line["kind"] == "statement"]
    assert [line["citation"] for line in lines] == [citation["number"] for citation in answer["citations"]]
    assert all(f"{line['text']} [{line['citation']}]" in answer["text"] for line in lines)


@pytest.mark.parametrize(
    ("body", "told_so"),
    [
        ({"question": " "}, NO_QUESTION),
        ({"question": "x" * 1001}, "please shorten it"),
        ({"question": "?", "history": [{"role": "system", "content": "x"}]}, "Each message of the history is"),
        ({"question": "?", "history": [{"role": "user", "content": "x"}] * (MAX_HISTORY + 1)}, "at most 40 messages"),
    ],
)
def test_what_cannot_be_asked_is_told_in_one_sentence(client: TestClient, body: dict[str, Any], told_so: str) -> None:
    reply = client.post("/api/ask", json=body)
    assert reply.status_code == 400
    assert told_so in reply.json()["detail"]


LONG = "x" * (MAX_MESSAGE_CHARS + 1)
SEE = ": /api/openapi.json says what is taken."


@pytest.mark.parametrize(
    ("body", "told_so"),
    [
        ({}, "The request has no “question” in its body; expected one"),
        ([], "The request has [] for its body; expected a JSON object, sent as application/json"),
        ({"question": 3}, "The request has 3 for “question” in its body; expected a valid string"),
        ({"question": "?", "other": 1}, "The request has “other” in its body; expected no such field"),
        ({"question": "?", "history": "x"}, "The request has “x” for “history” in its body; expected a valid list"),
        (
            {"question": "?", "history": [{"role": "user", "content": LONG}]},
            f"The request has “{'x' * 60} … {'x' * 60}” for “history.0.content” in its body; "
            f"expected at most {MAX_MESSAGE_CHARS} characters",
        ),
    ],
)
def test_another_form_is_refused_in_one_sentence(client: TestClient, body: Any, told_so: str) -> None:
    reply = client.post("/api/ask", json=body)
    assert (reply.status_code, reply.json()) == (422, {"detail": told_so + SEE})


def test_what_is_no_json_or_no_number_is_refused_in_one_sentence(client: TestClient) -> None:
    reply = client.post("/api/verify", content=b"{", headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.json()["detail"].startswith("The request has its body that cannot be read (")
    assert client.post("/api/verify").json() == {"detail": f"The request has no body; expected one{SEE}"}
    assert client.get("/api/people", params={"limit": "all"}).json()["detail"] == (
        "The request has “all” for “limit” in its query; "
        f"expected a valid integer, unable to parse string as an integer{SEE}"
    )


def test_the_description_has_a_refusal_as_it_is_sent(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert "HTTPValidationError" not in described["components"]["schemas"]
    for path in ("/api/ask", "/api/quotes", "/api/verify", "/api/export/{form}"):
        (method,) = described["paths"][path].values()
        reply = method["responses"]["422"]["content"]["application/json"]["schema"]
        assert reply == {"$ref": "#/components/schemas/Refusal"}
    assert described["components"]["schemas"]["Refusal"]["properties"]["detail"]["type"] == "string"


@pytest.mark.parametrize("body", [{}, {"text": "Ida Hale has resigned."}, {"citations": "none"}])
def test_what_is_no_answer_is_no_verified_one(client: TestClient, body: dict[str, Any]) -> None:
    reply = client.post("/api/verify", json=body)
    assert reply.status_code == 400
    assert reply.json()["detail"].startswith("There is no answer with a list of citations in the request: ")


@pytest.mark.parametrize("form", ["markdown", "html", "json", "csv"])
def test_an_answer_without_its_question_has_no_empty_heading(client: TestClient, index: Path, form: str) -> None:
    answer = ask(client)
    file = client.post(f"/api/export/{form}", json=answer)
    assert file.status_code == 200
    (export,) = parse_answers(file.content, "file")
    assert "question" not in export
    assert verify(export, index=index).verified
    assert not re.search(r"^# *$|<h1[^>]*></h1>|\"question\": *\"\"", file.text, re.MULTILINE)


def test_a_question_that_is_no_string_is_refused(client: TestClient) -> None:
    reply = client.post("/api/export/html", json={"question": ["?"], **ask(client)})
    assert (reply.status_code, reply.json()["detail"]) == (400, "The question is ['?']; expected a string, or none.")


def test_statements_are_found_by_words_speaker_or_both(client: TestClient) -> None:
    def found(**query: str | int) -> list[str]:
        return [each["quote"] for each in client.get("/api/quotes", params=query).json()]

    assert found(speaker="Hale") == ["“The dam will hold,”", "that the gate leaks", "“The dam is old,”"]
    assert found(words="rains", limit=1) == ["“It rains on the dam,”"]
    assert set(found(words="dam", speaker="Ida Hale")) == {"“The dam will hold,”", "“The dam is old,”"} | {
        "that the gate leaks"
    }
    assert found(speaker="nobody of that name") == []
    assert client.get("/api/quotes").status_code == 400


@pytest.mark.parametrize(
    ("quotation", "speaker", "outcome"),
    [
        ("The dam will hold", "Hale", (True, True, ["Ida Hale"])),
        ("The dam will hold", "Karl Poole", (True, False, ["Ida Hale"])),
        ("the gate leaks", "", (True, True, ["Ida Hale"])),
        ("mayor Ida Hale said", "", (True, False, [])),
        ("The dam will not hold", "", (False, False, [])),
        ("he dam will hol", "", (False, False, [])),
    ],
)
def test_a_quotation_is_checked_letter_for_letter(
    client: TestClient, quotation: str, speaker: str, outcome: tuple[bool, bool, list[str]]
) -> None:
    checked = client.post("/api/verify-quote", json={"quote": f"“{quotation}”", "speaker": speaker}).json()
    assert (checked["is_found"], checked["is_said"], checked["speakers"]) == outcome
    for place in checked["places"]:
        assert DAM.text[place["start"] : place["end"]] == place["words"] == quotation


def test_every_place_of_a_quotation_is_given(client: TestClient) -> None:
    checked = client.post("/api/verify-quote", json={"quote": "It rains"}).json()
    assert [(place["start"], bool(place["statement"])) for place in checked["places"]] == [
        (DAM.text.index("It rains on"), True),
        (DAM.text.index("It rains,”"), False),
    ]
    assert client.post("/api/verify-quote", json={"quote": "“ ”"}).status_code == 400


def test_people_are_listed_with_outlets_and_dates(client: TestClient) -> None:
    people = client.get("/api/people").json()
    assert [(each["name"], each["statements"]) for each in people] == [("Ida Hale", 3), ("Karl Poole", 1)]
    assert people[0]["outlets"] == ["The Mail", "The Post"]
    assert (people[0]["first"], people[0]["last"], people[0]["roles"]) == ("2026-03-05", "2026-04-05", ["mayor"])
    assert [each["name"] for each in client.get("/api/people", params={"name": "poole"}).json()] == ["Karl Poole"]
    assert client.get("/api/people", params={"name": "Xanthe"}).json() == []


def test_articles_are_listed_without_their_text(client: TestClient) -> None:
    listed = client.get("/api/articles").json()
    assert {(each["id"], each["statements"]) for each in listed} == {("dam/1", 3), ("later", 1)}
    assert all("text" not in each for each in listed)


@pytest.mark.parametrize("form", ["markdown", "html", "json", "csv"])
def test_an_exported_answer_passes_verification(client: TestClient, index: Path, form: str) -> None:
    answer = {"question": "What did Ida Hale say?", **ask(client)}
    reply = client.post(f"/api/export/{form}", json=answer)
    assert reply.headers["content-disposition"].startswith("attachment")
    (export,) = parse_answers(reply.content, "file")
    report = verify(export, index=index)
    assert (report.verified, report.citations) == (True, len(answer["citations"]))


def test_an_answer_that_was_altered_is_not_exported(client: TestClient) -> None:
    answer = ask(client)
    answer["text"] = answer["text"].replace("dam", "pier")
    assert client.post("/api/export/html", json=answer).status_code == 400
    assert client.post("/api/export/html", json={"text": 1}).status_code == 400
    assert client.post("/api/export/exe", json=ask(client)).json()["detail"].startswith("There is no form 'exe'")


def test_an_article_is_read_with_its_statement_marked(client: TestClient) -> None:
    page = client.get("/reading/dam%2F1", params={"spans": "0-20", "cues": f"{SAID}-{SAID + 4}"})
    assert page.status_code == 200
    assert '<mark id="readingq" class="otr-mark">“The dam will hold,”</mark>' in page.text
    assert '<mark class="otr-verb">said</mark>' in page.text
    assert "&lt;b&gt;Dam&lt;/b&gt;" in page.text


@pytest.mark.parametrize(
    ("article", "spans"),
    [("dam%2F1", "0-9999"), ("dam%2F1", "x"), ("dam%2F1", ""), ("dam%2F1", "9-3"), ("none", "0-3")]
    + [(path, "0-3") for path in ("..%2F..%2Fetc%2Fpasswd", "%2Fetc%2Fpasswd", "chroma.sqlite3", "%00")],
)
def test_nothing_but_an_indexed_article_can_be_read(client: TestClient, article: str, spans: str) -> None:
    assert client.get(f"/reading/{article}", params={"spans": spans}).status_code in (400, 404)


def test_the_interface_is_described(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert {"/api/ask", "/api/quotes", "/api/verify-quote", "/api/people", "/api/articles", "/api/verify"} <= set(
        described["paths"]
    )
    fields = described["components"]["schemas"]["Answer"]["properties"]
    assert {"text", "answered", "verdict", "citations", "sentences", "judge"} <= set(fields)
