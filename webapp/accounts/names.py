"""The three names that sign a person in, as they are stored and looked up: user name, phone, e-mail."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

REGION = "CN"
_USERNAME = re.compile(r"[\w.\-]{2,40}")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|[^\s@]+@localhost")


def username(text: str) -> str | None:
    """A user name (letters, digits, . - _), case folded; None when it cannot be one. One of digits only is
    one too: schools give out student numbers."""
    name = unicodedata.normalize("NFKC", text).strip().casefold()
    return name if _USERNAME.fullmatch(name) else None


def phone(text: str) -> str | None:
    """A phone number as E.164, Chinese where no country is named; digits where the plan does not know it."""
    digits = re.sub(r"[^\d+]", "", unicodedata.normalize("NFKC", text))
    if not 7 <= len(digits.lstrip("+")) <= 15 or re.search(r"[^\d\s+().\-/]", unicodedata.normalize("NFKC", text)):
        return None
    try:
        number = phonenumbers.parse(digits, REGION)
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_possible_number(number) or not phonenumbers.is_valid_number(number):
        return digits
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def email(text: str) -> str | None:
    address = unicodedata.normalize("NFKC", text).strip().casefold()
    return address if _EMAIL.fullmatch(address) and len(address) <= 254 else None


def sorted_out(text: str) -> dict[str, str]:
    """Which of the three a single line is: {"email": …}, {"phone": …}, {"username": …} or nothing."""
    if "@" in text:
        found = {"email": email(text)}
    elif (number := phone(text)) and len(number.lstrip("+")) >= 10:
        found = {"phone": number}
    else:
        found = {"username": username(text)}
    return {kind: value for kind, value in found.items() if value}
