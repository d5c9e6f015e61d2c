"""Specimens of the inbox."""

from __future__ import annotations

from webapp.accounts.specimens import as_viewer, deng, fang, lin
from webapp.circles.specimens import circle
from webapp.inbox import muting
from webapp.inbox.models import InboxLine
from webapp.inbox.queries import Row
from webapp.kit import clock
from webapp.kit.gallery import Context, either, specimen


def line(number: int, kind: str, **more: object) -> InboxLine:
    turn = int(clock.now().timestamp() * 1000) - number * 3_600_000
    return InboxLine(id=number, kind=kind, about="post-1", item_id=1, circle_id=1, turn=turn, **more)


def commented() -> Row:
    words = either("袜子现在在我的抽屉里。", "The socks now live in my drawer.")
    return Row(line(1, "comment", people=[fang().id, deng().id]), circle(), None, words, [deng(), fang()])


def asked() -> Row:
    return Row(line(2, "request", people=[fang().id]), circle(), None, "", [fang()])


def read() -> Row:
    words = either("绿豆第 5 天，出芽了。", "Mung beans, day 5: a sprout.")
    return Row(line(3, "mention_post", people=[lin().id], read_at=clock.now()), circle(), None, words, [lin()])


@specimen("inbox/_line.html", "two commented, unread", within="list")
def unread_line() -> Context:
    return {"row": commented(), "viewer": as_viewer(lin())}


@specimen("inbox/_line.html", "waits for a decision", within="list")
def waiting_line() -> Context:
    return {"row": asked(), "viewer": as_viewer(lin())}


@specimen("inbox/_rows.html", within="list")
def rows() -> Context:
    return {"rows": [commented(), read()], "viewer": as_viewer(lin())}


@specimen("inbox/_menu.html", "of an unread line", within="list menu")
def menu() -> Context:
    return {"row": commented(), "targets": muting.targets(commented().line), "viewer": as_viewer(lin())}
