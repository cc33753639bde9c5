"""A field for each parameter, drawn from its entry in parameters.py.

Every knob has value(), set(value) and the signal `changed`.
"""

from collections.abc import Iterable

from scumble.hosts.krita.qt import Qt, QtCore, QtWidgets, Signal
from scumble.parameters import Parameter, Value

SLIDER_STEPS = 1000


class SliderKnob(QtWidgets.QWidget):
    """A number: a slider, and the number itself."""

    changed = Signal()

    def __init__(self, parameter: Parameter, parent=None):
        super().__init__(parent)
        self._low, self._span = parameter.low, parameter.high - parameter.low
        self._bend = parameter.bend()
        self.slider = QtWidgets.QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, SLIDER_STEPS)
        self.slider.setPageStep(SLIDER_STEPS // 10)
        self.number = QtWidgets.QDoubleSpinBox()
        self.number.setRange(parameter.low, parameter.high)
        self.number.setDecimals(0 if parameter.unit else 2)
        self.number.setSingleStep(5 if parameter.unit else 0.25)
        self.number.setSuffix(f" {parameter.unit}" if parameter.unit else "")
        self.number.setFixedWidth(78)
        row = QtWidgets.QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.setToolTip(parameter.help)
        self.slider.setAccessibleName(parameter.label)
        self.number.setAccessibleName(parameter.label)
        self.set(parameter.default)
        self.slider.sliderMoved.connect(self._slid)
        self.slider.actionTriggered.connect(self._stepped)
        self.number.valueChanged.connect(self._typed)

    def value(self) -> float:
        return self.number.value()

    def set(self, value: Value) -> None:
        self.number.setValue(float(value))  # type: ignore[arg-type]
        self._typed()

    def _slid(self, place: int) -> None:
        self.number.setValue(self._low + self._span * (place / SLIDER_STEPS) ** self._bend)

    def _stepped(self, *_) -> None:
        self._slid(self.slider.sliderPosition())

    def _typed(self, *_) -> None:
        share = (self.number.value() - self._low) / self._span
        if not self.slider.isSliderDown():
            self.slider.setValue(round(SLIDER_STEPS * share ** (1 / self._bend)))
        self.changed.emit()


class ChoiceKnob(QtWidgets.QComboBox):
    """One of a few words."""

    changed = Signal()

    def __init__(self, parameter: Parameter, parent=None):
        super().__init__(parent)
        self._parameter = parameter
        for word in parameter.offered():
            self.addItem(parameter.caption(word), word)
        self.setToolTip(parameter.help)
        self.set(parameter.default)
        self.currentIndexChanged.connect(lambda *_: self.changed.emit())

    def value(self) -> str:
        return self.currentData()

    def set(self, value: Value) -> None:
        if self.findData(value) < 0:  # not offered, but it is what a preset holds
            self.addItem(self._parameter.caption(str(value)), value)
        self.setCurrentIndex(self.findData(value))


class TextKnob(QtWidgets.QComboBox):
    """What is typed, or a word, with some proposals: a size in pixels or "Auto"."""

    changed = Signal()

    def __init__(self, parameter: Parameter, parent=None):
        super().__init__(parent)
        self._parameter = parameter
        self.setEditable(True)
        self.setInsertPolicy(QtWidgets.QComboBox.InsertPolicy.NoInsert)
        self.addItems(parameter.proposals())
        self.setToolTip(parameter.help)
        self.set(parameter.default)
        self.editTextChanged.connect(lambda *_: self.changed.emit())

    def value(self) -> Value:
        """Raises ParameterError for what cannot be."""
        return self._parameter.parse(self._parameter.meant(self.currentText()))

    def set(self, value: Value) -> None:
        self.setEditText(self._parameter.shown(self._parameter.written(value)))


class NumberKnob(QtWidgets.QDoubleSpinBox):
    """A number alone, where there is no room for a slider."""

    changed = Signal()

    def __init__(self, parameter: Parameter, parent=None):
        super().__init__(parent)
        self.setRange(parameter.low, parameter.high)
        self.setDecimals(0)
        self.setSingleStep(5)
        self.setSuffix(f" {parameter.unit}")
        self.setToolTip(parameter.help)
        self.setAccessibleName(parameter.label)
        self.set(parameter.default)
        self.valueChanged.connect(lambda *_: self.changed.emit())

    def set(self, value: Value) -> None:
        self.setValue(float(value))  # type: ignore[arg-type]


class IntegerKnob(QtWidgets.QSpinBox):
    """A whole number."""

    changed = Signal()

    def __init__(self, parameter: Parameter, parent=None):
        super().__init__(parent)
        self.setRange(int(parameter.low), int(parameter.high))
        self.setToolTip(parameter.help)
        self.set(parameter.default)
        self.valueChanged.connect(lambda *_: self.changed.emit())

    def set(self, value: Value) -> None:
        self.setValue(int(value))  # type: ignore[arg-type]


def knob(parameter: Parameter):
    """The field that fits a parameter."""
    if parameter.kind == "choice":
        return ChoiceKnob(parameter)
    if parameter.words or parameter.kind == "numbers":
        return TextKnob(parameter)
    return SliderKnob(parameter) if parameter.kind == "number" else IntegerKnob(parameter)


class Fold(QtWidgets.QWidget):
    """A heading that shows and hides what lies under it."""

    def __init__(self, title: str, inside, parent=None):
        super().__init__(parent)
        self.button = QtWidgets.QToolButton()
        self.button.setText(title)
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setArrowType(Qt.ArrowType.RightArrow)
        self.button.toggled.connect(self._turn)
        self.inside = inside
        inside.hide()
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.button)
        column.addWidget(inside)

    def _turn(self, open: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if open else Qt.ArrowType.RightArrow)
        self.inside.setVisible(open)


class Panel(QtWidgets.QScrollArea):
    """As high as what lies in it, or, where the screen ends, a scroll bar."""

    LEAST = 130  # px

    changed = Signal()

    def __init__(self, inside, parent=None):
        super().__init__(parent)
        self.setFrameShape(QtWidgets.QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidgetResizable(True)
        self.setWidget(inside)
        self.setMinimumHeight(self.LEAST)
        self.setSizePolicy(
            QtWidgets.QSizePolicy.Policy.Preferred, QtWidgets.QSizePolicy.Policy.Maximum
        )

    def sizeHint(self):
        return self.widget().sizeHint()

    def eventFilter(self, watched, event) -> bool:
        """Qt's own, and a word when what lies inside wants another size."""
        if event.type() == QtCore.QEvent.Type.LayoutRequest:
            self.updateGeometry()
            QtCore.QTimer.singleShot(0, self.changed.emit)
        return super().eventFilter(watched, event)


def stops(field) -> list:
    """What Tab stops at in a field."""
    return [field.slider, field.number] if isinstance(field, SliderKnob) else [field]


def width_of(labels: Iterable[str]) -> int:
    """Of the widest, px: so that the fields of several forms stand in one column."""
    return max(QtWidgets.QLabel(each).sizeHint().width() for each in labels)


def form(fields: list[tuple], width: int):
    """Labels, of this width, and fields in two columns."""
    whole = QtWidgets.QWidget()
    grid = QtWidgets.QFormLayout(whole)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setVerticalSpacing(6)
    grid.setHorizontalSpacing(12)
    grid.setFieldGrowthPolicy(QtWidgets.QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    for words, field in fields:
        label = QtWidgets.QLabel(words)
        label.setMinimumWidth(width)
        label.setToolTip(field.toolTip())
        label.setBuddy(stops(field)[-1])
        field.setAccessibleName(words)
        grid.addRow(label, field)
    return whole


def click_before_wheel(field) -> None:
    """Keep the wheel for scrolling: a value changes only where the artist clicked first."""
    guard = _WheelGuard(field)
    for each in [field, *field.findChildren(QtWidgets.QWidget)]:
        each.installEventFilter(guard)
        each.setFocusPolicy(Qt.FocusPolicy.StrongFocus)


class _WheelGuard(QtCore.QObject):
    def eventFilter(self, watched, event) -> bool:
        if event.type() == QtCore.QEvent.Type.Wheel and not watched.hasFocus():
            event.ignore()
            return True
        return False
