"""How the last job was painted, for Repeat, and of which result the dialog shows the settings."""

from dataclasses import replace

from scumble.presenter import records
from scumble.presenter.editor import EditorHost
from scumble.presenter.layerlist import FILTER
from scumble.presenter.records import Record


class Last:
    """record: of the last job, None before the first. result: the layer whose settings are shown,
    or nothing."""

    def __init__(self, host: EditorHost):
        self._host = host
        self.record: Record | None = None
        self.result = ""

    def begin(self, record: Record) -> None:
        """A job is under way."""
        self.record = record
        records.note(self._host, record)
        records.identify(self._host)

    def end(self, layer: str, record: Record | None) -> None:
        """A result of it is in the document."""
        if record:
            records.remember(self._host, layer, record)
        self.result = layer

    def recall(self, layer: str) -> Record | None:
        """Of a result: how it was painted. At first: how the newest result of the document was
        painted. None where the artist may have changed what is shown."""
        record = records.of_layer(self._host, layer)
        if self.record is None:
            record = record or records.newest(self._host)
        elif layer == self.result:
            return None
        if record:
            self.record, self.result = record, layer
        return record

    def repeated(self) -> Record | None:
        """The same on the active layer; where that is a result, on its original."""
        last = self.record or records.newest(self._host)
        active = self._host.active_layer()
        styles = [choice.source for choice in last.choices] if last else []
        if last is None or not active or active.kind == FILTER or active.id in styles:
            return last
        record = records.of_layer(self._host, active.id)
        return replace(last, content=record.content if record else active.id)
