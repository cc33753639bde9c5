"""Does what the test asks, inside GIMP's own processes: see gimp_session.py.

A request is a file N.request with JSON {"step", "arguments"}; the answer is a file N.reply with
{"value"} or {"error"}.
"""

import json
import traceback
from pathlib import Path


def turn(folder: Path, *files) -> str:
    """Do the step that is asked for, if one is, in whichever file it is; its name."""
    asked = sorted(folder.glob("*.request"), key=lambda path: int(path.stem))
    if not asked:
        return ""
    request = asked[0]
    found = json.loads(request.read_text())
    request.unlink()
    try:
        step = next(getattr(each, found["step"]) for each in files if hasattr(each, found["step"]))
        answer = {"value": step(**found["arguments"])}
    except BaseException:
        answer = {"error": traceback.format_exc()}
    new = request.with_suffix(".new")
    new.write_text(json.dumps(answer))
    new.rename(request.with_suffix(".reply"))
    return found["step"]
