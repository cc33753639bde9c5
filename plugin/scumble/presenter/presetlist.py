"""The presets, on their shelf and in a menu: settings and styles, favourites first."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from scumble import parameters, presets
from scumble.guard import told
from scumble.presenter import manual, records, stylefiles, words
from scumble.presenter.editor import EditorHost
from scumble.presenter.historylist import HistoryList, named
from scumble.presenter.records import Record
from scumble.presenter.shelves import Shelves
from scumble.presenter.states import Act, Card, Face
from scumble.presets import Preset
from scumble.session import StyleChoice

ENDING = ".scumble-presets"


class PresetList:
    """choices: tells the styles that are ticked. adopt: takes a record, and the styles it was
    described with, into the dialog. say tells a sentence."""

    title, empty = words.PRESETS, words.NO_PRESETS
    looks, searches, topic = False, True, manual.PRESETS

    def __init__(
        self,
        host: EditorHost,
        face: Face,
        shelves: Shelves,
        history: HistoryList,
        choices: Callable[[], list[StyleChoice]],
        adopt: Callable[[Record, Any], object],
        say: Callable[[str], None],
    ):
        self._host, self._face, self._shelves, self._history = host, face, shelves, history
        self._choices, self._adopt, self._say = choices, adopt, say
        self._presets: dict[str, Preset] = {}

    def remember(self, choices: list[StyleChoice], values: dict) -> None:
        """For the next time, and for other documents. Raises InputError."""
        presets.save(presets.LAST, values)
        files = [each.source for each in choices if isinstance(each.source, Path)]
        presets.remember_pictures([each for each in files if not stylefiles.came_along(each)])

    # In a menu

    def names(self) -> list[str]:
        """The artist's own, favourites first. Read anew each time: another editor may have saved
        some."""
        return [each.name for each in _sorted(presets.offered()) if each.own]

    @told
    def show(self) -> None:
        self._shelves.open(self)

    @told
    def choose(self, name: str) -> None:
        """Raises InputError where another editor deleted it meanwhile."""
        preset = presets.get(name)
        choices = records.choices_of(self._host, preset.styles or [])
        self._adopt(Record("", choices, preset.values), preset.styles)

    @told
    def ask_save(self) -> None:
        self._face.ask_name(words.PRESET_NAME, self.save)

    @told
    def save(self, name: str) -> None:
        """The settings and the ticked styles. Asks first where there is one of this name."""
        name, values = name.strip(), self._face.values()
        presets.check_name(name)
        if name in presets.names():
            question = words.replace_preset(name)
            self._face.ask(question, words.REPLACE, lambda: self._save(name, values))
        else:
            self._save(name, values)

    @told
    def delete(self, name: str) -> None:
        question = words.delete_preset(name)
        self._face.ask(question, words.DELETE, lambda: self._delete(name))

    @told
    def reset(self) -> None:
        self._face.fill(parameters.defaults())

    @told
    def _save(self, name: str, values: dict) -> None:
        styles = records.portable(self._host, self._choices())
        presets.save(name, values, styles or None, self._history.picture_of(styles, values))
        self._shelves.read()

    @told
    def _delete(self, name: str) -> None:
        presets.delete(name)
        self._shelves.read()

    # On the shelf

    def cards(self) -> list[Card]:
        self._presets = presets.offered()
        return [
            Card(each.name, each.name, _note(each), each.picture, each.starred)
            for each in _sorted(self._presets)
        ]

    def details(self, card: str) -> str:
        preset = self._presets[card]
        styles = words.styles_used(named(preset.styles)) or words.NO_STYLES_KEPT
        return "\n".join([card, styles, *words.settings(preset.values)])

    def acts(self, card: str) -> tuple[Act, ...]:
        preset = self._presets[card]
        return (
            Act("use", words.USE), Act("star", words.UNSTAR if preset.starred else words.STAR),
            Act("delete", words.DELETE, preset.own),
        )  # fmt: skip

    def others(self) -> tuple[Act, ...]:
        own = any(each.own for each in self._presets.values())
        return (
            Act("save", words.SAVE_AS), Act("import", words.IMPORT),
            Act("export", words.EXPORT, own),
        )  # fmt: skip

    def foot(self) -> str:
        return ""

    def look(self, card: str) -> None:
        """Its small picture is all there is."""

    @told
    def do(self, act: str, card: str) -> None:
        if act == "save":
            self.ask_save()
        elif act == "import":
            self._face.ask_file(words.IMPORT, (ENDING,), "", self._import)
        elif act == "export":
            self._face.ask_file(words.EXPORT, (ENDING,), f"presets{ENDING}", self._export)
        elif act == "use":
            self._shelves.close()
            self.choose(card)
        elif act == "star":
            presets.star(card, not self._presets[card].starred)
            self._shelves.read()
        elif act == "delete":
            self.delete(card)

    @told
    def _import(self, path: Path) -> None:
        names = presets.read_file(path)
        self._shelves.read()
        self._say(words.imported(len(names)))

    @told
    def _export(self, path: Path) -> None:
        presets.write_file(path)
        self._say(words.exported(path))


def _sorted(found: dict[str, Preset]) -> list[Preset]:
    """Favourites first, then the artist's own."""
    return sorted(found.values(), key=lambda e: (not e.starred, not e.own, e.name.casefold()))


def _note(preset: Preset) -> str:
    if not preset.own:
        return words.CAME_ALONG
    return ", ".join(name for name, *_ in named(preset.styles)) or words.NO_STYLES_KEPT
