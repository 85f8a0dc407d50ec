"""The shape of the program: which way imports go, who may import what, and what an import must not load."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest
import rag
from tests.conftest import ROOT

MAX_LINES = 450
PRODUCT = sorted([*ROOT.glob("rag/**/*.py"), *ROOT.glob("ingest/**/*.py"), *ROOT.glob("web/**/*.py"), ROOT / "app.py"])
WORKSHOP = ("training", "bench", "tests")
# The folders of rag and ingest from the ground up, those of one line side by side: none imports another of its line or
# above. What stands in rag itself is below all of them, but for the pipeline and what uses it, which are above; what
# stands in ingest itself is above them all.
ORDER = {
    "rag": (
        ("text", "people", "models"),
        ("index",),
        ("understanding", "retrieval", "judging"),
        ("writing",),
        ("verification",),
    ),
    "ingest": (("text",), ("loading",), ("fetching", "quoting"), ("speaking", "indexing")),
}
TOP = {
    "rag": ("pipeline", "lookup", "positions", "__main__"),
    "ingest": (
        "splitter",
        "quotes",
        "preparing",
        "on_ray",
        "pipeline",
        "uploads",
        "people",
        "people_command",
        "__main__",
    ),
}
# Negation and numbers are the judge's matter; near-equal statements are told apart by them, too.
SHORTCUTS = {("rag.retrieval.duplicates", "rag.judging.polarity")}
# What indexing may take from answering: the data, the settings, the store and the measures of text.
SHARED = {
    f"rag.{module}"
    for module in (
        "config environment errors lasting months schema terminal text index.locks index.notes index.notices "
        "index.rows index.seal index.store index.opening index.writer models.embeddings models.onnx people.by_hand "
        "people.directory people.names people.persons people.register judging.ground judging.polarity"
    ).split()
}
# One module for each heavy library: replacing the library touches that file.
IMPORTERS = {
    "chromadb": {
        "rag/index/chroma.py",
        "rag/index/opening.py",
        "rag/index/server.py",
        "rag/index/trouble.py",
        "rag/index/writer.py",
    },
    "sentence_transformers": {"rag/models/sentence_model.py"},
    "torch": set(),
    "tokenizers": {
        "rag/models/embeddings.py",
        "rag/models/cross_encoder.py",
        "rag/understanding/embedded.py",
        "ingest/text/pieces.py",
    },
    "onnxruntime": {"rag/models/onnx.py", "ingest/quoting/tagger.py"},
    "xllamacpp": {"rag/models/gguf.py"},
    "openai": {"rag/models/chat.py"},
    "langchain": {"rag/models/chat.py"},
    "tantivy": {"rag/index/words.py"},
    "Stemmer": {"rag/text.py"},
    "anyascii": {"rag/people/names.py"},
    "nicknames": {"rag/people/names.py"},
    "rapidfuzz": {"rag/people/names.py"},
    "gradio": {
        "web/adding.py",
        "web/articles.py",
        "web/opening.py",
        "web/page.py",
        "web/people.py",
        "web/serve.py",
        "web/sessions.py",
        "web/tools.py",
        "web/who.py",
    },
    "mcp": {"web/tools.py"},
    "fastapi": {"web/rest.py", "web/serve.py"},
    "prometheus_client": {"web/metrics.py"},
    "jinja2": {"web/markup.py", "rag/writing/formats.py"},
    "pypdf": {"ingest/loading/formats/pdf.py"},
    "docx": {"ingest/loading/formats/word.py"},
    "trafilatura": {"ingest/loading/formats/page.py"},
    "frontmatter": {"ingest/loading/formats/markdown.py"},
    "markdown_it": {"ingest/loading/formats/markdown.py"},
    "charset_normalizer": {"ingest/loading/common.py"},
    "dateparser": {"ingest/loading/tidy.py"},
    "tqdm": {"ingest/__main__.py"},
}
HEAVY = (
    "torch",
    "sentence_transformers",
    "transformers",
    "gradio",
    "spacy",
    "chromadb",
    "xllamacpp",
    "openai",
    "tantivy",
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports anywhere in it, as rag.index.store, and whether it is then read."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
    }
    unread = {
        node
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and isinstance(branch.test, ast.Name) and branch.test.id == "TYPE_CHECKING"
        for node in ast.walk(branch)
    }
    for node in ast.walk(tree):
        at_import = node not in inside and node not in unread
        if isinstance(node, ast.Import):
            yield from ((alias.name, at_import) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)} has a relative import"
            module = node.module or ""
            # `from rag import config` imports rag.config.
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield (whole if (ROOT / whole.replace(".", "/")).with_suffix(".py").is_file() else module), at_import


def test_the_walk_sees_imports_at_any_depth_and_knows_what_is_read_when(tmp_path: Path) -> None:
    code = (
        "from typing import TYPE_CHECKING\nfrom rag import config, ask\nimport a.b as c\n"
        "if TYPE_CHECKING:\n    import d\nclass C:\n    def f(self):\n        from e.f import g\n"
    )
    file = tmp_path / "file.py"
    file.write_text(code)
    assert list(imports(file)) == [
        ("typing", True),
        ("rag.config", True),
        ("rag", True),
        ("a.b", True),
        ("d", False),
        ("e.f", False),
    ]


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_imports_go_one_way(path: Path) -> None:
    found = {module for module, _ in imports(path)}
    ours = {module for module in found if module.partition(".")[0] in ("rag", "ingest", "web", "app", *WORKSHOP)}
    match path.relative_to(ROOT).parts[0]:
        case "rag":
            forbidden = {module for module in ours if module.partition(".")[0] != "rag"}
        case "ingest":
            forbidden = {module for module in ours if module.partition(".")[0] != "ingest"} - SHARED - {"rag"}
        case "web":
            forbidden = {module for module in ours if module.partition(".")[0] not in ("rag", "ingest", "web")}
        case _:
            forbidden = {module for module in ours if module.partition(".")[0] in WORKSHOP}
    assert not forbidden


def dotted(path: Path) -> str:
    return name(path).removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def height(module: str) -> int:
    """How far up in its package a module stands."""
    package, place, *_ = module.split(".")
    if place in TOP[package]:
        return len(ORDER[package]) + TOP[package].index(place)
    return next((n for n, line in enumerate(ORDER[package]) if place in line), -1)


def climbs(module: str, other: str) -> bool:
    """True for an import that goes up, or over to another folder beside; on the ground, beside is no matter."""
    if {module, other} & ORDER.keys() or module.split(".")[:2] == other.split(".")[:2] or (module, other) in SHORTCUTS:
        return False
    return height(other) > height(module) or height(other) == height(module) > 0


@pytest.mark.parametrize(
    ("module", "other", "up"),
    [
        ("rag.judging.decide", "rag.schema", False),
        ("rag.schema", "rag.text", True),
        ("rag.config", "rag.errors", False),
        ("rag.people.names", "rag.text", False),
        ("rag.index.store", "rag.judging.polarity", True),
        ("rag.judging.decide", "rag.judging.judge", False),
        ("rag.judging.decide", "rag.writing.compose", True),
        ("rag.judging.decide", "rag.retrieval.retriever", True),
        ("rag.writing.compose", "rag.judging.decide", False),
        ("rag.verification.prose", "rag.pipeline", True),
        ("rag.pipeline", "rag.verification.verify", False),
        ("rag.__main__", "rag.pipeline", False),
        ("rag.pipeline", "rag.__main__", True),
        ("ingest.text.turns", "ingest.text.names", False),
        ("ingest.text.turns", "ingest.loading.byline", True),
        ("ingest.loading.byline", "ingest.text.turns", False),
        ("ingest.quoting.statements", "ingest.loading.byline", False),
        ("ingest.quoting.layout", "ingest.fetching.links", True),
        ("ingest.quoting.layout", "ingest.speaking.speakers", True),
        ("ingest.speaking.speakers", "ingest.indexing.ledger", True),
        ("ingest.indexing.vectors", "ingest.preparing", True),
        ("ingest.preparing", "ingest.splitter", False),
        ("ingest.preparing", "ingest.pipeline", True),
    ],
)
def test_the_order_of_the_folders_can_be_broken(module: str, other: str, up: bool) -> None:
    assert climbs(module, other) is up


@pytest.mark.parametrize("path", [path for path in PRODUCT if name(path).partition("/")[0] in ORDER], ids=name)
def test_a_folder_imports_from_below_only(path: Path) -> None:
    package = dotted(path).partition(".")[0]
    found = {module for module, _ in imports(path) if module.startswith(f"{package}.")}
    assert {module for module in found if climbs(dotted(path), module)} == set()


@pytest.mark.parametrize("package", ORDER)
def test_every_folder_has_its_place(package: str) -> None:
    folders = {path.parent.name for path in ROOT.glob(f"{package}/*/__init__.py")}
    # rag.text is a module, low as a folder of its kind.
    assert folders == {folder for line in ORDER[package] for folder in line} - ({"text"} if package == "rag" else set())


def test_what_stands_in_ingest_itself_has_its_place() -> None:
    assert {path.stem for path in ROOT.glob("ingest/*.py")} - {"__init__"} == set(TOP["ingest"])


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_what_is_imported_from_us_is_there(path: Path) -> None:
    ours = {module for module, _ in imports(path) if module.partition(".")[0] in ("rag", "ingest", "web")}
    assert [m for m in ours if not (ROOT / m.replace(".", "/")).with_suffix(".py").is_file() and "." in m] == []


def test_there_is_no_cycle() -> None:
    graph = {dotted(path): {module for module, _ in imports(path)} - {"rag", "ingest"} for path in PRODUCT}
    done: set[str] = set()
    while free := {module for module, needs in graph.items() if module not in done and needs & graph.keys() <= done}:
        done |= free
    assert sorted(graph.keys() - done) == []


@pytest.mark.parametrize(("library", "importers"), IMPORTERS.items())
def test_each_heavy_library_has_one_importer(library: str, importers: set[str]) -> None:
    assert {
        name(path) for path in PRODUCT if any(module.partition(".")[0] == library for module, _ in imports(path))
    } == importers


# What is made of Gradio's parts; `web.serve` imports it when it serves.
PAGE = (
    "web/adding.py",
    "web/articles.py",
    "web/opening.py",
    "web/page.py",
    "web/people.py",
    "web/sessions.py",
    "web/tools.py",
    "web/who.py",
)


@pytest.mark.parametrize("path", [path for path in PRODUCT if name(path) not in PAGE], ids=name)
def test_heavy_libraries_are_imported_when_something_is_built(path: Path) -> None:
    assert {module for module, at_import in imports(path) if at_import and module.partition(".")[0] in HEAVY} == set()


@pytest.mark.parametrize("module", ["rag", "ingest", "rag.__main__, ingest.__main__"])
def test_an_import_is_light(module: str) -> None:
    code = f"import sys, {module}; print(*sorted({set(HEAVY)!r} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("\n", "")


def test_indexing_does_not_import_what_answers_questions() -> None:
    code = "import sys, ingest; print('rag.pipeline' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_an_import_reads_and_makes_no_files_and_prints_nothing(tmp_path: Path) -> None:
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import rag, ingest"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr, list(tmp_path.iterdir())) == ("", "", [])


@pytest.mark.parametrize("path", [*PRODUCT, *sorted(ROOT.glob("tests/*.py"))], ids=name)
def test_no_file_is_too_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_every_module_says_what_it_does(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def test_the_public_face() -> None:
    assert rag.__all__ == ["Answer", "Citation", "ask", "read_article", "stream"]
    assert ingest.__all__ == ["Report", "extract_quotes", "ingest"]
    for package in (rag, ingest):
        assert all(hasattr(package, exported) for exported in package.__all__)


def test_a_package_has_nothing_else() -> None:
    with pytest.raises(AttributeError, match="module 'rag' has no attribute 'answer'"):
        rag.answer  # noqa: B018
