import pytest

from webapp.accounts import devices, names


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("138 0000 4410", "+8613800004410"),
        ("+86 138-0000-4410", "+8613800004410"),
        ("１３８００００４４１０", "+8613800004410"),
        ("100 5550 0101", "10055500101"),
        ("12345", None),
        ("call me", None),
        ("+49 30 901820", "+4930901820"),
    ],
)
def test_phones_are_stored_as_e164_or_digits(typed, stored):
    assert names.phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"), [("Ann@Example.ORG", "ann@example.org"), ("ann@", None), ("a b@c.d", None)]
)
def test_addresses_are_lower_case(typed, stored):
    assert names.email(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"), [("Tang", "tang"), ("林芳", "林芳"), ("a", None), ("a b", None), ("a@b", None)]
)
def test_user_names_are_folded(typed, stored):
    assert names.username(typed) == stored


@pytest.mark.parametrize(
    ("typed", "kind"),
    [("tang", "username"), ("20260317", "username"), ("13800004410", "phone"), ("a@b.cn", "email")],
)
def test_one_line_is_sorted_into_one_of_three(typed, kind):
    assert list(names.sorted_out(typed)) == [kind]


def test_what_is_none_of_them_is_nothing():
    assert names.sorted_out("?") == {}


def test_a_browser_is_called_by_two_words():
    agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
    assert devices.called(agent) == "Chrome · Android"
