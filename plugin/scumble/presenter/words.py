"""What the dialogs say, in the same words in every editor."""

from pathlib import Path
from time import localtime, strftime

from scumble import parameters, placement, ways
from scumble.delivery import Delivered
from scumble.disk import Disk
from scumble.history import Entry
from scumble.language import decimal, tr, trn
from scumble.machine import Device
from scumble.parameters import Value
from scumble.protocol import EstimateReply, Progress, StatusReply
from scumble.unclaimed import Unclaimed

PASTE = tr(
    "Paste the line that “scumble key add” printed on the computer that is to paint. Your pictures "
    "will be sent there, encrypted."
)
ANOTHER, WHICH = tr("Another Computer..."), tr("Which computer is to paint?")
LOOKING = tr("Looking for the painting process")
STARTING = tr("Starting the painting process")
SENT = tr("getting ready to paint")  # while the engine wakes, which takes seconds
NOT_RUNNING = tr("Not running")
ESTIMATING = tr("Estimating how long it takes")
DOTS = {"ready": "#4caf6d", "busy": "#d9a441", "off": "#d06060"}  # of the status, by its light
TITLE = tr("Scumble: Style Transfer")
STOP = tr("Stop painting? What is painted so far is lost.")
PAINTING, RESULT, RECOLOURED = tr("Painting"), tr("Result"), tr("Not painted yet")
REPAINT, HOW = tr("Repaint"), tr("How to paint")
TICK_ONE = tr("Tick at least one style")
NO_STYLES = tr("This document has no other layer.\nAdd a picture file to paint like.")
ALL_VISIBLE = tr("All that is visible")
CONTENT = tr("Layer to repaint")
ENDS = {"cancelled": tr("Cancelled: nothing was changed."), "failed": ""}

# What parts of the document do
EVERYWHERE, NOTHING, ANY_WAY = tr("Everywhere"), tr("Nothing"), tr("As they come")
IN_SELECTION, OUT_OF_SELECTION = tr("In the selection"), tr("Outside the selection")
THE_SELECTION, ALL_BUT_SELECTION = tr("The selection"), tr("All but the selection")
MORE, MORE_HINT = "⋯", tr("Where this style lies, and what it gives")
SWATCH = "■"  # in a style's colour
LIES = tr("Where it lies, of a layer where that is opaque and light:")
KEEP, ALONG = tr("Keep as it is"), tr("Strokes along")
KEEP_HINT = tr("What stays a photograph: where the layer chosen here is opaque and light")
ALONG_HINT = tr("Strokes run along the lines that are drawn on this layer; hide it afterwards")

# Drafts to choose from
DRAFTS = tr("Three drafts")
DRAFTS_HINT = tr("Paint three quick drafts that differ, and choose the one to paint to the end")
CHOOSE_DRAFT = tr("Click the draft that is to be painted to the end.")

# The history of a document
ZOOM_IN, ZOOM_OUT = tr("Zoom in (+)"), tr("Zoom out (-)")
FIT, FIT_HINT = tr("Fit"), tr("See the whole picture (0)")
PIXELS, PIXELS_HINT = "100 %", tr("See the picture's own pixels (1)")
LOOK_HINT = tr("Wheel: zoom. Drag: move.")
COMPARE_HINT = tr(
    "Wheel: zoom. Drag: move. Hold the mouse button to see the original, or drag the line: before "
    "and after."
)
REGIONS = tr("Regions")
REGIONS_HINT = tr("Show where each style lies, in its colour, and with stripes what stays as it is")
OVERLAY = tr("On canvas")
OVERLAY_HINT = tr("Show what is being painted over the document, too, which stays untouched")
HISTORY, OPEN_HISTORY = tr("History"), tr("History...")
NO_HISTORY = tr("What you paint in this document is kept here.")
USE, INSERT, DELETE = tr("Use its settings"), tr("Insert as a layer"), tr("Delete")
STAR, UNSTAR = tr("Give it a star"), tr("Take its star")
DELETE_PLAIN = tr("Delete all without a star")
ADD_PICTURE, PICTURES = tr("Add picture"), tr("Pictures")
OTHER_LAYERS = tr("What you dropped is no layer of this document: copy it into this one first.")
MOST_REASONS = 2  # that are told of files that could not be added
PICTURE_FILE, SEARCH, CLOSE = tr("A picture file..."), tr("Search"), tr("Close")

# Presets
PRESETS, ALL_PRESETS = tr("Presets"), tr("All presets...")
NO_PRESETS = tr("There is no preset of this name.")
PRESET_NAME, REPLACE = tr("Name of the preset:"), tr("Replace")
SAVE_AS, IMPORT, EXPORT = tr("Save as..."), tr("Import..."), tr("Export...")
CAME_ALONG, NO_STYLES_KEPT = tr("Comes with Scumble"), tr("Settings only, no styles")


def content_hint(replaces: bool) -> str:
    """replaces: whether results can take the place of their layers' pixels."""
    if replaces:
        return tr(
            "The layer to repaint. It stays as it is, and the result lies above it; with “Replace "
            "the layer's pixels”, under Advanced, it is repainted itself"
        )
    return tr("The layer to repaint. It stays as it is; the result lies above it")


def zoom(scale: float) -> str:
    """How large the picture is seen."""
    return f"{100 * scale:.0f} %"


def title(document: str) -> str:
    return tr("{document} – {title}", document=short(document), title=TITLE)


def private(where: str) -> str:
    """Who sees the pictures. where: the other computer that paints, or nothing."""
    if where:
        return tr("Your pictures are sent to “{name}”, encrypted.", name=where)
    return tr("Your pictures stay on this computer.")


def device(found: Device | None) -> str:
    """What paints on this computer; None: whatever is fastest."""
    if found is None:
        return tr("Automatic")
    return tr("Processor ({name})", name=found.name) if found.processor else found.name


def computer(name: str) -> str:
    """Where it is painted. name: of another computer, or nothing."""
    return tr("Paint on “{name}”", name=name) if name else tr("Paint on This Computer")


def about(version: str, where: str, found: Disk, folder: Path) -> str:
    """Of Scumble itself. where: the other computer that paints, or nothing."""
    taken = tr(
        "What was set up for it takes {size} GB of the disk, in {folder}.",
        size=decimal(found.whole / 1e9),
        folder=folder,
    )
    free = tr(
        "{size} GB can be freed: older versions ({old} GB), downloads ({downloads} GB; another "
        "program that uses uv would fetch its own again), and old logs.",
        size=decimal(found.freeable / 1e9),
        old=decimal(found.environments / 1e9),
        downloads=decimal(found.downloads / 1e9),
    )
    return f"Scumble {version}. {private(where)}\n\n{taken} {free}"


def freed(size: int) -> str:
    return tr("{size} GB are free again.", size=decimal(size / 1e9))


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def time(seconds: float) -> str:
    if seconds < 90:
        return tr("{number} s", number=round(seconds))
    return tr("{number} min", number=round(seconds / 60))


def estimate(found: EstimateReply) -> str:
    """What a job would take."""
    return tr(
        "Takes about {time} and {memory} GB at {width} x {height} px.",
        time=time(found.seconds),
        memory=decimal(max(0.1, found.memory / 2**30)),
        width=found.width,
        height=found.height,
    )


def one_of_layers(takes: str, count: int) -> str:
    return tr("{takes} That is one of {count} layers.", takes=takes, count=count)


def first_of_frames(takes: str, count: int) -> str:
    return tr(
        "{takes} That is the first of {count} frames; the others go on from it, in less time.",
        takes=takes,
        count=count,
    )


def progress(found: Progress, left: float, longer: bool) -> str:
    """left: s; below 0 where it is not known. longer: whether it was thought to be less."""
    stage = sentence_case(found.stage)
    if left < 0:
        return stage
    if longer:
        return tr("{stage}, longer than thought: {time} left", stage=stage, time=time(left))
    return tr("{stage}, {time} left", stage=stage, time=time(left))


def drafting(number: int, count: int) -> str:
    return tr("Draft {number} of {count}", number=number, count=count)


def selected_layers(count: int) -> str:
    return tr("Selected layers ({count})", count=count)


def each_layer(group: str) -> str:
    return tr("Each layer of “{group}”", group=group)


def all_frames(layer: str, count: int) -> str:
    return tr("All frames of “{layer}” ({count})", layer=layer, count=count)


NOTHING_INSIDE = tr("No layer in this group has pixels of its own: choose another.")


def layer_of(number: int, count: int, stage: str) -> str:
    """stage: of one of several layers."""
    return tr("Layer {number} of {count}: {stage}", number=number, count=count, stage=stage)


def frame_of(number: int, count: int, stage: str) -> str:
    """stage: of one of several frames."""
    return tr("Frame {number} of {count}: {stage}", number=number, count=count, stage=stage)


def frame(time: int) -> str:
    """The frame that begins then, after the name of its layer."""
    return tr("frame {time}", time=time)


def frames_not_repainted(time: int) -> str:
    return tr("Frame {time} and those after it were not repainted.", time=time)


def not_repainted(layer: str) -> str:
    return tr("“{layer}” was not repainted.", layer=short(layer))


def kept_in_history(count: int) -> str:
    """Of layers, when the rest was cancelled."""
    return trn(
        "{number} layer was painted to the end: the result is in the history.",
        "{number} layers were painted to the end: the results are in the history.",
        count,
    )


def frames_kept_in_history(count: int) -> str:
    """The same of frames."""
    return trn(
        "{number} frame was painted to the end: the result is in the history.",
        "{number} frames were painted to the end: the results are in the history.",
        count,
    )


def draft_note(values: dict[str, Value]) -> str:
    """How a draft is painted, of what drafts differ in."""
    knobs = [parameters.KNOBS[name] for name in ways.DIFFERENT]
    return ", ".join(f"{each.label} {each.written(values[each.name])}" for each in knobs)


def queued(place: str) -> str:
    """place: how many pictures go before."""
    return tr("waiting for another picture, {place}", place=place)


def status(found: StatusReply) -> str:
    """Of a backend that runs."""
    if found.stage == "starting":
        return tr("Starting: waking the engine")
    if found.stage == "painting":
        return tr("Painting for another picture")
    if not found.device:
        return tr("Ready")
    device = found.device
    if found.threads:
        device = trn("processor, {number} thread", "processor, {number} threads", found.threads)
    if not found.memory_free:
        return tr("Ready on {device}", device=device)
    free = decimal(found.memory_free / 2**30)
    return tr("Ready on {device}, {free} GB free", device=device, free=free)


def damaged(path: Path) -> str:
    """Of the file of presets, which was put aside."""
    return tr(
        "Your presets could not be read, and begin anew: what was there lies in {path}.", path=path
    )


def log(path: Path) -> str:
    return tr("The log of the painting process is {path}.", path=path)


def styles(ticked: int) -> str:
    """Over the list of styles, of which some may be out of sight."""
    if not ticked:
        return tr("In the style of")
    return trn("In the style of: {number} ticked", "In the style of: {number} ticked", ticked)


def waits(what: str) -> str:
    """Of a result; what: of the artist's, has to come first."""
    return tr("finished: it comes when {what}", what=what)


def done(delivered: list[Delivered]) -> str:
    """Of new layers, and of those that were painted on."""
    replaced = [each.seen_as for each in delivered if each.replaced]
    new = [each.seen_as for each in delivered if not each.replaced]
    if replaced and new:
        return tr(
            "Done. Layers repainted: {replaced}; new layers: {new}.",
            replaced=len(replaced),
            new=len(new),
        )
    if len(replaced) == 1:
        return tr("Done. “{name}” is repainted.", name=replaced[0])
    if replaced:
        return tr("Done. {count} layers are repainted.", count=len(replaced))
    if len(new) == 1:
        return came_in(new[0])
    return tr("Done. {count} new layers came in.", count=len(new))


def came_in(name: str) -> str:
    """Of one new layer."""
    return tr("Done. The new layer is “{name}”.", name=name)


def covered(layers: list[str], group: str) -> str:
    """Of layers that lie between others that were repainted together."""
    told = ", ".join(f"“{short(each)}”" for each in layers)
    return tr(
        "{layers} lay between the layers repainted, and lies under “{group}” now: drag a new layer "
        "out of that group where it hides too much.",
        layers=told,
        group=group,
    )


def painted(names: list[str]) -> str:
    return tr("Painted: {name}", name=", ".join(names))


def painted_at(entry: Entry) -> str:
    """When, and how long it took."""
    when = strftime("%Y-%m-%d %H:%M", localtime(entry.when))
    return tr("{when}, in {time}", when=when, time=time(entry.took)) if entry.took >= 0 else when


def painted_with(entry: Entry, styles: str, values: dict[str, Value]) -> str:
    """How a result was painted, a line for each."""
    lines = [entry.name, f"{entry.extent.width} x {entry.extent.height} px, {painted_at(entry)}"]
    return "\n".join([*lines, *([styles] if styles else []), *settings(values)])


def styles_used(found: list[tuple[str, float, float]]) -> str:
    """Of styles with weight and brush size."""
    weight, brush = parameters.STYLE_PARAMETERS[:2]
    told = []
    for name, *numbers in found:
        other = [
            f"{each.label} {each.written(number)}"
            for each, number in zip((weight, brush), numbers, strict=True)
            if each is weight or number != each.default
        ]
        told.append(f"{short(name)} ({', '.join(other)})")
    return tr("Styles: {styles}", styles=", ".join(told)) if told else ""


def settings(values: dict[str, Value]) -> list[str]:
    """A line for each."""
    found = []
    for each in parameters.PARAMETERS:
        if each.name in values:
            value = values[each.name]
            known = isinstance(value, str) and value in each.words
            shown = each.caption(str(value)) if known else each.written(value)
            found.append(f"{each.label}: {shown}")
    return found


def size(bytes: float) -> str:
    if bytes >= 2**30:
        return tr("{size} GB", size=decimal(bytes / 2**30))
    if bytes >= 2**20:
        return tr("{size} MB", size=round(bytes / 2**20))
    return tr("{size} kB", size=round(bytes / 2**10))


def disk(count: int, own: int, every: int, most: int) -> str:
    """What the history of a document takes, and all histories together."""
    here = trn("{number} result, {size}.", "{number} results, {size}.", count, size=size(own))
    bound = tr(
        "All documents: {every} of at most {most}; then the oldest go, those with a star last.",
        every=size(every),
        most=size(most),
    )
    return f"{here} {bound}"


def delete_result(name: str) -> str:
    return tr(
        "Delete “{name}” from the history? Its layer stays, if there is one.", name=short(name)
    )


def delete_plain(count: int, bytes: int) -> str:
    return trn(
        "Delete {number} result without a star from the history ({size})? Layers stay.",
        "Delete {number} results without a star from the history ({size})? Layers stay.",
        count,
        size=size(bytes),
    )


def replace_preset(name: str) -> str:
    return tr("There is a preset “{name}” already. Replace it?", name=short(name))


def delete_preset(name: str) -> str:
    return tr("Delete the preset “{name}”?", name=short(name))


def imported(count: int) -> str:
    """Of presets."""
    if not count:
        return tr("All presets in this file are there already.")
    return trn("{number} preset came in.", "{number} presets came in.", count)


def exported(path: Path) -> str:
    return tr("Your presets are in {path}.", path=path)


def not_now(what: str) -> str:
    """what: of the artist's, has to come first."""
    return tr("No layer can come in now: it can when {what}.", what=what)


def lacking(names: list[str]) -> str:
    """Of styles that are not in this document."""
    told = ", ".join(f"“{short(each)}”" for each in names)
    return tr(
        "Not in this document: {styles}. Tick another style, or add a picture file.", styles=told
    )


def replace_style(name: str) -> str:
    return tr(
        "“{name}” is not in this document. What is to be painted like instead?", name=short(name)
    )


def no_pixels(layer: str) -> str:
    return tr(
        "“{layer}” is a filter layer, without pixels of its own: all that is visible is taken "
        "instead, or choose another layer.",
        layer=layer,
    )


def offer(result: Unclaimed) -> str:
    """Of a result that was kept."""
    when = strftime("%H:%M", localtime(result.when))
    name, document = short(result.name), short(result.document)
    if result.discarded:
        return tr(
            "“{name}”, painted at {when}, was discarded. It stays here for a day.",
            name=name,
            when=when,
        )
    return tr(
        "“{name}”, painted for “{document}” at {when}, was never inserted.",
        name=name,
        document=document,
        when=when,
    )


def foreign_offer(result: Unclaimed, here: str) -> str:
    name, document = short(result.name), short(result.document)
    return tr(
        "“{name}” was painted for “{document}”. Insert it into “{here}”?",
        name=name,
        document=document,
        here=short(here),
    )


def discard(result: Unclaimed) -> str:
    """What the button says: the first press can be undone."""
    return tr("Delete for good") if result.discarded else tr("Discard")


def not_added(sentences: list[str]) -> str:
    """Of files that are no styles; sentences: about one each."""
    told = list(dict.fromkeys(sentences))
    more = len(told) - MOST_REASONS
    rest = trn("{number} more was left out.", "{number} more were left out.", more)
    return " ".join(told[:MOST_REASONS] + [rest] * (more > 0))


def short(name: str) -> str:
    """A name in a sentence: an artist's may be as long as a page."""
    return placement.shortened(name, placement.LONGEST)
