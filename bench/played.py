"""An OpenAI-compatible server behind which a reader plays the model, or which gives replies that were saved.

    python bench/played.py [FOLDER] [--replies FILE.jsonl] [--port N]

Each prompt becomes a file FOLDER/0001.txt; its reply is whatever somebody then writes into FOLDER/0001.reply. With
--replies, a prompt that was answered before (by the SHA-256 of its messages) gets the same reply at once, and a new
reply is added to the file; without FOLDER, a prompt that has no saved reply is an error (HTTP 404). Name it by its
address, such as OTR_LLM=http://127.0.0.1:8808/v1, and give the reader time: OTR_LLM_TIMEOUT=3600.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

NAME = "played"
PORT = 8808
POLL_SECONDS = 0.3


class Player:
    """Prompts in, replies out: saved ones at once, others when somebody has written them."""

    def __init__(self, folder: Path | None, replies: Path | None, *, poll: float = POLL_SECONDS) -> None:
        """Read the saved replies; `folder` takes new prompts, and there are none without it."""
        self._folder, self._file, self._poll = folder, replies, poll
        self._lock = threading.Lock()
        self._numbers: dict[str, int] = {}
        self._replies: dict[str, str] = {}
        if replies and replies.exists():
            rows = (json.loads(line) for line in replies.read_text(encoding="utf-8").splitlines() if line.strip())
            self._replies = {row["prompt"]: row["reply"] for row in rows}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            self._last = max((int(file.stem) for file in folder.glob("[0-9]*.txt")), default=0)

    def reply(self, request: Mapping[str, Any]) -> str | None:
        """The reply to a chat completion's request; None when none is saved and nobody plays."""
        key = key_of(request["messages"])
        with self._lock:
            if key in self._replies:
                return self._replies[key]
            if self._folder is None:
                return None
            known = key in self._numbers
            if not known:
                self._last += 1
                self._numbers[key] = self._last
            stem = self._folder / f"{self._numbers[key]:04d}"
        if not known:
            stem.with_suffix(".txt").write_text(prompt_text(request), encoding="utf-8")
        reply = self._wait(stem.with_suffix(".reply"))
        self._save(key, reply)
        return reply

    def _wait(self, file: Path) -> str:
        """What a file holds once it is there and no longer grows."""
        before = ""
        while True:
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            if text.strip() and text == before:
                return text.strip()
            before = text
            time.sleep(self._poll)

    def _save(self, key: str, reply: str) -> None:
        with self._lock:
            if key in self._replies:
                return
            self._replies[key] = reply
            if self._file:
                with self._file.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"prompt": key, "reply": reply}, ensure_ascii=False) + "\n")


def key_of(messages: Sequence[Mapping[str, Any]]) -> str:
    """What a prompt is known by: the SHA-256 of its roles and words."""
    said = [[message["role"], _words(message["content"])] for message in messages]
    return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def prompt_text(request: Mapping[str, Any]) -> str:
    """A request as its reader sees it: the messages, then the form of the reply, if one is asked for."""
    parts = [f"## {message['role']}\n{_words(message['content'])}" for message in request["messages"]]
    form = (request.get("response_format") or {}).get("json_schema")
    if form:
        parts.append("## form of the reply (JSON)\n" + json.dumps(form.get("schema"), ensure_ascii=False))
    return "\n\n".join(parts) + "\n"


def _words(content: object) -> str:
    """A message's words: a string, or the text blocks of a list."""
    if isinstance(content, list):
        return "".join(str(block.get("text", "")) for block in content)
    return str(content)


def server_of(player: Player, port: int = 0) -> ThreadingHTTPServer:
    """A server on 127.0.0.1, not yet running; port 0 takes a free one."""
    return ThreadingHTTPServer(("127.0.0.1", port), type("Played", (_Handler,), {"player": player}))


class _Handler(BaseHTTPRequestHandler):
    player: Player

    def do_GET(self) -> None:
        """List the one model."""
        listed = {"object": "list", "data": [{"id": NAME, "object": "model", "created": 0, "owned_by": NAME}]}
        self._send(200 if self.path == "/v1/models" else 404, listed)

    def do_POST(self) -> None:
        """Reply to a chat completion, whole or as a stream."""
        if self.path != "/v1/chat/completions":
            return self._send(404, _error(f"there is no {self.path} here"))
        try:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = self.player.reply(request)
        except (ValueError, LookupError, TypeError, AttributeError):
            return self._send(400, _error("expected the JSON of a chat completion with messages"))
        if reply is None:
            return self._send(404, _error("no reply is saved for this prompt, and nobody plays"))
        if request.get("stream"):
            return self._stream(reply)
        message = {"role": "assistant", "content": reply}
        self._send(200, _completion("chat.completion", {"message": message, "finish_reason": "stop"}))

    def _stream(self, reply: str) -> None:
        deltas: list[tuple[dict[str, str], str | None]] = [
            ({"role": "assistant", "content": reply}, None),
            ({}, "stop"),
        ]
        chunks = [_completion("chat.completion.chunk", {"delta": d, "finish_reason": why}) for d, why in deltas]
        events = [*map(json.dumps, chunks), "[DONE]"]
        self._write(200, "text/event-stream", "".join(f"data: {event}\n\n" for event in events))

    def _send(self, status: int, body: Mapping[str, Any]) -> None:
        self._write(status, "application/json", json.dumps(body))

    def _write(self, status: int, kind: str, text: str) -> None:
        data = text.encode()
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:
            pass  # The client has stopped waiting; the reply is saved for when it asks again.

    def log_message(self, *_: object) -> None:
        """Say nothing of each request."""


def _completion(kind: str, choice: Mapping[str, Any]) -> dict[str, Any]:
    head = {"id": NAME, "object": kind, "created": 0, "model": NAME}
    return {**head, "choices": [{"index": 0, "logprobs": None, **choice}]}


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}


def main(argv: list[str] | None = None) -> int:
    """Run the command line until it is interrupted; returns the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, help="where prompts and replies are put")
    parser.add_argument("--replies", type=Path, help="JSON lines of saved replies; new ones are added")
    parser.add_argument("--port", type=int, default=PORT, help=f"port on 127.0.0.1 (default {PORT})")
    args = parser.parse_args(argv)
    if args.folder is None and args.replies is None:
        parser.error("give a folder for prompts, a file of saved replies, or both")
    with server_of(Player(args.folder, args.replies), args.port) as server:
        print(f"OTR_LLM=http://127.0.0.1:{server.server_port}/v1", file=sys.stderr)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
