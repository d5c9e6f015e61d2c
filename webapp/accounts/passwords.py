"""Passwords: argon2id, at most two at once, and one hash on every path.

m=19 MiB, t=2, p=1 is OWASP's first choice and answers in some 20 ms; what the library does by itself takes
300.
"""

from __future__ import annotations

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.kit.i18n import N_

SHORTEST, LONGEST = 8, 1024
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_turn = BoundedSemaphore(2)  # 38 MiB and two cores, however many sign in
# The hash of nothing that can be typed: an unknown name costs what a known one costs.
_DUMMY = "$argon2id$v=19$m=19456,t=2,p=1$2GC0gdVVP+DcEM3Dorz8zA$84JWuWlHyXOfir4J3HzhEhdcvyUMzsvw6U1+lsoanko"
# The most used ones of eight characters and more; whoever guesses begins with them.
COMMON = frozenset(
    """
    12345678 123456789 1234567890 12345678910 123123123 11111111 111111111 1111111111 00000000 000000000
    88888888 888888888 66666666 666666666 99999999 87654321 987654321 0987654321 0123456789 11223344
    1122334455 12341234 12344321 123456123 123456123456 123456654321 147258369 147852369 789456123
    741852963 159357456 123654789 123321123 112233445566 1qaz2wsx 1q2w3e4r 1q2w3e4r5t 1qazxsw2 q1w2e3r4
    q1w2e3r4t5 qwertyui qwertyuiop qwerty12 qwerty123 qwer1234 qwe123456 asdfghjk asdfghjkl asdf1234
    zxcvbnm1 zxcvbnm123 qazwsxedc abcd1234 abc12345 abc123456 abcdefgh abcdefg1 a1234567 a12345678
    a123456789 aa123456 aa123456789 aaaaaaaa asd123456 1234567a 12345678a 123456789a 1234567q 12345678q
    123456aa 123456abc 123abc456 woaini123 woaini520 woaini1314 woaiwojia woaini12 5201314a 520131400
    52013140 5201314520 13145200 1314520520 iloveyou iloveyou1 iloveyou123 password password1 password12
    password123 passw0rd p@ssw0rd p@ssword pa55word admin123 admin1234 administrator admin888 welcome1
    welcome123 changeme letmein1 letmein123 sunshine princess football baseball superman batman123
    dragon12 trustno1 starwars computer internet whatever michelle jennifer charlie1 monkey12 mustang1
    corvette maverick test1234 testtest test12345 student1 student123 teacher1 teacher123 school123
    xuesheng laoshi123 quanzi123 zhongguo china123 wangyi123 zhangwei wangwei123 liwei123 lovelove
    nihao123 nihaonihao mima1234 mima123456
    """.split()  # noqa: SIM905
)


def normal(password: str) -> str:
    """NFKC: the same keys on another keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)


def reason_against(password: str) -> str:
    """Why this may not become a password (a marked text), or nothing."""
    if len(normal(password)) < SHORTEST:
        return N_("At least 8 characters. Four words one after the other are easy to keep in mind.")
    if len(password) > LONGEST:
        return N_("At most 1,024 characters.")
    if normal(password).casefold() in COMMON or len(set(normal(password))) < 3:
        return N_("Too many people use this one. Take another.")
    return ""


def hashed(password: str) -> str:
    with _turn:
        return _hasher.hash(normal(password))


def verify(stored: str | None, password: str) -> bool:
    """Whether it is the password. One hash is computed whether or not there is one to compare with."""
    sane = 0 < len(password) <= LONGEST
    with _turn:
        try:
            right = _hasher.verify(stored or _DUMMY, normal(password) if sane else "-")
        except (VerificationError, InvalidHashError):
            return False
    return right and sane and stored is not None


def outdated(stored: str) -> bool:
    """Whether it was hashed with less effort than we take now."""
    return _hasher.check_needs_rehash(stored)
