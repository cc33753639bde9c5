"""What the dialogs say, in the same words in every editor."""

from pathlib import Path
from time import localtime, strftime

from scumble import placement
from scumble.protocol import EstimateReply, Progress, StatusReply
from scumble.unclaimed import Unclaimed

PRIVATE = "Your pictures stay on this computer."
LOOKING, STARTING = "Looking for the painting process", "Starting the painting process"
SENT = "getting ready to paint"  # while the engine wakes, which takes seconds
NOT_RUNNING = "Not running"
ESTIMATING = "Estimating how long it takes"
DOTS = {"ready": "#4caf6d", "busy": "#d9a441", "off": "#d06060"}  # of the status, by its light
TITLE = "Scumble: Style Transfer"
STOP = "Stop painting? What is painted so far is lost."
PAINTING, RESULT = "Painting", "Result"
TICK_ONE = "Tick at least one style"
NO_STYLES = "This document has no other layer.\nAdd a picture file to paint like."
ENDS = {"cancelled": "Cancelled: nothing was changed.", "failed": ""}


def title(document: str) -> str:
    return f"{_short(document)} – {TITLE}"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def estimate(found: EstimateReply) -> str:
    """What a job would take."""
    memory = f"{max(0.1, found.memory / 2**30):.1f} GB"
    return f"Takes about {time(found.seconds)} and {memory} at {found.width} x {found.height} px."


def progress(found: Progress, left: float, longer: bool) -> str:
    """left: s; below 0 where it is not known. longer: whether it was thought to be less."""
    told = f", {'longer than thought: ' * longer}{time(left)} left" if left >= 0 else ""
    return sentence_case(found.stage) + told


def status(found: StatusReply) -> str:
    """Of a backend that runs."""
    if found.stage == "starting":
        return "Starting: waking the engine"
    if found.stage == "painting":
        return "Painting for another picture"
    free = f", {found.memory_free / 2**30:.1f} GB free" if found.memory_free else ""
    return f"Ready on {found.device}{free}" if found.device else "Ready"


def log(path: Path) -> str:
    return f"The log of the painting process is {path}."


def styles(ticked: int) -> str:
    """Over the list of styles, of which some may be out of sight."""
    return f"In the style of: {ticked} ticked" if ticked else "In the style of"


def waits(what: str) -> str:
    """Of a result; what: of the artist's, has to come first."""
    return f"finished: it comes when {what}"


def done(name: str) -> str:
    return f"Done. The new layer is “{name}”."


def painted(name: str) -> str:
    return f"Painted: {name}"


def no_pixels(layer: str) -> str:
    return (
        f"“{layer}” is a filter layer, without pixels of its own: all that is visible is taken "
        "instead, or choose another layer."
    )


def offer(result: Unclaimed) -> str:
    """Of a result that was kept."""
    when = strftime("%H:%M", localtime(result.when))
    name, document = _short(result.name), _short(result.document)
    if result.discarded:
        return f"“{name}”, painted at {when}, was discarded. It stays here for a day."
    return f"“{name}”, painted for “{document}” at {when}, was never inserted."


def foreign_offer(result: Unclaimed, here: str) -> str:
    name, document = _short(result.name), _short(result.document)
    return f"“{name}” was painted for “{document}”. Insert it into “{_short(here)}”?"


def discard(result: Unclaimed) -> str:
    """What the button says: the first press can be undone."""
    return "Delete for good" if result.discarded else "Discard"


def _short(name: str) -> str:
    """A name in a sentence: an artist's may be as long as a page."""
    return placement.shortened(name, placement.LONGEST)
