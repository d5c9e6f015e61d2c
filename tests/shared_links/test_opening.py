"""What a link shows to whoever has it, and how little that is."""

from __future__ import annotations

import gzip
import re

import pytest
import sqlalchemy as sa

from tests.shared_links.links import PHONE, Made, look, opens, revoke
from webapp.accounts.models import Identity
from webapp.circles.actions.joining import admit, leave_behind, own_row
from webapp.circles.models import Circle
from webapp.kit.db import db, write
from webapp.kit.ids import digest
from webapp.posts.actions import delete_post, edit_post, hide_post
from webapp.shared_links.actions import code_of
from webapp.shared_links.models import SharedLink
from webapp.shared_links.policy import living


def gone(person, path):
    answer = look(person, path)
    assert answer.status_code == 410 and "Bring beans" not in answer.text
    return answer


def test_a_stranger_reads_the_post_behind_a_link(as_, world):
    page = as_("nobody").get(Made(world).path)
    assert page.status_code == 200
    assert "Bring beans on Friday" in page.text and "Neighbour Yu" in page.text and "Birds" in page.text


def test_and_comes_to_nothing_else_by_it(as_, world):
    made, stranger = Made(world), as_("nobody")
    stranger.get(made.path)
    assert "/sign-in" in stranger.get(f"/posts/{made.post.id}").location
    assert stranger.post(f"/posts/{made.post.id}/delete").status_code in (302, 303, 401)


def test_a_page_behind_a_link_has_no_script_and_asks_machines_to_forget_it(as_, world):
    page = as_("nobody").get(Made(world).path)
    assert "<script" not in page.text and "hx-" not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow" and 'content="noindex"' in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "private, no-store"


def test_a_way_out_of_the_page_takes_no_address_along(as_, world):
    made = Made(world)
    page = as_("nobody").get(made.path)
    out = re.search(r'<a href="https://beans.test/"([^>]*)>', page.text)[1]
    assert "noreferrer" in out
    assert made.token not in page.text.replace(f"/s/{made.token}/link.css", ""), "only its own sheet names it"


def test_a_preview_says_neither_who_nor_what_nor_where(as_, world):
    head = as_("nobody").get(Made(world).path).text.partition("</head>")[0]
    assert 'og:title" content="A shared post"' in head
    assert re.search(r'og:image" content="http://quanzi.test/static/share\.[0-9a-f]+\.png"', head)
    assert not any(secret in head for secret in ("Yu", "Birds", "beans", "circles/"))


def test_a_circle_introduces_itself(as_, world):
    person = as_("yu")
    with write():
        db.session.get_one(Circle, world.circles["birds"]).intro = "Swifts and swallows"
    made = person.post(f"/shared-links/circle/{world.circles['birds']}", days="1")
    url = re.search(r"http://quanzi\.test(/s/[\w-]+)", person.get(made.location).text)[1]
    page = as_("nobody").get(url)
    assert "Birds" in page.text and "Swifts and swallows" in page.text
    assert 'og:title" content="A circle introduces itself' in page.text


def test_of_a_pupil_or_a_guardian_no_name_goes_out(as_, world):
    with write():
        circle = db.session.get_one(Circle, world.circles["class"])
        circle.sharing, circle.posting, circle.approval = "members", "everyone", False
    for who, name in (("shen", "Shen"), ("pan", "Pan")):
        page = as_("nobody").get(Made(world, who=who, circle="class", text=f"Said by {who}.").path)
        assert f"Said by {who}" in page.text and name not in page.text, who


# ---- how it stands now ---------------------------------------------------------------------------------------
def test_an_edit_is_what_the_link_shows(as_, world):
    made = Made(world)
    with write():
        edit_post(world.viewer("yu"), made.post, "Bring peas.", 1)
    page = as_("nobody").get(made.path).text
    assert "Bring peas." in page and "beans" not in page


@pytest.mark.parametrize("end", ["hidden", "deleted", "private", "switched off", "maker gone", "revoked", "expired"])
def test_what_ends_a_link_ends_it_at_once(as_, world, end):
    made = Made(world, days=-1 if end == "expired" else 7)
    stranger, viewer = as_("nobody"), world.viewer("yu")
    if end != "expired":
        assert stranger.get(made.path).status_code == 200
    if end == "revoked":
        revoke(viewer, made)
    with write():
        circle = db.session.get_one(Circle, made.circle.id)
        if end == "hidden":
            hide_post(viewer, db.session.merge(made.post), "wrong day")
        elif end == "deleted":
            delete_post(viewer, db.session.merge(made.post))
        elif end == "private":
            circle.joining = "hidden"
        elif end == "switched off":
            circle.sharing = "nobody"
        elif end == "maker gone":
            leave_behind(own_row(circle, viewer.identity_id), "removed")
    gone(stranger, made.path)


def test_a_maker_who_comes_back_has_no_link_open(as_, world):
    made = Made(world, who="pan_private", circle="lane")
    with write():
        circle = db.session.get_one(Circle, made.circle.id)
        leave_behind(own_row(circle, world.identities["pan_private"]), "left")
        admit(circle, db.session.get_one(Identity, world.identities["pan_private"]))
    gone(as_("nobody"), made.path)


def test_a_circle_that_lets_only_its_administrators_share_ends_the_links_of_members(as_, world):
    made = Made(world, who="pan_private", circle="lane")
    with write():
        db.session.get_one(Circle, made.circle.id).sharing = "admins"
    gone(as_("nobody"), made.path)


def test_wrong_expired_and_revoked_are_answered_with_the_same_bytes(as_, world):
    expired = gone(as_("nobody"), Made(world, days=-1).path)
    revoked = Made(world, text="Another post", who="yu")
    revoke(world.viewer("yu"), revoked)
    revoked = gone(as_("nobody"), revoked.path)
    wrong = gone(as_("nobody"), "/s/" + "x" * 22)
    seen = [(a.status_code, a.data, sorted(a.headers.items())) for a in (expired, revoked, wrong)]
    assert seen[0] == seen[1] == seen[2]


def test_who_tries_many_has_to_wait_and_living_links_still_open(as_, world):
    made, stranger = Made(world), as_("nobody")
    for n in range(30):
        gone(stranger, f"/s/{n:022}")
    assert look(stranger, "/s/" + "y" * 22).status_code == 429
    assert stranger.get(made.path).status_code == 200, "a school is one address"


def test_of_a_hundred_thousand_altered_tokens_none_opens(app, world):
    """Neighbours of a good token, one and two letters off, cut short and with more: asked as the page asks, in bulk."""
    made = Made(world)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_="
    altered = {made.token[:i] + a + made.token[i + 1 :] for i in range(22) for a in letters}
    altered |= {made.token[:i] + a + b + made.token[i + 2 :] for i in range(21) for a in letters for b in letters}
    altered |= {made.token + a + b for a in letters for b in letters} | {made.token[:n] for n in range(22)}
    altered |= {made.token[i:] + a for i in range(22) for a in letters} | {token.swapcase() for token in altered}
    tokens = sorted(altered - {made.token})[:100_000]
    assert len(tokens) == 100_000
    for start in range(0, len(tokens), 5_000):
        assert opened(digest(token) for token in tokens[start : start + 5_000]) == []
    assert opened([digest(made.token)]) == [made.id]


def opened(hashes):
    found = sa.select(SharedLink.id).join(Circle, Circle.id == SharedLink.circle_id)
    return db.session.scalars(found.where(SharedLink.token_hash.in_(list(hashes)), living())).all()


def test_altered_tokens_are_answered_as_wrong_ones(as_, world):
    made, stranger = Made(world), as_("nobody")
    for altered in (made.token[:-1], made.token + "=", made.token.swapcase(), made.token + "A", made.token[1:]):
        gone(stranger, f"/s/{altered}")


# ---- a code before -------------------------------------------------------------------------------------------
def test_a_link_may_ask_for_a_code_first(as_, world):
    made, stranger = Made(world, coded=True), as_("nobody")
    code = _code(made)
    asked = stranger.get(made.path)
    assert asked.status_code == 200 and "Bring beans" not in asked.text and 'name="code"' in asked.text
    assert stranger.post(made.path, code=f" {code[:3].lower()}-{code[3:].lower()} ").status_code == 303
    assert "Bring beans" in stranger.get(made.path).text
    assert "Bring beans" not in as_("nobody").get(made.path).text, "another browser is asked anew"


def test_a_wrong_code_says_so_and_five_are_enough(as_, world):
    made, stranger = Made(world, coded=True), as_("nobody")
    for _ in range(5):
        answer = stranger.post(made.path, code="AAAAAA")
        assert answer.status_code == 422 and "not the code" in answer.text
    assert stranger.post(made.path, code=_code(made)).status_code == 429


def test_knowing_the_code_of_one_link_opens_no_other(as_, world):
    made, stranger = Made(world, coded=True), as_("nobody")
    stranger.post(made.path, code=_code(made))
    other = Made(world, who="pan_private", circle="lane", text="Another", coded=True)
    assert "Another" not in stranger.get(other.path).text


def _code(made):
    return code_of(made.secret, made.row)


# ---- weight --------------------------------------------------------------------------------------------------
def _bytes(answer):
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers.items()) + 17
    return head + len(answer.data)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_shared_post_costs_six_and_a_half_kilobytes_in_two_requests(as_, world, lang):
    text = {
        "en": "Bring beans, water and a hat on Friday. ",
        "zh": "周五早上八点校门口集合，请带水和帽子。",
    }
    made, stranger = Made(world, text=text[lang] * 5), as_("nobody")
    asked = {"User-Agent": PHONE, "Accept-Encoding": "gzip", "Accept-Language": lang}
    page = stranger.get(made.path, **asked)
    markup = gzip.decompress(page.data).decode()
    sheets = re.findall(r'(?:href|src)="((?:/s/|/static/)[^"]+)"', markup)
    assert len(sheets) == 1
    sheet = stranger.get(sheets[0], **asked)
    assert len(sheet.data) <= 3_200
    assert _bytes(page) + _bytes(sheet) <= 6_500, (_bytes(page), _bytes(sheet))


def test_opening_asks_the_database_little(app, as_, world):
    made, stranger, asked = Made(world), as_("nobody"), []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    opens(stranger, made.path)
    reads = [statement for statement in asked if statement.lstrip().upper().startswith("SELECT")]
    assert len(reads) <= 6, reads
