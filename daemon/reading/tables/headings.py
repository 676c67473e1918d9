"""Headings word by word: "Kundenreferenz Nr. 1" is a customer's reference, though nobody has listed it as such."""

import re
from functools import lru_cache
from itertools import pairwise

from daemon.domain.values import Value
from daemon.rules.columns import column_key
from daemon.rules.formats import Format

_WORD = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LINK = re.compile(r"^(?:es|s|en|n|e)?")
_IGNORED = frozenset({"filler"})
_OTHER_DAYS = frozenset({"order", "customer", "expected", "delivery", "line", "article", "made", "status"})
_NO_GOODS = frozenset({"parcel", "freight", "order", "customer", "date", "reference"})
_NO_PIECES = _NO_GOODS | {"number", "name", "line", "carrier", "status", "sender", "stock", "free", "link"}
_OF_ORDERS = frozenset({"order", "reference"})
_PARCEL_NUMBER = frozenset({"parcel", "number"})
_NO_ORDER = frozenset({"article", "product", "quantity", "parcel", "carrier", "device", "serial", "imei", "stock"})
_AND = frozenset({"und", "and", "et", "i", "e", "y", "en"})
_SILENT = frozenset({"customer", "name", "sender", "date", "expected", "delivery", "made", "link", "weight"})
_TELLING = frozenset({"remark", "status"})
_NAMING = frozenset({"reference", "number", "article", "product", "packed"})
_DONE = frozenset({"shipped", "packed", "confirmed"})
BY = frozenset({"von", "by", "par", "door", "da", "por", "przez"})
_SENT_ON = frozenset({"parcel", "shipped", "order"})
_SENT = frozenset({"shipped", "packed"})
_SENDING = frozenset({"shipped", "parcel", "order", "customer", "product"})
_OF_GOODS = frozenset({"quantity", "piece", "article", "product", "device"})
_WHOLE = 4
_SHORT = 2
_INFLECTED = 6
_SHORT_HEADING = 3
_MOST_WORDS = 8
_LONGEST_WORD = 40
_MOST_KEPT = 4096
_MOST_FORMATS = 512


class _Words(Value, frozen=True, kw_only=True):
    """The stems of a format, each with the word that it stands for."""

    inner: frozenset[str]
    meaning: dict[str, str]
    meant: dict[str, frozenset[str]]


_known: dict[int, tuple[dict[str, tuple[str, ...]], _Words]] = {}


def field_of(heading: str, one: Format) -> str:
    """The one field that a heading's words mean together; empty where a word of it is none of ours."""
    if not one.words:
        return ""
    found = _meant(heading, _words_of(one))
    if not found:
        return ""
    ways = (found, found - {"number"}, found - {"second"}, found - {"number", "second"})
    return next((field for way in ways for field, several in one.meanings.items() if way in several), "")


def is_of_another_thing(heading: str, one: Format) -> bool:
    """Whether a word of a heading says that its column is about something else: parcels that come back, prices."""
    parts = _parts(heading)
    return any(part.startswith(one.never) for part in (*parts, *map("".join, pairwise(parts))))


def is_of_another_day(heading: str, one: Format) -> bool:
    """Whether a heading over dates says that they are the order's or the delivery's, or says nothing at all."""
    return is_of_any_day(heading, one) or bool(_touched(heading, one) & _OTHER_DAYS)


def is_of_any_day(heading: str, one: Format) -> bool:
    """Whether a heading says no more than that dates stand below."""
    return _meant(heading, _words_of(one)) == {"date"}


def is_named_after_plans(name: str, one: Format) -> bool:
    """Whether a title or a sheet is called after what is still to be done: "Versandplan KW 49"."""
    return "later" in _touched(name, one)


def is_named_after_dispatches(name: str, one: Format) -> bool:
    """Whether a file is called after what has left, or after the papers that go with it, and not after orders."""
    touched = _touched(name, one)
    return "order" not in touched and ("shipped" in touched or any(_holds(part, one.slips) for part in _parts(name)))


def is_named_after_what_waits(name: str, one: Format) -> bool:
    """Whether a title or the name of a sheet or file is about what has not left, or never will: "Void labels"."""
    return any(part.startswith(one.waiting) for part in _parts(name))


def speaks_of_colours(text: str, one: Format) -> bool:
    """Whether a note tells rows apart by what nobody can read."""
    return any(part.startswith(one.unseen) for part in _parts(text))


def is_of_delivery(heading: str, one: Format) -> bool:
    """Whether a heading over dates speaks of when something arrives, not of when it leaves."""
    touched = _touched(heading, one)
    return "delivery" in touched and "shipped" not in touched


def may_speak(heading: str, one: Format) -> bool:
    """Whether what stands below a heading that is none of ours could say something about a dispatch."""
    silent = is_of_another_thing(heading, one) or speaks_of_returns(heading, one) or _numbers_orders(heading, one)
    return not silent and not _touched(heading, one) & _SILENT


def _numbers_orders(heading: str, one: Format) -> bool:
    """Whether a heading says no more than that orders or references are numbered below."""
    meant = _meant(heading, _words_of(one))
    return bool(meant & _OF_ORDERS) and meant <= _OF_ORDERS | {"number", "external"}


def is_apart(heading: str, one: Format) -> bool:
    """Whether a heading says that words below are of persons, places, goods, papers or money: "gepackt von", "Ort"."""
    parts, touched = _parts(heading), _touched(heading, one)
    told = any(_holds(part, one.apart) or _holds(part, one.no_pieces) for part in parts) or bool(touched & _NAMING)
    if any(_holds(part, one.loading) for part in parts):
        return False
    return (told or bool(BY.intersection(parts[-1:]))) and not touched & _TELLING and "?" not in heading


def says_well(heading: str, one: Format) -> bool:
    """Whether a mark below a heading says that all is done: "OK?", "Meegegeven aan chauffeur"."""
    parts = _parts(heading)
    begun = {"".join(parts[:count]) for count in range(1, len(parts) + 1)}
    named = any(column_key(name) in begun for name in one.columns.get("handed", ()) if len(name) > _WHOLE)
    return named or bool(_touched(heading, one) & _DONE)


def speaks_of_remarks(heading: str, one: Format) -> bool:
    """Whether a heading has a word for a remark, and it is not the buyer who made it: "Obs. dépôt"."""
    touched = _touched(heading, one)
    return "remark" in touched and not touched & {"customer", "delivery"} and not is_of_another_thing(heading, one)


def speaks_of_returns(text: str, one: Format) -> bool:
    """Whether a heading or a name says that it is about what comes back."""
    return any(_begins(part, one.returns) for part in _parts(text))


def is_named_after_returns(name: str, one: Format, *, told_apart: bool = False) -> bool:
    """Whether a file or a sheet is called after what comes back, and not after what leaves as well: "Versand und …".

    `told_apart`: a column says which of both a row is of, or names the label for what may come back.
    """
    parts = set(_parts(name))
    leaves = "shipped" in _touched(name, one) or bool(parts & one.outgoing)
    labels = told_apart and names_labels(name, one)
    return speaks_of_returns(name, one) and not labels and not (leaves and (told_apart or parts & _AND))


def names_sending(text: str, one: Format) -> bool:
    """Whether words are made of those for sending alone, be a parcel or a customer beside: "Kundenversand"."""
    meant = _meant(text, _words_of(one))
    return "shipped" in meant and meant <= _SENDING


def names_what_returns(text: str, one: Format) -> bool:
    """Whether a few words speak of what comes back: "DHL Retoure", "Kundenretoure"."""
    parts = _parts(text)
    told = len(parts) <= _WHOLE and any(_holds(part, one.returns) for part in parts)
    return told and one.negations.isdisjoint(parts)


def speaks_of_extras(text: str, one: Format) -> bool:
    """Whether a heading or a cell is about what is booked for a parcel or lies in it: "Services", "Retourenschein"."""
    return any(_holds(part, one.extras) or _holds(part, one.labels) for part in _parts(text))


def without_labels(text: str, one: Format) -> str:
    """Words in small letters, without those that say that they are about a label."""
    return " ".join(word for word in text.casefold().split() if not names_labels(word, one))


def names_how_it_goes(heading: str, one: Format) -> bool:
    """Whether a heading is about the kind of a carrier's service: "Versandart"."""
    return bool(_touched(heading, one) & {"carrier", "shipped", "delivery"})


def speaks_of_voiding(heading: str, one: Format) -> bool:
    """Whether a heading says that what stands below was taken back."""
    return any(part.startswith(one.voids) for part in _parts(heading))


def is_only_of_voiding(name: str, one: Format) -> bool:
    """Whether a name says that parcels or labels were taken back, and nothing else."""
    others = [word for word in name.split() if not speaks_of_voiding(word, one) and not names_labels(word, one)]
    return speaks_of_voiding(name, one) and all(_touched(word, one) & _SENT_ON for word in others)


def says_none(text: str, one: Format) -> bool:
    """Whether a line says that nothing came back or was taken back: "Keine Retouren heute"."""
    first = text.casefold().split(maxsplit=1)[:1]
    return not one.negations.isdisjoint(first) and (speaks_of_returns(text, one) or speaks_of_voiding(text, one))


def speaks_of_sending(heading: str, one: Format) -> bool:
    """Whether a word of a heading says that something was sent or packed."""
    return bool(_touched(heading, one) & _SENT)


def names_former(heading: str, one: Format) -> bool:
    """Whether a heading says that below stands a number which another one has replaced."""
    parts = _parts(heading)
    return bool(_touched(heading, one) & _PARCEL_NUMBER) and any(part in one.former for part in parts)


def names_other_device(heading: str, one: Format) -> bool:
    """Whether a heading says that below stands what a device was before: "IMEI (było)"."""
    return "imei" in _touched(heading, one) and any(part in one.was or part in one.former for part in _parts(heading))


def names_labels(heading: str, one: Format) -> bool:
    """Whether a heading says that below stand the numbers of labels."""
    return any(_begins(part, one.labels) or part in one.labels for part in _parts(heading))


def speaks_of_parts(heading: str, one: Format) -> bool:
    """Whether a yes below a heading says that only a part was delivered: "Teillieferung"."""
    return any(part.startswith(one.in_parts) for part in _parts(heading))


def speaks_of_whole(heading: str, one: Format) -> bool:
    """Whether a no below a heading says that more is to come: "Final delivery"."""
    return not speaks_of_parts(heading, one) and any(part.startswith(one.whole) for part in _parts(heading))


def counts_goods(heading: str, one: Format) -> bool:
    """Whether a heading speaks of a quantity in words that are not all ours, and of no parcels or orders."""
    touched = _touched(heading, one) - ({"parcel"} if _lies_within(heading, one) else set())
    if column_key(heading) in one.no_pieces:
        return False
    return bool({"quantity", "piece"} & touched) and not touched & _NO_GOODS and not is_of_another_thing(heading, one)


def _lies_within(heading: str, one: Format) -> bool:
    """Whether a heading speaks of what lies in a parcel: "Anzahl im Paket"."""
    pairs = pairwise(_WORD.findall(heading))
    return any(column_key(before) in one.within and _touched(after, one) == {"parcel"} for before, after in pairs)


def counts_sent(heading: str, one: Format) -> bool:
    """Whether a heading over numbers of pieces says that these were sent, or packed to be; a consignment is none."""
    meant = _meant(heading, _words_of(one))
    consignment = any(column_key(heading) == column_key(name) for name in one.columns.get("shipment_id", ()))
    return bool(meant & _SENT) and meant <= _SENT | _OF_GOODS and not consignment


def counts_accepted(heading: str, one: Format) -> bool:
    """Whether a heading over numbers of pieces says that these were confirmed."""
    meant = _meant(heading, _words_of(one))
    named = column_key(heading) in {column_key(name) for name in one.columns.get("accepted", ())}
    return named or ("confirmed" in meant and meant <= _OF_GOODS | {"confirmed"})


def counts_something_else(heading: str, one: Format) -> bool:
    """Whether a heading over whole numbers says that these are no pieces of an article."""
    parts = _parts(heading)
    if parts and parts[0] in one.within:
        return False
    other = (*one.no_pieces, *one.loading)
    return bool(_touched(heading, one) & _NO_PIECES) or any(_holds(part, other) for part in parts)


def counts_remaining(heading: str, one: Format) -> bool:
    """Whether a heading over whole numbers says that these stay behind."""
    return any(part.startswith(one.remaining) for part in _parts(heading))


def says_number(text: str, one: Format) -> bool:
    """Whether words are no more than those for a parcel, a dispatch or a number."""
    meant = _meant(text, _words_of(one))
    return bool(meant) and meant <= _PARCEL_NUMBER | {"shipped"}


def counts_pieces_only(heading: str, one: Format) -> bool:
    """Whether a heading says no more than that it counts pieces, be they of goods or of freight."""
    return _meant(heading, _words_of(one)) - {"number"} == {"piece"}


def is_weight(heading: str, one: Format) -> bool:
    return "weight" in _touched(heading, one)


def speaks_of_status(heading: str, one: Format) -> bool:
    """Whether a word of a heading is one for a state, or ends with one: "Zustellstatus"."""
    ends = tuple(stem for stem in one.words.get("status", ()) if len(stem) > _WHOLE)
    return "status" in _touched(heading, one) or any(part.endswith(ends) for part in _parts(heading))


def speaks_of_orders(heading: str, one: Format) -> bool:
    """Whether a short heading has a word for an order or a reference, be there others beside it."""
    return len(_parts(heading)) <= _SHORT_HEADING and bool(_touched(heading, one) & _OF_ORDERS)


def may_number_orders(heading: str, one: Format) -> bool:
    """Whether what stands below a heading that is none of ours could be the number of an order."""
    return not _touched(heading, one) & _NO_ORDER and not is_of_another_thing(heading, one)


def _parts(heading: str) -> list[str]:
    return [column_key(part) for part in _WORD.findall(_HUMP.sub(" ", heading))]


def _begins(part: str, stems: tuple[str, ...]) -> bool:
    """Whether a word is one of the stems, or begins with one that is long enough to be no part of another word."""
    return any(part == stem or (len(stem) > _WHOLE and part.startswith(stem)) for stem in stems)


def _holds(part: str, stems: tuple[str, ...]) -> bool:
    """Whether a word is one of the stems, or is put together with one: "Versandkosten"."""
    return any(part == stem or (len(stem) > _WHOLE and stem in part) for stem in stems)


def _touched(heading: str, one: Format) -> set[str]:
    """What the words of a heading mean that are ours, be there others beside them."""
    words = _words_of(one)
    return {words.meaning[stem] for part in _parts(heading) for stem in _stems(part, words)}


def _meant(heading: str, words: _Words) -> frozenset[str]:
    if heading not in words.meant:
        if len(words.meant) >= _MOST_KEPT:
            words.meant.clear()
        words.meant[heading] = _made_of(heading, words)
    return words.meant[heading]


def _made_of(heading: str, words: _Words) -> frozenset[str]:
    """The words that a heading is made of; none of them when a part of it is left over."""
    parts = _WORD.findall(_HUMP.sub(" ", heading))
    if not 0 < len(parts) <= _MOST_WORDS:
        return frozenset()
    found: set[str] = set()
    for part in parts:
        stems = _stems(column_key(part), words)
        if not stems:
            return frozenset()
        found.update(words.meaning[stem] for stem in stems)
    return frozenset(found - _IGNORED)


def _stems(part: str, words: _Words, *, inner: bool = False) -> list[str]:
    """A word as stems one behind the other, the longest way first; empty when it is not made of stems alone."""
    if part in words.meaning and (not inner or part in words.inner or part.isdecimal() or _is_number(part, words)):
        return [part]
    if len(part) > _LONGEST_WORD:
        return []
    for end in range(len(part) - 1, 0, -1):
        if (stem := part[:end]) not in words.inner:
            continue
        linked = len(part) - len(_LINK.sub("", part[end:], count=1))
        if not inner and linked == len(part) and len(stem) >= _INFLECTED:
            return [stem]
        for begin in {linked, end}:
            if begin < len(part) and (further := _stems(part[begin:], words, inner=True)):
                return [stem, *further]
    return []


def _is_number(part: str, words: _Words) -> bool:
    """Whether the end of a compound is short for a number: "Ordernr"."""
    return len(part) == _SHORT and words.meaning[part] == "number"


def _words_of(one: Format) -> _Words:
    """Worked out once for all formats that have the same words, be they written down for each of them."""
    kept = _known.get(id(one.words))
    if kept is None or kept[0] is not one.words:
        if len(_known) >= _MOST_FORMATS:
            _known.clear()
        kept = (one.words, _worked_out(tuple(one.words.items())))
        _known[id(one.words)] = kept
    return kept[1]


@lru_cache(maxsize=4)
def _worked_out(words: tuple[tuple[str, tuple[str, ...]], ...]) -> _Words:
    meaning = {stem: word for word, stems in words for stem in stems}
    # Short words are too easily found inside others to be parts of a compound: "Dienst" is none of "die" and "St".
    inner = frozenset(stem for stem in meaning if len(stem) > _SHORT + (meaning[stem] in _IGNORED))
    return _Words(inner=inner, meaning=meaning, meant={})
