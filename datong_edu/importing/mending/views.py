"""Pages of mending: typed cells of the preview, one cause, suggestions, the log, and remembered answers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from datong_edu.accounts.roles import Permission
from datong_edu.core.exceptions import Conflict, PortalError
from datong_edu.importing.declare import ROSTERS
from datong_edu.importing.enums import BatchState, Deed
from datong_edu.importing.mending import actions, continuing
from datong_edu.importing.mending.answers import topic_label
from datong_edu.importing.mending.screens import (
    CauseScreen,
    mend_log,
    row_choices,
    staged_rows,
    typed_cells,
)
from datong_edu.importing.models import RememberedAnswer
from datong_edu.importing.policies import may_import_for
from datong_edu.importing.screens import STEP_NOTES, steps_of
from datong_edu.importing.staging import Stage
from datong_edu.importing.views import BatchView
from datong_edu.web.views import PortalPage, go_to

MOST_ROWS = 200
MOST_ANSWERS = 500


class MendView(BatchView):
    """Base of every deed on a checked batch; a page older than the latest check is refused."""

    def is_current(self) -> bool:
        """Whether the form was made from the check that still stands."""
        return self.request.POST.get("checked", "") == str(self.batch.job_id)

    def need_current(self) -> None:
        """Refuse a form of an older check."""
        if self.batch.state != BatchState.READY:
            raise Conflict("这个批次正在处理，或已写入、已放弃，不能再更正。请刷新页面查看。")
        if not self.is_current():
            raise Conflict("这个批次刚刚重新检查过，您看到的页面已过期。请刷新后再改。")

    def to_errors(self) -> HttpResponse:
        """To the preview, at the rows that were mended."""
        bucket = self.request.POST.get("bucket", "refused")
        known = bucket if bucket in ("refused", "warned") else "refused"
        return go_to(self.request, f"{reverse('importing:batch', args=[self.batch.uid])}?bucket={known}")


class MendPage(MendView, PortalPage):
    """Base of the pages beside the preview; they exist while the batch is ready to be written."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the batch's own page once there is nothing to mend."""
        if self.batch.state != BatchState.READY or not Stage(self.roster, self.batch.pk).exists():
            return self.back()
        return super().get(request, *args, **kwargs)

    def get_title(self) -> str:
        """导入学籍名单."""
        return f"导入{self.roster.title}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What all pages of a batch share."""
        shared = {
            "batch": self.batch,
            "roster": self.roster,
            "steps": steps_of(self.batch),
            "steps_note": STEP_NOTES[BatchState.READY],
        }
        return super().get_context_data(**{**shared, **kwargs})


class MendRows(MendView):
    """Cells typed on the preview, and rows left out."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep what differs from what was shown, and check again."""
        self.need_current()
        seqs = [_number(text) for text in request.POST.getlist("row")[:MOST_ROWS]]
        rows, posted = staged_rows(self.batch, seqs), request.POST.dict()
        cells = typed_cells(self.roster, rows, posted)
        actions.mend_rows(batch=self.batch, cells=cells, rows=row_choices(rows, posted), by=self.user)
        return self.to_errors()


class CausePage(MendPage):
    """All rows of one cause: what their texts mean, or what is done with them."""

    template_name = "importing/mending/cause.html"

    def screen(self, params: Any) -> CauseScreen:
        """The cause that the address or form names."""
        try:
            return CauseScreen(self.batch, self.user, params.get("reason", ""), params.get("field", ""))
        except KeyError:
            raise Http404 from None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The cause with its questions."""
        screen = self.screen(self.request.GET)
        return super().get_context_data(screen=screen, questions=screen.questions(), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Remember the answers, or do the same with all rows."""
        self.need_current()
        screen = self.screen(request.POST)
        about: dict[str, Any] = {"batch": self.batch, "key": screen.key, "field": screen.field}
        if deed := request.POST.get("deed"):
            if deed not in Deed.values:
                raise PortalError("没有这种处理方式，请刷新页面后重新选择。")
            actions.decide_cause(**about, deed=Deed(deed), by=self.user)
        else:
            actions.answer_cause(**about, answers=_answers(request.POST), by=self.user)
        return self.to_errors()


class Suggestions(MendPage):
    """Whom a row may mean whose number was lost; somebody confirms one, for this row alone."""

    template_name = "importing/mending/suggestions.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The row, and the pupils of the registry that fit."""
        seq, field = self.kwargs["seq"], self.request.GET.get("field", "")
        rows = staged_rows(self.batch, [seq])
        if not rows:
            raise Http404
        found = self.roster.suggestions(Stage(self.roster, self.batch.pk), seq, field, self.user)
        shown = {
            "row": rows[0],
            "name": rows[0].now.get("name", ""),
            "school": rows[0].now.get("school", ""),
            "field": field,
            "suggestions": found,
        }
        return super().get_context_data(**shown, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Put the confirmed pupil's number into the row, and check again."""
        self.need_current()
        try:
            person = UUID(request.POST.get("person", ""))
        except ValueError:
            raise PortalError("还没有选择学生，请核对后选择其中一人。") from None
        field = request.POST.get("field", "")
        actions.vouch_for_number(
            batch=self.batch, seq=self.kwargs["seq"], field=field, person=person, by=self.user
        )
        return self.to_errors()


class Mends(MendPage):
    """更正记录: what was typed and decided for the batch, each to be taken back."""

    template_name = "importing/mending/log.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The log."""
        return super().get_context_data(log=mend_log(self.batch), **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Take a mend or a decision back, and check again."""
        self.need_current()
        if decision := request.POST.get("decision"):
            actions.withdraw_decision(batch=self.batch, decision_id=_number(decision), by=self.user)
        else:
            mend_id = _number(request.POST.get("mend", ""))
            actions.take_back_mend(batch=self.batch, mend_id=mend_id, by=self.user)
        return self.to_errors()


class CarryOn(BatchView):
    """Mend the rows that a written batch left behind."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Open the batch of the waiting rows."""
        rest = continuing.carry_on(batch=self.batch, by=self.user)
        return go_to(request, f"{reverse('importing:batch', args=[rest.uid])}?bucket=refused")


class Answers(PortalPage):
    """内容含义记忆: what the user's units said their files mean, each to be forgotten."""

    required_permission = Permission.IMPORT_ROSTERS
    template_name = "importing/mending/answers.html"
    title = "记住的写法"
    nav = "importing:history"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Answers in sight, by topic."""
        titles = {key: roster.title for key, roster in ROSTERS.items()}
        rows = RememberedAnswer.objects.visible_to(self.user).select_related("unit", "decided_by")
        answers = [
            {
                "answer": one,
                "topic": topic_label(one.topic, titles),
                "may": may_import_for(self.user, one.unit),
            }
            for one in rows.order_by("unit", "topic", "text", "pk")[:MOST_ANSWERS]
        ]
        return super().get_context_data(answers=answers, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Forget one."""
        wanted = _number(request.POST.get("answer", ""))
        answer = get_object_or_404(RememberedAnswer.objects.visible_to(self.user), pk=wanted)
        actions.forget_answer(answer=answer, by=self.user)
        messages.success(request, f"已忘记“{answer.text}”的含义，下次遇到时重新询问；已写入的数据不变。")
        return go_to(request, reverse("importing:answers"))


def _answers(posted: Any) -> dict[str, str]:
    """Written text and chosen meaning: what was typed goes before a marked candidate."""
    found = {}
    for name, text in posted.items():
        if name.startswith("text-"):
            number = name.removeprefix("text-")
            found[text] = posted.get(f"typed-{number}", "").strip() or posted.get(f"answer-{number}", "")
    return found


def _number(text: str) -> int:
    """A number of a form; what is none fits nothing."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
