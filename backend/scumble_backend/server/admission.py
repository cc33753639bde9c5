"""Which jobs the server takes."""

from scumble import parameters, protocol
from scumble.errors import ParameterError
from scumble.language import tr
from scumble.pixels import Pixels
from scumble_backend.server.jobs import MAX_WAITING, Jobs

HELD_BYTES = 2**32  # of pixels in all waiting jobs


def objection(jobs: Jobs, client: bytes, request: protocol.Stylize) -> str:
    """Why a job cannot be taken, or nothing."""
    if jobs.find(client, request.job):
        return tr("There is a job of this name already.")
    if len(jobs.of(client)) >= MAX_WAITING:
        return tr("{number} jobs are waiting already: wait, or cancel some.", number=MAX_WAITING)
    if reason := room_objection(jobs, *request.pictures()):
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


def room_objection(jobs: Jobs, *more: Pixels) -> str:
    """Why more pictures cannot be held until a job is done, or nothing."""
    held = {id(each): len(each.data) for job in jobs.all for each in job.pictures()}
    if sum(held.values()) + sum(len(each.data) for each in more) > HELD_BYTES:
        return tr("Too many large pictures are waiting already: wait for a job to end.")
    return ""
