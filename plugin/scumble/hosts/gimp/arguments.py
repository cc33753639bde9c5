"""The procedure's arguments, drawn from parameters.py; GIMP's config <-> our values.

A parameter that takes a number or a word ("auto") is a string for GIMP, written as on our command
line.
"""

from scumble import parameters
from scumble.hosts.gimp.api import Gimp, GObject
from scumble.language import tr
from scumble.parameters import Parameter, Value
from scumble.presenter import manualwords

RGB_COPY = (
    "rgb-copy",
    tr("Leave this image as it is, and open an RGB copy with the result"),
    tr("An image with a palette has only the palette's colours, and so would the result in it."),
)
KEEP_OPEN = ("keep-open", tr("Keep _open"), tr("Stay open after Apply, to try something else"))
REPLACE = "replace", tr("Replace the layer's pi_xels"), manualwords.REPLACE_HINT
FLAGS = GObject.ParamFlags.READWRITE
# Of layers: none at all is ours to answer, since GIMP's own sentence helps nobody; nor can they be
# written into its settings. Gimp.PARAM_NO_VALIDATE and _DONT_SERIALIZE are misread by its bindings.
LAYERS = GObject.ParamFlags(FLAGS | 1 << 8 | 1 << 9)


def property_name(parameter: Parameter) -> str:
    return parameter.name.replace("_", "-")


def declare(procedure) -> None:
    """An argument for each parameter, and what only GIMP asks."""
    for each in (RGB_COPY, REPLACE):
        procedure.add_boolean_argument(*each, False, FLAGS)
    for each in parameters.PARAMETERS:
        _declare(procedure, each, (property_name(each), each.label, each.help))


def _declare(procedure, parameter: Parameter, head: tuple[str, str, str]) -> None:
    low, high, default = parameter.low, parameter.high, parameter.default
    if parameter.kind == "choice":
        choice = Gimp.Choice.new()
        for number, word in enumerate(parameter.words):
            choice.add(word, number, parameter.caption(word), "")
        procedure.add_choice_argument(*head, choice, default, FLAGS)
    elif is_text(parameter):
        procedure.add_string_argument(*head, parameter.written(default), FLAGS)
    elif parameter.kind == "integer":
        procedure.add_int_argument(*head, int(low), int(high), default, FLAGS)
    else:
        procedure.add_double_argument(*head, low, high, default, FLAGS)


def is_text(parameter: Parameter) -> bool:
    """Whether GIMP holds it as text."""
    return parameter.kind == "numbers" or (parameter.kind != "choice" and bool(parameter.words))


def read(config) -> dict[str, Value]:
    """All parameters. Raises ParameterError for a text that is none."""
    return {each.name: _read(config, each) for each in parameters.PARAMETERS}


def _read(config, parameter: Parameter) -> Value:
    value = config.get_property(property_name(parameter))
    if is_text(parameter):
        return parameter.parse((value or "").strip().lower())
    return parameter.check(value)


def write(config, values: dict[str, Value]) -> None:
    for each in parameters.PARAMETERS:
        value = values[each.name]
        config.set_property(property_name(each), each.written(value) if is_text(each) else value)
