"""A log that nobody can fill: what comes again and again is written a few times, then counted."""

import logging

FEW = 10  # lines of a kind
PERIOD = 60.0  # s
KINDS = 1000  # remembered, at most


class Sparing(logging.Filter):
    """Lets FEW lines of a kind through in each PERIOD; the next one says how many were left out."""

    def __init__(self):
        super().__init__()
        self._kinds: dict[str, tuple[float, int]] = {}  # when it was new, and how many since

    def filter(self, record: logging.LogRecord) -> bool:
        kind = str(record.msg)
        since, count = self._kinds.get(kind, (record.created, 0))
        if record.created - since > PERIOD:
            if count > FEW:
                record.msg = f"{kind} (and {count - FEW} like it before)"
            since, count = record.created, 0
        if len(self._kinds) >= KINDS:
            self._kinds.clear()
        self._kinds[kind] = since, count + 1
        return count < FEW
