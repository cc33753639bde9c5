"""The painting process, as the dialog sees it: started, looked for, and told of."""

from collections.abc import Callable

from scumble import logs
from scumble.connection import state_folder
from scumble.presenter import words
from scumble.presenter.estimates import Estimates
from scumble.presenter.painting import Painting
from scumble.presenter.sentences import EVENT, Sentences
from scumble.presenter.settingup import SettingUp
from scumble.presenter.states import Face
from scumble.protocol import StatusReply


class Engine:
    """stage: what the dialog says of how far it is. show: gives the face another state."""

    def __init__(
        self,
        face: Face,
        painting: Painting,
        sentences: Sentences,
        estimates: Estimates,
        setting_up: SettingUp,
        stage: Callable[[], str],
        show: Callable[..., object],
    ):
        self._face, self._painting, self._sentences = face, painting, sentences
        self._estimates, self._setting_up = estimates, setting_up
        self._stage, self._show = stage, show

    def start(self) -> None:
        """What failed before is over."""
        self._sentences.forget("status", EVENT)
        self._show(light="busy", status=words.STARTING, stage="")
        self._painting.look()

    def open_log(self) -> None:
        path = state_folder() / logs.SERVER
        # said too: a bare system has nothing to open it with
        self._sentences.tell(EVENT, words.log(path))
        self._face.open_file(path)

    def see(self, status: StatusReply | str | None) -> None:
        """See Listener.show_status."""
        if isinstance(status, str):
            self._sentences.tell("status", status)
            self._setting_up.look_for_damage()
        if isinstance(status, str) or status is None:
            self._show(light="off", status=words.NOT_RUNNING)
            if self._stage() == words.ESTIMATING:
                self._show(stage="")
            return
        self._sentences.forget("status")
        if not self._painting.busy:
            busy = status.stage in ("starting", "painting")
            self._show(light="busy" if busy else "ready", status=words.status(status))
            known = self._stage() not in ("", words.ESTIMATING) or "estimate" in self._sentences
            if not known and not self._painting.asking:
                self._estimates.ask_soon()
