"""The presets of a dialog: choose, save, delete, and back to how Scumble begins."""

from collections.abc import Callable

from scumble import parameters, presets
from scumble.guard import guarded
from scumble.language import tr
from scumble.presenter.states import Face


class PresetList:
    """say tells a sentence."""

    def __init__(self, face: Face, say: Callable[[str], None]):
        self._face, self._say = face, say

    def _tell(self, message: str) -> None:
        self._say(message)

    def names(self) -> list[str]:
        """Read anew each time: another editor may have saved some."""
        return sorted(presets.names())

    @guarded(_tell)
    def choose(self, name: str) -> None:
        """Raises InputError where another editor deleted it meanwhile."""
        self._face.fill(presets.get(name))

    @guarded(_tell)
    def save(self, name: str) -> None:
        """Asks first where there is one of this name."""
        name, values = name.strip(), self._face.values()
        presets.check_name(name)
        if name in presets.names():
            question = tr("There is a preset “{name}” already. Replace it?", name=name)
            self._face.ask(question, tr("Replace"), lambda: self._save(name, values))
        else:
            self._save(name, values)

    @guarded(_tell)
    def delete(self, name: str) -> None:
        question = tr("Delete the preset “{name}”?", name=name)
        self._face.ask(question, tr("Delete"), lambda: self._delete(name))

    @guarded(_tell)
    def reset(self) -> None:
        self._face.fill(parameters.defaults())

    @guarded(_tell)
    def _save(self, name: str, values: dict) -> None:
        presets.save(name, values)

    @guarded(_tell)
    def _delete(self, name: str) -> None:
        presets.delete(name)
