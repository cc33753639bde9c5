"""What both editors' dialogs say, in the same words."""

from pathlib import Path
from time import localtime, strftime

from scumble.protocol import EstimateReply, Progress, StatusReply
from scumble.unclaimed import Unclaimed

PRIVATE = "Your pictures stay on this computer."
LOOKING, STARTING = "Looking for the backend", "Starting the backend"
NOT_RUNNING = "Not running"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def time(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 90 else f"{seconds / 60:.0f} min"


def estimate(found: EstimateReply) -> str:
    """What a job would take."""
    memory = f"{max(0.1, found.memory / 2**30):.1f} GB"
    return f"Takes about {time(found.seconds)} and {memory} at {found.width} x {found.height} px."


def progress(found: Progress) -> str:
    left = f", {time(found.seconds_left)} left" if found.seconds_left >= 0 else ""
    return sentence_case(found.stage) + left


def status(found: StatusReply) -> str:
    """Of a backend that runs."""
    if found.stage == "starting":
        return "Starting: waking the engine"
    if found.stage == "painting":
        return "Painting for another picture"
    free = f", {found.memory_free / 2**30:.1f} GB free" if found.memory_free else ""
    return f"Ready on {found.device}{free}" if found.device else "Ready"


def log(path: Path) -> str:
    return f"The backend's log is {path}."


def offer(result: Unclaimed) -> str:
    """Of a result that was kept."""
    when = strftime("%H:%M", localtime(result.when))
    return f"{result.name!r}, painted for {result.document!r} at {when}, was never inserted."
