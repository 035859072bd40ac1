"""What the staff rosters and the rural allowance say on a person's file."""

from typing import Any

from datong_edu.accounts.models import User
from datong_edu.accounts.roles import Permission
from datong_edu.web import numbers
from datong_edu.web.panels import PersonPanel
from datong_edu.web.parts import Fact
from teachers.models import AllowanceLine, Post

POSTS_SHOWN = 5


def load(person: Any, user: User) -> dict[str, Any] | None:
    """Posts and yearly allowances of a teacher, latest first; None for everybody else."""
    posts = Post.objects.visible_to(user).filter(person=person).select_related("school")
    lines = AllowanceLine.objects.visible_to(user).filter(person=person).select_related("school")
    facts = [
        Fact(f"{post.as_of_on:%Y-%m-%d} 名册", f"{post.school} {post.get_status_display()}")
        for post in posts.order_by("-as_of_on")[:POSTS_SHOWN]
    ]
    facts += [
        Fact(
            f"{line.year} 年乡村教师补助", f"{line.school} {line.months} 个月 {numbers.yuan(line.amount)} 元"
        )
        for line in lines.order_by("-year")[:POSTS_SHOWN]
    ]
    return {"facts": facts} if facts else None


PANEL = PersonPanel(
    "teachers", "教师岗位与补助", "web/parts/panel.html", load, Permission.VIEW_LEDGERS, order=60
)
