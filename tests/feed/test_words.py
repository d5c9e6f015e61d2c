"""The feed in Chinese, and what a page says to those who wait for it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.posts.acting import post_as
from webapp.kit import push
from webapp.kit.db import db, write
from webapp.kit.outbox import Cursor, Event, Outbox
from webapp.posts.actions import edit_post
from webapp.posts.models import Post


@pytest.fixture
def chinese(app):
    with write():
        db.session.execute(sa.text("UPDATE person SET lang = 'zh'"))


def test_a_feed_a_post_and_its_menu_speak_chinese(chinese, as_, world):
    post = post_as(world, "tang", "class", "一片叶子 #观察日记")
    post_as(world, "shen", "class", "我的绿豆")
    tang, shen = as_("tang"), as_("shen")
    said = {
        f"/circles/{world.circles['class']}": (
            "发布",
            "同时发到关联的群",
            "有什么值得留下来的？",
            "1 条动态等您审核",
            "评论",
        ),
        f"/posts/{post}": ("写评论", "Teacher Tang的动态"),
        f"/posts/{post}/menu": ("设为精华", "置顶", "编辑", "删除"),
        f"/circles/{world.circles['class']}/waiting": ("待审核的动态", "通过", "不通过", "原因"),
    }
    for url, words in said.items():
        page = tang.get(url).text
        for each in words:
            assert each in page, (url, each)
    assert "懂了" in shen.get(f"/posts/{post}").text
    bad = tang.post(f"/circles/{world.circles['class']}/posts", body="")
    assert "先写点什么。" in bad.text


def test_an_edited_text_is_pushed_in_place_in_each_ones_language(app, world):
    post = post_as(world, "tang", "class", "Befor")
    with write():
        edit_post(world.viewer("tang"), db.session.get_one(Post, post), "After <i>all</i>", 1)
    rows = db.session.execute(sa.select(Outbox.id, Outbox.topic, Outbox.kind, Outbox.payload)).all()
    row = [row for row in rows if row.kind == "push" and row.topic.startswith("circle-")][-1]
    event = Event(Cursor("f", 0, row.id), row.topic, row.kind, row.payload)
    told = {lang: push.draw(event, f"{lang} Asia/Shanghai").decode() for lang in ("zh", "en")}
    assert f'data: post-{post} self\ndata: <div id="post-{post}">' in told["en"]
    assert "After &lt;i&gt;all" in told["en"]
    assert "编辑过" in told["zh"]
    assert "edited" in told["en"]
