"""Steps with images and their layers, in a batch process of GIMP's."""

import array
import hashlib
import json
import random
from pathlib import Path

from gi.repository import Gegl, Gimp, Gio

Gegl.init(None)
TYPES = {
    "rgb": (Gimp.ImageBaseType.RGB, Gimp.ImageType.RGBA_IMAGE, Gimp.ImageType.RGB_IMAGE),
    "grey": (Gimp.ImageBaseType.GRAY, Gimp.ImageType.GRAYA_IMAGE, Gimp.ImageType.GRAY_IMAGE),
}


def ready():
    return True


def quit():
    pass


def new_image(width, height, base="rgb", precision="u8-non-linear", profile="", shown=False):
    """An image without layers; its id."""
    kind = next(
        value for value in Gimp.Precision.__enum_values__.values() if value.value_nick == precision
    )
    image = Gimp.Image.new_with_precision(width, height, TYPES[base][0], kind)
    if profile == "adobe":
        image.set_color_profile(Gimp.ColorProfile.new_rgb_adobe())
    if shown:
        Gimp.Display.new(image)
        Gimp.displays_flush()
    return image.get_id()


def add_layer(
    image, name, x=0, y=0, width=64, height=48, seed=1, group=None, alpha=True, visible=True
):
    """A layer with a soft picture in it, within every gamut; its id."""
    image = Gimp.Image.get_by_id(image)
    base = "grey" if image.get_base_type() == Gimp.ImageBaseType.GRAY else "rgb"
    layer = Gimp.Layer.new(
        image, name, width, height, TYPES[base][1 if alpha else 2], 100.0, Gimp.LayerMode.NORMAL
    )
    buffer = layer.get_buffer()
    rectangle = Gegl.Rectangle.new(0, 0, width, height)
    buffer.set(rectangle, "R'G'B'A float", _picture(width, height, seed, base == "grey"))
    buffer.flush()
    layer.update(0, 0, width, height)
    return _insert(image, layer, group, x, y, visible)


def add_group(image, name, visible=True):
    image = Gimp.Image.get_by_id(image)
    return _insert(image, Gimp.GroupLayer.new(image, name), None, 0, 0, visible)


def _insert(image, layer, group, x, y, visible):
    image.insert_layer(layer, Gimp.Layer.get_by_id(group) if group else None, 0)
    if not layer.is_group():
        layer.set_offsets(x, y)
    layer.set_visible(visible)
    Gimp.displays_flush()
    return layer.get_id()


def add_large_layer(image, name, width, height):
    """A layer of noise; its id."""
    image = Gimp.Image.get_by_id(image)
    layer = Gimp.Layer.new(
        image, name, width, height, TYPES["rgb"][1], 100.0, Gimp.LayerMode.NORMAL
    )
    buffer = layer.get_buffer()
    noise = random.Random(1).randbytes(4 * width * height)
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), "R'G'B'A u8", noise)
    buffer.flush()
    layer.update(0, 0, width, height)
    return _insert(image, layer, None, 0, 0, True)


def add_white_layer(image, name, width, height):
    """A layer that is wholly there; its id."""
    image = Gimp.Image.get_by_id(image)
    layer = Gimp.Layer.new(
        image, name, width, height, TYPES["rgb"][1], 100.0, Gimp.LayerMode.NORMAL
    )
    layer.fill(Gimp.FillType.WHITE)
    return _insert(image, layer, None, 0, 0, True)


def _picture(width, height, seed, grey):
    dice = random.Random(seed)
    tint = [0.35 + 0.2 * dice.random() for _ in range(3)]
    if grey:
        tint = [tint[0]] * 3
    numbers = array.array("f")
    for row in range(height):
        for column in range(width):
            wave = 0.06 * ((column * 7 + row * 3 + seed * 11) % 16 - 8) / 8
            shares = (1, 1, 1) if grey else (1 / 4, 2 / 4, 3 / 4)
            numbers.extend(each + wave * share for each, share in zip(tint, shares, strict=True))
            numbers.append(1.0 if (column // 8 + row // 8) % 5 else 0.5)
    return numbers.tobytes()


def add_mask(layer):
    """A layer mask that hides the left half, half of the rest half."""
    layer = Gimp.Layer.get_by_id(layer)
    mask = layer.create_mask(Gimp.AddMaskType.WHITE)
    layer.add_mask(mask)
    width, height = layer.get_width(), layer.get_height()
    row = bytes(0 if x < width // 2 else 128 if x < 3 * width // 4 else 255 for x in range(width))
    buffer = mask.get_buffer()
    buffer.set(Gegl.Rectangle.new(0, 0, width, height), "Y u8", row * height)
    buffer.flush()
    mask.update(0, 0, width, height)


def stands_on(image):
    """The ids of what is selected in the docks."""
    image = Gimp.Image.get_by_id(image)
    chosen = [*image.get_selected_layers(), *image.get_selected_channels()]
    return [each.get_id() for each in chosen]


def lock(layer):
    Gimp.Layer.get_by_id(layer).set_lock_content(True)


def copy_layer(layer):
    """In another image; its id."""
    source = Gimp.Layer.get_by_id(layer)
    image = source.get_image()
    other = Gimp.Image.new_with_precision(
        image.get_width(), image.get_height(), image.get_base_type(), image.get_precision()
    )
    copy = Gimp.Layer.new_from_drawable(source, other)
    other.insert_layer(copy, None, 0)
    return copy.get_id()


def edits_mask(layer):
    """Whether what is painted on the layer goes to its mask."""
    return Gimp.Layer.get_by_id(layer).get_edit_mask()


def mask_row(layer):
    """The middle row of a layer's mask, 0..1."""
    mask = Gimp.Layer.get_by_id(layer).get_mask()
    width, numbers = mask.get_width(), _read(mask, "Y float")
    start = width * (mask.get_height() // 2)
    return list(numbers[start : start + width])


def seen_numbers(image):
    """What is visible: all channels, 0..1."""
    image = Gimp.Image.get_by_id(image)
    visible = Gimp.Layer.new_from_visible(image, image, "")
    try:
        return list(_read(visible, "R'G'B'A float"))
    finally:
        visible.delete()


def mask_of(layer):
    return Gimp.Layer.get_by_id(layer).get_mask().get_id()


def add_channel(image):
    image = Gimp.Image.get_by_id(image)
    color = Gegl.Color.new("red")
    channel = Gimp.Channel.new(image, "Channel", 8, 8, 50.0, color)
    image.insert_channel(channel, None, 0)
    return channel.get_id()


def add_filter(layer):
    """A filter that GIMP keeps beside the pixels: it inverts the colours."""
    filter = Gimp.DrawableFilter.new(Gimp.Layer.get_by_id(layer), "gegl:invert-gamma", "")
    Gimp.Layer.get_by_id(layer).append_filter(filter)


def make_indexed(image):
    Gimp.Image.get_by_id(image).convert_indexed(
        Gimp.ConvertDitherType.NONE, Gimp.ConvertPaletteType.GENERATE, 16, False, False, ""
    )


def select(image, x, y, width, height):
    image = Gimp.Image.get_by_id(image)
    if width:
        image.select_rectangle(Gimp.ChannelOps.REPLACE, x, y, width, height)
    else:
        Gimp.Selection.none(image)
    Gimp.displays_flush()


def set_active(image, layers):
    chosen = [Gimp.Layer.get_by_id(each) for each in layers]
    Gimp.Image.get_by_id(image).set_selected_layers(chosen)
    Gimp.displays_flush()


def float_a_part(image, layer):
    """A floating selection, as a paste makes it."""
    select(image, 8, 8, 16, 16)
    Gimp.Selection.float(Gimp.Image.get_by_id(image), [Gimp.Layer.get_by_id(layer)], 0, 0)
    Gimp.displays_flush()


def anchor(image):
    Gimp.floating_sel_anchor(Gimp.Image.get_by_id(image).get_floating_sel())
    Gimp.displays_flush()


def scale(image, width, height):
    Gimp.Image.get_by_id(image).scale(width, height)
    Gimp.displays_flush()


def seen(image):
    """What the image's window shows, as the "pixels" of a layer in its state."""
    image = Gimp.Image.get_by_id(image)
    visible = Gimp.Layer.new_from_visible(image, image, "")
    try:
        return _digest(visible)
    finally:
        visible.delete()


def remove_layer(image, layer):
    Gimp.Image.get_by_id(image).remove_layer(Gimp.Layer.get_by_id(layer))
    Gimp.displays_flush()


def mark_unmodified():
    """So that GIMP asks nothing when it closes."""
    for image in Gimp.get_images():
        image.clean_all()


def close_all():
    """Close every image, with its window."""
    for image in Gimp.get_images():
        close(image.get_id())


def close(image):
    for number in range(1, 200):
        if Gimp.Display.id_is_valid(number):
            display = Gimp.Display.get_by_id(number)
            if display.is_valid():
                display.delete()
    if Gimp.Image.id_is_valid(image):
        Gimp.Image.get_by_id(image).delete()


def layer_count(image):
    return len(Gimp.Image.get_by_id(image).get_layers())


def images():
    return [image.get_id() for image in Gimp.get_images()]


def save_picture(image, path):
    """What is visible, as a file, in a folder that is made where it is not there."""
    Path(path).parent.mkdir(exist_ok=True)
    Gimp.file_save(
        Gimp.RunMode.NONINTERACTIVE, Gimp.Image.get_by_id(image), Gio.File.new_for_path(path), None
    )


def save_and_open(image, path):
    """The image as GIMP's own file, opened again; its id."""
    save_picture(image, path)
    opened = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))
    return opened.get_id()


def open_shown(path):
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(path))
    Gimp.Display.new(image)
    Gimp.displays_flush()
    return image.get_id()


def layer_named(image, name):
    layers = _all(Gimp.Image.get_by_id(image).get_layers())
    return next((each.get_id() for each in layers if each.get_name() == name), 0)


def state(image):
    """All that a job must not change, and what it adds: every layer, topmost first."""
    image = Gimp.Image.get_by_id(image)
    profile = image.get_color_profile()
    return {
        "layers": [_describe(each) for each in _all(image.get_layers())],
        "precision": image.get_precision().value_nick,
        "base": image.get_base_type().value_nick,
        "profile": hashlib.sha256(profile.get_icc_profile()).hexdigest() if profile else "",
        "selection": list(Gimp.Selection.bounds(image))[1:],
    }


def noted(image):
    """How many results the image knows of."""
    parasite = Gimp.Image.get_by_id(image).get_parasite("scumble")
    return len(json.loads(bytes(parasite.get_data())).get("results", [])) if parasite else 0


def _all(layers):
    for layer in layers:
        yield layer
        yield from _all(layer.get_children() if layer.is_group() else [])


def _describe(layer):
    parent, mask = layer.get_parent(), layer.get_mask()
    _, x, y = layer.get_offsets()
    return {
        "id": layer.get_id(), "name": layer.get_name(), "type": layer.type().value_nick,
        "parent": parent.get_name() if parent else "",
        "place": [x, y, layer.get_width(), layer.get_height()],
        "visible": layer.get_visible(), "opacity": layer.get_opacity(),
        "mask": _digest(mask) if mask else "",
        "filters": len(layer.get_filters()),
        "pixels": "" if layer.is_group() else _digest(layer),
    }  # fmt: skip


def _digest(drawable):
    return hashlib.sha256(_read(drawable, "R'G'B'A float").tobytes()).hexdigest()


def _read(drawable, format):
    rectangle = Gegl.Rectangle.new(0, 0, drawable.get_width(), drawable.get_height())
    none = Gegl.AbyssPolicy.NONE
    return array.array("f", drawable.get_buffer().get(rectangle, 1.0, format, none))


def difference(one, other):
    """The largest difference between two layers' channels, in parts of the whole range."""
    first, second = (_read(Gimp.Layer.get_by_id(each), "R'G'B'A float") for each in (one, other))
    assert len(first) == len(second)
    return max(abs(a - b) for a, b in zip(first, second, strict=True))


def alphas(layer):
    """The alpha of a layer's middle row, 0..1."""
    layer = Gimp.Layer.get_by_id(layer)
    width = layer.get_width()
    numbers = _read(layer, "R'G'B'A float")
    start = 4 * width * (layer.get_height() // 2)
    return [round(each, 3) for each in numbers[start + 3 : start + 4 * width : 4]]


def middle(layer):
    layer = Gimp.Layer.get_by_id(layer)
    numbers = _read(layer, "R'G'B'A float")
    place = 4 * (layer.get_width() * (layer.get_height() // 2) + layer.get_width() // 2)
    return list(numbers[place : place + 4])


def changes(one, other):
    """By how much two layers of one size differ at each place of their middle row, 0..1."""
    layers = [Gimp.Layer.get_by_id(each) for each in (one, other)]
    width, row = layers[0].get_width(), layers[0].get_height() // 2
    a, b = (_read(each, "R'G'B'A float")[4 * width * row :] for each in layers)
    return [max(abs(a[4 * n + k] - b[4 * n + k]) for k in range(4)) for n in range(width)]
