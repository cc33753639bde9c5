"""What painting from the command line takes: styles, places and knobs, as arguments."""

import argparse

from scumble import parameters
from scumble.errors import ScumbleError
from scumble.parameters import Parameter


def add_styles(command: argparse.ArgumentParser) -> None:
    """Adds `styles`, `keep` and `along`."""
    command.add_argument(
        "--style", metavar="STYLE", action=_Style, default=[], dest="styles",
        help="a picture to paint like: a layer's name, its #place or a picture file; with =WEIGHT "
        "(0 to 10, default 1) and @BRUSH%% (25 to 400, default 100); may be given again",
    )  # fmt: skip
    command.add_argument(
        "--where", metavar="PLACE", action=_Where, dest="styles",
        help="after a style: it lies only where this layer, or picture of the same size, is opaque "
        "and light",
    )  # fmt: skip
    command.add_argument(
        "--outside", metavar="PLACE", action=_Where, dest="styles", const=True,
        help="after a style: it lies everywhere but there",
    )  # fmt: skip
    gives = parameters.style("gives")
    command.add_argument(
        "--gives", metavar="WHAT", action=_Gives, dest="styles", choices=gives.words,
        help=f"after a style: {_help(gives)}",
    )  # fmt: skip
    command.add_argument(
        "--keep", metavar="PLACE",
        help="all stays as it is where this layer, or picture of the same size, is opaque and "
        "light",
    )  # fmt: skip
    command.add_argument(
        "--along", metavar="LINES",
        help="strokes run along the lines drawn on this layer, or picture of the same size",
    )  # fmt: skip


def add_knobs(command: argparse.ArgumentParser) -> None:
    """Adds every knob, under its name."""
    groups = {
        False: command.add_argument_group("how it is painted"),
        True: command.add_argument_group("for experts"),
    }
    for parameter in command_line_parameters():
        groups[parameter.expert].add_argument(
            flag(parameter), type=_reader(parameter), metavar="VALUE", help=_help(parameter)
        )


def knobs(chosen: argparse.Namespace) -> dict[str, parameters.Value]:
    """Those that were given."""
    given = {each.name: getattr(chosen, each.name) for each in command_line_parameters()}
    return {name: value for name, value in given.items() if value is not None}


class _Style(argparse.Action):
    def __call__(self, parser, namespace, values, option_string=None) -> None:
        from scumble_backend.cli.choices import Written

        namespace.styles = [*namespace.styles, Written(str(values))]


class _OfStyle(argparse.Action):
    """Says something of the style before it."""

    def __call__(self, parser, namespace, values, option_string=None) -> None:
        if not namespace.styles:
            parser.error(f"{option_string} is about the style before it: name that first")
        *before, style = namespace.styles
        namespace.styles = [*before, style._replace(**self.said(values))]

    def said(self, value) -> dict:
        raise NotImplementedError


class _Where(_OfStyle):
    def said(self, value) -> dict:
        return {"where": value, "outside": bool(self.const)}


class _Gives(_OfStyle):
    def said(self, value) -> dict:
        return {"gives": value}


def command_line_parameters() -> list[Parameter]:
    """Those that mean something where nothing can be selected."""
    return [each for each in parameters.PARAMETERS if not each.selects]


def flag(parameter: Parameter) -> str:
    return "--" + parameter.name.replace("_", "-")


def _reader(parameter: Parameter):
    def read(text: str) -> parameters.Value:
        try:
            return parameter.parse(text)
        except ScumbleError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return read


def _help(parameter: Parameter) -> str:
    default = parameter.default
    if isinstance(default, tuple):
        default = ",".join(f"{each:g}" for each in default)
    shown = f"{default:g}" if isinstance(default, float) else default
    text = f"{parameter.help} {parameter.allowed()}; default {shown}"
    return text.replace("%", "%%")
