"""Steps with the frames of animated layers."""

import hashlib

from scumble_driver.documents import node_of, picture_bytes  # pyright: ignore

from krita import Krita  # pyright: ignore

APP = Krita.instance()
WIDE = (-64, -64, 256, 256)  # around all that a test draws
KNOWN = {}  # of Scumble's, while it is replaced
LAST = 60  # the time up to which a test draws


def show_timeline():
    docker = next(each for each in APP.dockers() if each.objectName() == "TimelineDocker")
    docker.setVisible(True)


def go_to(time):
    document = APP.activeDocument()
    document.setCurrentTime(time)
    document.waitForDone()


def time():
    return APP.activeDocument().currentTime()


def times(layer):
    node = node_of(layer)
    return [each for each in range(LAST) if node.hasKeyframeAtTime(each)] if node else []


def draw(layer, seed, x=0, y=0, width=64, height=64):
    """Onto the frame that is shown."""
    node = node_of(layer)
    node.setPixelData(picture_bytes(node, width, height, seed), x, y, width, height)
    APP.activeDocument().refreshProjection()
    APP.activeDocument().waitForDone()


def pictures(layer):
    """A hash of each frame, by its time; as it lies in the document."""
    node = node_of(layer)
    data = {each: bytes(node.pixelDataAtTime(*WIDE, each)) for each in times(layer)}
    return {str(each): hashlib.sha256(found).hexdigest() for each, found in data.items()}


def is_empty(layer, at):
    return not any(bytes(node_of(layer).pixelDataAtTime(*WIDE, at)))


def look_of(layer):
    node = node_of(layer)
    return [node.opacity(), node.blendingMode(), node.visible(), node.locked()]


def opacities(layer):
    """At the times of its frames; the artist's is left there."""
    found = []
    for each in times(layer):
        go_to(each)
        found.append(node_of(layer).opacity())
    return found


def set_look(layer, opacity, blending):
    node = node_of(layer)
    node.setOpacity(opacity)
    node.setBlendingMode(blending)


def lose_keyframes(lost):
    """Whether Krita's copies of a layer have none from now on, as far as Scumble sees."""
    from scumble.hosts.krita import frames

    true = KNOWN.setdefault("times_of", frames.times_of)
    frames.times_of = (lambda node: true(node) if node.parentNode() else []) if lost else true
