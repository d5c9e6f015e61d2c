"""A circle and its groups: what is pushed, who is admitted, and the desk."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.groups.saying import messages, told
from webapp.accounts.models import Identity
from webapp.circles.events import CircleMade
from webapp.circles.models import Circle, Membership
from webapp.circles.policy import Rule as CircleRule
from webapp.feed.actions import add_comment
from webapp.feed.models import Thread
from webapp.groups.actions import join, make_group
from webapp.groups.models import CardOpen, Group, GroupMember, Link
from webapp.kit.db import db, load, write
from webapp.kit.events import emit_fact
from webapp.kit.policy import can
from webapp.organisations.events import IdentityEnded
from webapp.posts.actions import delete_post, edit_post, publish_post
from webapp.posts.models import Post


def link_of(world):
    return db.session.scalars(
        sa.select(Link).where(Link.circle_id == world.circles["class"]).execution_options(populate_existing=True)
    ).one()


def set_push(world, push, admits=False):
    with write():
        link = link_of(world)
        link.push, link.admits = push, admits


def publish(world, body="Bring umbrellas", notify=False, who="tang", circle="class"):
    with write():
        row = load(Circle, world.circles[circle])
        return publish_post(world.viewer(who), row, body, f"post-{body}"[:40], notify).id


@pytest.mark.parametrize(
    ("push", "notify", "arrives"),
    [
        ("all", False, True),
        ("all", True, True),
        ("chosen", False, False),
        ("chosen", True, True),
        ("nothing", False, False),
        ("nothing", True, False),
    ],
)
def test_what_a_link_lets_through(as_, world, push, notify, arrives):
    set_push(world, push)
    publish(world, notify=notify)
    cards = messages(world.groups["parents"])
    assert [card.kind for card in cards] == (["post"] if arrives else [])
    assert ("Bring umbrellas" in as_("pan").get(f"/groups/{world.groups['parents']}").text) is arrives


def test_a_card_is_numbered_and_counts_as_unread(as_, world):
    number = publish(world, notify=True)
    group = world.groups["parents"]
    (card,) = messages(group)
    assert (card.number, card.item_id, card.author_id) == (1, number, world.identities["tang"])
    assert f'data-unread="group-{group}">1<' in as_("pan").get("/groups").text
    assert f'data-unread="group-{group}" hidden><' in as_("tang").get("/groups").text


def test_a_group_of_two_circles_gets_one_card_and_another_circles_card_stays_away(as_, world):
    with write():
        keys = {"group_id": world.groups["parents"], "made_by": world.identities["tang"], "push": "all"}
        db.session.add(Link(circle_id=world.circles["nextdoor"], **keys))
    publish(world, notify=True)
    publish(world, "Next door", who="wen", circle="nextdoor")
    assert [card.circle_id for card in messages(world.groups["parents"])] == [
        world.circles["class"],
        world.circles["nextdoor"],
    ]
    assert messages(world.groups["friends"]) == []


def test_the_card_follows_its_post(as_, world):
    number = publish(world, notify=True)
    group, url = world.groups["parents"], f"/groups/{world.groups['parents']}"
    (card,) = messages(group)
    with write():
        edit_post(world.viewer("tang"), load(Post, number), "Bring raincoats", 1)
    assert told(f"group-{group}")[-1] == ("push", f"message-{card.id}")
    assert "Bring raincoats" in as_("pan").get(url).text
    with write():
        thread = db.session.scalars(sa.select(Thread).where(Thread.item_id == number)).one()
        add_comment(world.viewer("pan"), thread, "Two of them", "comment-of-pan")
    assert told(f"group-{group}")[-1] == ("push", f"thread-{thread.id}-counts")
    assert f'id="thread-{thread.id}-counts"' in as_("pan").get(url).text
    with write():
        delete_post(world.viewer("tang"), load(Post, number))
    assert told(f"group-{group}")[-1] == ("push", f"message-{card.id}")
    page = as_("pan").get(url).text
    assert "Bring raincoats" not in page and "withdrawn" in page


def test_a_page_with_cards_costs_as_much_as_one_without(as_, world):
    for n in range(20):
        publish(world, f"Card {n}", notify=True)
    pan, said = as_("pan"), []
    sa.event.listen(db.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    assert pan.get(f"/groups/{world.groups['parents']}").text.count("<article") == 20
    assert len(said) <= 6, "\n\n".join(said)


def test_opening_a_card_is_counted_once_and_leads_to_it(as_, world):
    number = publish(world, notify=True)
    (card,) = messages(world.groups["parents"])
    assert f'href="/messages/{card.id}/open"' in as_("pan").get(f"/groups/{world.groups['parents']}").text
    for _again in range(2):
        answer = as_("pan").get(f"/messages/{card.id}/open")
        assert (answer.status_code, answer.location) == (302, f"/posts/{number}")
        answer.close()
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CardOpen)) == 1
    assert messages(world.groups["parents"])[0].opens == 1
    assert "1 of 3 opened it" in as_("tang").get(f"/links/{link_of(world).id}").text
    assert as_("ou").get(f"/messages/{card.id}/open").status_code == 404


def test_after_unlinking_the_cards_stay_and_nothing_new_comes(as_, world):
    publish(world, notify=True)
    link = link_of(world).id
    assert as_("pan").post(f"/links/{link}/delete").status_code == 403
    assert as_("ou").post(f"/links/{link}/delete").status_code == 404
    assert as_("tang").post(f"/links/{link}/delete").location == f"/circles/{world.circles['class']}/groups"
    publish(world, "Too late", notify=True)
    page = as_("pan").get(f"/groups/{world.groups['parents']}").text
    assert "Bring umbrellas" in page and "Too late" not in page


def test_joining_admits_where_the_link_says_so_and_the_party_fits(world):
    set_push(world, "chosen", admits=True)
    with write():
        group = load(Group, world.groups["parents"])
        for who in ("wen", "ou"):
            join(group, db.session.get_one(Identity, world.identities[who]))
    parties = dict(
        db.session.execute(
            sa.select(Membership.identity_id, Membership.party).where(Membership.circle_id == world.circles["class"])
        ).all()
    )
    assert parties[world.identities["wen"]] == "teacher"
    assert world.identities["ou"] not in parties


def test_without_that_setting_and_for_whom_the_circle_removed_it_does_not(world):
    def state(who):
        mine = (
            Membership.circle_id == world.circles["class"],
            Membership.identity_id == world.identities[who],
        )
        return db.session.scalar(sa.select(Membership.state).where(*mine))

    with write():
        join(load(Group, world.groups["parents"]), db.session.get_one(Identity, world.identities["wen"]))
    assert state("wen") is None
    set_push(world, "chosen", admits=True)
    with write():
        join(load(Group, world.groups["parents"]), db.session.get_one(Identity, world.identities["ex"]))
    assert state("ex") == "removed"


def test_a_member_of_a_linked_group_finds_the_circle_and_reads_nothing(world):
    circle = db.session.get_one(Circle, world.circles["class"])
    assert not can(CircleRule.CIRCLE_FIND, world.viewer("wen"), circle)
    with write():
        join(load(Group, world.groups["parents"]), db.session.get_one(Identity, world.identities["wen"]))
    assert can(CircleRule.CIRCLE_FIND, world.viewer("wen"), circle)
    assert not can(CircleRule.CIRCLE_READ, world.viewer("wen"), circle)


def test_a_circle_may_begin_with_its_group(world):
    for with_group in (True, False):
        with write():
            emit_fact(CircleMade(world.circles["birds"], world.identities["yu"], with_group))
    (link,) = db.session.scalars(sa.select(Link).where(Link.circle_id == world.circles["birds"])).all()
    assert link.push == "chosen"
    assert db.session.get_one(Group, link.group_id).name == "Birds"
    (owner,) = db.session.scalars(sa.select(GroupMember).where(GroupMember.group_id == link.group_id)).all()
    assert (owner.identity_id, owner.role) == (world.identities["yu"], "owner")


def test_an_identity_that_ended_is_in_no_group(world):
    with write():
        emit_fact(IdentityEnded(world.identities["tang"], world.organisations["school"]))
    mine = sa.select(GroupMember.identity_id).where(
        GroupMember.group_id == world.groups["parents"], GroupMember.state == "active"
    )
    assert world.identities["tang"] not in db.session.scalars(mine).all()


# ---- the desk ------------------------------------------------------------------------------------
def test_members_of_the_circle_see_its_groups_and_join(as_, world):
    url = f"/circles/{world.circles['class']}/groups"
    as_("lei").post(f"/groups/{world.groups['parents']}/leave")
    lei, shen, pan = (as_(who).get(url).text for who in ("lei", "shen", "pan"))
    assert f"/groups/{world.groups['parents']}/join" in lei
    assert "/join" not in shen and "/links/" not in shen
    assert f'href="/groups/{world.groups["parents"]}"' in pan and "/join" not in pan
    assert as_("ou").get(url).status_code == 404


def test_an_administrator_links_a_group_that_they_run(as_, world):
    url = f"/circles/{world.circles['class']}/links"
    with write():
        group = make_group(world.viewer("tang"), "Reading").id
    assert "Reading" in as_("tang").get(f"/circles/{world.circles['class']}/groups").text
    assert as_("tang").post(url, group=group).status_code == 303
    assert as_("tang").post(url, group=world.groups["friends"]).status_code == 404
    assert as_("pan").post(url, group=group).status_code == 403
    linked = sa.select(Link.group_id).where(Link.circle_id == world.circles["class"])
    assert set(db.session.scalars(linked)) == {group, world.groups["parents"]}


def test_the_desk_sets_what_is_pushed_and_who_is_admitted(as_, world):
    url = f"/links/{link_of(world).id}"
    assert as_("lei").post(url, push="all", admits="1").status_code == 303
    assert (link_of(world).push, link_of(world).admits) == ("all", True)
    assert as_("lei").post(url, push="some").status_code == 422
    assert as_("pan").post(url, push="nothing").status_code == 403
    assert as_("ou").get(url).status_code == 404
    assert link_of(world).push == "all"


def test_the_desk_names_who_is_not_in_the_circle_and_admits_them(as_, world):
    with write():
        for who in ("wen", "ou"):
            join(load(Group, world.groups["parents"]), db.session.get_one(Identity, world.identities[who]))
    url = f"/links/{link_of(world).id}"
    page = as_("tang").get(url).text
    assert "Teacher Wen" in page and "Outsider Ou" in page and "cannot be in this circle" in page
    assert page.count(f'action="{url}/admissions"') == 1
    assert as_("tang").post(f"{url}/admissions", identity=world.identities["wen"]).status_code == 303
    assert "Teacher Wen" not in as_("tang").get(url).text
    assert as_("tang").post(f"{url}/admissions", identity=world.identities["hao"]).status_code == 404
    assert as_("pan").post(f"{url}/admissions", identity=world.identities["ou"]).status_code == 403
    refused = as_("tang").post(f"{url}/admissions", identity=world.identities["ou"])
    assert refused.status_code == 303
    mine = (Membership.circle_id == world.circles["class"], Membership.identity_id == world.identities["ou"])
    assert db.session.scalar(sa.select(Membership).where(*mine)) is None


def test_the_desk_announces_and_mutes(as_, world):
    url = f"/links/{link_of(world).id}"
    assert as_("lei").post(f"{url}/announcement", words="See the circle").status_code == 303
    assert as_("lei").post(f"{url}/mute", silent="1").status_code == 303
    assert as_("lei").post(f"{url}/announcement", words="x" * 301).status_code == 422
    group = db.session.get_one(Group, world.groups["parents"], populate_existing=True)
    assert (group.announcement, group.muted_all) == ("See the circle", True)
    assert as_("pan").post(f"{url}/mute", silent="0").status_code == 403


def test_on_the_desk_a_card_opens_for_an_administrator_who_is_not_in_the_group(as_, world):
    circle = world.circles["class"]
    as_("tang").post(f"/circles/{circle}/posts", body="For the groups", notify="1", client_id="desk-card-1")
    as_("lei").post(f"/groups/{world.groups['parents']}/leave")
    desk = as_("lei").get("/links/1").text
    assert "For the groups" in desk and "/open" not in desk and 'href="/posts/1"' in desk
