"""Of the sheets only what a page uses: every rule that it needs, and none that it does not."""

from __future__ import annotations

import pytest

from webapp.kit.sheets import used

PAGE = '<main class="card{{ " bad" if errors }}" data-mode="x"><p class="soft">a</p></main>'


@pytest.mark.parametrize(
    ("rule", "kept"),
    [
        ("p{a:b}", "p{a:b}"),
        ("h1,p{a:b}", "p{a:b}"),
        ("h1{a:b}", ""),
        (".card.bad p{a:b}", ".card.bad p{a:b}"),
        (".card>.tag{a:b}", ""),
        ("[data-mode=x]{a:b}", "[data-mode=x]{a:b}"),
        ("[data-row]{a:b}", ""),
        ("p:not(.tag):hover{a:b}", "p:not(.tag):hover{a:b}"),
        (".soft::before{a:b}", ".soft::before{a:b}"),
        ("@media print{h1{a:b}p{c:d}}", "@media print{p{c:d}}"),
        ("@media print{h1{a:b}}", ""),
        ("@keyframes spin{to{a:b}}", ""),
        ("*{a:b}", "*{a:b}"),
        ("html,body{a:b}", "html,body{a:b}"),
    ],
)
def test_a_rule_is_kept_when_all_that_it_names_is_on_the_page(rule, kept):
    assert used(rule, [PAGE]) == kept


def test_a_variable_stays_while_something_reads_it():
    css = ":root{--a:1;--b:var(--a);--c:var(--d);--d:2}p{x:var(--b)}"
    assert used(css, [PAGE]) == ":root{--a:1;--b:var(--a);}p{x:var(--b)}"
