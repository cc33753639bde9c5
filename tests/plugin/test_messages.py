"""messages.md holds what Scumble says where something is wrong: all of it, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY

SOURCES = ("plugin/scumble", "backend/scumble_backend")
PAGE = REPOSITORY / "plugin/scumble/messages.md"
ERRORS = {
    node.name
    for node in ast.parse((REPOSITORY / "plugin/scumble/errors.py").read_text("utf-8")).body
    if isinstance(node, ast.ClassDef)
} - {"ProtocolError"}  # which is said to programs


def template(node: ast.AST) -> str:
    """A string as the page has it: … in place of what is put in."""
    if isinstance(node, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else "…" for each in node.values)
        return " ".join("".join(map(str, parts)).split())
    text = node.value if isinstance(node, ast.Constant) else ""
    return " ".join(text.split()) if isinstance(text, str) else ""


def errors(tree: ast.AST) -> Iterator[str]:
    """The sentence of each error that is made."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name in ERRORS and len(re.sub(r"[^a-z]", "", template(node.args[-1]))) > 8:
                yield template(node.args[-1])


def strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.JoinedStr, ast.Constant)):
            yield template(node)


def trees() -> Iterator[ast.AST]:
    for folder in SOURCES:
        for path in sorted((REPOSITORY / folder).rglob("*.py")):
            if "training" not in path.parts:
                yield ast.parse(path.read_text("utf-8"))


def page() -> list[str]:
    return re.findall(r"^- \*\*(.*?)\*\* \S", Path(PAGE).read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("sentence", sorted({each for tree in trees() for each in errors(tree)}))
def test_the_page_explains_every_error(sentence):
    assert sentence in page()


def test_the_page_explains_nothing_that_is_not_said():
    said = {each for tree in trees() for each in strings(tree)}
    assert [each for each in page() if each not in said] == []


def test_each_sentence_is_explained_once():
    found = page()
    assert len(found) == len(set(found)) > 100
