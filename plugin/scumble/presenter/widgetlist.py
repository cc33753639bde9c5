"""A widget for each of several things: which stay, which are made anew, and in which order."""

from collections.abc import Callable
from typing import Any

Widget = Any  # of the toolkit's


class WidgetList:
    """make: a widget of a thing; put: told a widget's place, from 0; drop: does away with one.

    all: by the keys of the things; a thing with another key is another one.
    """

    def __init__(
        self,
        make: Callable[[Any], Widget],
        put: Callable[[Widget, int], object],
        drop: Callable[[Widget], object],
    ):
        self._make, self._put, self._drop = make, put, drop
        self.all: dict[Any, Widget] = {}

    def draw(self, things: dict[Any, Any]) -> bool:
        """For these, by their keys; whether there are others than before, or in another order."""
        if list(things) == list(self.all):
            return False
        for key in self.all.keys() - things.keys():
            self._drop(self.all[key])
        self.all = {key: self.all.get(key) or self._make(each) for key, each in things.items()}
        for place, widget in enumerate(self.all.values()):
            self._put(widget, place)
        return True
