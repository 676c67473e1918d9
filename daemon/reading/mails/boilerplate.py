"""What nobody wrote for us: firms' banners and legal notices, programs' signatures, and the block behind `-- `."""

import re
from collections.abc import Sequence

from daemon.reading.mails.quote_begins import lowered
from daemon.reading.mails.quote_words import (
    BANNERS,
    CLOSING_LETTERS,
    CLOSINGS,
    FOOTERS,
    NOTICES,
    POSTSCRIPTS,
    SENT_FROM,
)

SIGNATURE_AT_MOST = 15
SENT_FROM_AT_MOST = 100
BANNER_AT_MOST = 600
BANNER_LINES = 5
CLOSING_AT_MOST = 50
NOTICE_AT_LEAST = 2
PROSE_AT_LEAST = 3
"""So many words in small letters in one line, and somebody says something beside his telephone number."""

_EXTERNAL = re.compile(r"^\s*\[[^\[\]]{0,40}\bext(?:ern\w{0,3})?\b[^\[\]]{0,40}\]\s*", re.IGNORECASE)
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+(?!www\.|https?:)(?=[^\W\d_])")
_PROGRAM = re.compile(r"outlook .{0,30}\b(?:ios|android)\b")
# "Versendet mit der GMX Mail App", but not "Versendet mit DHL".
_BY_PROGRAM = re.compile(
    r"outlook|e?-?mail|\bapp\b|gmx|web\.de|proton|thunderbird|phone|ipad|android|samsung|galaxy|huawei|xiaomi|handy|mobil"
    r"|smartphone|tablet|tutanota|spark|blackberry|yahoo|telefoon|teléfono|téléphone|telefon|windows|mac\b"
)
_CONTACT = re.compile(
    r"\b(?:tel|telefon|telephone|telefax|tél|tel[eé]f\w*|fon|phone|fax|mobile?|handy|cell\w*|m[oó]vil|kom|gsm|durchwahl"
    r"|direct|zentrale|büro|office)\b\W{0,8}[0-9]|\bwww\.|@|https?://|^\s*(?:\+|\(?0)[0-9 ()/.-]{5,24}$"
    r"|\b(?:büro|geschäfts|öffnungs|sprech)zeiten\b|\b(?:opening|office|business) hours\b|\bhoraires\b|\bgodziny\b"
    r"|\borari"
)
# What somebody adds below his name is no signature.
_ADDED = re.compile(rf"\W{{0,5}}(?:{POSTSCRIPTS})\b.{{0,20}}?(?::|\W\s|$)")
_PROSE = re.compile(r"(?<![\w@./-])[a-zà-öø-ÿąćęłńóśźż]{3,30}(?![\w@/-]|\.\w)")
_REGISTER = re.compile(
    r"\b(?:iban|bic|swift|hr[ab]|ust(?:-?id\w*)?|vat|tva|nip|regon|krs|p\.? ?iva|cif|nif|kvk|btw|siret|siren|eori|weee"
    r"|(?:insurance |versicherungs)polic(?:y|e)|versicherungs(?:schein|nummer|nr)|polis[ya]|polizza|p[oó]liza"
    r"|polisnummer)"
    r"\b.*[0-9]"
)
MAY_BE_NUMBER = re.compile(
    r"(?<![0-9+])(?:[1-9](?:[ .-]?[0-9]){11,40}|0(?:[ .-]?[0-9]){14,40}|0[0-9]{13})(?![0-9])"
    r"|1Z[0-9A-Z]{16}|\b[A-Z]{2}[0-9]{9}[A-Z]{2}\b|\bJ[A-Z]{1,3}[0-9]{10,24}",
    re.IGNORECASE,
)
"""What may be a number we wait for, and is too long for a telephone's: where one stands, nothing is left out."""


def without_boilerplate(lines: Sequence[str]) -> list[str]:
    """The lines with such text blanked out."""
    kept = list(lines)
    whole = lowered("\n".join(lines))
    if "outlook" in whole or any(word in whole for word in SENT_FROM):
        kept = ["" if _signs(line) else line for line in kept]
    if any(word in whole for word in BANNERS):
        _blank_banners(kept)
    if any(word in whole for word in FOOTERS):
        kept = [_without_footers(line) for line in kept]
    _blank_letterhead(kept, whole.split("\n"))
    if sum(word in whole for word in NOTICES) >= NOTICE_AT_LEAST:
        _blank_notices(kept)
    return kept


def _blank_letterhead(lines: list[str], low: Sequence[str]) -> None:
    """Telephones, registers and accounts below the end of a letter."""
    end = next((at for at, line in enumerate(low) if _closes(line)), len(low))
    for at in range(end + 1, len(low)):
        line = low[at]
        letterhead = _REGISTER.search(line) or (_CONTACT.search(line) and not MAY_BE_NUMBER.search(line))
        if letterhead and len(_PROSE.findall(lines[at])) < PROSE_AT_LEAST:
            lines[at] = ""


def _closes(line: str) -> bool:
    bare = line.strip(" ,.!")
    if len(bare) > CLOSING_AT_MOST or not bare:
        return False
    return bare in CLOSING_LETTERS or any(word in bare for word in CLOSINGS)


def _blank_banners(lines: list[str]) -> None:
    for at, marked in enumerate(lines):
        line = lines[at] = _EXTERNAL.sub("", marked)
        if len(line) < BANNER_AT_MOST and any(word in lowered(line) for word in BANNERS):
            end = at + 1
            while end < min(at + BANNER_LINES, len(lines)) and _goes_on(lines[end - 1], lines[end]):
                end += 1
            if not MAY_BE_NUMBER.search("\n".join(lines[at:end])):
                lines[at:end] = [""] * (end - at)


def _without_footers(line: str) -> str:
    """The sentences of a line that are no footer: what a writer says may stand before one, or behind."""
    if not any(word in lowered(line) for word in FOOTERS):
        return line
    kept = [one for one in _SENTENCE_ENDS.split(line) if not _is_footer(one)]
    return " ".join(kept)


def _is_footer(sentence: str) -> bool:
    short = len(sentence) < BANNER_AT_MOST and not MAY_BE_NUMBER.search(sentence)
    return short and any(word in lowered(sentence) for word in FOOTERS)


def _goes_on(line: str, following: str) -> bool:
    """Whether a sentence runs on over a line end that a program set."""
    return following.strip()[:1].islower() and line.rstrip()[-1:] not in ".!?]:"


def _blank_notices(lines: list[str]) -> None:
    """Notices from the sentence on with which they begin, to the end of their paragraph."""
    for start, end in _paragraphs(lines):
        text = lowered(" ".join(lines[start:end]))
        if sum(word in text for word in NOTICES) < NOTICE_AT_LEAST or MAY_BE_NUMBER.search(text):
            continue
        first = next((at for at in range(start, end) if _notices(lines[at])), start)
        said = _SENTENCE_ENDS.split(lines[first])
        kept = next((at for at, one in enumerate(said) if _notices(one)), 0)
        lines[first:end] = [" ".join(said[:kept]), *[""] * (end - first - 1)]


def _notices(text: str) -> bool:
    return any(word in lowered(text) for word in NOTICES)


def without_signature(lines: Sequence[str]) -> list[str]:
    """What a writer wrote at one go, without his signature, and with what he added below it."""
    begin = _signature_begins(lines)
    added = next((at for at in range(begin, len(lines)) if _ADDED.match(lowered(lines[at]))), len(lines))
    return [*lines[:begin], *lines[added:]]


def _signature_begins(lines: Sequence[str]) -> int:
    """Where the signature begins in a stretch that the writer wrote at once; its length where there is none."""
    marks = [at for at, line in enumerate(lines) if line.startswith("--") and line.rstrip() == "--"]
    if len(marks) != 1 or not any(line.strip() for line in lines[: marks[0]]):
        return len(lines)
    behind = [line for line in lines[marks[0] + 1 :] if line.strip()]
    return marks[0] if len(behind) <= SIGNATURE_AT_MOST else len(lines)


def _signs(line: str) -> bool:
    bare = line.strip().lower()
    advertises = (bare.startswith(SENT_FROM) and bool(_BY_PROGRAM.search(bare))) or bool(_PROGRAM.search(bare))
    return advertises and len(bare) < SENT_FROM_AT_MOST and not MAY_BE_NUMBER.search(bare)


def _paragraphs(lines: Sequence[str]) -> list[tuple[int, int]]:
    edges = [at for at, line in enumerate(lines) if not line.strip()]
    return [(start + 1, end) for start, end in zip([-1, *edges], [*edges, len(lines)], strict=True) if end - start > 1]
