"""Random tokens and their hashes. A token is only ever stored as its SHA-256."""

from __future__ import annotations

import hashlib
import hmac
import secrets


def as_id(sent: str | int) -> int:
    """The number of a row, as an address or a form sends it. Raises ValueError for what no row can have: SQLite stops
    at numbers of 64 bits, PostgreSQL as well."""
    text = str(sent)
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise ValueError(text)
    return int(text)


def new_token() -> str:
    """256 random bits, safe in a URL or cookie."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What is stored of a token: 64 hex digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def derived(secret: str, *parts: object) -> str:
    """A token of 132 bits that only the server's secret and `parts` make, so that a link can be shown again
    although the database does not hold it."""
    mac = hmac.new(secret.encode(), "\0".join(map(str, parts)).encode(), hashlib.sha256)
    return "".join(_ALPHABET[byte & 63] for byte in mac.digest()[:22])


def derived_code(secret: str, *parts: object, length: int) -> str:
    """Like `derived()`, five bits a letter, for what people type: no look-alikes."""
    mac = hmac.new(secret.encode(), "\0".join(map(str, parts)).encode(), hashlib.sha256)
    return "".join(_SPOKEN[byte & 31] for byte in mac.digest()[:length])


def typed_code(text: str) -> str:
    """A code as somebody typed it: case, spaces and dashes do not matter."""
    return "".join(char for char in text.upper() if char.isalnum())


_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def new_code() -> str:
    """A one-time code a person can read out: 40 bits in 8 letters without look-alikes."""
    return "".join(secrets.choice(_SPOKEN) for _ in range(8))


_SPOKEN = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def client_id() -> str:
    """A form's own id, so that sending it twice does it once."""
    return secrets.token_urlsafe(12)
