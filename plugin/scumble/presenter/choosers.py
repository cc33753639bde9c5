"""The lists in which a part of the document is chosen: what is repainted, what stays, and along
what strokes run."""

from collections.abc import Callable
from typing import Any, NamedTuple

from scumble.presenter import manual, words
from scumble.presenter.presenter import Presenter
from scumble.presenter.roles import Option, Options, found
from scumble.presenter.states import State


class Chooser:
    """One list. topic: in the manual; name: what it is called; tell: told the value that is chosen;
    offered, chosen: in a state, the options and the value. options, place, enabled: what it shows
    now."""

    def __init__(
        self,
        topic: str,
        name: str,
        hint: str,
        tell: Callable[[Any], object],
        offered: Callable[[State], Options],
        chosen: Callable[[State], Any],
        rests: bool = False,
    ):
        self.topic, self.name, self.hint = topic, name, hint
        self._tell, self._offered, self._chosen = tell, offered, chosen
        self._rests = rests  # whether nothing is chosen while it paints
        self.options: tuple[Option, ...] = ()
        self.place, self.enabled = 0, True

    def follow(self, state: State) -> bool:
        """Whether the options are others than before."""
        before, self.options = self.options, self._offered(state)
        self.place = found(self.options, self._chosen(state))
        self.enabled = not (self._rests and state.busy)
        return self.options != before

    def choose(self, place: int) -> None:
        """The artist chose what stands there; below 0 where nothing does."""
        if 0 <= place < len(self.options):
            self._tell(self.options[place].value)


class Choosers(NamedTuple):
    content: Chooser
    keep: Chooser
    along: Chooser


def of(presenter: Presenter) -> Choosers:
    choosing = presenter.choosing
    return Choosers(
        Chooser(
            manual.CONTENT, words.CONTENT, words.content_hint(presenter.host.REPLACES),
            presenter.choose_content,
            lambda state: tuple(each.option for each in state.contents),
            lambda state: state.together or state.content, rests=True,
        ),
        Chooser(
            manual.KEEP, words.KEEP, words.KEEP_HINT, choosing.keep,
            lambda state: state.places.keep, lambda state: state.roles.keep,
        ),
        Chooser(
            manual.ALONG, words.ALONG, words.ALONG_HINT, choosing.run_along,
            lambda state: state.places.along, lambda state: state.roles.along,
        ),
    )  # fmt: skip
