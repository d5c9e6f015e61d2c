"""Three weeks of life: every line of the files becomes the action that a person would have taken, in its order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from webapp.accounts import passwords
from webapp.circles.models import Circle, Membership
from webapp.demo.cast import PASSWORD, Cast, make_cast, read
from webapp.demo.times import filled, moment, span
from webapp.feed.actions import add_comment, delete_comment, feature_card, hide_comment, pin_card, react
from webapp.feed.models import Comment, Thread
from webapp.groups.actions import recall_message, send_message
from webapp.groups.models import Group, GroupMember, Message
from webapp.inbox.models import InboxLine
from webapp.kit import clock, i18n
from webapp.kit.db import db, write
from webapp.kit.outbox import new_epoch
from webapp.posts.actions import approve_post, edit_post, hide_post, publish_post
from webapp.posts.models import Post

Act = Callable[[], None]
FILES = ("school.yaml", "community.yaml", "company.yaml", "interest.yaml")
QUIET = timedelta(hours=20)  # what is younger than this is still unread by everybody but its author


@dataclass(frozen=True)
class Deed:
    at: datetime  # the organisation's wall clock
    order: int
    act: Act


class Life:
    """The deeds of the demo, gathered first, then performed in order of time."""

    def __init__(self, cast: Cast, now: datetime) -> None:
        self.cast, self.now, self.deeds = cast, now, list[Deed]()
        self.posts: dict[str, Post] = {}
        self.comments: dict[tuple[str, int], Comment] = {}
        self.messages: dict[tuple[str, str], Message] = {}
        written = read("people.yaml")
        self.topics = {entry["key"]: entry[cast.lang] for entry in written["topics"]}
        self.owners = {entry["key"]: entry["owner"] for entry in written["circles"]}

    def plan(self, at: datetime, act: Act) -> None:
        self.deeds.append(Deed(at, len(self.deeds), act))

    def text(self, node: dict[str, Any], at: datetime) -> str:
        return filled(node[self.cast.lang], self.cast.lang, at, self.now, self.cast.names).strip()

    def perform(self) -> None:
        for deed in sorted(self.deeds, key=lambda deed: (deed.at, deed.order)):
            with clock.at(utc(deed.at)):
                deed.act()

    # ---- posts ---------------------------------------------------------------------------------------------
    def plan_post(self, entry: dict[str, Any]) -> None:
        if entry.get("state", "published") in ("scheduled", "draft"):
            return  # they come with the capability that keeps them
        at = moment(entry["at"], self.now)
        self.plan(at, lambda: self.publish(entry, at))
        if "edit" in entry:
            edited = moment(entry["edit"]["at"], self.now)
            self.plan(edited, lambda: self.edit(entry, edited))
        if entry.get("state") == "hidden":
            self.plan(at + timedelta(minutes=20), lambda: self.hide(entry))
        then = at
        for number, comment in enumerate(entry.get("comments", []), 1):
            then = moment(comment["at"], self.now) if "at" in comment else then + span(comment["after"])
            self.plan_comment(entry, number, comment, then)
        self.plan(then if then > at else at + timedelta(minutes=5), lambda: self.reactions(entry))

    def body(self, entry: dict[str, Any], node: dict[str, Any], at: datetime) -> str:
        named = [filled(self.topics[key], self.cast.lang, at, self.now, {}) for key in entry.get("topics", [])]
        tags = " ".join(f"#{name}#" for name in named)
        return f"{self.text(node, at)}\n{tags}".strip()

    def publish(self, entry: dict[str, Any], at: datetime) -> None:
        circle = self.cast.circles[entry["circle"]]
        author = self.cast.viewer(entry["circle"], entry["by"])
        text = self.body(entry, entry, at)
        post = publish_post(author, circle, text, f"demo-{entry['key']}", notify=entry.get("notify", False))
        self.posts[entry["key"]] = post
        owner = self.owners[entry["circle"]]
        boss = self.cast.viewer(entry["circle"], entry.get("reviewed_by", owner))
        if post.state == "waiting" and entry.get("state") != "awaiting":
            approve_post(boss, post)
        if entry.get("pin"):
            pin_card("post", post.id)
        if entry.get("featured"):
            feature_card("post", post.id)

    def edit(self, entry: dict[str, Any], at: datetime) -> None:
        post = self.posts[entry["key"]]
        author = self.cast.viewer(entry["circle"], entry["by"])
        edit_post(author, post, self.body(entry, entry["edit"], at), post.version)

    def hide(self, entry: dict[str, Any]) -> None:
        hidden = entry["hidden"]
        by = self.cast.viewer(entry["circle"], hidden["by"])
        hide_post(by, self.posts[entry["key"]], hidden["reason"][self.cast.lang])

    # ---- comments and reactions ----------------------------------------------------------------------------
    def plan_comment(self, entry: dict[str, Any], number: int, comment: dict[str, Any], at: datetime) -> None:
        if entry.get("state") == "awaiting":
            return
        self.plan(at, lambda: self.comment(entry, number, comment, at))
        if comment.get("deleted"):
            self.plan(at + timedelta(minutes=1), lambda: self.delete(entry, number, comment))
        if "hidden" in comment:
            self.plan(at + timedelta(minutes=10), lambda: self.hide_comment(entry, number, comment))

    def thread(self, entry: dict[str, Any]) -> Thread:
        post = self.posts[entry["key"]]
        return db.session.scalars(sa.select(Thread).where(Thread.kind == "post", Thread.item_id == post.id)).one()

    def comment(self, entry: dict[str, Any], number: int, comment: dict[str, Any], at: datetime) -> None:
        by = self.cast.viewer(entry["circle"], comment["by"])
        parent = self.comments.get((entry["key"], comment.get("re", 0)))
        key = f"demo-{entry['key']}-{number}"
        made = add_comment(by, self.thread(entry), self.text(comment, at), key, parent=parent)
        self.comments[entry["key"], number] = made

    def delete(self, entry: dict[str, Any], number: int, comment: dict[str, Any]) -> None:
        delete_comment(self.cast.viewer(entry["circle"], comment["by"]), self.comments[entry["key"], number])

    def hide_comment(self, entry: dict[str, Any], number: int, comment: dict[str, Any]) -> None:
        hidden = comment["hidden"]
        by = self.cast.viewer(entry["circle"], hidden["by"])
        hide_comment(by, self.comments[entry["key"], number], hidden["reason"][self.cast.lang])

    def reactions(self, entry: dict[str, Any]) -> None:
        if entry.get("state") in ("awaiting", "hidden"):
            return
        place, thread, done = entry["circle"], self.thread(entry), {entry["by"]}
        named = {who for people in entry.get("react", {}).values() for who in people if isinstance(who, str)}
        for key, people in entry.get("react", {}).items():
            for who in people:
                others = [m for m in self.cast.members(place) if m not in named | done]
                for name in [who] if isinstance(who, str) else others[:who]:
                    react(self.cast.viewer(place, name), thread, "mood", key)
                    done.add(name)

    # ---- chats ---------------------------------------------------------------------------------------------
    def plan_chat(self, chat: dict[str, Any]) -> None:
        for number, (time, who, zh, en, *more) in enumerate(chat["m"]):
            written = time if chat["day"] == "now" else f"{chat['day']} {time}"
            at = moment(written, self.now) + timedelta(seconds=min(number, 50))
            options = more[0] if more else {}
            node = {"zh": zh, "en": en}
            key = f"demo-{chat['group']}-{chat['day']}-{number}".replace(" ", "")[-40:]
            self.plan(at, lambda a=(chat, who, node, options, at, key): self.say(*a))  # type: ignore[misc]

    def say(
        self,
        chat: dict[str, Any],
        who: str,
        node: dict[str, Any],
        options: dict[str, Any],
        at: datetime,
        key: str,
    ) -> None:
        place = chat["group"]
        by = self.cast.viewer(place, who)
        quote = self.messages.get((place, options.get("quote", "")))
        made = send_message(by, self.cast.groups[place], self.text(node, at), key, quote=quote)
        if "id" in options:
            self.messages[place, options["id"]] = made
        if "recalled" in options:
            with clock.at(clock.now() + timedelta(seconds=50)):
                recall_message(by, made)

    # ---- what was read -------------------------------------------------------------------------------------
    def everybody_reads(self) -> None:
        """As of this moment nobody has anything unread."""
        cards = sa.select(Circle.cards).where(Circle.id == Membership.circle_id).scalar_subquery()
        spoken = sa.select(Group.messages).where(Group.id == GroupMember.group_id).scalar_subquery()
        db.session.flush()
        db.session.execute(sa.update(Membership).values(read=cards), execution_options={"synchronize_session": False})
        db.session.execute(sa.update(GroupMember).values(read=spoken), execution_options={"synchronize_session": False})
        unread = sa.update(InboxLine).where(InboxLine.read_at.is_(None))
        db.session.execute(unread.values(read_at=clock.now()))


def load_world(lang: str) -> Cast:
    """Load the demo into an empty database, in one language, in one transaction."""
    hashed = passwords.hashed(PASSWORD)
    now = clock.local(clock.now(), clock.DEFAULT_ZONE).replace(tzinfo=None)
    with write() as session, i18n.speaking(lang):
        with clock.at(utc(now - timedelta(days=22))):
            cast = make_cast(lang, hashed)
        life = Life(cast, now)
        for name in FILES:
            for entry in read(name)["posts"]:
                life.plan_post(entry)
        for chat in read("chat.yaml")["chats"]:
            life.plan_chat(chat)
        life.plan(now - QUIET, life.everybody_reads)
        life.perform()
        new_epoch(session)  # nobody was listening
    return cast


def utc(wall: datetime) -> datetime:
    """A wall-clock moment of the demo's zone as it is stored."""
    return wall.replace(tzinfo=clock.zone(clock.DEFAULT_ZONE)).astimezone(UTC).replace(tzinfo=None)
