"""Links of these tests: made by the action, opened by browsers that keep their cookies."""

from __future__ import annotations

import re
from datetime import timedelta

from flask import current_app

from webapp.circles.models import Circle
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.posts.actions import publish_post
from webapp.shared_links.actions import make_link, revoke_link, token_of
from webapp.shared_links.models import LinkUse, SharedLink

PHONE = (
    "Mozilla/5.0 (Linux; Android 8.1.0; vivo Y83) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 "
    "Chrome/78.0.3904.62 Mobile Safari/537.36 MicroMessenger/8.0.40"
)
TEXT = "Bring beans on Friday. See https://beans.test/ #beans#"


class Made:
    """A post of Neighbour Yu in the open circle of birdwatchers, and a link to it."""

    def __init__(self, world, *, who="yu", circle="birds", days=7, text=TEXT, **more):
        self.secret = current_app.config["SECRET_KEY"]
        viewer = world.viewer(who)
        with write():
            self.circle = db.session.get_one(Circle, world.circles[circle])
            self.post = publish_post(viewer, self.circle, text, f"post-{text[:20]}")
            link = make_link(
                viewer,
                self.circle,
                self.secret,
                kind="post",
                item_id=self.post.id,
                expires_at=clock.now() + timedelta(days=days),
                client_id="client-of-the-link",
                **more,
            )
            self.id, self.token = link.id, token_of(self.secret, link)

    @property
    def path(self) -> str:
        return f"/s/{self.token}"

    @property
    def row(self) -> SharedLink:
        db.session.rollback()
        db.session.expire_all()
        return db.session.get_one(SharedLink, self.id)

    @property
    def uses(self) -> int:
        db.session.rollback()
        return db.session.query(LinkUse).filter_by(link_id=self.id).count()


def look(person, path, agent=PHONE, method="GET", **headers):
    """One request to its end: what a GET notes down is written when its answer is out."""
    answer = person._ask(method, path, False, {"User-Agent": agent, **headers})
    answer.get_data()
    answer.close()
    return answer


def opens(person, path, agent=PHONE):
    """What a browser does: the page, then the sheet that it names."""
    page = look(person, path, agent)
    look(person, re.search(r'rel="stylesheet" href="([^"]+)"', page.text)[1], agent)
    return page


def revoke(viewer, made):
    with write():
        revoke_link(viewer, db.session.get_one(SharedLink, made.id))
