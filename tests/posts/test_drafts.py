"""What one has begun to write is there on every device, and nobody else's."""

from __future__ import annotations

import sqlalchemy as sa

from webapp.circles.models import Membership
from webapp.kit.db import db, write
from webapp.posts.models import Post, PostDraft


def drafts() -> list[str]:
    return list(db.session.scalars(sa.select(PostDraft.body).order_by(PostDraft.id)))


def test_what_is_typed_is_kept_and_stands_in_the_composer_of_every_device(as_, world):
    here = f"/circles/{world.circles['class']}"
    answer = as_("tang").post(f"{here}/draft", htmx=True, body="Bring a le")
    assert (answer.status_code, answer.text) == (204, "")
    as_("tang").post(f"{here}/draft", htmx=True, body="Bring a leaf")
    assert drafts() == ["Bring a leaf"]
    assert "Bring a leaf</textarea>" in as_("tang").get(here).text
    assert "Bring a leaf</textarea>" in as_("tang").get(f"{here}/posts/new").text
    assert "Bring a leaf" not in as_("lei").get(here).text


def test_without_script_a_button_keeps_it(as_, world):
    here = f"/circles/{world.circles['class']}"
    opened = as_("tang").post(f"{here}/posts", body="Bring a leaf", more="1").text
    assert "Bring a leaf</textarea>" in opened and 'name="draft"' in opened
    assert not drafts(), "looking at what there is more changes nothing"
    assert as_("tang").post(f"{here}/posts", body="Bring a leaf", draft="1").status_code == 303
    assert drafts() == ["Bring a leaf"]
    assert not db.session.scalars(sa.select(Post)).all()


def test_posting_it_ends_the_draft_and_a_late_copy_of_it_begins_no_new_one(as_, world):
    here, tang = f"/circles/{world.circles['class']}", as_("tang")
    tang.post(f"{here}/draft", body="Bring a leaf", client_id="form-of-today")
    tang.post(f"{here}/posts", body="Bring a leaf", client_id="form-of-today")
    assert drafts() == []
    tang.post(f"{here}/draft", body="Bring a leaf", client_id="form-of-today")
    assert drafts() == []


def test_a_blank_text_is_no_draft(as_, world):
    here, tang = f"/circles/{world.circles['class']}", as_("tang")
    tang.post(f"{here}/draft", body="Bring")
    tang.post(f"{here}/draft", body="  ")
    assert drafts() == []


def test_a_draft_that_is_much_too_long_is_not_kept_and_says_so(as_, world):
    here = f"/circles/{world.circles['class']}"
    assert as_("tang").post(f"{here}/draft", body="a" * 8001).status_code == 422
    answer = as_("tang").post(f"{here}/posts", body="a" * 8001, draft="1")
    assert answer.status_code == 422
    assert "1 character too many." in answer.text


def test_who_may_not_post_keeps_no_draft(as_, world):
    here = f"/circles/{world.circles['class']}"
    assert as_("pan").post(f"{here}/draft", body="Hello").status_code == 403
    assert as_("ou").post(f"{here}/draft", body="Hello").status_code == 404
    assert as_("nobody").post(f"{here}/draft", body="Hello").status_code in (302, 401)


def test_my_drafts_are_listed_with_a_way_back(as_, world):
    here = f"/circles/{world.circles['class']}"
    as_("tang").post(f"{here}/draft", body="Bring a leaf")
    assert 'href="/me/drafts"' in as_("tang").get("/me").text
    page = as_("tang").get("/me/drafts").text
    assert "Bring a leaf" in page and f'href="{here}/posts/new"' in page
    assert "Bring a leaf" not in as_("lei").get("/me/drafts").text


def test_in_a_circle_one_left_the_text_is_still_there(as_, world):
    here = f"/circles/{world.circles['class']}"
    as_("shen").post(f"{here}/draft", body="Bring a leaf " * 20)
    with write():
        gone = sa.update(Membership).where(Membership.identity_id == world.identities["shen"])
        db.session.execute(gone.values(state="left"))
    page = as_("shen").get("/me/drafts").text
    assert ("Bring a leaf " * 20).strip() in page
    assert "/posts/new" not in page


def test_a_draft_is_dropped_by_its_author_and_by_nobody_else(as_, world):
    as_("tang").post(f"/circles/{world.circles['class']}/draft", body="Bring a leaf")
    url = f"/drafts/{db.session.scalars(sa.select(PostDraft.id)).one()}/delete"
    assert as_("lei").post(url).status_code == 404
    assert as_("tang").post(url).status_code == 303
    assert drafts() == []
