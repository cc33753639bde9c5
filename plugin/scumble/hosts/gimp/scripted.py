"""What a script asks for, out of the procedure's arguments: styles and where they lie, and what
other layers do.
"""

from scumble import parameters
from scumble.errors import LayerError
from scumble.host import SELECTION
from scumble.hosts.gimp.api import Gimp
from scumble.language import tr
from scumble.places import Place, Roles
from scumble.session import StyleChoice


def roles(image, config) -> Roles:
    """Raises LayerError."""
    return Roles(*(_drawn(image, config.get_property(role)) for role in ("keep", "along")))


def styles(image, config) -> list[StyleChoice]:
    """Raises LayerError."""
    layers = config.get_core_object_array("styles") or []
    if not layers:
        raise LayerError(tr("'styles' is empty: give at least one layer to paint like."))
    for each in layers:
        if each.get_image() != image:
            raise LayerError(
                tr(
                    "The style “{name}” is a layer of another image: copy it into this "
                    "one (gimp-layer-new-from-drawable), and give the copy.",
                    name=each.get_name(),
                )
            )
    count = len(layers)
    places = zip(_list(config, "where", count), _list(config, "outside", count), strict=True)
    return [
        StyleChoice(str(layer.get_id()), weight, brush, _place(image, *where), gives or "all")
        for layer, weight, brush, where, gives in zip(
            layers,
            _numbers(config, "weights", "weight", count),
            _numbers(config, "brush-sizes", "brush_size", count),
            places,
            _list(config, "gives", count),
            strict=True,
        )
    ]


def _list(config, what: str, count: int) -> list[str]:
    """A word for each style; all empty where nothing is given. Raises LayerError."""
    text, name = config.get_property(f"style-{what}") or "", what.replace("-", " ")
    found = [each.strip() for each in text.split(",")]
    if not any(found):
        return [""] * count
    if len(found) != count:
        raise LayerError(
            tr(
                "There are {count} styles and {found} {name}: give one for each style.",
                count=count,
                found=len(found),
                name=name,
            )
        )
    return found


def _numbers(config, what: str, knob: str, count: int) -> list[float]:
    """A number for each style, the knob's own where nothing is given. Raises LayerError."""
    words = _list(config, what, count)
    try:
        return [float(each or parameters.style(knob).default) for each in words]  # type: ignore[arg-type]
    except ValueError:
        text, name = config.get_property(f"style-{what}"), what.replace("-", " ")
        raise LayerError(
            tr("Style {name} cannot be “{text}”: write numbers with commas.", name=name, text=text)
        ) from None


def _place(image, inside: str, outside: str) -> Place | None:
    """Where a style lies. Raises LayerError."""
    if inside and outside:
        raise LayerError(
            tr(
                "A style lies in “{inside}” or outside of “{outside}”: leave one of them empty.",
                inside=inside,
                outside=outside,
            )
        )
    return Place(_source(image, inside or outside), bool(outside)) if inside or outside else None


def _source(image, word: str) -> str:
    """The layer of a name or an id. Raises LayerError."""
    if word == SELECTION:
        return SELECTION
    layer = image.get_layer_by_name(word)
    if layer is None and word.isdecimal() and Gimp.Item.id_is_layer(int(word)):
        layer = Gimp.Layer.get_by_id(int(word))
    if layer is None or layer.get_image() != image:
        raise LayerError(
            tr("“{word}” is no layer of this image: give a layer's name or its id.", word=word)
        )
    return str(layer.get_id())


def _drawn(image, drawable) -> Place | None:
    """A part of the image that is given as what it is. Raises LayerError."""
    if drawable is None:
        return None
    if drawable == image.get_selection():
        return Place(SELECTION)
    if not drawable.is_layer() or drawable.get_image() != image:
        raise LayerError(
            tr(
                "“{name}” says no place: give a layer of this image, or its selection.",
                name=drawable.get_name(),
            )
        )
    return Place(str(drawable.get_id()))
