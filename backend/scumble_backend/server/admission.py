"""Which jobs the server takes."""

from scumble import parameters, protocol
from scumble.errors import ParameterError
from scumble.language import tr
from scumble.pixels import Pixels
from scumble_backend.server.jobs import MAX_WAITING, Job, Jobs

HELD_BYTES = 2**32  # of pixels in all waiting jobs
GUESTS_BYTES = HELD_BYTES // 2  # of those, in the jobs of one guest


def objection(jobs: Jobs, owner: str, request: protocol.Stylize, room: int) -> str:
    """Why a job cannot be taken, or nothing. room: bytes that its owner may fill."""
    if jobs.find(owner, request.job):
        return tr("There is a job of this name already.")
    if len(jobs.of(owner)) >= MAX_WAITING:
        return tr("{number} jobs are waiting already: wait, or cancel some.", number=MAX_WAITING)
    if reason := room_objection(jobs, owner, room, *request.pictures()):
        return reason
    if not request.styles:
        return tr("Choose at least one style.")
    try:
        parameters.check(request.parameters)
        for style in request.styles:
            parameters.check_style("weight", style.weight)
            parameters.check_style("brush_size", style.brush_size)
            parameters.check_style("gives", style.gives)
    except ParameterError as error:
        return str(error)
    if not any(style.weight for style in request.styles):
        return tr("Give at least one style a weight above 0.")
    return ""


def room_objection(jobs: Jobs, owner: str, room: int, *more: Pixels) -> str:
    """Why more pictures cannot be held until a job is done, or nothing."""
    asked = sum(len(each.data) for each in more)
    if _held(jobs.all) + asked > HELD_BYTES or _held(jobs.of(owner)) + asked > room:
        return tr("Too many large pictures are waiting already: wait for a job to end.")
    return ""


def _held(jobs: list[Job]) -> int:
    held = {id(each): len(each.data) for job in jobs for each in job.pictures()}
    return sum(held.values())
