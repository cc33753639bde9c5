"""Which of this computer's devices paints."""

from collections.abc import Callable

from scumble import machine
from scumble.guard import told
from scumble.machine import AUTOMATIC, Device
from scumble.presenter.painting import Painting
from scumble.session import BUSY


class OnDevice:
    """changed: called when it is another one from now on. say: tells a sentence."""

    def __init__(self, painting: Painting, changed: Callable[[], None], say: Callable[[str], None]):
        self._painting, self._changed, self._say = painting, changed, say

    def devices(self) -> list[Device]:
        """Of this computer; none while another one paints."""
        return [] if self._painting.where else machine.found()

    @property
    def chosen(self) -> str:
        """A device's name; AUTOMATIC, too, where the one that was chosen is gone."""
        name = machine.chosen()
        return name if name in [each.name for each in self.devices()] else AUTOMATIC

    @told
    def choose(self, name: str) -> None:
        if self._painting.busy:
            self._say(BUSY)
        elif name != machine.chosen():
            machine.choose(name)
            self._changed()
