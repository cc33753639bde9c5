"""What GIMP sees: one procedure in Filters > Artistic, for its menu and for scripts.

GIMP starts this file once after each change to ask what is in it, and once for each run, so nothing
heavy is imported here: dialog, client and zmq wait for their use.
"""

import sys

from scumble.guard import sentence
from scumble.hosts.gimp import arguments
from scumble.hosts.gimp.api import Gegl, Gimp, GLib
from scumble.language import tr
from scumble.vendor import use_vendored_zmq

NAME = "plug-in-scumble-stylize"
TITLE = tr("Scumble: Style _Transfer...")
MENU = "<Image>/Filters/Artistic"
TILES = 1 << 25  # bytes
SHORT = tr("Repaint a layer in the style of other layers or pictures")
LONG = tr(
    "Repaints one layer in a blend of styles, which are other layers of the image or pictures. The "
    "result is a new layer above the first, which stays as it is; with 'replace' the layer itself "
    "is repainted, where that can be. For scripts: 'styles' takes layers, 'style-weights' a number "
    "for each, as in '2, 0.5' (1 each where it is empty), and so do 'style-brush-sizes' (100 "
    "each), 'style-where', 'style-outside' and 'style-gives', as in 'Sky, selection'. 'keep' and "
    "'along' take a layer, 'keep' the image's selection, too. A parameter that is text takes a "
    "number or a word, as its description says."
)

# What only scripts give. A thing for each style is text: in GIMP 3.0 Python cannot hand over an
# array of numbers, and an array of layers has no room for none.
LISTS = (
    ("style-weights", tr("Style weights"), tr("0 to 10 for each style, with commas between")),
    ("style-brush-sizes", tr("Style brush sizes"), tr("25 to 400 % for each style, likewise")),
    (
        "style-where",
        tr("Where styles lie"),
        tr("For each style a layer's name or its id, or 'selection', or nothing: everywhere"),
    ),
    ("style-outside", tr("Where styles do not lie"), tr("Likewise, in place of style-where")),
    ("style-gives", tr("What styles give"), tr("all, forms or strokes for each style")),
)


class Scumble(Gimp.PlugIn):
    def do_set_i18n(self, name):
        return False

    def do_query_procedures(self):
        return [NAME]

    def do_create_procedure(self, name):
        kind = Gimp.PDBProcType.PLUGIN
        procedure = Gimp.ImageProcedure.new(self, name, kind, run, None)
        procedure.set_image_types("*")
        mask = Gimp.ProcedureSensitivityMask
        procedure.set_sensitivity_mask(mask.DRAWABLE | mask.DRAWABLES)
        procedure.set_menu_label(TITLE)
        procedure.add_menu_path(MENU)
        procedure.set_documentation(SHORT, LONG, name)
        procedure.set_attribution("The Scumble authors", "Apache-2.0", "2026")
        _declare_for_scripts(procedure)
        arguments.declare(procedure)
        last = ("last-styles", tr("Last styles"), tr("What was ticked last, for the next time"))
        procedure.add_string_aux_argument(*last, "", arguments.FLAGS)
        procedure.add_boolean_aux_argument(*arguments.KEEP_OPEN, False, arguments.FLAGS)
        result = ("result", tr("Result"), tr("The new layer, or the one that was repainted itself"))
        procedure.add_layer_return_value(*result, False, arguments.FLAGS)
        return procedure


def _declare_for_scripts(procedure) -> None:
    layers = ("styles", tr("Styles"), tr("The layers to paint like"))
    procedure.add_core_object_array_argument(*layers, Gimp.Layer.__gtype__, arguments.LAYERS)
    for each in LISTS:
        procedure.add_string_argument(*each, "", arguments.FLAGS)
    keep = (
        "keep", tr("Keep as it is"),
        tr("A layer, or the image's selection: there the layer stays"),
    )  # fmt: skip
    procedure.add_drawable_argument(*keep, True, arguments.LAYERS)
    along = ("along", tr("Strokes along"), tr("A layer of lines that strokes run along"))
    procedure.add_layer_argument(*along, True, arguments.LAYERS)


def run(procedure, mode, image, drawables, config, _):
    """Whatever fails becomes a procedure error with a sentence."""
    try:
        Gegl.init(None)
        # GIMP itself has the tiles; kept here too, they would take as much as the layer
        Gegl.config().set_property("tile-cache-size", TILES)
        return _run(procedure, mode, image, drawables, config)
    except Exception as error:
        return _answer(procedure, Gimp.PDBStatusType.EXECUTION_ERROR, sentence(error))


def _run(procedure, mode, image, drawables, config):
    use_vendored_zmq()
    if mode == Gimp.RunMode.INTERACTIVE:
        from scumble.hosts.gimp.dialog import show

        layer = show(procedure, config, image)
        if not layer:
            return _answer(procedure, Gimp.PDBStatusType.CANCEL)
    else:
        from scumble.hosts.gimp import unattended

        again = mode == Gimp.RunMode.WITH_LAST_VALS
        layer = (unattended.repeat if again else unattended.script)(image, drawables, config)
    values = _answer(procedure, Gimp.PDBStatusType.SUCCESS)
    values.remove(1)
    values.insert(1, Gimp.Layer.get_by_id(int(layer)))
    return values


def _answer(procedure, status, message: str = ""):
    error = GLib.Error.new_literal(Gimp.PlugIn.error_quark(), message, 0) if message else None
    return procedure.new_return_values(status, error)


def main() -> None:
    Gimp.main(Scumble.__gtype__, sys.argv)
