"""The index is what its tables are: after a random day, after erasure, after a migration, after a reindex."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa

from tests.search.finding import comment, message, post, search
from webapp import __main__ as verbs
from webapp import schema
from webapp.accounts.actions import update_profile
from webapp.accounts.models import Identity, Person
from webapp.circles.models import Circle
from webapp.feed.actions import delete_comment, hide_comment
from webapp.feed.models import Comment, FeedRow, Thread
from webapp.groups.actions import make_group, recall_message, remove_message
from webapp.groups.models import Message
from webapp.kit import clock
from webapp.kit.db import db, is_postgresql, write
from webapp.organisations.actions import end_identity
from webapp.posts.actions import approve_post, delete_post, edit_post, hide_post, refuse_post
from webapp.posts.models import Post
from webapp.search import index
from webapp.search.models import SearchRow

SAME = {"missing": set(), "left over": set(), "other": set()}
WORDS = ("作业", "明天交", "beans", "王小明", "Ünïcode", "3-2班", "<b>", "'quoted'", "\\", "🙂", "@all", "")


def integrity() -> None:
    """FTS5 holds exactly what the rows hold; raises otherwise."""
    if not is_postgresql(db.session.connection()):
        with write():
            db.session.execute(sa.text("INSERT INTO fts_search (fts_search, rank) VALUES ('integrity-check', 1)"))


@pytest.mark.parametrize("seed", range(3))
def test_after_a_random_day_the_index_is_what_the_tables_are(app, world, seed):
    dice = random.Random(seed)
    text = lambda: " ".join(dice.choices(WORDS, k=5)) + str(dice.random())  # noqa: E731
    for step in range(60):
        dice.choice(DEEDS)(world, dice, f"{text()} {step}")
    db.session.rollback()
    assert index.differences() == SAME
    assert db.session.scalar(sa.select(sa.func.count(SearchRow.id))) > 20
    integrity()


def some(dice, model, *where):
    rows = db.session.scalars(sa.select(model).where(*where).order_by(model.id)).all()
    return dice.choice(rows) if rows else None


def with_one(model, *where):
    """A deed about a row of this kind, if there is one."""

    def declare(deed):
        def run(world, dice, text):
            with write():
                row = some(dice, model, *where)
                if row is not None:
                    deed(world, row, text)

        return run

    return declare


def posts(world, dice, text):
    post(world, dice.choice(("tang", "lei", "shen")), "class", text)


def comments(world, dice, text):
    db.session.rollback()
    on = some(dice, Post, Post.state == "published")
    if on is not None:
        comment(world, dice.choice(("tang", "pan")), on, text[:500])


def messages(world, dice, text):
    message(world, dice.choice(("tang", "lei", "pan")), "parents", text)


def rename_person(world, dice, text):
    who = world.viewer(dice.choice(("tang", "pan")))
    with write():
        update_profile(who, name=text[:60], about="", lang="", zone="", theme="")


def rolled_back(world, dice, text):
    with pytest.raises(ZeroDivisionError), write():
        db.session.add(Circle(kind="interest", name=text[:60], name_key="", intro="", joining="open"))
        db.session.flush()
        raise ZeroDivisionError


def as_who(who, act, *more):
    """The action as a deed: by this person, on the row."""
    return lambda world, row, text: act(world.viewer(who), row, *more)


def edit(world, row, text):
    edit_post(world.viewer("tang"), row, text, row.version)


def erase_post(world, row, text):
    for model, key in ((FeedRow, FeedRow.item_id), (Thread, Thread.item_id), (Post, Post.id)):
        db.session.execute(sa.delete(model).where(key == row.id))


def erase_message(world, row, text):
    db.session.execute(sa.delete(Message).where(Message.id == row.id))


published, waiting = Post.state == "published", Post.state == "waiting"
said, told = Comment.deleted_at.is_(None), Message.recalled_at.is_(None)
DEEDS = [
    posts,
    posts,
    posts,
    comments,
    comments,
    messages,
    messages,
    rename_person,
    rolled_back,
    with_one(Post, published)(edit),
    with_one(Post, published)(as_who("tang", delete_post)),
    with_one(Post, published)(as_who("tang", hide_post, "so")),
    with_one(Post, waiting)(as_who("tang", approve_post)),
    with_one(Post, waiting)(as_who("tang", refuse_post, "so")),
    with_one(Comment, said)(as_who("pan", delete_comment)),
    with_one(Comment, said)(as_who("tang", hide_comment, "so")),
    with_one(Message, told)(as_who("pan", recall_message)),
    with_one(Message, told)(as_who("tang", remove_message)),
    with_one(Message)(erase_message),
    with_one(Post)(erase_post),
    with_one(Circle)(lambda world, row, text: setattr(row, "intro", text[:200])),
    with_one(Identity)(lambda world, row, text: setattr(row, "title", text[:60])),
    with_one(Person)(lambda world, row, text: make_group(world.viewer("tang"), text[:60])),
]


def test_what_is_erased_by_whatever_means_leaves_the_index_with_it(app, world):
    there = post(world, "tang", "class", "to be erased")
    comment(world, "pan", there, "with its thread")
    with write():
        db.session.execute(sa.text("DELETE FROM thread"))  # the comment goes with it, past every mapper
        db.session.execute(sa.text("DELETE FROM post"))
    assert index.differences() == SAME
    kinds = db.session.scalars(sa.select(SearchRow.kind).distinct()).all()
    assert "comment" not in kinds and "post" not in kinds
    integrity()


def test_who_leaves_an_organisation_is_not_found_there_any_more(as_, world):
    assert search(as_("hao"), "Wen") != []
    with write():
        end_identity(world.viewer("hao"), db.session.get_one(Identity, world.identities["wen"]))
    assert search(as_("hao"), "Wen") == [] and index.differences() == SAME


def test_what_was_there_before_the_index_is_found_after_the_migration(app, as_, world, database):
    there = post(world, "tang", "class", "明天交作业")
    with clock.at(clock.now().replace(year=2020)):
        older = message(world, "pan", "parents", "作业在哪里")
    comment(world, "pan", there, "这条评论")
    found = [f"/posts/{there.id}", f"/messages/{older.id}"]
    db.session.remove()
    db.engine.dispose()
    schema.downgrade(database.settings, "0007")
    schema.upgrade(database.settings)
    assert index.differences() == SAME
    assert search(as_("pan"), "作业") == found, "the newest first"
    integrity()


def test_a_lost_index_is_made_anew_by_the_verb(app, as_, world, monkeypatch, capsys):
    there = post(world, "tang", "class", "明天交作业")
    with write():
        db.session.execute(sa.delete(SearchRow))
    assert search(as_("pan"), "作业") == []
    db.session.rollback()
    monkeypatch.setattr(verbs, "create_app", lambda: app)
    verbs.VERBS["reindex"]()
    assert "can be found" in capsys.readouterr().out
    assert search(as_("pan"), "作业") == [f"/posts/{there.id}"] and index.differences() == SAME
