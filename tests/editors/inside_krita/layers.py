"""Layers of other kinds than paint layers, and what is done to layers while a job runs."""

from scumble_driver.documents import APP, add_node, node_of, shares  # pyright: ignore

SQUARE = '<svg width="{0}" height="{0}"><rect width="{0}" height="{0}" fill="#b06030"/></svg>'


def add_vector_layer(name, side):
    """A square in the upper left corner; the layer's id."""
    node = APP.activeDocument().createVectorLayer(name)
    layer = add_node(node)
    node.addShapesFromSvg(SQUARE.format(side))
    return _settled(layer)


def add_file_layer(name, path):
    return _settled(add_node(APP.activeDocument().createFileLayer(name, path, "None")))


def stand_on_mask(layer):
    """Make the mask of a layer the active node."""
    mask = node_of(layer).childNodes()[0]
    APP.activeDocument().setActiveNode(mask)
    return APP.activeDocument().activeNode() == mask


def rename(layer, name):
    node_of(layer).setName(name)


def lock(layer):
    node_of(layer).setLocked(True)


def move_into(layer, group):
    """As when it is dragged in the docker."""
    node = node_of(layer)
    copy = node.parentNode()
    copy.removeChildNode(node)
    node_of(group).addChildNode(node, None)
    return _settled(layer)


def shift(layer, x, y):
    node_of(layer).move(x, y)
    return _settled(layer)


def colour_at(layer, x, y):
    """The pixel of an 8-bit layer as it is rendered: blue, green, red, alpha."""
    return list(bytes(node_of(layer).projectionPixelData(x, y, 1, 1)))


def seams(layer):
    """Mean difference of an 8-bit layer's pixels from their neighbours: over the edges, where it
    goes on around, and just inside of them."""
    node, width, height = (
        node_of(layer),
        APP.activeDocument().width(),
        APP.activeDocument().height(),
    )

    def strip(place, down):
        box = (place, 0, 1, height) if down else (0, place, width, 1)
        return bytes(node.pixelData(*box))

    def apart(one, other, down):
        pairs = list(zip(strip(one, down), strip(other, down), strict=True))
        return sum(abs(a - b) for a, b in pairs) / len(pairs)

    over = [apart(0, width - 1, True), apart(0, height - 1, False)]
    inside = [apart(width // 2, width // 2 - 1, True), apart(height // 2, height // 2 - 1, False)]
    return {"over": over, "inside": inside}


def place_of(layer):
    box = node_of(layer).bounds()
    return [box.x(), box.y(), box.width(), box.height()]


def _settled(layer):
    document = APP.activeDocument()
    document.refreshProjection()
    document.waitForDone()
    return layer


def mask_row(layer, row):
    """One row of a layer's transparency mask, over the document's width, 0..255."""
    (mask,) = (each for each in node_of(layer).childNodes() if each.type() == "transparencymask")
    return list(bytes(mask.pixelData(0, row, APP.activeDocument().width(), 1)))


def seen():
    """What is visible: all channels, in parts of the whole range."""
    document = APP.activeDocument()
    document.refreshProjection()
    document.waitForDone()
    data = bytes(document.pixelData(0, 0, document.width(), document.height()))
    return shares(data, document.colorDepth())


def changes(one, other, row):
    """By how much two 8-bit layers differ at each place of a row, 0..255."""
    width = APP.activeDocument().width()
    a, b = (bytes(node_of(each).pixelData(0, row, width, 1)) for each in (one, other))
    return [max(abs(a[4 * n + k] - b[4 * n + k]) for k in range(4)) for n in range(width)]
