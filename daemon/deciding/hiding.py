"""What one side of an inquiry does not learn of the other where the installation shows neither's address.

Words that people type hold mail addresses and telephone numbers all the same; a person looks into the files.
"""

import re

_MAIL = re.compile(
    r"(?:mailto:)?[\w.!#$%&'*+=?^`{|}~-]{1,64}(?:@| ?[\[(](?:at|@)[\])] ?)(?:[\w-]{1,63}\.){1,8}[a-z]{2,24}\b",
    re.IGNORECASE,
)
# With its country's prefix, or a national one that is written in groups; no date, price or article number.
_PHONE = re.compile(
    r"(?<![\w.,/-])(?![0-9]{1,2}[-/ ][0-9]{1,2}[-/ ](?:(?:19|20)[0-9]{2}\b|[0-9]{2}(?![ /-]?[0-9])))"
    r"(?:(?:\+|00 ?)[1-9][0-9 ()/.-]{6,20}[0-9]|\(?0[0-9]{1,5}\)?(?:[ /-]{1,3}[0-9]{2,8}){1,5})(?!\w)"
)
_DIGITS = 7


def without_addresses(text: str) -> str:
    """The text with its mail addresses and telephone numbers left out, in words that every language has."""
    return _PHONE.sub(_phone, _MAIL.sub("[e-mail …]", text))


def _phone(found: re.Match[str]) -> str:
    return "[tel. …]" if sum(sign.isdigit() for sign in found[0]) >= _DIGITS else found[0]
