"""The log of what moderators did: whole, readable by administrators only, written with what it tells of."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.groups.saying import say
from tests.groups.test_links import publish
from tests.moderation.test_reports import comment_on, group_member, membership, send
from webapp.kit.db import db, write
from webapp.moderation.models import LogEntry
from webapp.posts.actions import hide_post
from webapp.posts.models import Post


def acts(**place):
    ((name, number),) = place.items()
    here = sa.select(LogEntry).where(getattr(LogEntry, name) == number).order_by(LogEntry.id)
    return [entry.act for entry in db.session.scalars(here)]


def test_what_is_done_in_a_circle_stands_in_its_log(as_, world):
    circle, tang = f"/circles/{world.circles['class']}", as_("tang")
    post = publish(world, "A bad word", who="lei")
    comment = comment_on(world, post)
    waiting = publish(world, "By a pupil", who="shen")
    tang.post(f"/posts/{waiting}/approve")
    tang.post(f"/posts/{publish(world, 'Another', who='shen')}/refuse", reason="not here")
    tang.post(f"/comments/{comment}/hide", reason="rude too")
    tang.post(f"/posts/{post}/hide", reason="rude")
    pan, lei = membership(world, "pan"), membership(world, "lei")
    for act in ("mute", "unmute", "ban", "unban"):
        assert tang.post(f"{circle}/members/{pan}/{act}").status_code == 303
    for act in ("dismiss", "appoint", "remove"):
        assert tang.post(f"{circle}/members/{lei}/{act}").status_code == 303
    assert acts(circle_id=world.circles["class"]) == [
        "approve", "refuse", "hide", "hide", "mute", "unmute", "ban", "unban", "dismiss", "appoint", "remove",
    ]  # fmt: skip
    page = tang.get(f"{circle}/log").text
    for line in ("Teacher Tang hid a post of Teacher Lei", "“rude”", "Teacher Tang hid a comment of Parent Pan"):
        assert line in page, line


def test_requests_and_handing_over_too(as_, world):
    as_("ou").post(f"/circles/{world.circles['lane']}/join")
    asked = membership(world, "ou", "lane")
    as_("yu").post(f"/circles/{world.circles['lane']}/requests", decision=f"admit-{asked}")
    as_("yu").post(f"/circles/{world.circles['lane']}/members/{asked}/hand-over")
    assert acts(circle_id=world.circles["lane"]) == ["admit", "hand_over"]


def test_what_is_done_in_a_group_stands_in_the_groups(as_, world):
    group, tang = f"/groups/{world.groups['parents']}", as_("tang")
    tang.post(f"/messages/{say(world, 'pan', 'Bad')}/remove")
    member = group_member(world, "pan")
    for act in ("mute", "unmute", "appoint", "dismiss", "remove"):
        assert tang.post(f"{group}/members/{member}/{act}").status_code == 303
    tang.post(f"{group}/mute", silent="1")
    as_("shen").post(f"{group}/requests")
    tang.post(f"{group}/requests/{group_member(world, 'shen')}", decision="refuse")
    assert acts(group_id=world.groups["parents"]) == [
        "hide", "mute", "unmute", "appoint", "dismiss", "remove", "mute_all", "decline",
    ]  # fmt: skip
    assert "Teacher Tang muted all" in as_("lei").get(f"{group}/log").text


def test_what_is_shown_again_stands_there_too(as_, world):
    group, tang = world.groups["parents"], as_("tang")
    post = publish(world, "A bad word", who="lei")
    comment, message = comment_on(world, post), say(world, "pan", "Bad")
    hidden = (f"/comments/{comment}/hide", f"/posts/{post}/hide", f"/messages/{message}/remove")
    for address in hidden:
        assert tang.post(address, reason="rude").status_code == 303
    for address in (hidden[1], hidden[0], hidden[2]):
        assert tang.post(f"{address}/delete").status_code == 303
    assert acts(circle_id=world.circles["class"]) == ["hide", "hide", "restore", "restore"]
    assert acts(group_id=group) == ["hide", "restore"]
    page = tang.get(f"/circles/{world.circles['class']}/log").text
    for line in ("let a post of Teacher Lei be seen again", "let a comment of Parent Pan be seen again"):
        assert line in page, line


def test_a_decision_stands_in_the_log_of_its_desk_and_its_effect_in_the_circles(as_, world):
    post = publish(world, "A bad word", who="lei")
    found = send(as_("pan"), f"/posts/{post}/report", desk="organisation")
    as_("hao").post(f"/cases/{found}", outcome="hidden", reason="rude")
    assert acts(circle_id=world.circles["class"]) == ["hide"]
    assert acts(organisation_id=world.organisations["school"]) == ["report_hidden"]
    page = as_("hao").get(f"/organisations/{world.organisations['school']}/log").text
    assert "Head Hao decided a report about Teacher Lei: hidden" in page and "Parent Pan" not in page


@pytest.mark.parametrize("who", ["pan", "shen"])
def test_members_read_no_log(as_, world, who):
    assert as_(who).get(f"/circles/{world.circles['class']}/log").status_code == 403


def test_strangers_and_other_administrators_read_no_log(as_, world):
    assert as_("ou").get(f"/circles/{world.circles['class']}/log").status_code == 404
    assert as_("wen").get(f"/circles/{world.circles['class']}/log").status_code == 404
    assert as_("ning").get(f"/organisations/{world.organisations['school']}/log").status_code == 404
    assert as_("tang").get(f"/organisations/{world.organisations['school']}/log").status_code == 403
    assert as_("hao").get("/server/log").status_code == 403
    assert as_("root").get("/server/log").status_code == 200


def test_what_is_rolled_back_was_never_written_down(world):
    post = publish(world, "A bad word", who="lei")
    with pytest.raises(RuntimeError), write():
        hide_post(world.viewer("tang"), db.session.get_one(Post, post), "rude")
        raise RuntimeError
    assert acts(circle_id=world.circles["class"]) == []


def test_the_log_goes_on_over_pages(as_, world):
    with write():
        for _each in range(60):
            here = {"circle_id": world.circles["class"], "by_id": world.identities["tang"], "act": "mute"}
            db.session.add(LogEntry(**here, whom_id=world.identities["pan"]))
    first = as_("lei").get(f"/circles/{world.circles['class']}/log").text
    assert first.count("muted Parent Pan") == 50
    (older,) = [part.split('"')[0] for part in first.split('href="?from=')[1:]]
    assert as_("lei").get(f"/circles/{world.circles['class']}/log?from={older}").text.count("muted Parent Pan") == 10
