"""static/js/live.js and poll.js in a real browser: what others do appears, and nobody who reads is moved."""

# ruff: noqa: F811 (a fixture is an import and an argument)
import time

import pytest

from tests.browser.live_js_pages import feed, holds, rows_of, script, talk, until, visit  # noqa: F401
from tests.browser.live_js_server import message, row

pytestmark = pytest.mark.browser


def test_a_post_appears_at_the_top_when_the_page_is_at_its_top(visit, script):
    tab = visit(feed())
    script.post(4)
    tab.wait_for_selector("#post-4")
    assert rows_of(tab) == ["post-4", "post-3", "post-2", "post-1"]
    assert tab.get_attribute("#feed-5", "data-newest") == "4"
    assert tab.is_hidden("[data-bar]")


def test_the_bar_counts_while_reading_and_a_tap_inserts_newest_first(visit, script):
    tab = visit(feed())
    tab.evaluate("scrollTo(0, 300)")
    for number in (4, 5, 6):
        script.post(number)
    script.emit("fresh", "circle-5 6 2")
    holds(tab, "document.querySelector('[data-bar]').textContent === '3 new posts'")
    assert tab.evaluate("scrollY") == 300 and rows_of(tab)[0] == "post-3"
    tab.eval_on_selector("[data-bar]", "bar => bar.click()")
    tab.wait_for_selector("#post-6")
    holds(tab, "scrollY === 0 && document.activeElement.id === 'feed-5'")
    assert rows_of(tab)[:4] == ["post-6", "post-5", "post-4", "post-3"]
    assert tab.is_hidden("[data-bar]") and script.count("/fresh") == 1


def test_a_reply_being_typed_in_the_list_counts_as_reading(visit, script):
    tab = visit(feed(row(3) + '<li><textarea id="t"></textarea></li>'))
    tab.type("#t", "half a")
    script.post(4)
    tab.wait_for_selector("[data-bar]:not([hidden])")
    assert tab.text_content("[data-bar]") == "1 new post"
    assert rows_of(tab) == ["post-3"] and tab.input_value("#t") == "half a"


def test_my_own_post_is_inserted_even_while_reading(visit, script):
    tab = visit(feed())
    tab.evaluate("scrollTo(0, 300)")
    tab.eval_on_selector("#feed-5 li:nth-child(8)", "el => el.id = 'read'")
    place = tab.eval_on_selector("#read", "el => el.getBoundingClientRect().top")
    script.post(4, author=7)
    tab.wait_for_selector("#post-4.me", state="attached")
    assert rows_of(tab)[0] == "post-4" and tab.is_hidden("[data-bar]")
    tab.wait_for_timeout(100)
    assert tab.eval_on_selector("#read", "el => el.getBoundingClientRect().top") == place


def test_fresh_rows_are_fetched_together_and_never_twice_at_once(visit, script):
    script.fresh_takes = 0.4
    tab = visit(feed())
    for number in range(4, 14):
        script.post(number)
        time.sleep(0.06)
    tab.wait_for_selector("#post-13")
    assert rows_of(tab) == [f"post-{n}" for n in range(13, 0, -1)]
    assert script.count("/fresh") <= 5 and script.most_fresh_at_once == 1


def test_a_row_committed_late_with_a_lower_number_is_not_lost(visit, script):
    tab = visit(feed())
    script.post(5)
    tab.wait_for_selector("#post-5")
    script.post(4)
    tab.wait_for_selector("#post-4")
    assert sorted(rows_of(tab)) == [f"post-{n}" for n in (1, 2, 3, 4, 5)]


def test_my_post_stays_newest_when_older_ones_come_from_the_bar(visit, script):
    form = '<form id="f" method="post" action="/posts" hx-post="/posts"><button>Post</button></form>'
    tab = visit(feed(above=form))
    tab.evaluate("scrollTo(0, 300)")
    script.post(4)
    tab.wait_for_selector("[data-bar]:not([hidden])")
    script.rows.insert(0, 5)
    script.answers["/posts"] = (
        200,
        f'<hx-partial hx-target="#feed-5" hx-swap="afterbegin">{row(5, author=7)}</hx-partial>',
    )
    tab.click("#f button")
    tab.wait_for_selector("#post-5")
    tab.click("[data-bar]")
    tab.wait_for_selector("#post-4")
    assert rows_of(tab)[:3] == ["post-5", "post-4", "post-3"]


def test_events_written_while_the_line_was_cut_come_once_and_in_order(visit, script):
    tab = visit(talk(2))
    script.emit("push", "talk-3 beforeend\n" + message(3))
    tab.wait_for_selector("#message-3")
    script.drop_streams("down")
    holds(tab, "document.documentElement.dataset.live === 'off'")
    for number in range(4, 24):
        script.emit("push", "talk-3 beforeend\n" + message(number))
    script.mode = "stream"
    tab.wait_for_selector("#message-23")
    assert rows_of(tab, "#talk-3 li") == [f"message-{n}" for n in range(1, 24)]
    assert script.count("since=1") and script.count("since=0") == 1  # nothing seen was asked for again
    assert tab.is_hidden("#offline")


def test_a_push_replaces_in_place_and_never_doubles(visit, script):
    tab = visit(talk(3))
    script.emit("push", "talk-3 beforeend\n" + message(2, "corrected"))
    tab.wait_for_selector("text=corrected")
    script.emit("push", "talk-3 self\n" + message(9))
    script.emit("push", "talk-3 beforeend\n" + message(4))
    tab.wait_for_selector("#message-4")
    assert rows_of(tab, "#talk-3 li") == ["message-1", "message-2", "message-3", "message-4"]


def test_a_push_may_overtake_the_reply_of_its_own_post(visit, script):
    tab = visit(talk(2))
    partial = f'<hx-partial hx-target="#talk-3" hx-swap="beforeend">{message(3, "mine", 7)}</hx-partial>'
    script.answers["/say"] = (200, '<form id="say"><textarea></textarea></form>' + partial)
    script.emit("push", "talk-3 beforeend\n" + message(3, "mine", 7))
    script.emit("push", "talk-3 beforeend\n" + message(4))
    tab.wait_for_selector("#message-4")
    assert tab.get_attribute("#message-3", "class") == "me"
    tab.fill("#say textarea", "mine")
    tab.click("#send")
    holds(tab, "document.querySelector('#say textarea').value === ''")
    assert rows_of(tab, "#talk-3 li") == [f"message-{n}" for n in (1, 2, 3, 4)]


def test_a_talk_follows_its_end_for_who_is_there_and_counts_for_who_reads(visit, script):
    tab = visit(talk(400))
    gap = "document.scrollingElement.scrollHeight - innerHeight - scrollY"
    assert tab.evaluate(gap) < 2
    script.emit("push", "talk-3 beforeend\n" + message(401))
    tab.wait_for_selector("#message-401")
    holds(tab, gap + " < 2")
    assert len(rows_of(tab, "#talk-3 li")) == 400 and rows_of(tab, "#talk-3 li")[0] == "message-2"
    tab.evaluate("scrollTo(0, 500)")
    for number in (402, 403):
        script.emit("push", "talk-3 beforeend\n" + message(number))
    holds(tab, "document.querySelector('[data-bar]').textContent === '2 new messages'")
    assert tab.evaluate("scrollY") == 500
    tab.eval_on_selector("[data-bar]", "bar => bar.click()")
    holds(tab, gap + " < 2")
    assert tab.is_hidden("[data-bar]")
    tab.evaluate("scrollTo(0, 500)")
    script.emit("push", "talk-3 beforeend\n" + message(404, author=7))
    holds(tab, gap + " < 2")


def test_twenty_pokes_refetch_once(visit, script):
    count = '<p id="n" data-live="circle-5 me" hx-get="/count" hx-trigger="poke" hx-swap="outerMorph">'
    script.answers["/count"] = (200, count + "42</p>")
    tab = visit(count + "41</p>")
    for _ in range(20):
        script.emit("poke", "circle-5 other")
    holds(tab, "document.querySelector('#n').textContent === '42'")
    tab.wait_for_timeout(300)
    assert script.count("/count") == 1


def test_reset_refetches_and_gone_removes(visit, script):
    script.answers["/count"] = (200, '<p id="n">42</p>')
    count = '<p id="n" data-live="x" hx-get="/count" hx-trigger="poke" hx-swap="outerMorph">41</p>'
    tab = visit(feed(above=count))
    script.rows.insert(0, 4)
    script.emit("reset", "all")
    script.emit("gone", "post-2")
    tab.wait_for_selector("#post-4")
    holds(tab, "document.querySelector('#n').textContent === '42'")
    assert rows_of(tab) == ["post-4", "post-3", "post-1"]


def test_badges_and_the_title_count_what_others_do_elsewhere(visit, script):
    nav = "".join('<b data-unread-total="circle" hidden>0</b>' for _ in range(2))
    tab = visit(nav + '<b data-unread-total="group">2</b><b data-unread="circle-5" hidden>0</b>' + talk(1))
    script.emit("fresh", "circle-5 9 7")
    script.emit("fresh", "group-3 9 2")
    script.emit("fresh", "circle-5 10 2")
    script.emit("fresh", "circle-5 11 2")
    holds(tab, "document.title === '(4) Circle'")
    assert tab.text_content("[data-unread]") == "2" and tab.is_visible("[data-unread]")
    assert tab.locator("[data-unread-total]").all_text_contents() == ["2", "2", "2"]


def test_bye_stops_for_good(visit, script):
    tab = visit(talk(1))
    script.emit("bye", "")
    tab.wait_for_selector("#offline:not([hidden]) [data-when=bye]")
    assert tab.is_hidden("#offline [data-when=off]")
    before = script.count("/live")
    script.emit("push", "talk-3 beforeend\n" + message(2))
    tab.evaluate("dispatchEvent(new Event('online'))")
    tab.wait_for_timeout(1200)
    assert script.count("/live") == before and not tab.query_selector("#message-2")


def test_a_stream_that_dies_at_once_leads_to_polling_and_back_again(visit, script):
    script.mode = "dies"
    tab = visit(talk(1), mode="poll")
    assert script.count("/live") == 3 and script.count("/poll.js") == 1
    script.emit("push", "talk-3 beforeend\n" + message(2, "two\nlines"))
    tab.wait_for_selector("#message-2")
    assert tab.inner_text("#message-2") == "two lines" and tab.is_hidden("#offline")
    until(lambda: '"1"' in script.etags)
    script.mode = "stream"
    tab.evaluate("dispatchEvent(new Event('online'))")
    holds(tab, "document.documentElement.dataset.live === 'on'")


def test_polling_whose_own_file_is_lost_on_the_way_asks_for_it_again(visit, script):
    script.mode, script.lost["/poll.js"] = "dies", 1
    tab = visit(talk(1), mode="off")
    holds(tab, "document.documentElement.dataset.live === 'poll'", 20)
    script.emit("push", "talk-3 beforeend\n" + message(2))
    tab.wait_for_selector("#message-2")
    assert script.count("/poll.js") == 2


def test_a_page_whose_streams_live_does_not_load_the_polling(visit, script):
    tab = visit(talk(1))
    script.drop_streams()
    script.emit("push", "talk-3 beforeend\n" + message(2))
    tab.wait_for_selector("#message-2")
    assert script.count("/poll.js") == script.count("/mentions.js") == 0


def test_a_server_that_was_down_is_found_again_as_a_stream(visit, script):
    script.mode, script.lost["/poll.js"] = "down", 1
    tab = visit(talk(1), mode="off")
    tab.wait_for_selector("#offline:not([hidden]) [data-when=off]")
    until(lambda: not script.lost["/poll.js"], 9)
    assert tab.is_hidden("#offline [data-when=bye]")
    script.mode = "stream"
    script.emit("push", "talk-3 beforeend\n" + message(2))
    holds(tab, "document.documentElement.dataset.live === 'on'", 9)
    tab.wait_for_selector("#message-2")
    assert tab.is_hidden("#offline")


def test_a_hidden_tab_gives_its_stream_back_and_catches_up(visit, script):
    tab = visit(talk(1))
    tab.clock.install()
    tab.evaluate("""() => {
      window.hide = value => {
        Object.defineProperty(document, 'hidden', {value, configurable: true});
        document.dispatchEvent(new Event('visibilitychange'));
      };
      hide(true);
    }""")
    tab.clock.fast_forward(5100)
    script.emit("push", "talk-3 beforeend\n" + message(2))
    tab.wait_for_timeout(300)
    assert not tab.query_selector("#message-2")
    tab.evaluate("hide(false)")
    tab.wait_for_selector("#message-2")
