"""static/js in a real browser under the strict policy: what others do, and what happens to what is being written."""

import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api")
from live_js_server import ROOT, World, message, page, row, serve  # noqa: E402

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("QUANZI_TEST_CHROMIUM", "/usr/bin/chromium")
HTMX = Path(os.environ.get("QUANZI_TEST_HTMX", ROOT / "node_modules/htmx.org/dist/htmx.min.js"))
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
# The browser's own line for a 4xx or 5xx; htmx's and the browser's for a line that is cut.
NOISE = re.compile("the server responded with a status of|Failed to fetch|net::ERR_")
IDS = "els => els.map(el => el.id)"


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """One Chromium for all tests here."""
    if not (Path(CHROMIUM).exists() and HTMX.exists()):
        pytest.skip("needs Chromium and htmx.min.js")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def world() -> Iterator[World]:
    """A server of its own for each test."""
    server, world = serve(HTMX.read_text("utf-8"))
    world.address = f"http://127.0.0.1:{server.server_port}"  # type: ignore[attr-defined]
    yield world
    world.drop_streams("down")
    server.shutdown()
    server.server_close()


@pytest.fixture
def visit(browser, world) -> Iterator[Callable]:
    """Opens a body as a page and waits for the scripts; any policy violation, error or console error fails."""
    context = browser.new_context(viewport={"width": 400, "height": 700})
    context.set_default_timeout(6000)
    bad: list[str] = []

    def watch(tab):
        tab.on("pageerror", lambda error: bad.append(f"pageerror {error}"))
        tab.on("console", lambda m: bad.append(m.text) if m.type in ("error", "warning") else 0)

    def visit(body: str, path: str = "/page", mode: str = "on", **how):
        world.pages[path] = page(body, **how)
        tab = context.new_page()
        watch(tab)
        tab.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => console.error('policy', e.violatedDirective))"
        )
        tab.goto(world.address + path)
        holds(tab, "window.Quanzi")
        if mode:
            holds(tab, f"document.documentElement.dataset.live === '{mode}'")
        return tab

    yield visit
    context.close()
    assert not [line for line in bad if not NOISE.search(line)]


def feed(rows: str = "", *, above: str = "") -> str:
    """A circle's page: a bar and a list that fetches what is fresh."""
    rows = rows or "".join(row(n) for n in (3, 2, 1)) + "<li></li>" * 20
    return f"""{above}<div role="status"><button data-bar="feed-5" data-one="1 new post" data-many="{{n}} new posts"
 hidden></button></div><ol id="feed-5" tabindex="-1" data-list="circle-5" data-fresh-url="/fresh" data-newest="3">{rows}</ol>"""


def talk(count: int = 30) -> str:
    """A group's page: a talk with a bar and its form."""
    return f"""<ol id="talk-3" tabindex="-1" data-list="group-3" data-stick>{"".join(message(n) for n in range(1, count + 1))}</ol>
<div role="status"><button data-bar="talk-3" data-one="1 new message" data-many="{{n}} new messages" hidden></button></div>
<form id="say" method="post" action="/say" hx-post="/say" hx-sync="this:drop" hx-swap="outerHTML">
<textarea name="text" rows="1" data-enter data-draft="talk-3"></textarea><button id="send">Send</button></form>"""


EMPTY_FORM = '<form id="say" method="post" action="/say"><textarea name="text" data-draft="talk-3"></textarea></form>'


def rows_of(tab, selector: str = "#feed-5 li[id]") -> list[str]:
    """Ids of the rows on the page, in order."""
    return tab.eval_on_selector_all(selector, IDS)


def holds(tab, script: str, seconds: float = 6) -> None:
    """Waits until `script` is true on the page; Playwright's own wait needs the eval that the policy forbids."""

    def check() -> object:
        try:
            return tab.evaluate(script)
        except playwright.Error as error:
            if "Execution context" not in str(error):
                raise
            return False

    until(check, seconds)


def until(check: Callable[[], object], seconds: float = 5) -> None:
    """Waits for what the server sees."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.03)


def test_a_post_appears_at_the_top_when_the_page_is_at_its_top(visit, world):
    tab = visit(feed())
    world.post(4)
    tab.wait_for_selector("#post-4")
    assert rows_of(tab) == ["post-4", "post-3", "post-2", "post-1"]
    assert tab.get_attribute("#feed-5", "data-newest") == "4"
    assert tab.is_hidden("[data-bar]")


def test_the_bar_counts_while_reading_and_a_tap_inserts_newest_first(visit, world):
    tab = visit(feed())
    tab.evaluate("scrollTo(0, 300)")
    for number in (4, 5, 6):
        world.post(number)
    world.emit("fresh", "circle-5 6 2")
    holds(tab, "document.querySelector('[data-bar]').textContent === '3 new posts'")
    assert tab.evaluate("scrollY") == 300 and rows_of(tab)[0] == "post-3"
    tab.eval_on_selector("[data-bar]", "bar => bar.click()")
    tab.wait_for_selector("#post-6")
    holds(tab, "scrollY === 0 && document.activeElement.id === 'feed-5'")
    assert rows_of(tab)[:4] == ["post-6", "post-5", "post-4", "post-3"]
    assert tab.is_hidden("[data-bar]") and world.count("/fresh") == 1


def test_a_reply_being_typed_in_the_list_counts_as_reading(visit, world):
    tab = visit(feed(row(3) + '<li><textarea id="t"></textarea></li>'))
    tab.type("#t", "half a")
    world.post(4)
    tab.wait_for_selector("[data-bar]:not([hidden])")
    assert tab.text_content("[data-bar]") == "1 new post"
    assert rows_of(tab) == ["post-3"] and tab.input_value("#t") == "half a"


def test_my_own_post_is_inserted_even_while_reading(visit, world):
    tab = visit(feed())
    tab.evaluate("scrollTo(0, 300)")
    place = tab.eval_on_selector("#feed-5 li:nth-child(8)", "el => { el.id = 'read'; return el.getBoundingClientRect().top }")
    world.post(4, author=7)
    tab.wait_for_selector("#post-4.me", state="attached")
    assert rows_of(tab)[0] == "post-4" and tab.is_hidden("[data-bar]")
    tab.wait_for_timeout(100)
    assert tab.eval_on_selector("#read", "el => el.getBoundingClientRect().top") == place


def test_fresh_rows_are_fetched_together_and_never_twice_at_once(visit, world):
    world.fresh_takes = 0.4
    tab = visit(feed())
    for number in range(4, 14):
        world.post(number)
        time.sleep(0.06)
    tab.wait_for_selector("#post-13")
    assert rows_of(tab) == [f"post-{n}" for n in range(13, 0, -1)]
    assert world.count("/fresh") <= 5 and world.most_fresh_at_once == 1


def test_a_row_committed_late_with_a_lower_number_is_not_lost(visit, world):
    tab = visit(feed())
    world.post(5)
    tab.wait_for_selector("#post-5")
    world.post(4)
    tab.wait_for_selector("#post-4")
    assert sorted(rows_of(tab)) == [f"post-{n}" for n in (1, 2, 3, 4, 5)]


def test_my_post_stays_newest_when_older_ones_come_from_the_bar(visit, world):
    form = '<form id="f" method="post" action="/posts" hx-post="/posts" hx-swap="none"><button>Post</button></form>'
    tab = visit(feed(above=form))
    tab.evaluate("scrollTo(0, 300)")
    world.post(4)
    tab.wait_for_selector("[data-bar]:not([hidden])")
    world.rows.insert(0, 5)
    world.answers["/posts"] = (
        200,
        f'<hx-partial hx-target="#feed-5" hx-swap="afterbegin">{row(5, author=7)}</hx-partial>',
    )
    tab.click("#f button")
    tab.wait_for_selector("#post-5")
    tab.click("[data-bar]")
    tab.wait_for_selector("#post-4")
    assert rows_of(tab)[:3] == ["post-5", "post-4", "post-3"]


def test_events_written_while_the_line_was_cut_come_once_and_in_order(visit, world):
    tab = visit(talk(2))
    world.emit("push", "talk-3 beforeend\n" + message(3))
    tab.wait_for_selector("#message-3")
    world.drop_streams("down")
    holds(tab, "document.documentElement.dataset.live === 'off'")
    for number in range(4, 24):
        world.emit("push", "talk-3 beforeend\n" + message(number))
    world.mode = "stream"
    tab.wait_for_selector("#message-23")
    assert rows_of(tab, "#talk-3 li") == [f"message-{n}" for n in range(1, 24)]
    assert tab.is_hidden("#offline")


def test_a_push_replaces_in_place_and_never_doubles(visit, world):
    tab = visit(talk(3))
    world.emit("push", "talk-3 beforeend\n" + message(2, "corrected"))
    tab.wait_for_selector("text=corrected")
    world.emit("push", "talk-3 self\n" + message(9))
    world.emit("push", "talk-3 beforeend\n" + message(4))
    tab.wait_for_selector("#message-4")
    assert rows_of(tab, "#talk-3 li") == ["message-1", "message-2", "message-3", "message-4"]


def test_a_push_may_overtake_the_reply_of_its_own_post(visit, world):
    tab = visit(talk(2))
    partial = f'<hx-partial hx-target="#talk-3" hx-swap="beforeend">{message(3, "mine", 7)}</hx-partial>'
    world.answers["/say"] = (200, EMPTY_FORM + partial)
    world.emit("push", "talk-3 beforeend\n" + message(3, "mine", 7))
    world.emit("push", "talk-3 beforeend\n" + message(4))
    tab.wait_for_selector("#message-4")
    assert tab.get_attribute("#message-3", "class") == "me"
    tab.fill("#say textarea", "mine")
    tab.click("#send")
    holds(tab, "document.querySelector('#say textarea').value === ''")
    assert rows_of(tab, "#talk-3 li") == [f"message-{n}" for n in (1, 2, 3, 4)]


def test_a_talk_follows_its_end_for_who_is_there_and_counts_for_who_reads(visit, world):
    tab = visit(talk(400))
    gap = "document.scrollingElement.scrollHeight - innerHeight - scrollY"
    assert tab.evaluate(gap) < 2
    world.emit("push", "talk-3 beforeend\n" + message(401))
    tab.wait_for_selector("#message-401")
    holds(tab, gap + " < 2")
    assert len(rows_of(tab, "#talk-3 li")) == 400 and rows_of(tab, "#talk-3 li")[0] == "message-2"
    tab.evaluate("scrollTo(0, 500)")
    for number in (402, 403):
        world.emit("push", "talk-3 beforeend\n" + message(number))
    holds(tab, "document.querySelector('[data-bar]').textContent === '2 new messages'")
    assert tab.evaluate("scrollY") == 500
    tab.eval_on_selector("[data-bar]", "bar => bar.click()")
    holds(tab, gap + " < 2")
    assert tab.is_hidden("[data-bar]")
    tab.evaluate("scrollTo(0, 500)")
    world.emit("push", "talk-3 beforeend\n" + message(404, author=7))
    holds(tab, gap + " < 2")


def test_twenty_pokes_refetch_once(visit, world):
    world.answers["/count"] = (200, '<p id="n" data-live="circle-5" hx-get="/count" hx-trigger="poke">42</p>')
    tab = visit('<p id="n" data-live="circle-5 me" hx-get="/count" hx-trigger="poke" hx-swap="outerMorph">41</p>')
    for _ in range(20):
        world.emit("poke", "circle-5 other")
    holds(tab, "document.querySelector('#n').textContent === '42'")
    tab.wait_for_timeout(300)
    assert world.count("/count") == 1


def test_reset_refetches_and_gone_removes(visit, world):
    world.answers["/count"] = (200, '<p id="n">42</p>')
    tab = visit(feed(above='<p id="n" data-live="x" hx-get="/count" hx-trigger="poke" hx-swap="outerMorph">41</p>'))
    world.rows.insert(0, 4)
    world.emit("reset", "all")
    world.emit("gone", "post-2")
    tab.wait_for_selector("#post-4")
    holds(tab, "document.querySelector('#n').textContent === '42'")
    assert rows_of(tab) == ["post-4", "post-3", "post-1"]


def test_badges_and_the_title_count_what_others_do_elsewhere(visit, world):
    nav = "".join('<b data-unread-total="circle" hidden>0</b>' for _ in range(2))
    tab = visit(nav + '<b data-unread-total="group">2</b><b data-unread="circle-5" hidden>0</b>' + talk(1))
    world.emit("fresh", "circle-5 9 7")
    world.emit("fresh", "group-3 9 2")
    world.emit("fresh", "circle-5 10 2")
    world.emit("fresh", "circle-5 11 2")
    holds(tab, "document.title === '(4) Circle'")
    assert tab.text_content("[data-unread]") == "2" and tab.is_visible("[data-unread]")
    assert tab.eval_on_selector_all("[data-unread-total]", "els => els.map(el => el.textContent)") == ["2", "2", "2"]


def test_bye_stops_for_good(visit, world):
    tab = visit(talk(1))
    world.emit("bye", "")
    tab.wait_for_selector("#offline:not([hidden]) [data-when=bye]")
    assert tab.is_hidden("#offline [data-when=off]")
    before = world.count("/live")
    world.emit("push", "talk-3 beforeend\n" + message(2))
    tab.evaluate("dispatchEvent(new Event('online'))")
    tab.wait_for_timeout(1200)
    assert world.count("/live") == before and not tab.query_selector("#message-2")


def test_a_stream_that_dies_at_once_leads_to_polling_and_back_again(visit, world):
    world.mode = "dies"
    tab = visit(talk(1), mode="poll")
    assert world.count("/live") == 3
    world.emit("push", "talk-3 beforeend\n" + message(2, "two\nlines"))
    tab.wait_for_selector("#message-2")
    assert tab.inner_text("#message-2") == "two lines" and tab.is_hidden("#offline")
    until(lambda: '"1"' in world.etags)
    world.mode = "stream"
    tab.evaluate("dispatchEvent(new Event('online'))")
    holds(tab, "document.documentElement.dataset.live === 'on'")


def test_a_server_that_was_down_is_found_again_as_a_stream(visit, world):
    world.mode = "down"
    tab = visit(talk(1), mode="off")
    tab.wait_for_selector("#offline:not([hidden]) [data-when=off]")
    assert world.etags and tab.is_hidden("#offline [data-when=bye]")
    world.mode = "stream"
    world.emit("push", "talk-3 beforeend\n" + message(2))
    holds(tab, "document.documentElement.dataset.live === 'on'", 9)
    tab.wait_for_selector("#message-2")
    assert tab.is_hidden("#offline")


def test_text_survives_a_failed_post_and_a_reload_until_it_was_answered(visit, world):
    tab = visit(talk(1))
    tab.fill("#say textarea", "many words")
    world.answers["/say"] = (500, "<p>no</p>")
    tab.click("#send")
    tab.wait_for_selector("#flash >> text=our fault")
    assert tab.input_value("#say textarea") == "many words"
    world.answers["/say"] = (409, '<main><p data-message>Someone was faster.</p></main>')
    tab.click("#send")
    tab.wait_for_selector("#flash >> text=Someone was faster.")
    tab.reload()
    holds(tab, "document.querySelector('#say textarea').value === 'many words'")
    world.answers["/say"] = (200, EMPTY_FORM)
    tab.click("#send")
    holds(tab, "document.querySelector('#say textarea').value === ''")
    tab.reload()
    holds(tab, "window.Quanzi")
    assert tab.input_value("#say textarea") == ""


def test_a_plain_forms_text_is_kept_over_an_error_page_only(visit, world):
    form = """<form method="post" action="/plain"><textarea id="t" name="text" data-draft="post-form"></textarea>
<button>Go</button></form>"""
    tab = visit(form)
    tab.fill("#t", "many words")
    world.answers["/plain plain"] = (500, page("<p data-message>no</p>"))
    tab.click("button")
    tab.wait_for_selector("[data-message]")
    tab.goto(world.address + "/page")
    holds(tab, "document.querySelector('#t').value === 'many words'")
    world.answers["/plain plain"] = (303, "/page")
    tab.click("button")
    holds(tab, "window.Quanzi && document.querySelector('#t').value === ''")


def test_no_line_is_said_in_words(visit, world):
    tab = visit(talk(1))
    tab.fill("#say textarea", "words")
    tab.route("**/say", lambda route: route.abort())
    tab.click("#send")
    tab.wait_for_selector("#flash >> text=no line")
    assert tab.input_value("#say textarea") == "words"


def test_enter_sends_but_not_while_composing_and_shift_makes_a_line(visit, world):
    tab = visit(talk(1))
    world.answers["/say"] = (200, EMPTY_FORM)
    tab.click("#say textarea")
    tab.keyboard.press("Enter")
    tab.keyboard.type("one")
    tab.keyboard.press("Shift+Enter")
    tab.keyboard.type("two")
    tab.eval_on_selector(
        "#say textarea",
        "el => el.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))",
    )
    tab.wait_for_timeout(200)
    assert world.posts == [] and tab.eval_on_selector("#say textarea", "el => el.rows") == 2
    tab.keyboard.press("Enter")
    until(lambda: world.posts)
    assert world.posts == [("/say", {"text": ["one\ntwo"]}, True)]


def test_a_session_that_ended_leads_to_the_plain_post_with_its_button(visit, world):
    form = """<form method="post" action="/ask" hx-post="/ask"><textarea name="text" data-draft="a"></textarea>
<button name="answer" value="no">No</button><button id="yes" name="answer" value="yes">Yes</button></form>"""
    tab = visit(form)
    tab.fill("textarea", "mine")
    world.answers["/ask"] = (401, "")
    world.answers["/ask plain"] = (401, page("<h1>Sign in</h1>"))
    tab.click("#yes")
    tab.wait_for_selector("text=Sign in")
    assert world.posts == [("/ask", {"text": ["mine"], "answer": ["yes"]}, by_htmx) for by_htmx in (True, False)]


def test_a_refused_form_comes_back_with_the_focus_on_its_first_bad_field(visit, world):
    tab = visit('<form id="f" hx-post="/f" action="/f" method="post"><input id="a"><button>Go</button></form>')
    world.answers["/f"] = (422, '<form id="f"><input id="a"><input id="b" aria-invalid="true"></form>')
    tab.click("button")
    holds(tab, "document.activeElement.id === 'b'")
    assert tab.text_content("#flash") == ""


def test_a_name_is_completed_by_keyboard_and_by_tap_and_enter_does_not_send(visit, world):
    box = '<ul id="names" role="listbox" aria-label="Names" hx-sync="this:replace" hidden></ul>'
    tab = visit(f"""<form method="post" action="/say" hx-post="/say"><textarea name="text" data-enter
 data-mentions="/mentions" aria-controls="names"></textarea>{box}<button>Send</button></form>""")
    tab.click("textarea")
    tab.keyboard.type("Hello @wa")
    tab.wait_for_selector("#names:not([hidden]) li")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    assert tab.input_value("textarea") == "Hello @Wang Wei " and tab.is_hidden("#names")
    tab.keyboard.type("@wa")
    tab.click("#names li >> nth=0")
    assert tab.input_value("textarea") == "Hello @Wang Wei @Wang Fang " and world.posts == []
    tab.keyboard.type("a@wa")
    tab.wait_for_timeout(300)
    assert tab.is_hidden("#names")
    tab.keyboard.press("Enter")
    until(lambda: world.posts)


def test_a_menu_fetches_once_and_closes_on_escape_and_outside(visit, world):
    world.answers["/menu"] = (200, '<li><button id="pin">Pin</button></li>')
    tab = visit("""<details class="menu" data-src="/menu"><summary>More</summary><ul><li><a href="/more">More</a></li></ul>
</details><p id="out">text</p>""")
    tab.click("summary")
    tab.wait_for_selector("#pin")
    tab.focus("#pin")
    tab.keyboard.press("Escape")
    assert tab.is_hidden("#pin") and tab.evaluate("document.activeElement.tagName") == "SUMMARY"
    tab.click("summary")
    assert tab.is_visible("#pin")
    tab.click("#out")
    assert tab.is_hidden("#pin") and world.count("/menu") == 1


def test_a_form_may_ask_first_and_a_link_can_be_copied(visit, world):
    tab = visit("""<form method="post" action="/ask" hx-post="/ask" data-confirm="Sure?"><button id="go">Go</button></form>
<input id="link" readonly value="https://example.org/l/1"><button data-copy="#link" data-done="Copied.">Copy</button>""")
    answers = [False, True]
    tab.on("dialog", lambda dialog: dialog.accept() if answers.pop(0) else dialog.dismiss())
    tab.click("#go")
    tab.wait_for_timeout(100)
    assert world.posts == []
    tab.click("#go")
    until(lambda: world.posts)
    tab.click("[data-copy]")
    tab.wait_for_selector("#flash >> text=Copied.")


def test_a_hidden_tab_gives_its_stream_back_and_catches_up(visit, world):
    tab = visit(talk(1))
    tab.evaluate("""() => { window.hide = yes => { Object.defineProperty(document, 'hidden', {value: yes, configurable: true});
      document.dispatchEvent(new Event('visibilitychange')) }; hide(true) }""")
    tab.wait_for_timeout(5200)
    world.emit("push", "talk-3 beforeend\n" + message(2))
    tab.wait_for_timeout(300)
    assert not tab.query_selector("#message-2")
    tab.evaluate("hide(false)")
    tab.wait_for_selector("#message-2")


def test_the_gate_keeps_htmx_out_of_browsers_where_it_would_break(browser, world):
    world.pages["/page"] = page(talk(1))
    context = browser.new_context()
    tab = context.new_page()
    tab.add_init_script("""const ask = Document.prototype.querySelector;
      Document.prototype.querySelector = function (s) { if (s === ':not(a b)') throw new SyntaxError(); return ask.call(this, s) }""")
    tab.goto(world.address + "/page")
    tab.wait_for_timeout(300)
    assert tab.get_attribute("html", "hx-ignore") == "" and world.count("/app.js") == 0
    world.answers["/say plain"] = (200, page("<h1>Sent</h1>"))
    tab.fill("textarea", "words")
    tab.click("#send")
    tab.wait_for_selector("text=Sent")
    context.close()
