from pathlib import Path, PureWindowsPath

import pytest

from scumble.presenter import stylefiles


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A home with a picture in it, and a document's folder with one beside and one below."""
    home, folder = tmp_path / "home", tmp_path / "work"
    monkeypatch.setattr(Path, "home", lambda: home)
    for path in (home / "a.png", folder / "b.png", folder / "deep/c.png", tmp_path / "d.png"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("file", "name"), [("home/a.png", "~/a.png"), ("work/b.png", "b.png"),
                       ("work/deep/c.png", "deep/c.png"), ("d.png", None)],
)  # fmt: skip
def test_a_file_is_named_from_where_the_document_lies(places, file, name):
    path, folder = places / file, places / "work"
    written = stylefiles.written(path, folder)
    assert written == (name or str(path))
    assert stylefiles.read(written, folder) == path


def test_a_document_and_its_styles_move_together(places):
    name = stylefiles.written(places / "work/deep/c.png", places / "work")
    (places / "work").rename(places / "moved")
    assert stylefiles.read(name, places / "moved") == places / "moved/deep/c.png"


def test_a_document_that_was_never_saved_names_files_by_themselves(places):
    assert stylefiles.written(places / "work/b.png", None) == str(places / "work/b.png")
    assert stylefiles.read("b.png", None) is None


@pytest.mark.parametrize("name", [
    "//server/share/a.png", r"\\server\share\a.png", "/net/server/a.png", "../d.png",
    "deep/../../d.png", "~/../d.png", "~/../../net/server/a.png", "~//net/server/a.png",
    "/tmp/../net/server/a.png", "/./net/server/a.png", "", ".", "gone.png", "a\0b",
    "x" * 5000, "~/gone.png",
])  # fmt: skip
def test_a_strangers_name_leads_nowhere(places, monkeypatch, name):
    asked = []
    is_file = Path.is_file
    monkeypatch.setattr(Path, "is_file", lambda self: asked.append(str(self)) or is_file(self))
    assert stylefiles.read(name, places / "work") is None
    assert not any("server" in each for each in asked)


@pytest.mark.parametrize("name", [
    r"/\server\share\a.png", r"\/server/share/a.png", "//server/share/a.png", "//./UNC/server/a/b",
])  # fmt: skip
def test_windows_has_more_names_for_other_machines(name):
    assert stylefiles.far(PureWindowsPath(name))
    assert not stylefiles.far(PureWindowsPath("C:/folder/a.png"))


def test_a_document_on_another_machine_is_not_asked_for_its_styles(places):
    assert stylefiles.read("a.png", Path("//server/share")) is None
