import pytest

from tests.cast import HASH, PASSWORD
from webapp.accounts import passwords


def test_the_right_password_fits_and_a_wrong_one_does_not():
    stored = passwords.hashed("four plain words here")
    assert passwords.verify(stored, "four plain words here")
    assert not passwords.verify(stored, "four plain words there")


def test_the_same_keys_on_a_wide_keyboard_are_the_same_password():
    assert passwords.verify(passwords.hashed("ｃｏｒｒｅｃｔ horse"), "correct horse")


@pytest.mark.parametrize("password", ["", "x" * 1025, "right"])
def test_nothing_fits_a_person_without_a_password(password):
    assert not passwords.verify(None, password)


def test_one_hash_is_computed_whether_the_name_is_known_or_not(monkeypatch):
    asked = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        passwords, "_hasher", type("H", (), {"verify": staticmethod(lambda *a: asked.append(a) or real(*a))})
    )
    passwords.verify(None, "something")
    passwords.verify(HASH, "something")
    assert len(asked) == 2


def test_the_dummy_costs_what_a_real_hash_costs():
    assert not passwords.outdated(passwords._DUMMY)
    with pytest.raises(passwords.VerificationError, match="match"):
        passwords._hasher.verify(passwords._DUMMY, "x")


def test_an_old_hash_is_told_apart():
    assert passwords.outdated(HASH)
    assert not passwords.outdated(passwords.hashed(PASSWORD))


@pytest.mark.parametrize("password", ["short", "12345678", "Password1", "aaaaaaaaaaaa", "x" * 1025])
def test_short_common_and_endless_ones_are_refused(password):
    assert passwords.reason_against(password)


def test_a_good_one_is_taken():
    assert not passwords.reason_against("苹果树上有三只猫 a")
