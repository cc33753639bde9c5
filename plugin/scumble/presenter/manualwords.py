"""What the manual says beyond the dialog's own words, and what the dialog says of it."""

from pathlib import Path

from scumble.language import tr

HELP, HELP_HINT = tr("Help"), tr("The manual, at the field that has the keyboard (F1)")
IN_SHORT = tr(
    "Choose the layer to repaint, tick the layers or picture files to paint like, and press Apply. "
    "One undo takes the result away."
)
THE_PICTURE, STYLES, WHERE = tr("The picture"), tr("Styles"), tr("Where it lies")
STYLES_HINT = tr(
    "Tick the layers to paint like. Picture files come in by the button, or are dragged from a "
    "folder's window into the list."
)
WHERE_HINT = tr(
    "By the button ⋯ of a ticked style: everywhere, inside or outside of the selection, or where a "
    "layer is opaque and light."
)
HISTORY_HINT = tr(
    "All that was painted in this document, with its styles and settings: look at it, put it back, "
    "or paint with its settings again."
)
REPLACE = tr("Replace the layer's pixels")
REPLACE_HINT = tr(
    "Paint on the layer itself, in place of a new layer over it; one undo brings back what it was. "
    "A group, a text, and a layer with a mask, filters or a lock get a new layer all the same."
)
PRESETS_HINT = tr(
    "Settings and styles under a name, for all editors; and which computer and which device paint."
)


def opened(path: Path) -> str:
    return tr("The manual opens in your browser; it lies in {path}.", path=path)
