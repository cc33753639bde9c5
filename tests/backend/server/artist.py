"""An artist at work in a process of their own, which a test may kill at any moment.

`python artist.py FOLDER MOMENT MANNER STEPS`: paints one layer of a document that is FOLDER; what
is inserted is a file there. Each moment is printed when it comes; at MOMENT the artist stands
still, until a line comes in. MANNER says what is odd: about the document, or about the artist.
"""

import sys
from pathlib import Path

from scumble import client, launcher, resultfiles
from scumble.courier import CourierWire
from scumble.errors import LayerError, PictureError, ScumbleError
from scumble.host import Layer, NewLayer
from scumble.pixels import Extent, Pixels
from scumble.presenter.editor import EditorHost
from scumble.protocol import StatusReply
from scumble.session import Session, StyleChoice

CANVAS = Extent(0, 0, 48, 40)


class Document(EditorHost):
    def __init__(self, folder: Path, moment: str, manner: str):
        self.place, self.moment, self.manner = folder, moment, manner
        self.open, self.stood = True, False

    def reach(self, moment: str) -> None:
        print(moment, flush=True)
        if moment == self.moment and not self.stood:
            self.stood = True
            sys.stdin.readline()

    def title(self) -> str:
        return self.place.name

    def layers(self) -> list[Layer]:
        if self.manner == "stumbles" and self.stood:
            raise RuntimeError("wrapped C/C++ object of type Document has been deleted")
        return [Layer(name, name, "paint", CANVAS) for name in ("style", "content")]

    def active_layer(self) -> Layer:
        return self.layers()[1]

    def read(self, layer: str, extent: Extent | None = None) -> Pixels:
        pixels = (bytes(((5 * x + len(layer)) % 256, 7 * y % 256, x * y % 256, 255))
                  for y in range(CANVAS.height) for x in range(CANVAS.width))  # fmt: skip
        return Pixels(CANVAS, "rgba8", b"".join(pixels))

    def read_picture(self, path: Path) -> Pixels:
        raise PictureError("This document takes no files.")

    def selection(self) -> None:
        return None

    def is_open(self) -> bool:
        return self.open

    def is_there(self, layer: str) -> bool:
        return self.open and not (self.manner == "layer gone" and layer == "content")

    def is_free(self) -> bool:
        self.reach("come")
        return True

    def put(self, new: NewLayer) -> str:
        if self.manner.startswith("locked"):
            raise LayerError("The group is locked.")
        if self.manner == "no memory":
            raise MemoryError
        if self.manner == "widget gone":
            raise RuntimeError("wrapped C/C++ object of type Node has been deleted")
        (self.place / "inserted").write_bytes(new.pixels.data)
        self.reach("inserted")
        return new.name

    def folder(self) -> Path:
        return self.place

    def selected_layers(self) -> list[str]:
        return []

    def warning(self, content: str) -> str:
        return ""

    def mark(self, layer: str) -> str:
        return layer

    def find_mark(self, mark) -> str:
        return mark

    def kept(self) -> str:
        return ""

    def keep(self, text: str) -> None:
        """Nothing is remembered."""

    def show_progress(self, progress) -> None:
        self.reach("running")

    def show_preview(self, pixels) -> None:
        self.reach("seen")

    def say(self, message: str) -> None:
        print(f"says: {message}", flush=True)


def no_room(*_) -> None:
    raise OSError(28, "No space left on device")


def be_heard(by: client.Client) -> None:
    """Until the server has all that was sent; what else it says is lost."""
    by.ask_status()
    while not any(isinstance(each, StatusReply) for each in by.poll(0.1)):
        pass


def main() -> None:
    folder, moment, manner, steps = Path(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
    document = Document(folder, moment, manner)
    if manner == "by courier":
        client._open_wire = CourierWire
    session = Session(document, launcher.find_or_start(), document.title())
    session.start("content", [StyleChoice("style")], {"steps": steps})
    document.reach("sent")
    document.open = manner != "closed"
    if manner == "locked and full":
        resultfiles.write_private = no_room
    try:
        while session.poll(0.1):
            if session.waits_for:
                document.reach("queued")
            if manner == "quits" and document.stood:
                break
            if manner == "keeps" and document.stood:
                session.keep()
                be_heard(session.client)
                document.reach("asked")
                document.manner = manner = "well"
    except (ScumbleError, RuntimeError) as error:
        document.say(str(error))
    session.close()
    document.reach("over")


if __name__ == "__main__":
    main()
