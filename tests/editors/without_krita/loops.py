"""Main loops that end while threads still speak to them, a thousand times; it prints how often."""

import sys
import threading

from scumble.hosts.krita.loop import MainLoop
from scumble.hosts.krita.qt import QtCore, QtWidgets

ENDS = 1000

application = QtWidgets.QApplication(sys.argv)
sys.setswitchinterval(1e-5)  # s: so that threads take turns in the midst of everything
for _ in range(ENDS):
    loop, over = MainLoop(), threading.Event()

    def speak(loop=loop, over=over) -> None:
        while not over.is_set():
            loop.soon(lambda: None)

    threads = [threading.Thread(target=speak) for _ in range(2)]
    for thread in threads:
        thread.start()
    for _ in range(5):
        application.processEvents()
    loop.end()
    for _ in range(20):
        application.sendPostedEvents(None, QtCore.QEvent.Type.DeferredDelete)
        application.processEvents()
    over.set()
    for thread in threads:
        thread.join()
print(ENDS)
