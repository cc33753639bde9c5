"""What Apply would take, asked a moment after the last change."""

from collections.abc import Callable

from scumble import parameters
from scumble.errors import InputError, ParameterError
from scumble.guard import told
from scumble.presenter import records, words
from scumble.presenter.painting import Painting
from scumble.presenter.records import Record
from scumble.presenter.timers import Timers
from scumble.protocol import EstimateReply

PAUSE = 400  # ms without a change, before it is asked how long the job would take


class Estimates:
    """asked: what the dialog asks for; may raise InputError. show: gives the face another stage.
    refuse: tells why Apply would not paint, or nothing. say tells a sentence. of_all: what is said
    of a job's time, with how many there are."""

    def __init__(
        self,
        painting: Painting,
        timers: Timers,
        asked: Callable[[], Record],
        show: Callable[..., object],
        refuse: Callable[[str], object],
        say: Callable[[str], None],
        of_all: Callable[[str], str],
    ):
        self._painting, self._timers = painting, timers
        self._asked, self._show, self._refuse, self._say = asked, show, refuse, say
        self._of_all = of_all

    def ask_soon(self) -> None:
        self._timers.run("estimate", PAUSE, self._ask)

    def halt(self) -> None:
        self._timers.halt("estimate")

    def tell(self, estimate: EstimateReply) -> None:
        if not self._painting.busy:
            self._refuse(estimate.message)
            takes = self._of_all(words.estimate(estimate))
            self._show(stage="" if estimate.message else takes)

    @told
    def _ask(self) -> None:
        """Where it would not even start, Apply says why."""
        self.halt()
        if self._painting.busy or not self._painting.host.is_open():
            return
        try:
            record = self._asked()
            values = dict(record.values)
            if not records.results_of(self._painting.host, record.content):  # none to go on from
                values["init"] = parameters.defaults()["init"]
            self._painting.estimate(record.content, record.choices, values, record.roles)
            if self._painting.asking:
                self._show(stage=words.ESTIMATING)
        except ParameterError as error:
            self._refuse(str(error))
            self._show(stage="")
        except InputError:
            self._show(stage="")
