"""One dialog's mind: intents and events in, states out.

The face calls the intents (`look` ... `start_engine`); the painting tells the events (`show_...`).
After each of them the face is given the state, if it is another one. Everything runs on the
editor's main thread, nothing blocks, and nothing raises: an error becomes a sentence.
"""

from dataclasses import replace

from scumble import presets
from scumble.errors import InputError, LayerError
from scumble.guard import guarded
from scumble.host import MERGED
from scumble.language import tr
from scumble.pixels import Pixels
from scumble.presenter import records, words
from scumble.presenter.about import About
from scumble.presenter.adopting import Adopting
from scumble.presenter.choosing import Choosing
from scumble.presenter.drafts import Drafts
from scumble.presenter.editor import EditorHost
from scumble.presenter.elsewhere import Elsewhere
from scumble.presenter.engine import Engine
from scumble.presenter.estimates import Estimates
from scumble.presenter.historylist import HistoryList
from scumble.presenter.last import Last
from scumble.presenter.layerlist import LayerList
from scumble.presenter.manual import Manual
from scumble.presenter.offers import Offers
from scumble.presenter.ondevice import OnDevice
from scumble.presenter.painting import Painting, TimeLeft
from scumble.presenter.picture import Picture
from scumble.presenter.presetlist import PresetList
from scumble.presenter.recolouring import SHOWN, Recolouring
from scumble.presenter.records import Record
from scumble.presenter.regions import coloured
from scumble.presenter.sentences import EVENT, Sentences
from scumble.presenter.settingup import SettingUp
from scumble.presenter.several import EACH, SELECTED, Several
from scumble.presenter.shelves import Shelves
from scumble.presenter.states import Face, State
from scumble.presenter.styles import StyleRows
from scumble.presenter.thumbnails import Thumbnails
from scumble.presenter.timers import Loop, Timers
from scumble.presenter.together import Together
from scumble.protocol import EstimateReply, Progress, StatusReply
from scumble.session import Held

FOLLOW = 1000  # ms between looks at the document, while the dialog is seen
GLANCE = 5  # looks at the document to one at the painting process and at what was kept


class Presenter:
    def __init__(self, host: EditorHost, loop: Loop, face: Face):
        self.host, self.state = host, State()
        host.teller = self
        self._loop, self._face = loop, face
        self.painting = Painting(host, loop, self)
        self._rows = StyleRows()
        self.sentences = Sentences(face, lambda: face.is_seen() and not self._over, self._show)
        self.last = Last(host)
        self.shelves = Shelves(self._show, self.say)
        self._adopting = Adopting(
            host, face, self._rows, lambda: self.state.content, self._adopted, self.say
        )
        self.history = HistoryList(host, loop, face, self.shelves, self._adopting.adopt, self.say)
        self.presets = PresetList(
            host, face, self.shelves, self.history,
            lambda: self._rows.choices(self.state.content), self._adopting.adopt, self.say,
        )  # fmt: skip
        self.offers = Offers(host, face, self._show, self.history.add, self.say)
        self.about = About(loop, face, self.painting, self.look, self.say)
        self.manual = Manual(face, type(host), self.say)
        self.elsewhere = Elsewhere(face, self.painting, self._look_again, self._say_on_page)
        self.setting_up = SettingUp(loop, self.elsewhere, self._show, self.start_engine, self.say)
        self.on_device = OnDevice(self.painting, self.edit, self.say)
        self._timers = Timers(loop)
        self._estimates = Estimates(
            self.painting, self._timers, self._asked, self._show, self._refuse, self.say,
            lambda takes: self.several.of_all(takes),
        )  # fmt: skip
        self.engine = Engine(
            face, self.painting, self.sentences, self._estimates, self.setting_up,
            lambda: self.state.stage, self._show,
        )  # fmt: skip
        self._thumbnails = Thumbnails(host, face, self._timers, self.say)
        self._list = LayerList(host, self._rows, self._thumbnails)
        self.several = Several(host, self._list, self._rows)
        self.together = Together(
            host, self.painting, lambda record, held: self._paint(record, held=held),
            self.history.add_done, self.say,
        )  # fmt: skip
        self.drafts = Drafts(
            self._asked, self._paint, self._show_record, lambda: self.painting.busy, self.cancel,
            self.say,
        )  # fmt: skip
        self.picture = Picture(
            host, face, self._timers, self._rows, self._list,
            lambda: self.state, lambda: self.painting.result, self._show, self.say,
        )  # fmt: skip
        self._recolouring = Recolouring(
            self.painting, self.picture, lambda: self.state, self._asked, self._show, self.say
        )
        self.choosing = Choosing(
            host, face, self._rows, self._thumbnails, self.picture.regions, self._timers,
            lambda: self.state.content, self.edit, self.say,
        )  # fmt: skip
        self._looks = 0
        self._left = TimeLeft()
        self._over = False  # whether the dialog closes for good: its widgets may be gone

    # Intents: the document

    def say(self, message: str) -> None:
        """A sentence for the artist, here, or outside where the dialog is not seen."""
        self.sentences.tell(EVENT, message)

    def _say_on_page(self, message: str) -> None:
        """Also where the page that sets Scumble up stands in place of all else."""
        if self.setting_up.page:
            self.setting_up.tell(message)
        else:
            self.say(message)

    @guarded(say)
    def begin(self) -> None:
        """Once, before all else: what was used last."""
        self._face.fill(presets.last_used())
        for path in presets.pictures():
            self._rows.offer(path)
        self._timers.run("follow", FOLLOW, self._follow)

    @guarded(say)
    def look(self) -> None:
        """The dialog is opened: show the document as it is, and see to the painting process."""
        if self.painting.busy:
            self._show()
            return
        self.sentences.clear()
        self.drafts.forget()
        if aside := presets.put_aside():
            self.say(words.damaged(aside))
        active = self.host.active_layer()
        self._list.read_together()
        self._list.read()
        self.several.choose("")
        self._set_content(content := self._list.meant(active))
        if active and content == MERGED:
            self.sentences.tell("input", words.no_pixels(active.name))
        self._recall(active.id if active and not self._list.together else "")
        self._rows.tick_all(self._list.together, self.state.content)
        self._draw_thumbnails()
        self.offers.look()
        self.elsewhere.look()
        self.setting_up.look()
        if self.setting_up.page is None:
            self._show_status("busy", words.LOOKING)
            self.painting.look()

    def _look_again(self) -> None:
        """Another computer paints from now on: is all that it takes set up here?"""
        self.setting_up.look()
        if self.setting_up.page is None:
            self.start_engine()

    @guarded(say)
    def refresh(self) -> None:
        """The artist comes back to the dialog: layers may have been painted on."""
        if not self.painting.busy and self.host.is_open():
            self._follow()
            if self.state.content and not self.state.badge:
                self.picture.draw_content()
            self._draw_thumbnails()

    @guarded(say)
    def choose_content(self, layer: str) -> None:
        """Repaint another layer, or several. A former one becomes a style in its place, or the
        first one."""
        if self.painting.busy or all(each.id != layer for each in self.several.contents):
            return
        former, together = self.state.content, self.several.chosen
        is_several = self.several.choose(layer)
        is_empty = layer.startswith(EACH) and not is_several
        if is_several or together or is_empty:
            self.drafts.forget()
            self._set_content(self.several.lowest or (former if is_empty else layer))
            self.edit()
            if is_empty:
                self.say(words.NOTHING_INSIDE)
        elif layer != former:
            ticked = {each.source for each in self._rows.choices(former)}
            if layer in ticked or not ticked:
                self._rows.tick(former)
            self.drafts.forget()
            self._set_content(layer)

    # Intents: what is painted

    @guarded(say)
    def edit(self) -> None:
        """The artist goes on: what went wrong before is over."""
        self.sentences.forget(EVENT)
        self._change()

    @guarded(say)
    def warn(self) -> None:
        """Say what is to be known before it is repainted, and come in, as it is chosen now."""
        self.sentences.tell("warning", self.several.warning(self.state.content))

    def _change(self) -> None:
        """Something that is to be painted may be another."""
        self.sentences.forget("input", "estimate")
        self.painting.outdate()
        self.picture.regions.look()
        self._recolouring.look()
        self._estimates.ask_soon()
        self._show()

    # Intents: painting

    @guarded(say)
    def apply(self) -> None:
        if self.painting.busy:
            return  # pressed twice
        self.sentences.clear()
        self.drafts.forget()
        try:
            record, several = self._asked(), self.several.layers
            if several:
                self.together.begin(record, several, self.several.animated)
            else:
                self._paint(record)
        except InputError as error:
            self.sentences.tell("input", str(error))
            return
        self.presets.remember(record.choices, record.values)

    @guarded(say)
    def repeat(self) -> bool | None:
        """Do the last job again, without the dialog; False where there was none, one is under way,
        or Scumble is to be set up first."""
        if self.painting.busy or self.setting_up.is_due():
            return False
        self.elsewhere.look()
        self._list.read()
        record = self.last.repeated()
        if record is None:
            return False
        self.drafts.forget()
        self._paint(record)
        return True

    @guarded(say)
    def cancel(self) -> None:
        self.painting.cancel()

    @guarded(say)
    def keep(self) -> None:
        """Stop, and take the picture as it is."""
        self._show(can_keep=False)
        self.together.begin_no_other()
        self.painting.keep()

    @guarded(say)
    def close(self) -> None:
        """The editor or the document closes: let go of everything, and touch no widget."""
        self._over = True
        self.picture.close()
        self.drafts.forget()
        self._timers.end()
        self.setting_up.close()
        self.painting.close()
        self.history.close()

    # Intents: the painting process

    @guarded(say)
    def start_engine(self) -> None:
        self.engine.start()

    @guarded(say)
    def open_log(self) -> None:
        self.engine.open_log()

    # Events: what the painting tells

    @guarded(say)
    def show_stage(self, stage: str) -> None:
        if self.painting.busy:
            self._show(stage=self.together.said(words.sentence_case(stage)))
        else:
            self._show_status("busy", words.sentence_case(stage))

    @guarded(say)
    def show_progress(self, progress: Progress) -> None:
        left = self._left.told(progress.seconds_left)
        stage = words.progress(progress, left, self._left.longer)
        jobs = self.drafts if self.drafts.running else self.together
        self._show(stage=jobs.said(stage), progress=jobs.far(progress.fraction))
        self._show_status("busy", words.PAINTING)

    @guarded(say)
    def show_preview(self, pixels: Pixels) -> None:
        self.picture.draw_painting(pixels, self.painting.extent)
        can_keep = self.state.can_keep or not self.state.badge
        self._show(badge=words.PAINTING, can_keep=can_keep and not self.drafts.running)

    @guarded(say)
    def show_end(self, state: str) -> None:
        was_draft = self.drafts.running
        if self.drafts.end(self.painting.result if state == "done" else None):
            return  # the next one is under way
        if self.together.end(state):
            self._show()  # what was said of the last one was shown as if nothing were under way
            return
        delivered = [each for each in self.painting.delivered if each.layer]
        self._list.read_changes()  # the new layer is no news that would take the place of "Done"
        self._estimates.halt()
        stage = words.done(delivered) if delivered else words.ENDS.get(state, "")
        if was_draft and self.drafts.cards:
            stage = words.CHOOSE_DRAFT
        for each in reversed(self.painting.delivered):  # the one painted last is shown
            record = self.together.record_of(each.coming.content) or self.last.record
            if each.layer:
                self.last.end(each.layer, record)
                self._recolouring.end(record, None if each.replaced else self.picture.painting)
            self.history.add_done(each.coming, each.name, record)
        if delivered and not self._face.is_seen():
            self._face.tell_outside(words.painted([each.seen_as for each in delivered]))
        shown = any(each.coming.content == self.state.content for each in delivered)
        shown = shown and not self.several.animated  # of which the last frame was painted last
        badge = words.RESULT if shown and self.state.badge else ""
        if self.state.content and not badge and self.host.is_open():
            self.picture.draw_content()
        self._show(stage=stage, badge=badge, can_keep=False, progress=None)
        self.picture.end()
        self.painting.look()
        self.setting_up.look_for_damage()

    @guarded(say)
    def show_status(self, status: StatusReply | str | None) -> None:
        self.engine.see(status)

    @guarded(say)
    def show_estimate(self, estimate: EstimateReply) -> None:
        self._estimates.tell(estimate)
        if estimate.message:
            self.setting_up.look_for_damage()

    # The document

    @guarded(say)
    def _follow(self) -> None:
        """Show what of the document is another than a moment ago."""
        if not self._face.is_seen() or not self.host.is_open():
            return
        if self._list.read_changes():
            if self.state.badge in SHOWN and not self.host.is_there(self.last.result):
                self._forget_result()
            self._change()
        if not self.painting.busy and not self.host.is_there(self.state.content):
            self._set_content(self._list.first())
        self._follow_selection()
        self.picture.follow()
        self.sentences.tell("obstacle", self.host.obstacle())
        self._looks += 1
        if self._looks % GLANCE == 0 and not self.painting.busy:
            self.offers.look()  # what is held may be written while it paints, and is no offer
            self.painting.glance()
        self._show()

    def _follow_selection(self) -> None:
        """Layers that are selected together may be others; those to be repainted are no styles."""
        joined = self._list.read_together()
        if not self.painting.busy and self.several.follow():
            if self.state.content not in (several := self.several.layers) and several:
                self._set_content(self.several.lowest)
            self.warn()
            self._change()
        if self.several.chosen != SELECTED:
            self._rows.tick_all(joined, self.state.content)

    def _forget_result(self) -> None:
        """It was undone, or deleted: nothing is said or shown of it any more."""
        self.sentences.forget(EVENT)
        self.picture.draw_content()
        self._show(badge="", stage="")

    def _set_content(self, layer: str) -> None:
        self.sentences.forget("estimate")
        self.state = replace(self.state, content=layer, badge="", stage="")
        self.warn()
        self.sentences.tell("obstacle", self.host.obstacle())
        self.picture.draw_content()
        self.painting.outdate()
        self._estimates.ask_soon()
        self._show()

    def _recall(self, layer: str) -> None:
        """Of a result, also the original that it was painted from is shown."""
        record = records.of_layer(self.host, layer)
        if record and self.host.is_there(record.content):
            self._set_content(record.content)
        if record := self.last.recall(layer):
            self._show_record(record)

    def _show_record(self, record: Record) -> None:
        self._face.fill(record.values)
        self._rows.choose(record.choices, record.roles)

    def _draw_thumbnails(self) -> None:
        self._thumbnails.draw(row.source for row in self._rows.shown(self.state.content))

    def _adopted(self, content: str) -> None:
        """Settings and styles are others; content: what is to be repainted then, or nothing."""
        if content and not self.painting.busy and self.host.is_there(content):
            self.several.choose("")
            self._set_content(content)
        self.edit()
        self._draw_thumbnails()

    # Painting

    def _asked(self) -> Record:
        """What is to be painted, as the dialog says. Raises InputError."""
        content = self.state.content
        if not (content and self.host.is_open()):
            raise LayerError(tr("This document is closed, or has no layer to repaint."))
        values, choices = self._face.values(), self._rows.choices(content)
        return Record(content, choices, values, self._rows.roles)

    def _paint(
        self,
        record: Record,
        begun: Pixels | None = None,
        draft: bool = False,
        held: Held | None = None,
    ) -> None:
        """held: it is one of several. Raises InputError for what cannot be."""
        if not held:
            self.sentences.clear()
            self.together.forget()
            self.several.choose("")  # a draft, and a job that is repeated, is of one layer
        earlier = records.results_of(self.host, record.content)
        order = (record.content, record.choices, record.values, earlier, record.roles)
        self.painting.preview = self.picture.side
        self.painting.start(*order, begun, draft, held)
        self._left = TimeLeft()
        if not (draft or (held and record is self.last.record)):  # else of the frame before
            self.last.begin(record)
        self._set_content(record.content)
        self.picture.begin()
        self._estimates.halt()
        progress = self.together.far(0.0) if held else None
        self._show(stage=self.together.said(words.LOOKING), progress=progress, can_keep=False)

    def _refuse(self, why: str) -> None:
        """What Apply would say, or nothing; here, where a whole sentence can be read."""
        self.sentences.tell("estimate", why if self._face.is_seen() else "")

    # What is shown

    def _show_status(self, light: str, text: str) -> None:
        self._show(light=light, status=text)

    def _show(self, **changes) -> None:
        """Give the face the state, if it is another one."""
        rows, busy = coloured(self._rows.shown(self.state.content)), self.painting.busy
        ticked, page = any(row.ticked for row in rows), self.setting_up.page
        shown = {
            "title": words.title(self.host.title()),
            "contents": self.several.contents,
            "together": self.several.chosen,
            "rows": rows,
            "empty": "" if rows else words.NO_STYLES,
            "busy": busy,
            "ready": ticked and not busy and not page,
            "page": page,
            "view": self.picture.looking.view,
            "regions": self.picture.regions.state,
            "overlay": self.picture.overlay.state,
            "places": self._rows.places,
            "roles": self._rows.roles,
            "shelf": self.shelves.shelf,
            "why": "" if ticked else words.TICK_ONE,
            "offer": self.offers.text,
            "discard": self.offers.discard_text,
            "private": words.private(self.elsewhere.chosen),
            "drafts": self.drafts.cards,
            "draft": self.drafts.chosen,
            "message": self.sentences.text,
        }
        state = replace(self.state, **(shown | changes))
        if state != self.state or changes:
            self.state = state
            if not self._over:
                self._face.draw(state)
