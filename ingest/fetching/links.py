"""An article by its link: fetched over http or https from public addresses alone, within limits of time and size.

    link -> the bytes, the suffix of what they are, the address at which they were in the end
    link, how it was when last seen -> the same, or None where the site says that nothing has changed

The name in a link is looked up once, and the address that was checked is the one that is asked: whoever names a private
address, or has a name lead to one, now or at a redirect, is refused. No proxy, cookie or login is used.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from rag.errors import OnTheRecordError

SECONDS = 20.0  # for all of it
CONNECT_SECONDS = 5.0
MAX_BYTES = 10_000_000
MAX_REDIRECTS = 3
MAX_LINK = 2000  # characters
PORTS = {"http": 80, "https": 443}
# What a reader can be had for, by what the server says that it is.
KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/json": ".json",
    "application/xml": ".xml",
    "text/xml": ".xml",
    "application/rss+xml": ".xml",
    "application/atom+xml": ".xml",
    "application/rdf+xml": ".xml",
}
MAX_MARK = 500  # characters of what a site calls a state of a page by
PIECE = 1 << 16
# IPv4 addresses within IPv6 ones, by ways that lead to no public site: the old form, and a network's own translation.
INNER = (ipaddress.ip_network("::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class LinkError(OnTheRecordError):
    """A link that cannot be followed; the message says why."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A state of what is at an address: the site's own mark for it, and when the site says that it was changed."""

    url: str
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What was at a link. `seen` is that state of it, to be given to `fetch_changed`."""

    data: bytes
    suffix: str
    url: str
    seen: Seen


def is_link(given: str) -> bool:
    """True for what is an address and no path of a file, whether or not it can be followed."""
    return "://" in given


def fetch(link: str) -> Fetched:
    """Fetch what is at a link. Raises LinkError, with the reason."""
    found = fetch_changed(link, None)
    assert found is not None  # without a state to compare, nothing is unchanged
    return found


def fetch_changed(link: str, seen: Seen | None) -> Fetched | None:
    """Fetch what is at a link; None where the site says that it is as it was seen. Raises LinkError."""
    deadline = time.monotonic() + SECONDS
    url = _quoted(link.strip())
    for _ in range(MAX_REDIRECTS + 1):
        parts = _checked(url)
        try:
            with _connected(parts, deadline) as connection:
                before = seen if seen and seen.url == url else None
                reply = _asked(connection, parts, before)
                if before and reply.status == 304:
                    return None
                onward = reply.getheader("Location") if 300 <= reply.status < 400 else None
                if not onward:
                    suffix = _suffix(reply)  # first: what is no article is not loaded
                    return Fetched(_body(reply, deadline), suffix, url, _seen(reply, url))
        except (OSError, HTTPException) as error:
            raise LinkError(
                f"{parts.hostname} could not be read ({_why(error)}): try again, or save it as a file."
            ) from error
        url = urljoin(url, onward)
    raise LinkError(f"The link leads on more than {MAX_REDIRECTS} times: give the address where the article is.")


def _quoted(link: str) -> str:
    """A link with its path as it is sent: an address bar shows an umlaut as such."""
    if link.count("/") < 3:
        return link
    *site, path = link.split("/", 3)
    return "/".join((*site, "".join(each if each.isascii() else quote(each, errors="replace") for each in path)))


def _checked(url: str) -> SplitResult:
    """The parts of a link that may be followed."""
    try:
        parts = urlsplit(url)
        is_fit = parts.scheme in PORTS and bool(parts.hostname) and parts.port in (None, *PORTS.values())
    except ValueError:
        is_fit = False
    is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MAX_LINK
    if not is_fit or not is_plain or parts.username is not None or parts.password is not None:
        raise LinkError(
            "That is no link that can be followed: expected http:// or https://, the name of a site, and no other port."
        )
    return parts


class _connected:
    """A connection to the one address of a site that was checked, closed at the end of the `with`."""

    def __init__(self, parts: SplitResult, deadline: float) -> None:
        host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
        family, address = _public(host, port)
        left = min(CONNECT_SECONDS, deadline - time.monotonic())
        self._connection = HTTPConnection(host, port)
        # A timeout is one for each read: a site that drips out its headers would never meet it.
        self._clock = threading.Timer(max(deadline - time.monotonic(), 0.1), self._cut)
        self._clock.daemon = True
        # http.client would look the name up again, and get another answer.
        plain = socket.socket(family, socket.SOCK_STREAM)
        try:
            plain.settimeout(max(left, 0.1))
            plain.connect((address, port))
            is_secret = parts.scheme == "https"
            secret = ssl.create_default_context()
            self._socket = secret.wrap_socket(plain, server_hostname=host) if is_secret else plain
            self._connection.sock = self._socket
        except BaseException:
            plain.close()
            raise
        self._clock.start()

    def _cut(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> HTTPConnection:
        return self._connection

    def __exit__(self, *_: object) -> None:
        self._clock.cancel()
        self._connection.close()


def _public(host: str, port: int) -> tuple[socket.AddressFamily, str]:
    """An address of a site; LinkError when any of its addresses is none of the public network's."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise LinkError(f"There is no site called {host!r}: see whether the link is right.") from error
    for _, _, _, _, (address, *_rest) in found:
        if not is_public(str(address)):
            raise LinkError(f"{host} is an address within a private network or of this machine: save it as a file.")
    family, _, _, _, (address, *_rest) = found[0]
    return family, str(address)


def is_public(address: str) -> bool:
    """True for an address of the public network, be it written as an IPv4 or within an IPv6 one."""
    known = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(known, ipaddress.IPv6Address):
        inner = known.ipv4_mapped or known.sixtofour or (known.teredo[1] if known.teredo else None)
        if inner is not None:
            return inner.is_global and not inner.is_multicast
        if known in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(known) & 0xFFFFFFFF)))
        if known.is_site_local or any(known in network for network in INNER):
            return False
    return known.is_global and not known.is_multicast


def _asked(connection: HTTPConnection, parts: SplitResult, before: Seen | None) -> HTTPResponse:
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    headers = {"User-Agent": "OnTheRecord", "Accept": ", ".join(KINDS), "Accept-Encoding": "identity"}
    if before and before.etag:
        headers["If-None-Match"] = before.etag
    if before and before.modified:
        headers["If-Modified-Since"] = before.modified
    connection.request("GET", path, headers={**headers, "Connection": "close"})
    return connection.getresponse()


def _seen(reply: HTTPResponse, url: str) -> Seen:
    """The state that a site says it has sent; what no header could be sent back with is left out."""
    marks = [reply.getheader(name) or "" for name in ("ETag", "Last-Modified")]
    return Seen(url, *(mark if mark.isprintable() and len(mark) <= MAX_MARK else "" for mark in marks))


def _body(reply: HTTPResponse, deadline: float) -> bytes:
    """All that is sent, as long as there is not too much of it and it does not take too long."""
    if (reply.getheader("Content-Encoding") or "identity").lower() != "identity":
        raise LinkError("The site sends it packed, though it was asked not to: save it as a file.")
    data = bytearray()
    while piece := reply.read1(PIECE):
        data += piece
        if len(data) > MAX_BYTES:
            raise LinkError(f"What is there is longer than {MAX_BYTES:,} bytes: save it as a file.")
    # What was cut off at the end of the time looks whole.
    if time.monotonic() >= deadline:
        raise LinkError(f"The site takes longer than {SECONDS:g} s: try again, or save it as a file.")
    if reply.length:
        raise LinkError("The site broke off before the end: try again, or save it as a file.")
    return bytes(data)


def _suffix(reply: HTTPResponse) -> str:
    if reply.status != 200:
        raise LinkError(f"The site answers {reply.status}: open the link in a browser, and save it as a file.")
    kind = (reply.getheader("Content-Type") or "").partition(";")[0].strip().lower()
    if kind not in KINDS:
        raise LinkError(
            f"What is there is {kind[:60] or 'of an unknown kind'!r}, which is no article: save it as a file."
        )
    return KINDS[kind]


def _why(error: Exception) -> str:
    return "it takes too long" if isinstance(error, TimeoutError) else type(error).__name__
