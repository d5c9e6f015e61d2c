"""Specimens of chat groups."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from webapp.accounts.models import Identity
from webapp.accounts.specimens import as_viewer, deng, fang, lin, zimo
from webapp.circles.specimens import circle, header
from webapp.feed.specimens import ago
from webapp.groups.beside import Beside
from webapp.groups.forms import AnnouncementForm, MessageForm
from webapp.groups.keeping import Wish
from webapp.groups.models import Group, GroupMember, KeepRequest, Message, Summary
from webapp.groups.people import Members
from webapp.groups.queries import Chat, Listed, Talk
from webapp.groups.rows import Row
from webapp.groups.stretch import parts, piece_of
from webapp.groups.tools import Tool
from webapp.kit import clock
from webapp.kit.gallery import Context, either, specimen
from webapp.kit.pages import Page


def group(**changes: Any) -> Group:
    name = either("三年二班家长群", "Parents of 3-2")
    line = either("周五 16:00 家长会", "Parents’ evening on Friday, 16:00")
    return Group(**{"id": 1, "name": name, "announcement": line, "messages": 5, "muted_all": False, **changes})


def message(number: int, who: Identity, zh: str = "", en: str = "", **changes: Any) -> Message:
    given = {"id": number, "group_id": 1, "number": number, "author": who, "author_id": who.id, "opens": 0}
    return Message(**{**given, "body": either(zh, en), "mentions": [], "quote": None, "at": ago(minutes=9), **changes})


def morning() -> Message:
    return message(1, fang(), "各位家长早上好", "Good morning, everybody", at=ago(days=1))


def words() -> Row:
    reply = message(2, lin(), "看完点已读就好，不用回。", "Tap “read”, no reply needed.", quote=morning(), quote_id=1)
    return Row(reply, run=False, new_day=True)


def more_words() -> Row:
    return Row(message(3, lin(), "本子周五带来。", "Bring the exercise book on Friday."), run=True, new_day=False)


def card() -> Row:
    small = Markup("<p>%s</p>") % either("绿豆第 5 天，出芽了。", "Mung beans, day 5: a sprout.")
    row = message(4, lin(), kind="post", item_id=1, circle_id=1)
    return Row(row, run=False, new_day=False, card=small, circle=circle())


def recalled() -> Row:
    return Row(message(5, deng(), recalled_at=ago(minutes=1), recalled_by=deng().id), run=False, new_day=False)


def chat(may: bool = True) -> Chat:
    names = ("may_read", "may_join", "may_invite", "may_speak", "may_administer", "may_own")
    return Chat(group(), in_group(1, lin(), "owner"), 42, [circle()], False, **dict.fromkeys(names, may))


def in_group(number: int, who: Identity, role: str = "member", **changes: Any) -> GroupMember:
    given = {"id": number, "group_id": 1, "identity_id": who.id, "identity": who, "role": role, "state": "active"}
    return GroupMember(**{**given, "read": 3, **changes})


@specimen("groups/_message.html", "words that answer others", within="talk")
def message_words() -> Context:
    return {"row": words()}


@specimen("groups/_message.html", "going on under the same name", within="talk")
def message_run() -> Context:
    return {"row": more_words()}


@specimen("groups/_message.html", "a card from the circle", within="talk")
def message_card() -> Context:
    return {"row": card()}


@specimen("groups/_message.html", "what came in quiet hours", within="talk")
def message_summary() -> Context:
    small = Markup("<p>%s</p>") % either("圈子里有 2 条新内容", "2 new in the circle")
    row = message(7, lin(), kind="summary", item_id=1, circle_id=1)
    return {"row": Row(row, run=False, new_day=False, card=small, circle=circle())}


@specimen("groups/_message.html", "taken back", within="talk")
def message_recalled() -> Context:
    return {"row": recalled()}


@specimen("groups/_day.html", within="talk")
def day() -> Context:
    return {"row": piece_of(words())}


@specimen("groups/_rows.html", within="talk")
def rows() -> Context:
    return {"parts": parts([piece_of(words()), piece_of(more_words())])}


@specimen("groups/_stretch.html", "with earlier ones, and what is new", within="talk")
def stretch() -> Context:
    drawn = [piece_of(row) for row in (words(), more_words(), card(), recalled())]
    return {"chat": chat(), "talk": Talk(parts(drawn, since=3), drawn[0], older=2, newest=5)}


@specimen("groups/_message_menu.html", "to an administrator, about the own message", within="list menu")
def message_menu() -> Context:
    may = dict.fromkeys(("may_speak", "may_recall", "may_remove", "may_restore", "may_keep"), True)
    return {"row": words(), "group": group(), **may, "viewer": as_viewer(lin())}


@specimen("groups/_listed.html", "three unread", within="list")
def listed() -> Context:
    return {"listed": Listed(group(), 3, morning(), None)}


@specimen("groups/_listed.html", "dissolved", within="list")
def listed_dissolved() -> Context:
    return {"listed": Listed(group(archived_at=ago(days=2)), 0, morning(), None)}


@specimen("groups/_listed.html", "an administrator took the last message down", within="list")
def listed_removed() -> Context:
    gone = message(6, deng(), recalled_at=ago(minutes=1), recalled_by=lin().id)
    return {"listed": Listed(group(), 0, gone, None)}


@specimen("groups/_beside.html", "one of mine, one that I may look into")
def groups_beside() -> Context:
    other = group(id=2, name=either("三年二班老师群", "Teachers of 3-2"))
    return {"header": header(), "beside": Beside([Listed(group(), 0, morning(), None)], [(other, 4)])}


@specimen("groups/_beside.html", "none is linked")
def none_beside() -> Context:
    return {"header": header(), "beside": Beside([], [])}


@specimen("groups/_mentions.html")
def mentions() -> Context:
    return {"people": [lin(), deng()]}


@specimen("groups/_say.html", "empty")
def say() -> Context:
    return {"group": group(), "form": None, "reply": None, "viewer": as_viewer(deng())}


@specimen("groups/_say.html", "an answer that was sent empty")
def say_wrong() -> Context:
    form = MessageForm.blank(body="")
    form.validate()
    return {"group": group(), "form": form, "reply": morning(), "viewer": as_viewer(deng())}


@specimen("groups/_announcement.html")
def announcement() -> Context:
    form = AnnouncementForm.blank(words=group().announcement)
    return {"words": form, "action": "/groups/1/announcement", "viewer": as_viewer(lin())}


@specimen("groups/_board.html", "a line, and all are muted")
def board() -> Context:
    return {"group": group(muted_all=True)}


@specimen("groups/_board.html", "dissolved")
def board_dissolved() -> Context:
    return {"group": group(announcement="", archived_at=ago(days=2))}


@specimen("groups/_mute_all.html", "everybody may speak")
def mute_all() -> Context:
    return {"group": group(), "action": "/groups/1/silence", "viewer": as_viewer(lin())}


@specimen("groups/_here.html", "two people")
def here() -> Context:
    return {"group": group(), "people": [lin(), deng()]}


@specimen("groups/_keeps.html", "somebody asks")
def keeps() -> Context:
    request = KeepRequest(id=1, message_id=1, circle_id=1, author_id=fang().id, asked_by=lin().id, state="asked")
    wish = Wish(request, morning(), circle(), lin().name)
    return {"group_id": 1, "wishes": [wish], "viewer": as_viewer(fang())}


@specimen("groups/_list.html", "unread, a card, silence")
def groups() -> Context:
    listed = [
        Listed(group(), 3, morning(), None),
        Listed(group(id=2, name=either("老师群", "Teachers")), 0, card().message, circle()),
        Listed(group(id=3, name=either("邻居", "Neighbours")), 0, None, None),
    ]
    return {"groups": listed}


@specimen("groups/_member.html", "a muted member, to an administrator", within="list")
def member() -> Context:
    row = in_group(2, deng(), muted_until=clock.now() + timedelta(hours=3))
    return {"chat": chat(), "member": row, "now": clock.now(), "viewer": as_viewer(lin())}


@specimen("groups/_members.html")
def members() -> Context:
    found = Members([in_group(1, lin(), "owner")], Page([in_group(2, deng()), in_group(3, fang())], 3))
    shared: Context = {"q": "", "now": clock.now(), "viewer": as_viewer(lin())}
    return {"chat": chat(), "found": found, "asking": [asks()], **shared}


def asks() -> tuple[GroupMember, Identity]:
    return in_group(4, zimo(), state="asked", joined_at=ago(hours=1)), zimo()


@specimen("groups/_asking.html", "one person, at the desk of a circle")
def asking() -> Context:
    return {"group_id": 1, "asking": [asks()], "link_id": 1, "viewer": as_viewer(lin())}


@dataclass(frozen=True)
class Small:
    """A card of a summary; cards are drawn by their capabilities, which are above this one."""

    words: str

    def line(self, address: str) -> Markup:
        return Markup('<p><a href="%s">%s</a></p>') % (address, self.words)


@specimen("groups/_summary.html", "two cards of a quiet night")
def summary() -> Context:
    beans = Small(either("绿豆第 5 天，出芽了。", "Mung beans, day 5: a sprout."))
    boots = Small(either("周五带雨靴。", "Bring boots on Friday."))
    return {"summary": Summary(id=1, group_id=1, circle_id=1), "items": [beans, boots], "address": "/summaries/1"}


@specimen("groups/_tools.html", "to an administrator", within="tools")
def tools() -> Context:
    post = Tool("pen", either("发到三年二班", "Post in Class 3-2"), "/circles/1/posts/new")
    return {"group": group(), "tools": [post, Tool("link", either("邀请", "Invite"), "/groups/1/invitations")]}


@specimen("groups/_read.html", "cannot be seen: it marks the chat as read")
def read() -> Context:
    return {"group_id": 1}
