"""The dialog draws itself: what its widgets tell meanwhile is not the artist's doing."""

from collections.abc import Callable


class Drawing:
    """`with drawing:` around what sets widgets; what they tell is connected by `unless`."""

    def __init__(self) -> None:
        self._depth = 0

    def __enter__(self) -> None:
        self._depth += 1

    def __exit__(self, *_) -> None:
        self._depth -= 1

    def unless(self, act: Callable[[], object]) -> Callable[..., None]:
        """For a signal, whose own arguments are left out: do it, but not while this draws."""

        def tell(*_) -> None:
            if not self._depth:
                act()

        return tell
