"""How to paint: a field for every parameter, the rarer ones folded away, and the presets."""

from scumble import parameters
from scumble.hosts.krita.knobs import Fold, Panel, click_before_wheel, form, knob, stops, width_of
from scumble.hosts.krita.presetmenu import PresetButton
from scumble.hosts.krita.qt import QtWidgets, Signal
from scumble.hosts.krita.widgets import about, column_of, heading
from scumble.language import tr
from scumble.presenter import manual, words
from scumble.presenter.presenter import Presenter


class Settings(QtWidgets.QWidget):
    """changed: a value; resized: the room it wants."""

    changed = Signal()
    resized = Signal()

    def __init__(self, presenter: Presenter):
        super().__init__()
        self.knobs = {each.name: knob(each) for each in parameters.PARAMETERS}
        self._width = width_of(each.label for each in parameters.PARAMETERS)
        self.presets = PresetButton(presenter)
        inside = QtWidgets.QWidget()
        column = column_of(inside)
        column.addWidget(self._form(parameters.MAIN))
        self.advanced = self._build_advanced()
        column.addWidget(self.advanced)
        self.panel = Panel(inside)
        column = column_of(self)
        column.addLayout(heading(words.HOW, self.presets))
        column.addWidget(self.panel)
        self.panel.changed.connect(self.resized)
        about(self.presets, manual.PRESETS)
        for name, field in self.knobs.items():
            about(field, name)
            click_before_wheel(field)
            field.changed.connect(self.changed)

    def values(self) -> dict[str, parameters.Value]:
        """Raises ParameterError for a field that holds nonsense."""
        return {name: field.value() for name, field in self.knobs.items()}

    def fill(self, values: dict) -> None:
        for name, field in self.knobs.items():
            field.set(values[name])

    def chain(self) -> list:
        """What Tab goes through, in its order."""
        fields: list = [self.presets]
        for fold, group in (
            (None, parameters.MAIN),
            (self.advanced, parameters.ADVANCED),
            (self.expert, parameters.EXPERT),
        ):
            fields += [fold.button] if fold else []
            for each in group:
                fields += stops(self.knobs[each.name])
        return fields

    def _build_advanced(self) -> Fold:
        more = QtWidgets.QWidget()
        column = column_of(more)
        column.addWidget(self._form(parameters.ADVANCED))
        self.expert = Fold(tr("Expert"), self._form(parameters.EXPERT))
        column.addWidget(self.expert)
        return Fold(tr("Advanced"), more)

    def _form(self, group: tuple[parameters.Parameter, ...]):
        return form([(each.label, self.knobs[each.name]) for each in group], self._width)
