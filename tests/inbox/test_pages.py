"""The inbox as a page: opening, reading, counters, who sees what."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from webapp.circles.models import Membership
from webapp.groups.models import GroupMember
from webapp.home.queries import nav
from webapp.inbox.actions import KEPT, list_names, sweep
from webapp.inbox.models import InboxLine
from webapp.kit import clock
from webapp.kit.db import db, write
from webapp.kit.outbox import Outbox


def test_the_inbox_says_what_it_is_for_before_anything_is_in_it(as_):
    page = as_("pan").get("/inbox").text
    assert "each thing once" in page


def test_the_inbox_stands_in_the_navigation_with_its_counter_and_in_the_title(as_, life):
    life.post("tang", "For @Parent Pan")
    page = as_("pan").get("/groups").text
    assert re.search(r'href="/inbox".*?data-unread-total="inbox\d+">1</b>', page)
    assert "<title>(2) " in page, "one post and one line"
    assert re.search(r'data-unread-total="inbox\d+" hidden></b>', as_("shen").get("/groups").text)


def test_a_line_leads_to_its_thing_and_is_read_then(as_, life):
    post = life.post("tang", "Look")
    comment = life.comment("lei", post)
    line = life.line("tang")
    answer = as_("tang").get(f"/inbox/{line}")
    answer.close()  # bookkeeping comes when the answer is out
    assert (answer.status_code, answer.location) == (302, f"/posts/{post}#comment-{comment}")
    assert life.counter("tang") == 0


def test_a_line_about_a_message_leads_to_the_message(as_, life):
    message = life.say("lei", "@Parent Pan hi")
    answer = as_("pan").get(f"/inbox/{life.line('pan')}")
    answer.close()
    assert answer.location == f"/messages/{message}"
    assert life.counter("pan") == 0


def test_a_comment_far_up_in_a_long_thread_is_opened_at_its_stretch(as_, life, monkeypatch):
    monkeypatch.setattr("webapp.inbox.queries.COMMENTS", 2)
    post = life.post("tang", "Look")
    first = life.comment("lei", post, "@Parent Pan see")
    life.comment("lei", post)
    life.comment("lei", post)
    line = life.line("pan")
    assert as_("pan").get(f"/inbox/{line}").location == f"/posts/{post}?from={first + 1}#comment-{first}"


def test_opening_the_thing_by_another_way_reads_its_lines_and_no_others(as_, life):
    post, other = life.post("tang", "For @Parent Pan"), life.post("tang", "Also for @Parent Pan")
    as_("pan").get(f"/posts/{post}").close()
    assert life.counter("pan") == 1
    as_("pan").get(f"/posts/{other}").close()
    assert life.counter("pan") == 0


def test_a_fragment_that_htmx_fetches_reads_nothing(as_, life):
    post = life.post("tang", "For @Parent Pan")
    as_("pan").get(f"/posts/{post}", htmx=True).close()
    as_("pan").get("/inbox").close()
    assert life.counter("pan") == 1


def test_one_line_or_all_lines_are_read_without_opening_them(as_, life):
    for number in range(3):
        life.post("tang", f"For @Parent Pan {number}")
    assert as_("pan").post(f"/inbox/{life.line('pan')}/read").location == "/inbox"
    assert life.counter("pan") == 2
    assert as_("pan").post("/inbox/read").location == "/inbox"
    assert life.counter("pan") == 0
    assert len(life.lines("pan")) == 3, "what was read stays"


def test_a_line_is_its_identitys_alone(as_, life):
    life.post("tang", "For @Parent Pan")
    line = life.line("pan")
    for who in ("pan_private", "tang", "ou"):
        assert as_(who).get(f"/inbox/{line}").status_code == 404
        assert as_(who).post(f"/inbox/{line}/read").status_code == 404
        assert as_(who).post(f"/inbox/{line}/mute", what="circle").status_code == 404
        as_(who).post("/inbox/read")
    assert life.counter("pan") == 1


def test_what_waits_in_another_identity_is_said_where_one_switches(as_, life, world):
    life.post("tang", "For @Parent Pan")
    private = as_("pan_private").get("/me").text
    assert "in another role" in private
    assert f'data-unread="inbox{world.identities["pan"]}-0">1</b>' in private
    db.session.rollback()
    counters = nav(world.viewer("pan_private"))
    assert (counters.inbox, counters.elsewhere) == (0, 1)
    assert "in another role" not in as_("pan").get("/me").text
    assert "For @Parent" not in as_("pan_private").get("/inbox").text


def test_permission_is_asked_when_the_list_is_shown(as_, life, world):
    """Even where nothing was said when it ended."""
    life.post("tang", "SECRET for @Parent Pan")
    life.say("lei", "SECRET @Parent Pan")
    assert as_("pan").get("/inbox").text.count("SECRET") == 2
    line = life.line("pan")
    with write():
        for model in (Membership, GroupMember):
            mine = model.identity_id == world.identities["pan"]
            db.session.execute(sa.update(model).where(mine).values(state="removed"))
    assert "SECRET" not in as_("pan").get("/inbox").text
    assert "SECRET" not in as_("pan").get("/inbox/fresh?after=1").text
    assert as_("pan").get(f"/inbox/{line}").status_code == 404
    as_("pan").post("/inbox/read")
    assert life.counter("pan") == 0, "no counter is stuck"


@pytest.mark.parametrize(
    "chip, there, elsewhere",
    [
        ("mention", "mentioned you", "commented"),
        ("said", "commented on your post", "mentioned"),
        ("waiting", "would like to post", "mentioned"),
        ("other", "would like to post", "commented"),
    ],
)
def test_the_list_can_show_some_of_it(as_, life, chip, there, elsewhere):
    life.comment("lei", life.post("tang", "Mine"))
    life.post("lei", "For @Teacher Tang")
    life.post("shen", "Waiting")
    page = as_("tang").get(f"/inbox?show={chip}").text
    assert there in page and elsewhere not in page


def test_what_was_read_is_not_among_the_unread(as_, life):
    life.post("tang", "For @Parent Pan")
    assert "mentioned you" in as_("pan").get("/inbox?show=unread").text
    as_("pan").post("/inbox/read")
    page = as_("pan").get("/inbox?show=unread").text
    assert "All done." in page and "mentioned you" not in page


def test_what_asks_for_a_decision_has_a_button(as_, life, here):
    life.post("shen", "Waiting")
    page = as_("tang").get("/inbox").text
    assert "Decide" in page and "Waiting for you 1" in page
    assert as_("tang").get(f"/inbox/{life.line('tang')}").location == f"{here('class')}/waiting"
    assert "Waiting for you 1" in as_("tang").get("/inbox").text, "it stays until it is decided"


def test_the_list_goes_back_in_stretches_of_which_none_is_twice(as_, life):
    for number in range(32):
        life.post("tang", f"For @Parent Pan number {number:02}.")
    first = as_("pan").get("/inbox").text
    older = as_("pan").get(re.search(r'href="(\?from=\d+)"', first)[1].replace("?", "/inbox?")).text
    found = [re.findall(r"number (\d\d)\.", text) for text in (first, older)]
    assert [len(found[0]), len(found[1])] == [30, 2]
    assert len({*found[0], *found[1]}) == 32
    assert found[0] == sorted(found[0], reverse=True)


def test_the_list_is_fetched_from_where_the_page_ends(as_, life):
    life.post("tang", "For @Parent Pan one")
    newest = re.search(r'data-newest="(\d+)"', as_("pan").get("/inbox").text)[1]
    life.post("tang", "For @Parent Pan two")
    fragment = as_("pan").get(f"/inbox/fresh?after={newest}", htmx=True).text
    assert "Pan two" in fragment and "Pan one" not in fragment and "<html" not in fragment


def test_a_new_line_is_said_to_all_pages_of_its_person_once(life, world):
    post = life.post("tang", "Look")
    life.comment("lei", post)
    life.comment("shen", post)
    said = db.session.execute(sa.select(Outbox.topic, Outbox.payload).where(Outbox.kind == "fresh")).all()
    told = [(topic, payload["data"].split()[0]) for topic, payload in said if topic.startswith("person-")]
    counts, moves = list_names(world.identities["tang"])
    topic = f"person-{world.people['tang']}"
    assert told == [(topic, counts), (topic, moves)], "an unread line counts once, however often it moves"


def test_a_counter_that_goes_down_is_fetched_again(life, as_, world):
    life.post("tang", "For @Parent Pan")
    as_("pan").post("/inbox/read")
    last = db.session.scalars(sa.select(Outbox).order_by(Outbox.id.desc())).first()
    assert (last.topic, last.kind, last.payload) == (f"person-{world.people['pan']}", "poke", {"data": "nav"})


def test_lines_that_nothing_moved_for_half_a_year_are_swept(life):
    with clock.at(clock.now() - KEPT - (KEPT / 100)):
        life.post("tang", "Old for @Parent Pan")
    life.post("tang", "New for @Parent Pan")
    with write():
        sweep({})
    assert [line.quote for line in life.lines("pan")] == ["New for @Parent Pan"]


def test_the_inbox_is_one_small_page_of_few_statements_however_much_is_in_it(app, as_, life):
    for number in range(30):
        life.post("tang", f"For @Parent Pan {number} " + "words " * 50)
    for who in ("lei", "shen"):
        life.comment(who, life.post("pan" if who == "pan" else "tang", "x @Parent Pan"), "@Parent Pan and so on")
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    page = as_("pan").get("/inbox").get_data()
    selects = [each for each in asked if each.startswith("SELECT") and "read_at IS NULL ORDER" not in each]
    assert len(selects) <= 6, selects
    assert len(page) <= 40_000


def test_both_languages(as_, life):
    life.post("tang", "For @Parent Pan")
    page = as_("nobody").get("/sign-in").text
    assert page
    with write():
        db.session.execute(sa.text("UPDATE person SET lang = 'zh' WHERE username = 'pan'"))
    page = as_("pan").get("/inbox").text
    assert "Teacher Tang在Class 3-2提到了您" in page and "全部已读" in page


def test_a_line_of_a_kind_that_nobody_knows_is_not_shown(life, as_, world):
    with write():
        db.session.add(InboxLine(identity_id=world.identities["pan"], kind="gone", subject="gone-1", turn=1))
    assert as_("pan").get("/inbox").status_code == 200
    assert life.lines("pan") == []
