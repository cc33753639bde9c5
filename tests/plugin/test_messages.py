"""messages.md holds what Scumble says where something is wrong: all of it, and nothing else; and
each of its sentences is looked for by a test that has it said."""

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


# What no test here can have said, and why.
UNPROVOKED = {
    "This message could not be handled: the log of the painting process says why.":
        "said of an error in our own code that nobody knows of",
    "The backend does not answer: try again, or end its process.":
        "it would have to fall silent between two questions, right after it has answered the first",
    "No … can be made of it (…): choose .png.":
        "libvips has no other bounds than those that are looked at before",
    "Krita cannot make a picture in …: close other pictures, and try again.":
        "asked for a picture in a space that there is not, Krita 5.2 ends",
    "Krita took no new layer: unlock the group, and try again.":
        "Krita takes a layer into a locked group, too, and every other place was looked at before",
    "The image was closed meanwhile: the result is kept for a day.":
        "a script waits for its own result, and nobody else can close the image of a GIMP without "
        "a window",
}  # fmt: skip


def template(node: ast.AST) -> str:
    """A string as the page has it: … in place of what is put in."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "tr":
        return template(node.args[0])
    if isinstance(node, ast.JoinedStr):
        parts = (each.value if isinstance(each, ast.Constant) else "…" for each in node.values)
        return " ".join("".join(map(str, parts)).split())
    text = node.value if isinstance(node, ast.Constant) else ""
    return re.sub(r"\{\w+\}", "…", " ".join(text.split())) if isinstance(text, str) else ""


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


# Whether each is looked for


def asserted(tree: ast.AST) -> Iterator[ast.AST]:
    """What a test compares with: in asserts, in `match=`, in its table of cases, in `says`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            yield node.test
        elif isinstance(node, ast.keyword) and node.arg == "match":
            yield node.value
        elif isinstance(node, ast.FunctionDef):
            yield from node.decorator_list
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "says":
            yield node


def texts() -> set[str]:
    """What the tests look for, and the parts of it between what may be anything."""
    found = set()
    for path in sorted((REPOSITORY / "tests").rglob("*.py")):
        if path != Path(__file__):
            for place in asserted(ast.parse(path.read_text("utf-8"))):
                found |= {template(node) for node in ast.walk(place)}
    parts = {part for text in found for part in re.split(r"\.[*+]|\\d\+|\|", text)}
    return found | {re.sub(r"\\(.)", r"\1", part).strip() for part in parts}


def looked_for(sentences: list[str], texts: set[str]) -> set[str]:
    """The sentences that a text is whole, or is a part of: of two words at least, and of that
    sentence alone."""
    patterns = {each: re.compile(".+".join(map(re.escape, each.split("…")))) for each in sentences}
    found = set()
    for text in texts:
        found |= {each for each, pattern in patterns.items() if pattern.fullmatch(text)}
        if len(text) > 8 and " " in text:
            holders = [each for each in sentences if text in each]
            found |= set(holders) if len(holders) == 1 else set()
    return found


def test_each_sentence_is_looked_for_by_a_test_or_there_is_a_reason_why_not():
    sentences = page()
    found = looked_for(sentences, texts())
    assert [each for each in sentences if each not in found | set(UNPROVOKED)] == []
    assert [each for each in UNPROVOKED if each in found or each not in sentences] == []


def test_a_text_that_two_sentences_share_looks_for_neither():
    sentences = ["… is gone: paint again.", "A style came damaged: paint again."]
    assert looked_for(sentences, {"paint again.", "is gone", "damaged"}) == set()
    assert looked_for(sentences, {"a style came", "The cat is gone: paint again."}) == {
        sentences[0]
    }
    assert looked_for(sentences, {"A style came"}) == {sentences[1]}
