"""static/js in a real browser: what becomes of what a person writes, chooses and opens."""

# ruff: noqa: F811 (a fixture is an import and an argument)
import pytest

from tests.browser.live_js_pages import holds, script, talk, until, visit  # noqa: F401
from tests.browser.live_js_server import page

pytestmark = pytest.mark.browser
EMPTY = '<form id="say"><textarea name="text" data-draft="talk-3"></textarea></form>'


def test_text_survives_a_failed_post_and_a_reload_until_it_was_answered(visit, script):
    tab = visit(talk(1))
    tab.fill("#say textarea", "many words")
    script.answers["/say"] = (500, "<p>no</p>")
    tab.click("#send")
    tab.wait_for_selector("#flash >> text=our fault")
    assert tab.input_value("#say textarea") == "many words"
    script.answers["/say"] = (409, "<main><p data-message>Someone was faster.</p></main>")
    tab.click("#send")
    tab.wait_for_selector("#flash >> text=Someone was faster.")
    tab.reload()
    holds(tab, "document.querySelector('#say textarea').value === 'many words'")
    script.answers["/say"] = (200, EMPTY)
    tab.click("#send")
    holds(tab, "document.querySelector('#say textarea').value === ''")
    tab.reload()
    holds(tab, "window.Quanzi")
    assert tab.input_value("#say textarea") == ""


def test_a_plain_forms_text_is_kept_over_an_error_page_only(visit, script):
    form = """<form method="post" action="/plain"><textarea id="t" name="text" data-draft="a"></textarea>
<button>Go</button></form>"""
    tab = visit(form)
    tab.fill("#t", "many words")
    script.answers["/plain plain"] = (500, page("<p data-message>no</p>"))
    tab.click("button")
    tab.wait_for_selector("[data-message]")
    tab.goto(script.address + "/page")
    holds(tab, "document.querySelector('#t').value === 'many words'")
    script.answers["/plain plain"] = (303, "/page")
    tab.click("button")
    holds(tab, "window.Quanzi && document.querySelector('#t').value === ''")


def test_no_line_is_said_in_words(visit, script):
    tab = visit(talk(1))
    tab.fill("#say textarea", "words")
    tab.route("**/say", lambda route: route.abort())
    tab.click("#send")
    tab.wait_for_selector("#flash >> text=no line")
    assert tab.input_value("#say textarea") == "words"


def test_enter_sends_but_not_while_composing_and_shift_makes_a_line(visit, script):
    tab = visit(talk(1))
    script.answers["/say"] = (200, EMPTY)
    tab.click("#say textarea")
    tab.keyboard.press("Enter")
    tab.keyboard.type("one")
    tab.keyboard.press("Shift+Enter")
    tab.keyboard.type("two")
    tab.eval_on_selector(
        "#say textarea",
        """el => el.dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))""",
    )
    tab.wait_for_timeout(200)
    assert script.posts == [] and tab.eval_on_selector("#say textarea", "el => el.rows") == 2
    tab.keyboard.press("Enter")
    until(lambda: script.posts)
    assert script.posts == [("/say", {"text": ["one\ntwo"]}, True)]


def test_a_session_that_ended_leads_to_the_plain_post_with_its_button(visit, script):
    form = """<form method="post" action="/ask" hx-post="/ask"><textarea name="text"></textarea>
<button name="answer" value="no">No</button><button id="yes" name="answer" value="yes">Yes</button></form>"""
    tab = visit(form)
    tab.fill("textarea", "mine")
    script.answers["/ask"] = (401, "")
    script.answers["/ask plain"] = (401, page("<h1>Sign in</h1>"))
    tab.click("#yes")
    tab.wait_for_selector("text=Sign in")
    sent = {"text": ["mine"], "answer": ["yes"]}
    assert script.posts == [("/ask", sent, True), ("/ask", sent, False)]


def test_a_refused_form_comes_back_with_the_focus_on_its_first_bad_field(visit, script):
    tab = visit('<form id="f" hx-post="/f" action="/f"><input id="a"><button>Go</button></form>')
    script.answers["/f"] = (422, '<form id="f"><input id="a"><input id="b" aria-invalid="true"></form>')
    tab.click("button")
    holds(tab, "document.activeElement.id === 'b'")
    assert tab.text_content("#flash") == ""


def test_a_name_is_completed_by_keyboard_and_by_tap_and_enter_does_not_send(visit, script):
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
    assert tab.input_value("textarea") == "Hello @Wang Wei @Wang Fang " and script.posts == []
    tab.keyboard.type("a@wa")
    tab.wait_for_timeout(300)
    assert tab.is_hidden("#names")
    tab.keyboard.press("Enter")
    until(lambda: script.posts)


def test_a_menu_fetches_once_and_closes_on_escape_and_outside(visit, script):
    script.answers["/menu"] = (200, '<li><button id="pin">Pin</button></li>')
    tab = visit("""<details class="menu" data-src><summary>More</summary>
<ul><li><a href="/menu">More</a></li></ul></details><p id="out">text</p>""")
    tab.click("summary")
    tab.wait_for_selector("#pin")
    tab.focus("#pin")
    tab.keyboard.press("Escape")
    assert tab.is_hidden("#pin") and tab.evaluate("document.activeElement.tagName") == "SUMMARY"
    tab.click("summary")
    assert tab.is_visible("#pin")
    tab.click("#out")
    assert tab.is_hidden("#pin") and script.count("/menu") == 1


def test_a_form_may_ask_first_and_a_link_can_be_copied(visit, script):
    tab = visit("""<form method="post" action="/ask" hx-post="/ask" data-confirm="Sure?">
<button id="go">Go</button></form><input id="link" readonly value="https://example.org/l/1">
<button data-copy="#link" data-done="Copied.">Copy</button><textarea id="paste"></textarea>""")
    answers = [False, True]
    tab.on("dialog", lambda dialog: dialog.accept() if answers.pop(0) else dialog.dismiss())
    tab.click("#go")
    tab.wait_for_timeout(100)
    assert script.posts == []
    tab.click("#go")
    until(lambda: script.posts)
    tab.click("[data-copy]")
    tab.wait_for_selector("#flash >> text=Copied.")
    tab.focus("#paste")
    tab.keyboard.press("Control+V")
    assert tab.input_value("#paste") == "https://example.org/l/1"


def test_the_gate_keeps_htmx_out_of_browsers_where_it_would_break(chromium, script):
    script.pages["/page"] = page(talk(1))
    context = chromium.new_context()
    tab = context.new_page()
    tab.add_init_script("""const ask = Document.prototype.querySelector;
      Document.prototype.querySelector = function (selector) {
        if (selector === ':not(a b)') throw new SyntaxError();
        return ask.call(this, selector);
      }""")
    tab.goto(script.address + "/page")
    tab.wait_for_timeout(300)
    assert tab.get_attribute("html", "hx-ignore") == "" and script.count("/app.js") == 0
    script.answers["/say plain"] = (200, page("<h1>Sent</h1>"))
    tab.fill("textarea", "words")
    tab.click("#send")
    tab.wait_for_selector("text=Sent")
    context.close()
