"""The manual: one page for the browser, with a part for each thing in the dialog.

It is written where it is asked for, from the words that the dialog itself says, so that it is in
the artist's language, of the version in use, and there without a network. Whatever opens the file
may leave out what stands behind a # in its address (Windows and macOS do), or hand over this one
file alone (a sandbox does), so the page itself goes to the part that is asked for.
"""

from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template

from scumble import connection, parameters, setup
from scumble.errors import InputError
from scumble.guard import told
from scumble.language import spoken, tr
from scumble.parameters import Parameter
from scumble.presenter import manualwords, words
from scumble.presenter.editor import EditorHost
from scumble.presenter.states import Face

FILE = "manual.html"
FRAME = Path(__file__).with_name(FILE)  # what stands around the parts, and how they look

# Topics that are no knob of parameters.py, whose topics have the knobs' names.
CONTENT, KEEP, ALONG, PICTURE = "content", "keep", "along", "picture"
REGIONS, OVERLAY, STYLES, WHERE = "regions", "overlay", "styles", "where"
DRAFTS, HISTORY, PRESETS, REPLACE = "drafts", "history", "presets", "replace"


@dataclass(frozen=True)
class Part:
    """About one thing in the dialog. facts: in small letters."""

    topic: str
    title: str
    text: str
    facts: tuple[str, ...] = ()


class Manual:
    """Of this editor. say tells a sentence."""

    def __init__(self, face: Face, host: type[EditorHost], say):
        self._face, self._host, self._say = face, host, say

    @told
    def open(self, topic: str) -> None:
        """In the browser, at what is said of a topic; at its beginning where that is none."""
        path, text = connection.state_folder() / FILE, page(topic, self._host)
        try:
            connection.write_private(path, text)
        except OSError as error:
            raise InputError(
                tr(
                    "The file {path} cannot be written ({error}): make room on its disk, and try "
                    "again.",
                    path=path,
                    error=error,
                )
            ) from error
        self._say(manualwords.opened(path))  # a bare system has nothing to open it with
        self._face.open_file(path)


def of_style(knob: Parameter) -> str:
    """The topic of a knob that each style has."""
    return f"style-{knob.name}"


def chapters(host: type[EditorHost]) -> dict[str, list[Part]]:
    """All parts of what this editor has, in the dialog's order, under the headings that it has,
    too."""
    overlay = [Part(OVERLAY, words.OVERLAY, words.OVERLAY_HINT)] if host.SHOWS_OVER else []
    replace = (
        [Part(REPLACE, manualwords.REPLACE, manualwords.REPLACE_HINT)] if host.REPLACES else []
    )
    return {
        words.REPAINT: [
            Part(CONTENT, words.CONTENT, words.content_hint(host.REPLACES)),
            Part(KEEP, words.KEEP, words.KEEP_HINT),
            Part(ALONG, words.ALONG, words.ALONG_HINT),
            Part(PICTURE, manualwords.THE_PICTURE, words.COMPARE_HINT),
            *overlay,
            Part(REGIONS, words.REGIONS, words.REGIONS_HINT),
            Part(HISTORY, words.HISTORY, manualwords.HISTORY_HINT),
        ],
        words.styles(0): [
            Part(STYLES, manualwords.STYLES, manualwords.STYLES_HINT),
            *(_part(of_style(each), each) for each in parameters.STYLE_PARAMETERS),
            Part(WHERE, manualwords.WHERE, manualwords.WHERE_HINT),
        ],
        words.HOW: [
            Part(PRESETS, words.PRESETS, manualwords.PRESETS_HINT),
            *(
                _part(each.name, each)
                for group in (parameters.MAIN, parameters.ADVANCED, parameters.EXPERT)
                for each in group
            ),
            *replace,
            Part(DRAFTS, words.DRAFTS, words.DRAFTS_HINT),
        ],
    }


def _part(topic: str, knob: Parameter) -> Part:
    takes = knob.allowed()
    if knob.kind == "choice":
        takes = ", ".join(map(knob.caption, knob.offered()))
    begins = knob.shown(knob.written(knob.default))
    return Part(topic, knob.label, knob.help, (takes, tr("To begin with: {value}", value=begins)))


def page(topic: str, host: type[EditorHost]) -> str:
    """The whole of it, as HTML."""
    found = chapters(host)
    topics = [each.topic for parts in found.values() for each in parts]
    title = f"Scumble {setup.version()}".strip()
    links = "\n".join(
        f"<p><b>{escape(heading)}</b> " + "\n".join(map(_link, parts)) + "</p>"
        for heading, parts in found.items()
    )
    body = "\n".join(
        f"<h2>{escape(heading)}</h2>\n" + "\n".join(map(_section, parts))
        for heading, parts in found.items()
    )
    go = f'<script>location.replace("#{topic}")</script>' if topic in topics else ""
    frame = Template(FRAME.read_text(encoding="utf-8"))
    return frame.substitute(
        language=(spoken() or "en").replace("_", "-"), title=escape(title),
        short=escape(manualwords.IN_SHORT), links=links, body=body, go=go,
    )  # fmt: skip


def _link(part: Part) -> str:
    return f'<a href="#{part.topic}">{escape(part.title)}</a>'


def _section(part: Part) -> str:
    facts = "".join(f"<br><small>{escape(each)}</small>" for each in part.facts)
    return (
        f'<section id="{part.topic}"><h3>{escape(part.title)}</h3>'
        f"<p>{escape(part.text)}{facts}</p></section>"
    )
