"""A small reverse proxy on 127.0.0.1 that serves one program below a path, and threads for servers and clients."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

# Of one connection: each side makes its own.
HOP = {"connection", "content-length", "transfer-encoding", "keep-alive"}
T = TypeVar("T")
METHODS = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS"]


def proxy(target: str, root: str, *, strips: bool) -> Starlette:
    """Forwards what is below `root` to `target`, without the root when it `strips`; anything else is 404."""
    client = httpx.AsyncClient(base_url=target, timeout=60, trust_env=False)

    async def forward(request: Request) -> Response:
        path = request.scope["raw_path"].decode()
        url = httpx.URL(path[len(root) :] if strips else path, query=request.scope["query_string"])
        headers = [(name, value) for name, value in request.headers.items() if name not in HOP]
        sent = client.build_request(request.method, url, headers=headers, content=await request.body())
        reply = await client.send(sent, stream=True)

        async def body() -> AsyncIterator[bytes]:
            try:
                async for part in reply.aiter_raw():
                    yield part
            finally:
                await reply.aclose()

        answer = StreamingResponse(body(), reply.status_code)
        answer.raw_headers = [
            (name.lower(), value) for name, value in reply.headers.raw if name.lower().decode() not in HOP
        ]
        return answer

    return Starlette(routes=[Route(f"{root}/{{path:path}}", forward, methods=METHODS)])


def run_apart(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What a coroutine gives, run in a thread of its own: where a browser is open, its loop has the main one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(work())).result()


@contextmanager
def serving(app: Any, port: int) -> Iterator[str]:
    """The address of an application that is served in a thread."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)
