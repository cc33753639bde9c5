"""The page that stands in place of the dialog while Scumble is to be set up, or is being set up.

The setting up is a process of its own (scumble/setup.py): this only starts it, and shows what it
tells, whichever window of whichever editor started it.
"""

import threading
from collections.abc import Callable

from scumble import setup
from scumble.guard import sentence, told
from scumble.needs import Needs, needs
from scumble.presenter import setupwords, words
from scumble.presenter.elsewhere import Elsewhere
from scumble.presenter.states import Page
from scumble.presenter.timers import Loop, Timers

TURN = 500  # ms between looks at how it goes

_put_off: set[str] = set()  # versions that the artist did not want now; for all windows


class SettingUp:
    """changed: called when there is another page. over: called when there is none any more, and
    painting can begin. say: tells a sentence."""

    def __init__(
        self,
        loop: Loop,
        elsewhere: Elsewhere,
        changed: Callable[[], None],
        over: Callable[[], None],
        say: Callable[[str], None],
    ):
        self._loop, self._changed, self._over, self._say = loop, changed, over, say
        self._elsewhere = elsewhere
        self.page: Page | None = None
        self._found: setup.Found | None = None
        self._needs: Needs | None = None
        self._trouble = ""
        self._timers = Timers(loop)
        self._closed = False

    def is_due(self) -> bool:
        """Whether there is something to set up before painting."""
        return _is_due(setup.look())

    @told
    def look(self) -> None:
        """The dialog opens: is all there, and of this version?"""
        before, found = self._found, setup.look()
        self._found = found
        if before and before.sends != found.sends:
            self._needs = None
        if setup.is_running(found.folder) or self._timers.runs("follow"):
            self._follow()
            self._timers.go_on("follow", TURN, self._follow)
        elif _is_due(found):
            self._read_end()
            self._show_lack()
            threading.Thread(target=self._ask_needs, daemon=True).start()
        else:
            self.page = None

    @told
    def look_for_damage(self) -> None:
        """Something failed: is what was set up to be repaired?"""
        if self.is_due():
            self.look()

    @told
    def start(self) -> None:
        if self._found and self.page and not self.page.busy:
            self._trouble = ""
            try:
                setup.start(self._found.folder, self._found.sends)
            except Exception as error:
                self._trouble = sentence(error)
                self._show_lack()
                return
            self._follow()
            self._timers.go_on("follow", TURN, self._follow)

    @told
    def cancel(self) -> None:
        if self._found and self.page and self.page.busy:
            setup.cancel(self._found.folder)

    @told
    def later(self) -> None:
        """Paint with what is there."""
        if self._found and self.page and self.page.later:
            _put_off.add(self._found.own)
            self._end()

    def other(self) -> None:
        """Let another computer paint, so that less is to be set up here; or this one again."""
        self._trouble = ""
        if self._found and self._found.sends:
            self._elsewhere.choose("")
        else:
            self._elsewhere.pick()

    def tell(self, trouble: str) -> None:
        """What went wrong while the page is shown, where it can be read."""
        if self.page and not self.page.busy:
            self._trouble = trouble
            self._show_lack()

    def press(self) -> None:
        """The page's one button."""
        if self.page and self.page.busy:
            self.cancel()
        else:
            self.start()

    def close(self) -> None:
        """The window goes; the setting up goes on."""
        self._closed = True
        self._timers.end()

    @told
    def _follow(self) -> None:
        assert self._found
        told = setup.report(self._found.folder) or setup.Report()
        if told.end:
            self._timers.end()
            self._read_end()
            self._found = setup.look()
            if told.end == "done" and not self._found.lack:
                self._end()
            else:
                self._trouble = self._trouble or setupwords.STILL
                self._show_lack()
            return
        fraction = told.done / told.total if told.total else None
        self._show(
            Page(
                setupwords.SETTING_UP,
                (setupwords.GOES_ON,),
                setupwords.STOP_SET_UP,
                busy=True,
                stage=setupwords.set_up_stage(told),
                progress=fraction,
            )
        )

    def _read_end(self) -> None:
        """How it ended, which is said once."""
        assert self._found
        told = setup.report(self._found.folder)
        if told and told.end:
            self._trouble = told.message or (setupwords.KEPT if told.end == "cancelled" else "")
            setup.forget(self._found.folder)

    def _show_lack(self) -> None:
        found = self._found
        assert found
        others = (words.ANOTHER, words.computer("")) if found.lack == "missing" else ("", "")
        self._show(
            Page(
                setupwords.HEADINGS[found.lack],
                setupwords.lines(found, self._needs),
                setupwords.SET_UP[found.lack],
                setupwords.LATER.get(found.lack, ""),
                others[found.sends],
                trouble=self._trouble,
            )
        )

    def _show(self, page: Page) -> None:
        if page != self.page:
            self.page = page
            self._changed()

    def _end(self) -> None:
        self._trouble, self.page = "", None
        self._elsewhere.look()  # another window's set-up may have ended with another computer
        self._over()

    def _ask_needs(self) -> None:
        """In a thread: a driver may take its time to say what card it drives."""
        found = self._found
        assert found
        asked = needs(found.folder, found.sends)

        def show() -> None:
            if found != self._found:
                return  # another computer paints meanwhile, or this one again
            self._needs = asked
            if self.page and not self.page.busy and not self._closed:
                self._show_lack()

        self._loop.soon(show)


def _is_due(found: setup.Found) -> bool:
    """What is put off is an upgrade: without anything there is nothing to paint with."""
    return bool(found.lack) and not (found.lack in setupwords.LATER and found.own in _put_off)
