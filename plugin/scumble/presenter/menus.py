"""What stands in the dialog's menus when they are opened."""

from collections.abc import Callable
from dataclasses import dataclass

from scumble.language import tr
from scumble.machine import AUTOMATIC
from scumble.presenter import words
from scumble.presenter.elsewhere import Elsewhere
from scumble.presenter.ondevice import OnDevice
from scumble.presenter.presenter import Presenter
from scumble.presenter.roles import GIVES
from scumble.presenter.styles import Row


@dataclass(frozen=True)
class Item:
    """A line. act: what it does; without one it is a heading, or, without words, between others.
    ticked: of some that exclude each other, whether this is the one; None for others."""

    words: str = ""
    act: Callable[[], object] | None = None
    ticked: bool | None = None


def of_style(presenter: Presenter, row: Row) -> list[Item]:
    """Where it lies, and what it gives."""
    tell, source = presenter.choosing, row.source
    places = [
        Item(
            each.words,
            lambda each=each: tell.set_where(source, each.value),
            each.value == row.where,
        )
        for each in presenter.state.places.where
    ]
    gives = [
        Item(GIVES.caption(each), lambda each=each: tell.set_gives(source, each), each == row.gives)
        for each in GIVES.words
    ]
    return [Item(words.LIES), *places, Item(), Item(f"{GIVES.label}:"), *gives]


def of_presets(presenter: Presenter) -> list[Item]:
    """Choose, save, all of them, and back to how Scumble begins; where it is painted; and what
    Scumble is."""
    presets = presenter.presets
    named = [Item(each, lambda each=each: presets.choose(each)) for each in presets.names()]
    return [
        *named,
        *([Item()] if named else []),
        Item(words.ALL_PRESETS, presets.show),
        Item(words.SAVE_AS, presets.ask_save),
        Item(),
        Item(tr("Reset"), presets.reset),
        Item(),
        *_of_computers(presenter.elsewhere),
        Item(),
        *_of_devices(presenter.on_device),
        Item(tr("About Scumble..."), presenter.about.show),
    ]


def _of_devices(on_device: OnDevice) -> list[Item]:
    """Those of this computer, once they are known."""
    if not (devices := on_device.devices()):
        return []
    chosen, names = on_device.chosen, [AUTOMATIC, *(each.name for each in devices)]
    shown = [words.device(each) for each in (None, *devices)]
    choices = [
        Item(text, lambda name=name: on_device.choose(name), name == chosen)
        for name, text in zip(names, shown, strict=True)
    ]
    return [Item(tr("Device:")), *choices, Item()]


def _of_computers(elsewhere: Elsewhere) -> list[Item]:
    """This one and those that were paired, and a new one."""
    names = elsewhere.names()
    all_of_them = [
        Item(
            words.computer(each), lambda each=each: elsewhere.choose(each), each == elsewhere.chosen
        )
        for each in ("", *names)
    ]
    return [*(all_of_them if names else []), Item(words.ANOTHER, elsewhere.ask)]
