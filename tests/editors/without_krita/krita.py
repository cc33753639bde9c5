"""The calls of Krita's module that the dialog makes, over plain bytes, for a Qt that no Krita at
hand is built with. 8-bit sRGB only: what Krita itself does, the tests of the real one show.
"""

import importlib
import os

QT = os.environ["SCUMBLE_QT"]  # "PyQt5" or "PyQt6"
QtCore, QtGui, QtWidgets = (
    importlib.import_module(f"{QT}.{name}") for name in ("QtCore", "QtGui", "QtWidgets")
)
APPLICATION = QtWidgets.QApplication(["krita"])  # Krita has one before it loads any plug-in
BLANK = b"\0\0\0\0"


class Extension(QtCore.QObject):
    pass


class Coloured:
    def colorModel(self):
        return "RGBA"

    def colorDepth(self):
        return "U8"

    def colorProfile(self):
        return "sRGB-elle-V2-srgbtrc.icc"


class Node(Coloured):
    """A layer; its picture, blue first, is where `box` says. The root has layers and no picture."""

    def __init__(self, name, kind="paintlayer"):
        self._name, self._kind, self._id = name, kind, QtCore.QUuid.createUuid()
        self._children, self._parent = [], None
        self.box, self.data = QtCore.QRect(), b""

    def name(self):
        return self._name

    def type(self):
        return self._kind

    def uniqueId(self):
        return self._id

    def visible(self):
        return True

    def animated(self):
        return False

    def locked(self):
        return False

    def bounds(self):
        return self.box

    def childNodes(self):
        return list(self._children)

    def parentNode(self):
        return self._parent

    def addChildNode(self, child, above):
        place = self._children.index(above) + 1 if above else 0
        self._children.insert(place, child)
        child._parent = self
        return True

    def setPixelData(self, data, x, y, width, height):
        self.box, self.data = QtCore.QRect(x, y, width, height), bytes(data)

    def pixelData(self, x, y, width, height):
        wanted = QtCore.QRect(x, y, width, height)
        if wanted != self.box:
            return QtCore.QByteArray(BLANK * width * height)
        return QtCore.QByteArray(self.data)

    def thumbnail(self, width, height):
        size = self.box.size()
        kind = QtGui.QImage.Format.Format_ARGB32
        image = QtGui.QImage(self.data, size.width(), size.height(), 4 * size.width(), kind)
        return image.scaled(width, height)


class Document(Coloured):
    def __init__(self, width, height):
        self._size, self._root = (width, height), Node("root", "grouplayer")
        self._annotations = {}

    def fileName(self):
        return ""

    def name(self):
        return "test"

    def width(self):
        return self._size[0]

    def height(self):
        return self._size[1]

    def rootNode(self):
        return self._root

    def activeNode(self):
        return self._root.childNodes()[0]

    def setActiveNode(self, node):
        pass

    def modified(self):
        return True

    def fullClipRangeEndTime(self):
        return 100

    def tryBarrierLock(self):
        return True

    def waitForDone(self):
        pass

    def unlock(self):
        pass

    def createNode(self, name, kind):
        return Node(name, kind)

    def nodeByUniqueID(self, wanted):
        return next((each for each in self._root.childNodes() if each.uniqueId() == wanted), None)

    def selection(self):
        return None

    def annotation(self, name):
        return QtCore.QByteArray(self._annotations.get(name, b""))

    def setAnnotation(self, name, description, data):
        self._annotations[name] = bytes(data)


class Window:
    def __init__(self):
        self._window, self.actions = QtWidgets.QMainWindow(), {}

    def qwindow(self):
        return self._window

    def activeView(self):
        return None

    def createAction(self, name, text, menu):
        action = getattr(QtWidgets, "QAction", None) or QtGui.QAction  # it moved in Qt 6
        self.actions[name] = action(text, self._window)
        return self.actions[name]


class Notifier(QtCore.QObject):
    applicationClosing = QtCore.pyqtSignal()
    imageClosed = QtCore.pyqtSignal(str)

    def setActive(self, on):
        pass


class Krita(QtCore.QObject):
    """The application, with one window and one document."""

    _instance = None

    def __init__(self):
        super().__init__()
        self.document, self.window = None, Window()
        self._notifier, self.extensions = Notifier(), []

    @classmethod
    def instance(cls):
        cls._instance = cls._instance or cls()
        return cls._instance

    def addExtension(self, extension):
        self.extensions.append(extension)

    def notifier(self):
        return self._notifier

    def activeDocument(self):
        return self.document

    def activeWindow(self):
        return self.window

    def documents(self):
        return [self.document]

    def views(self):
        return []
