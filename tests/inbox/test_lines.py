"""Which facts become a line, for whom, and when it goes again."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.inbox.conftest import thread_of
from webapp.accounts.models import Identity
from webapp.circles.actions import joining, members
from webapp.circles.models import Circle, Membership
from webapp.feed.actions import delete_comment, hide_comment
from webapp.feed.models import Comment
from webapp.groups import actions as groups
from webapp.groups import inviting
from webapp.groups.ending import dissolve
from webapp.groups.models import Group, GroupMember, KeepRequest, Message
from webapp.inbox.models import InboxLine
from webapp.kit.db import db, write
from webapp.organisations.actions import end_identity
from webapp.posts.actions import approve_post, delete_post, edit_post, hide_post, publish_post, refuse_post
from webapp.posts.models import Post


# ---- being named -------------------------------------------------------------------------------------------
def test_who_is_named_in_a_post_a_comment_or_a_chat_hears_of_it_and_nobody_else_does(life):
    post = life.post("tang", "Bring boots, @Parent Pan please")
    life.comment("lei", post, "@Parent Pan and an umbrella")
    life.say("lei", "@Parent Pan are you coming?")
    assert life.words("pan") == [
        "Teacher Lei mentioned you in Parents",
        "Teacher Lei mentioned you in Class 3-2",
        "Teacher Tang mentioned you in Class 3-2",
    ]
    assert life.words("shen") == []
    assert life.words("pan_private") == [], "another identity of the same person"
    assert life.counter("pan") == 3


def test_naming_oneself_tells_nobody(life):
    life.post("tang", "I, @Teacher Tang, was here")
    assert life.lines("tang") == []


def test_who_is_named_by_an_edit_hears_it_then_and_who_is_no_longer_named_has_no_line(life, world):
    post = life.post("tang", "For @Student Shen")
    assert len(life.lines("shen")) == 1
    with write():
        edit_post(world.viewer("tang"), db.session.get_one(Post, post), "For @Parent Pan", 1)
    assert life.lines("shen") == []
    assert life.words("pan") == ["Teacher Tang mentioned you in Class 3-2"]


def test_a_waiting_post_names_nobody_until_it_is_let_through(life, world):
    post = life.post("shen", "Look, @Parent Pan")
    assert life.lines("pan") == []
    with write():
        approve_post(world.viewer("tang"), db.session.get_one(Post, post))
    assert life.words("pan") == ["Student Shen mentioned you in Class 3-2"]


def test_a_recalled_message_leaves_the_inbox(life, world):
    message = life.say("lei", "@Parent Pan oops")
    with write():
        groups.recall_message(world.viewer("lei"), db.session.get_one(Message, message))
    assert life.lines("pan") == [] and life.counter("pan") == 0


# ---- what is said under my post ----------------------------------------------------------------------------
def test_comments_on_my_post_are_one_line_with_the_latest_names(life):
    life.into_class("hao", "wen", party="teacher")
    post = life.post("tang", "Look")
    for who in ("lei", "shen", "pan", "hao", "wen"):
        life.comment(who, post, f"from {who}")
    (line,) = life.lines("tang")
    assert life.words("tang") == ["Teacher Wen, Head Hao and 3 others commented on your post"]
    assert line.quote == "from wen"
    assert life.counter("tang") == 1


def test_two_comments_of_one_person_are_one_person(life):
    post = life.post("tang", "Look")
    life.comment("lei", post)
    life.comment("lei", post)
    assert life.words("tang") == ["Teacher Lei commented on your post"]


def test_my_own_comments_on_my_post_tell_me_nothing(life):
    life.comment("tang", life.post("tang", "Look"))
    assert life.lines("tang") == []


def test_a_reply_tells_its_author_once_although_the_post_is_theirs_and_names_them(life):
    post = life.post("tang", "Look")
    first = life.comment("tang", post, "mine")
    life.comment("lei", post, "@Teacher Tang yes", parent=first)
    assert life.words("tang") == ["Teacher Lei mentioned you in Class 3-2"]


def test_a_reply_to_a_reply_tells_the_one_who_is_answered(life):
    post = life.post("tang", "Look")
    first = life.comment("lei", post)
    second = life.comment("shen", post, parent=first)
    life.comment("pan", post, parent=second)
    assert life.words("shen") == ["Parent Pan replied to your comment"]
    assert life.words("lei") == ["Student Shen replied to your comment"]


def test_a_read_line_comes_back_unread_when_more_is_said(life, as_, world):
    post = life.post("tang", "Look")
    life.comment("lei", post)
    as_("tang").post("/inbox/read")
    assert life.counter("tang") == 0
    life.comment("shen", post)
    assert life.words("tang") == ["Student Shen and Teacher Lei commented on your post"]
    assert life.counter("tang") == 1


def test_a_deleted_comment_takes_its_name_along_and_the_last_one_takes_the_line(life, world):
    post = life.post("tang", "Look")
    first, second = life.comment("lei", post, "one"), life.comment("shen", post, "two")
    with write():
        delete_comment(world.viewer("shen"), db.session.get_one(Comment, second))
    assert life.words("tang") == ["Teacher Lei commented on your post"]
    assert life.lines("tang")[0].quote == "one"
    with write():
        delete_comment(world.viewer("lei"), db.session.get_one(Comment, first))
    assert life.lines("tang") == [] and life.counter("tang") == 0


def test_a_comment_that_is_hidden_leaves_the_inboxes_and_its_author_reads_why(life, world):
    comment = life.comment("pan", life.post("tang", "Look"), "@Student Shen rude")
    assert len(life.lines("shen")) == 1
    with write():
        hide_comment(world.viewer("lei"), db.session.get_one(Comment, comment), "Be kind")
    assert life.lines("shen") == [] and life.lines("tang") == []
    assert life.words("pan") == ["Your comment in Class 3-2 was hidden"]
    assert life.lines("pan")[0].quote == "Be kind"


# ---- reactions ---------------------------------------------------------------------------------------------
def test_reactions_are_one_quiet_line(life):
    post = life.post("tang", "Look")
    for who in ("lei", "shen", "pan"):
        life.react(who, post)
    assert life.words("tang") == ["Parent Pan, Student Shen and 1 other reacted to your post"]
    assert life.counter("tang") == 0


def test_a_reaction_that_is_taken_back_leaves_the_line(life):
    post = life.post("tang", "Look")
    life.react("lei", post)
    life.react("lei", post, "flower")
    assert life.words("tang") == ["Teacher Lei reacted to your post"]
    life.react("lei", post, "flower")
    assert life.lines("tang") == []


def test_a_pupil_who_did_not_get_it_is_never_named_to_the_teacher(life):
    life.react("shen", life.post("tang", "Fractions"), "lost", "signal")
    assert life.lines("tang") == []


# ---- what became of my post --------------------------------------------------------------------------------
@pytest.fixture
def waiting(life) -> int:
    return life.post("shen", "My bean sprouts")


def test_who_decides_hears_of_a_waiting_post_once_for_all_that_wait(life, waiting):
    life.post("shen", "Another")
    for who in ("tang", "lei"):
        assert life.words(who) == ["Student Shen would like to post in Class 3-2"]
        assert life.counter(who) == 1
    assert life.lines("pan") == [] and life.lines("shen") == []


def test_the_decision_empties_the_queue_and_tells_the_author(life, world, waiting):
    with write():
        approve_post(world.viewer("tang"), db.session.get_one(Post, waiting))
    assert life.words("shen") == ["Your post is in Class 3-2 now"]
    assert life.lines("tang") == [] and life.lines("lei") == []


def test_a_refused_post_says_why_and_waits_again_after_an_edit(life, world, waiting):
    with write():
        refuse_post(world.viewer("tang"), db.session.get_one(Post, waiting), "Too short")
    assert life.words("shen") == ["Your post was not let into Class 3-2"]
    assert life.lines("shen")[0].quote == "Too short"
    with write():
        edit_post(world.viewer("shen"), db.session.get_one(Post, waiting), "Longer", 1)
    assert life.lines("shen") == []
    assert life.words("lei") == ["Student Shen would like to post in Class 3-2"]


def test_a_hidden_post_leaves_all_inboxes_and_its_author_reads_why(life, world):
    post = life.post("lei", "Hello @Parent Pan", notify=True)
    life.comment("shen", post)
    with write():
        hide_post(world.viewer("tang"), db.session.get_one(Post, post), "Wrong class")
    assert life.lines("pan") == [] and life.lines("shen") == []
    assert life.words("lei") == ["Your post in Class 3-2 was hidden"]
    assert life.lines("lei")[0].quote == "Wrong class"


def test_a_deleted_post_leaves_nothing_behind(life, world, waiting):
    with write():
        delete_post(world.viewer("shen"), db.session.get_one(Post, waiting))
    post = life.post("lei", "Hello @Parent Pan")
    with write():
        delete_post(world.viewer("lei"), db.session.get_one(Post, post))
    assert [life.lines(who) for who in ("tang", "lei", "shen", "pan")] == [[], [], [], []]


def test_what_is_for_everybody_tells_every_reader_but_its_author(life):
    life.post("tang", "Trip on Friday", notify=True)
    assert life.words("pan") == ["Teacher Tang has something for everybody in Class 3-2"]
    assert len(life.lines("shen")) == len(life.lines("lei")) == 1
    assert life.lines("tang") == [] and life.lines("ou") == [] and life.lines("ex") == []


def test_an_ordinary_post_tells_nobody(life):
    life.post("tang", "Just saying")
    assert life.lines("pan") == []


def test_who_is_named_in_what_is_for_everybody_has_one_line(life):
    life.post("tang", "Trip on Friday, @Parent Pan", notify=True)
    assert life.words("pan") == ["Teacher Tang mentioned you in Class 3-2"]


# ---- coming and going --------------------------------------------------------------------------------------
def asked(world, who="ou", circle="lane") -> Circle:
    place = db.session.get_one(Circle, world.circles[circle])
    joining.join(world.viewer(who), place, "May I?")
    return place


def row_of(world, who, circle) -> Membership:
    mine = (Membership.identity_id == world.identities[who], Membership.circle_id == world.circles[circle])
    return db.session.scalars(sa.select(Membership).where(*mine)).one()


@pytest.mark.parametrize(
    "admitted, words", [(True, "You are in Lane now"), (False, "Your request to join Lane was refused")]
)
def test_a_request_is_told_to_who_decides_and_its_answer_to_who_asked(life, world, admitted, words):
    with write():
        place = asked(world)
        joining.join(world.viewer("ou"), place, "May I, please?")
    assert life.words("yu") == ["Outsider Ou would like to join Lane"]
    assert life.lines("pan_private") == [], "a member who decides nothing"
    with write():
        joining.decide(world.viewer("yu"), place, row_of(world, "ou", "lane"), admitted)
    assert life.words("ou") == [words]
    assert life.lines("yu") == []


def test_who_leaves_or_is_removed_has_nothing_of_the_circle_in_the_inbox_and_comes_to_hear_nothing(life, world):
    post = life.post("lei", "Hello @Parent Pan")
    life.comment("pan", post)
    life.react("tang", post)
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        members.remove(world.viewer("tang"), circle, row_of(world, "pan", "class"))
    assert life.line("pan") == 0 and life.counter("pan") == 0
    life.comment("lei", post, "@Parent Pan still there?")
    life.post("tang", "For all", notify=True)
    assert life.line("pan") == 0


def test_who_is_brought_in_hears_by_whom(life, world):
    with write():
        circle = db.session.get_one(Circle, world.circles["staff"])
        members.pick(world.viewer("hao"), circle, db.session.get_one(Identity, world.identities["wen"]))
        group = db.session.get_one(Group, world.groups["parents"])
        groups.join(group, db.session.get_one(Identity, world.identities["wen"]), by_id=world.identities["tang"])
    assert life.words("wen") == [
        "Teacher Tang brought you into Parents",
        "Head Hao brought you into Staff room",
    ]


def test_who_comes_in_by_themselves_is_told_nothing(life, world):
    with write():
        joining.join(world.viewer("ou"), db.session.get_one(Circle, world.circles["birds"]))
    assert life.lines("ou") == []


def test_a_new_role_is_told_and_brings_what_waits(life, world):
    life.post("shen", "Waiting")
    with write():
        db.session.add(
            Membership(circle_id=world.circles["class"], identity_id=world.identities["hao"], party="teacher")
        )
    assert life.lines("hao") == []
    circle = db.session.get_one(Circle, world.circles["class"])
    with write():
        members.appoint(world.viewer("tang"), circle, row_of(world, "hao", "class"), "admin")
    assert set(life.words("hao")) == {
        "You administer Class 3-2 now",
        "Student Shen would like to post in Class 3-2",
    }
    with write():
        members.appoint(world.viewer("tang"), circle, row_of(world, "hao", "class"), "member")
    assert life.words("hao") == ["You no longer administer Class 3-2"]


def test_what_is_handed_over_is_told_to_the_new_owner_only(life, world):
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        members.hand_over(world.viewer("tang"), circle, row_of(world, "lei", "class"))
    assert life.words("lei") == ["Class 3-2 is in your hands now"]
    assert life.lines("tang") == []


def test_roles_in_groups_are_told_and_leaving_takes_them_along(life, world):
    mine = sa.select(GroupMember).where(GroupMember.identity_id == world.identities["pan"])
    with write():
        groups.appoint(world.viewer("tang"), db.session.scalars(mine).one(), "admin")
    assert life.words("pan") == ["You administer Parents now"]
    with write():
        groups.remove(world.viewer("tang"), db.session.scalars(mine).one())
    assert life.line("pan") == 0


def test_an_author_is_asked_once_whether_a_message_may_be_kept_until_the_answer(life, world):
    message = life.say("pan", "Beans need light")
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        for who in ("tang", "lei"):
            groups.ask_to_keep(world.viewer(who), db.session.get_one(Message, message), circle)
    assert life.words("pan") == ["Teacher Tang would like to keep your message in the circle"]
    with write():
        groups.answer_keep(world.viewer("pan"), db.session.scalars(sa.select(KeepRequest)).one(), True)
    assert life.lines("pan") == []


def test_an_identity_that_ends_leaves_no_line(life, world):
    life.post("tang", "Hello @Teacher Lei")
    with write():
        end_identity(world.viewer("hao"), db.session.get_one(Identity, world.identities["lei"]))
    assert life.line("lei") == 0


# ---- once --------------------------------------------------------------------------------------------------
def test_a_post_that_is_sent_twice_is_told_once(life, world):
    for _ in range(2):
        with write():
            place = db.session.get_one(Circle, world.circles["class"])
            publish_post(world.viewer("tang"), place, "For all", "same-client-id", True)
    assert len(life.lines("pan")) == 1


def test_what_is_rolled_back_was_never_told(life, world):
    with pytest.raises(ZeroDivisionError), write():
        place = db.session.get_one(Circle, world.circles["class"])
        publish_post(world.viewer("tang"), place, "For @Parent Pan", "rolled-back", True)
        raise ZeroDivisionError
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InboxLine)) == 0


def test_a_kept_message_does_not_name_people_a_second_time(life, world):
    message = life.say("tang", "@Parent Pan beans need light")
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        groups.keep_message(world.viewer("tang"), db.session.get_one(Message, message), circle)
    assert life.words("pan") == ["Teacher Tang mentioned you in Parents"]
    assert thread_of(db.session.scalars(sa.select(Post.id)).one())


# ---- groups ------------------------------------------------------------------------------------------------
def asks_into(world, who="shen") -> Group:
    group = db.session.get_one(Group, world.groups["parents"])
    inviting.ask_to_join(world.viewer(who), group)
    return group


def in_group(world, who="shen") -> GroupMember:
    here = (GroupMember.group_id == world.groups["parents"], GroupMember.identity_id == world.identities[who])
    return db.session.scalars(sa.select(GroupMember).where(*here)).one()


@pytest.mark.parametrize(
    "admitted, words", [(True, "You are in Parents now"), (False, "Your request to join Parents was refused")]
)
def test_asking_into_a_group_is_told_to_who_runs_it_and_the_answer_to_who_asked(life, world, admitted, words):
    with write():
        group = asks_into(world)
    assert life.words("tang") == life.words("lei") == ["Student Shen would like to join Parents"]
    assert life.lines("pan") == [], "a member who decides nothing"
    with write():
        inviting.decide(world.viewer("lei"), group, in_group(world), admitted)
    assert life.words("shen") == [words]
    assert life.lines("tang") == life.lines("lei") == []


def test_who_is_added_or_gone_waits_no_longer(life, world):
    with write():
        group = asks_into(world)
        asks_into(world, "wen")
    assert life.words("tang") == ["Teacher Wen and Student Shen would like to join Parents"]
    with write():
        groups.join(group, db.session.get_one(Identity, world.identities["shen"]), by_id=world.identities["tang"])
    assert life.words("tang") == ["Teacher Wen would like to join Parents"]
    with write():
        end_identity(world.viewer("hao"), db.session.get_one(Identity, world.identities["wen"]))
    assert life.lines("tang") == []


def test_who_comes_to_run_a_group_finds_what_waits_and_who_does_not_any_more_has_it_no_longer(life, world):
    with write():
        asks_into(world)
        pan, lei = in_group(world, "pan"), in_group(world, "lei")
        groups.appoint(world.viewer("tang"), pan, "admin")
        groups.appoint(world.viewer("tang"), lei, "member")
    assert set(life.words("pan")) == {"You administer Parents now", "Student Shen would like to join Parents"}
    assert life.words("lei") == ["You no longer administer Parents"]


def test_a_group_that_was_dissolved_leaves_the_inbox(life, world):
    life.say("lei", "@Parent Pan are you coming?")
    with write():
        group = asks_into(world)
    assert life.lines("pan") and life.lines("tang")
    with write():
        dissolve(world.viewer("tang"), group)
    assert life.line("pan") == life.line("tang") == 0
    assert life.counter("tang") == 0
