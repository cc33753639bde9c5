"""The manual, and that it opens at what is asked for."""

import html.parser

import pytest
from tests.sentences import says

from scumble import parameters, setup
from scumble.connection import state_folder
from scumble.language import languages, speaking, tr
from scumble.presenter import manual
from scumble.presenter.editor import EditorHost


class Page(html.parser.HTMLParser):
    """What a reader of the page has: its title, its words, its parts, where it leads and goes."""

    EMPTY = ("meta", "br")

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.parts: list[str] = []
        self.links: list[str] = []
        self.words: dict[str, str] = {}  # of each part, and of elements of one kind
        self.language = ""
        self.feed(text)
        self.close()
        assert self.open == [], "everything is closed"

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag not in self.EMPTY:
            self.open.append(tag)
        if tag == "section":
            self.parts.append(found["id"])
        if tag == "a":
            self.links.append(found["href"].removeprefix("#"))
        if tag == "html":
            self.language = found["lang"]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        place = self.parts[-1] if "section" in self.open else self.open[-1] if self.open else ""
        self.words[place] = self.words.get(place, "") + data + " "


class Able(EditorHost):
    """Of an editor that has all that one can have."""

    SHOWS_OVER = REPLACES = True


def page(topic: str = "", host: type[EditorHost] = Able) -> Page:
    return Page(manual.page(topic, host))


def test_every_knob_has_a_part_with_its_range_and_what_it_begins_with():
    found = page()
    for knob in parameters.PARAMETERS:
        assert knob.label in found.words[knob.name]
        assert knob.help in found.words[knob.name]
        begins = f"To begin with: {knob.shown(knob.written(knob.default))}"
        assert begins in found.words[knob.name]
    assert "0 to 100 %" in found.words["strength"]
    assert "Draft, Standard, Fine" in found.words["quality"]
    assert "256 to 16384 px, or auto" in found.words["working_size"]
    for knob in parameters.STYLE_PARAMETERS:
        assert knob.help in found.words[manual.of_style(knob)]


def test_each_part_is_there_once_and_the_list_at_the_beginning_leads_to_it():
    found = page()
    assert len(set(found.parts)) == len(found.parts) > len(parameters.PARAMETERS)
    assert found.links == found.parts


def test_what_an_editor_cannot_do_is_not_in_its_manual():
    of_some = {manual.OVERLAY, manual.REPLACE}
    assert set(page().parts) - set(page(host=EditorHost).parts) == of_some


def test_it_says_of_which_version_it_is(monkeypatch):
    monkeypatch.setattr(setup, "version", lambda: "0.9.7")
    assert page().words["title"].strip() == page().words["h1"].strip() == "Scumble 0.9.7"


@pytest.mark.parametrize("language", ["", *languages()])
def test_it_is_in_the_artists_language_and_well_formed(language):
    with speaking(language):
        found = page("strength")
        assert tr("Strength") in found.words["strength"]
    assert found.language == (language or "en").replace("_", "-")


def test_it_goes_to_the_part_that_is_asked_for_and_nowhere_for_what_is_none():
    assert page("seed").words["script"].strip() == 'location.replace("#seed")'
    for none in ("", "nothing of this name", '"</script>'):
        assert "script" not in page(none).words


def test_help_writes_the_page_opens_it_and_says_where_it_lies(world):
    world.presenter.manual.open("painterly")
    path = state_folder() / "manual.html"
    assert world.face.opened == [path]
    assert 'location.replace("#painterly")' in path.read_text("utf-8")
    expected = f"The manual opens in your browser; it lies in {path}."
    assert world.state.message == expected
    world.presenter.manual.open("")
    assert "<script>" not in path.read_text("utf-8"), "it is written anew"
    assert world.state.message == expected, "said once"


def test_each_window_beside_the_dialog_has_a_part(world):
    world.presenter.history.show()
    assert world.state.shelf.topic == "history"
    world.presenter.presets.show()
    assert world.state.shelf.topic == "presets"
    assert {"history", "presets"} <= set(page().parts)


def test_where_it_cannot_be_written_the_reason_is_said_and_nothing_opens(world):
    (state_folder() / "manual.html").mkdir()
    world.presenter.manual.open("painterly")
    assert world.face.opened == []
    assert says("The file … cannot be written (…): make room on its disk, and try again.")
    assert world.state.message.startswith(f"The file {state_folder() / 'manual.html'} cannot be")
