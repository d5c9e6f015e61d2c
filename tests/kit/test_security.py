"""Changes come from our own origin; every answer carries the headers; hosts are known."""

from __future__ import annotations

import pytest

OWN = "http://quanzi.test"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 404),
        ({"Sec-Fetch-Site": "cross-site", "Origin": OWN}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": OWN}, 404),
        ({"Origin": "http://quanzi.test:81"}, 403),
        ({"Origin": "https://quanzi.test"}, 403),
        ({"Origin": "http://quanzi.test.evil"}, 403),
        ({"Origin": "null"}, 403),
        ({"Referer": f"{OWN}/circles/1"}, 404),
        ({"Referer": "http://quanzi.test@evil.test/"}, 403),
        ({}, 403),
    ],
)
def test_a_change_must_come_from_here(app, headers, status):
    answer = app.test_client().post("/no-such-page", base_url=OWN, headers=headers)
    assert answer.status_code == status


def test_the_page_that_refuses_keeps_the_text_and_its_own_form_is_taken(app):
    client = app.test_client()
    refused = client.post("/no-such-page", base_url=OWN, data={"body": "what was typed"})
    assert refused.status_code == 403 and "what was typed" in refused.text
    proof = refused.text.split('name="_proof" value="')[1].split('"')[0]
    again = client.post("/no-such-page", base_url=OWN, data={"body": "what was typed", "_proof": proof})
    assert again.status_code == 404


def test_every_document_carries_the_headers(as_):
    headers = as_("nobody").get("/sign-in").headers
    assert "'unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "private, no-store"
    assert "camera=()" in headers["Permissions-Policy"]


def test_an_unknown_host_is_refused(app):
    assert app.test_client().get("/sign-in", base_url="http://evil.test").status_code == 400


def test_an_id_larger_than_any_is_not_there(as_):
    assert as_("tang").get(f"/circles/{2**63}").status_code == 404


def test_errors_never_show_their_insides(app, as_):
    answer = as_("tang").get("/circles/%00")
    assert answer.status_code == 404 and "Traceback" not in answer.text
