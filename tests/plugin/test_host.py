"""What every host says in the same way."""

import ast
import os
from pathlib import Path

import pytest
from tests.conftest import REPOSITORY

from scumble.host import readable
from scumble.presenter.editor import EditorHost
from scumble.presenter.states import Face


def test_a_file_named_in_another_locale_can_be_read_by_the_artist():
    assert readable("Monet") == "Monet"
    assert readable(os.fsdecode("Bäume".encode())) == "Bäume"
    in_the_c_locale = "Bäume".encode().decode("ascii", "surrogateescape")
    assert readable(in_the_c_locale) == "Bäume"
    assert "\udcff" not in readable("\udcff.png")


# Whether an editor gives the whole of it

HOSTS = REPOSITORY / "plugin/scumble/hosts"
FACE = {name for name in vars(Face) if not name.startswith("_")}


def given(folder: Path, name: str) -> set[str]:
    """What a class of a host defines, or another of that host that it is made of; read, and not
    imported, since the editor is not here."""
    trees = [ast.parse(path.read_text("utf-8")) for path in folder.glob("*.py")]
    classes = {e.name: e for tree in trees for e in tree.body if isinstance(e, ast.ClassDef)}
    found, ahead = set(), [name]
    while ahead:
        if each := classes.get(ahead.pop()):
            found |= {part.name for part in each.body if isinstance(part, ast.FunctionDef)}
            found |= {part.attr for part in ast.walk(each) if _is_given(part)}
            ahead += [base.id for base in each.bases if isinstance(base, ast.Name)]
    return found


def _is_given(part: ast.AST) -> bool:
    """Whether it is a function that an object hands on: self.draw_look = self.shelf.draw."""
    is_stored = isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store)
    return is_stored and isinstance(part.value, ast.Name) and part.value.id == "self"


@pytest.mark.parametrize("name", sorted(EditorHost.__abstractmethods__))
def test_a_host_that_forgets_a_function_fails_when_it_is_made(name):
    all_but_one = {each: lambda *_: None for each in EditorHost.__abstractmethods__ if each != name}
    with pytest.raises(TypeError, match=name):
        type("Forgetful", (EditorHost,), all_but_one)()


@pytest.mark.parametrize(("folder", "host"), [("krita", "KritaHost"), ("gimp", "GimpHost")])
def test_an_editor_gives_the_whole_of_a_host_and_of_a_face(folder, host):
    assert EditorHost.__abstractmethods__ - given(HOSTS / folder, host) == set()
    assert FACE - given(HOSTS / folder, "Dialog") == set()
    assert {"draw", "ask", "values"} <= FACE
