"""What the dialogs say, in the same words in every editor."""

from pathlib import Path
from time import localtime, strftime

from scumble import placement
from scumble.needs import Needs
from scumble.protocol import EstimateReply, Progress, StatusReply
from scumble.setup import Found, Report
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

# Setting Scumble up, by what is lacking
HEADINGS = {
    "missing": "Scumble is to be set up first",
    "broken": "Scumble is to be repaired",
    "older": "Scumble is to be upgraded",
    "newer": "This plug-in is older than Scumble on this computer",
}
SET_UP = {"missing": "Set up", "broken": "Repair", "older": "Upgrade", "newer": ""}
LATER = {"older": "Not now", "newer": "Go on"}
SETTING_UP, STOP_SET_UP = "Scumble is being set up", "Stop setting up"
GOES_ON = "You can paint on, and close this window or the editor: it goes on, and is shown here."
KEPT = "Cancelled. What was downloaded is kept for the next time."
STILL = "It was set up, but its files are not there: try again."
REMOVE = (
    "Remove what was set up for Scumble from this computer? Your presets, and results that wait to "
    "be inserted, are kept; so is the plug-in, which can set it up again."
)
REMOVED = (
    "What was set up for Scumble is removed. The plug-in itself is turned off, or deleted, in the "
    "editor's settings."
)
DOES = {
    "missing": (
        "Scumble needs PyTorch, which does the painting, and a few smaller packages. They are put "
        "into a folder of their own; nothing else on this computer is changed."
    ),
    "broken": (
        "Files of its own, or the Python that it was set up with, are gone. It is made anew; what "
        "was downloaded and is still there is not downloaded again."
    ),
}


def title(document: str) -> str:
    return f"{_short(document)} – {TITLE}"


def about(version: str, size: int, folder: Path) -> str:
    """Of Scumble itself."""
    taken = f"takes {size / 1e9:.1f} GB of the disk, in {folder}"
    return f"Scumble {version}. {PRIVATE}\n\nWhat was set up for it {taken}."


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


def damaged(path: Path) -> str:
    """Of the file of presets, which was put aside."""
    return f"Your presets could not be read, and begin anew: what was there lies in {path}."


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


def lack(found: Found) -> str:
    """What is there, and what will be done about it."""
    if found.lack == "older":
        brings = f"Scumble {found.own}, and {found.there} is set up here"
        if found.own == found.there:
            brings = f"another Scumble {found.own} than is set up here"
        return (
            f"This plug-in brings {brings}. The new one is made beside the old one and tried; "
            "until it works, and if you cancel, the old one is used."
        )
    if found.lack == "newer":
        return (
            f"Scumble {found.there} is set up here, and this plug-in is of {found.own}: get the "
            f"plug-in of {found.there} for this editor. Until then the two may not understand each "
            "other."
        )
    return DOES[found.lack]


def costs(found: Found, needs: Needs) -> tuple[str, ...]:
    """Where, how much, and for what."""
    minutes = max(1, round(needs.download * 8000 / 50 / 60))
    download = f"about {needs.download:.1f} GB, {minutes} min at 50 Mbit/s"
    disk, free = f"{needs.disk:.1f} GB", f"{needs.free:.0f} GB are free"
    if needs.most > needs.download:
        download += f" ({needs.most:.1f} GB where PyTorch's own server cannot be reached)"
        disk += f" ({needs.most_disk:.1f} GB then)"
    if found.lack == "older":
        download = f"nothing but what changed; where that is PyTorch, {download}"
    return (
        f"Folder: {found.folder}",
        f"Download: {download}",
        f"Disk: {disk}; {free}",
        gpu(needs.gpu),
    )


def gpu(name: str) -> str:
    if not name:
        return "Graphics card: none that PyTorch knows was found, so it paints on the processor."
    return f"Graphics card: {name}; it gets the PyTorch for that."


def set_up_stage(report: Report) -> str:
    parts = [report.stage]
    if report.total:
        parts.append(f"{report.done / 1e9:.2f} of {report.total / 1e9:.2f} GB")
    if report.total and report.left >= 0:
        parts.append(f"{time(report.left)} left")
    return ", ".join(parts)


def _short(name: str) -> str:
    """A name in a sentence: an artist's may be as long as a page."""
    return placement.shortened(name, placement.LONGEST)
