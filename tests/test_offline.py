"""Nothing leaves the machine: indexing, asking and the page work without a network, and none of them tries to use one.

Every Python process under test writes the connections and look-ups that it tries into a file, by an audit hook. Where
it is permitted they run in a network namespace of their own that has a loopback and nothing else, so that a library
below Python cannot get out either; elsewhere the hook itself refuses what is not local. Where strace is installed, the
system calls of all processes are watched as well: the sockets of a library below Python pass no audit hook.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from rag.environment import SETTINGS
from tests.conftest import ROOT, SEEDS

pytestmark = [pytest.mark.slow, pytest.mark.model]

HOOK = """
import os, sys
LOCAL = ("127.", "::1", "localhost", "0.0.0.0")
def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        host = arguments[0]
        host = host.decode() if isinstance(host, bytes) else host
    else:
        return
    if not host or str(host).startswith(LOCAL):
        return
    with open(os.environ["OTR_TEST_TRIED"], "a") as file:
        file.write(f"{event} {host} {sys.argv}\\n")
    raise OSError(101, "the test allows no network")
sys.addaudithook(watch)
"""
# Runs within the namespace: loopback up, then each step in a process of its own; prints one JSON object.
STEPS = """
import fcntl, json, socket, struct, subprocess, sys, time, urllib.request
index, seeds, question, own_network = sys.argv[1:]
if own_network == "yes":
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        # SIOCGIFFLAGS, SIOCSIFFLAGS and IFF_UP of Linux.
        flags, = struct.unpack_from("h", fcntl.ioctl(control, 0x8913, struct.pack("16s24x", b"lo")), 16)
        fcntl.ioctl(control, 0x8914, struct.pack("16sh22x", b"lo", flags | 1))
def run(*arguments):
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True)
    return {"status": done.returncode, "out": done.stdout, "err": done.stderr}
def post(url, data):
    request = urllib.request.Request(url, json.dumps(data).encode(), {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=60))
def page():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    app = subprocess.Popen([sys.executable, "app.py", "--index", index, "--port", str(port)], stderr=subprocess.STDOUT,
                           stdout=open(index + ".log", "w"))
    try:
        for _ in range(600):
            try:
                html = urllib.request.urlopen(address, timeout=10).read().decode()
                break
            except OSError:
                if app.poll() is not None:
                    return {"page": open(index + ".log").read(), "answer": ""}
                time.sleep(0.2)
        event = post(address + "/gradio_api/call/ask", {"data": [question, []]})["event_id"]
        answer = urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}", timeout=120).read().decode()
        return {"page": html, "answer": answer}
    finally:
        app.terminate()
        app.wait(30)
print(json.dumps({"ingest": run("-m", "ingest", seeds, "--index", index),
                  "ask": run("-m", "rag", question, "--index", index, "--json"), **page()}))
"""
QUESTION = "What did Peskov say about the new administration?"
QUOTE = (
    "The new administration is rapidly changing all foreign policy configurations. This largely aligns with our vision."
)


def can_unshare() -> bool:
    unshare = shutil.which("unshare")
    return (
        bool(unshare) and subprocess.run([str(unshare), "-n", "true"], capture_output=True, check=False).returncode == 0
    )


CALLS = "connect,sendto,sendmsg,sendmmsg"
LOCAL_ADDRESS = re.compile(r'inet_addr\("127\.|AF_INET6.*"::1"')


def can_trace() -> bool:
    return bool(shutil.which("strace")) and not subprocess.run(traced(["true"], os.devnull), check=False).returncode


def traced(command: Sequence[str], calls: str | Path) -> list[str]:
    """The command under strace, which writes what it and its children send to other addresses into a file."""
    return ["strace", "-f", "-qq", "--seccomp-bpf", "-e", f"trace={CALLS}", "-o", str(calls), *command]


def sent_out(calls: Path) -> list[str]:
    """The system calls that are for another machine."""
    lines = calls.read_text(errors="replace").splitlines() if calls.exists() else []
    return [line for line in lines if "AF_INET" in line and not LOCAL_ADDRESS.search(line)]


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What each step gave without a network; `tried` lists what it tried to reach."""
    folder = tmp_path_factory.mktemp("offline")
    (folder / "sitecustomize.py").write_text(HOOK)
    tried = folder / "tried"
    tried.touch()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OTR_") and not k.lower().endswith("_proxy")}
    environment = {name: value for name, value in environment.items() if name not in SETTINGS}
    environment |= {"PYTHONPATH": str(folder), "OTR_TEST_TRIED": str(tried), "HOME": str(folder / "home")}
    own_network = can_unshare()
    command = [*(["unshare", "-n"] if own_network else []), sys.executable, "-c", STEPS]
    command += [str(folder / "index"), str(SEEDS), QUESTION, "yes" if own_network else "no"]
    calls = folder / "calls"
    if can_trace():
        command = traced(command, calls)
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr
    written = [str(path.relative_to(folder)) for path in (folder / "home").rglob("*")]
    watched = {"tried": tried.read_text().splitlines(), "sent": sent_out(calls), "written": written}
    return {**json.loads(done.stdout), **watched, "environment": environment}


def test_the_watch_sees_a_look_up_and_a_connection(offline: dict[str, Any], tmp_path: Path) -> None:
    """Without this, an empty list of attempts would prove nothing."""
    script = (
        "import socket\n"
        "for attempt in (lambda: socket.getaddrinfo('articles.example', 80),\n"
        "                lambda: socket.create_connection(('192.0.2.1', 80), timeout=1)):\n"
        "    try: attempt()\n"
        "    except OSError as error: print(error.errno)\n"
    )
    tried = tmp_path / "tried"
    environment = offline["environment"] | {"OTR_TEST_TRIED": str(tried)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout == "101\n101\n"
    assert [line.split()[:2] for line in tried.read_text().splitlines()] == [
        ["socket.getaddrinfo", "articles.example"],
        ["socket.getaddrinfo", "192.0.2.1"],
    ]


@pytest.mark.skipif(not (can_unshare() and can_trace()), reason="needs unshare -n and strace")
def test_the_watch_sees_what_no_python_code_does(tmp_path: Path) -> None:
    code = (
        "import ctypes; ctypes.CDLL(None).getaddrinfo(b'articles.example', None, None, ctypes.byref(ctypes.c_void_p()))"
    )
    calls = tmp_path / "calls"
    subprocess.run(traced(["unshare", "-n", sys.executable, "-c", code], calls), check=True)
    assert sent_out(calls)


def test_indexing_works(offline: dict[str, Any]) -> None:
    assert offline["ingest"]["status"] == 0, offline["ingest"]["err"]
    assert ", 0 failed (" in offline["ingest"]["out"]


def test_asking_the_embedded_model_works(offline: dict[str, Any]) -> None:
    assert offline["ask"]["status"] == 0, offline["ask"]["err"]
    answer = json.loads(offline["ask"]["out"])
    assert answer["answered"] is True
    assert (answer["citations"][0]["speaker"], answer["citations"][0]["quote"].strip("“”")) == ("Dmitry Peskov", QUOTE)


def test_the_page_is_served(offline: dict[str, Any]) -> None:
    assert '"title":"On the Record"' in offline["page"]


def test_the_page_answers(offline: dict[str, Any]) -> None:
    # A busy machine sends heartbeats first.
    event, data = offline["answer"].strip().splitlines()[-2:]
    assert event == "event: complete", offline["answer"]
    [answer] = json.loads(data.removeprefix("data: "))
    assert answer["citations"][0]["speaker"] == "Dmitry Peskov"


def test_nothing_outside_was_looked_up_or_connected_to(offline: dict[str, Any]) -> None:
    assert offline["tried"] == []
    assert offline["sent"] == []


def test_no_device_id_is_left_behind(offline: dict[str, Any]) -> None:
    """ONNX Runtime writes one before it calls its maker, whether or not there is a network."""
    assert [path for path in offline["written"] if "deviceid" in path.lower() or "microsoft" in path.lower()] == []


def test_the_page_loads_nothing_from_elsewhere(offline: dict[str, Any]) -> None:
    tags = re.findall(r"<(?:script|link|img|iframe)\b[^>]*>", offline["page"])
    assert len(tags) > 1
    assert [tag for tag in tags if re.search(r"""(?:src|href)=["']?(?:https?:)?//(?!127\.0\.0\.1)""", tag)] == []
