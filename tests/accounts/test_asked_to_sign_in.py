"""What happens to somebody whose session has ended, in the middle of whatever they were doing."""

import pytest

from tests.accounts.conftest import hidden_fields
from tests.cast import PASSWORD
from tests.conftest import HOST

TEXT = 'Two lines,\nand "quotes" & <tags>'


def send(browser, fields):
    """Fill in the sign-in page as Tang; 307 sends the same fields on, as a browser does."""
    typed = {**fields, "_login": "tang", "_password": PASSWORD}
    signed_in = _post(browser, "/sign-in", typed)
    assert signed_in.status_code == 307
    answer = _post(browser, signed_in.location, typed)
    return browser.get(answer.location) if answer.status_code == 303 else answer


def _post(browser, path, fields):
    return browser.client.post(path, data=fields, headers=HOST, base_url="http://quanzi.test")


def test_a_page_leads_to_the_sign_in_page_and_back(as_):
    answer = as_("nobody").get("/me?from=9")
    assert (answer.status_code, answer.location) == (302, "/sign-in?next=%2Fme%3Ffrom%3D9")


def test_a_fragment_leads_the_whole_page_there_and_back_to_what_was_shown(as_):
    answer = as_("nobody").get("/me", htmx=True, **{"HX-Current-URL": "http://quanzi.test/circles/5?a=b"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in?next=%2Fcircles%2F5%3Fa%3Db"


def test_a_stream_is_refused_and_not_led_to_a_page(as_):
    answer = as_("nobody").get("/me", Accept="text/event-stream")
    assert (answer.status_code, answer.location) == (401, None)


def test_a_form_sent_by_htmx_is_told_in_one_line(as_):
    answer = as_("nobody").post("/me", htmx=True, about=TEXT)
    assert answer.status_code == 401
    assert answer.text.startswith('<p id="message" data-message>')


def test_a_plain_form_waits_inside_the_sign_in_page(as_):
    answer = as_("nobody").post("/me?x=1", about=TEXT, password_old="secret words", client_id="abcdefghij")
    assert answer.status_code == 401
    fields = hidden_fields(answer.text)
    assert fields["about"].replace("\r\n", "\n") == TEXT
    assert (fields["_then"], fields["client_id"]) == ("/me?x=1", "abcdefghij")
    assert "secret words" not in answer.text


def test_what_was_typed_arrives_once_after_signing_in(as_, world):
    browser = as_("tang")
    client_cookie = browser.client.get_cookie("sid_8000", domain="quanzi.test").value
    as_("tang").post("/sign-out/everywhere")
    waiting = browser.post("/me", name="Teacher Tang", about=TEXT, lang="en", zone="", theme="")
    assert waiting.status_code == 401
    answer = send(browser, hidden_fields(waiting.text))
    assert "Two lines" in answer.text
    assert browser.client.get_cookie("sid_8000", domain="quanzi.test").value != client_cookie


def test_it_is_sent_as_the_identity_the_form_was_drawn_for(as_, world):
    browser = as_("tang_private")
    browser.post("/sign-out")
    waiting = browser.post("/me", name="Tang", about="", lang="en", zone="", theme="")
    answer = send(browser, hidden_fields(waiting.text))
    assert answer.status_code == 200
    assert f'data-me="{world.identities["tang_private"]}"' in answer.text


def test_somebody_else_who_signs_in_does_not_send_it_but_sees_it_kept(as_, world):
    browser = as_("shen")
    browser.post("/sign-out")
    waiting = browser.post("/me", name="Shen", about=TEXT, lang="en", zone="", theme="")
    answer = send(browser, hidden_fields(waiting.text))
    assert answer.status_code == 409
    assert "Two lines" in answer.text


def test_a_wrong_password_keeps_the_waiting_form(as_, sign_in):
    waiting = as_("nobody").post("/me", about=TEXT)
    _, answer = sign_in("tang", "wrong one here", **hidden_fields(waiting.text))
    assert answer.status_code == 422
    assert hidden_fields(answer.text)["about"].replace("\r\n", "\n") == TEXT
    assert hidden_fields(answer.text)["_then"] == "/me"


@pytest.mark.parametrize("then", ["//evil.test/x", "https://evil.test", "javascript:alert(1)"])
def test_a_form_never_goes_on_to_another_host(sign_in, then):
    answer = sign_in("tang", _then=then)[1]
    assert (answer.status_code, answer.location) == (303, "/")
