from pathlib import Path

import pytest

from daemon.engine.tokens import Tokens, load_keys

PATTERNS = ("reply+{token}@replies.shop.example", "box+{token}@shop.example")


@pytest.mark.parametrize("pattern", PATTERNS)
def test_our_own_reply_address_leads_back_to_its_conversation(pattern: str) -> None:
    tokens = Tokens([b"a" * 32], pattern)
    conversation = tokens.conversation_id("order:a-1:acme")
    address = tokens.reply_address(conversation)
    assert tokens.conversation_at(address) == conversation
    assert tokens.conversation_at(address.upper()) == conversation
    assert len(address.rpartition("@")[0]) <= 64


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_token_with_one_other_sign_is_nobodys(pattern: str) -> None:
    tokens = Tokens([b"a" * 32], pattern)
    address = tokens.reply_address(tokens.conversation_id("order:a-1:acme"))
    begin = pattern.index("{token}")
    for place in range(begin, begin + 26):
        other = "a" if address[place] != "a" else "b"
        assert tokens.conversation_at(address[:place] + other + address[place + 1 :]) is None


def test_an_address_of_another_form_is_nobodys() -> None:
    tokens = Tokens([b"a" * 32], PATTERNS[0])
    for address in ("", "@", "reply+@replies.shop.example", "reply+short@replies.shop.example", "x@y.example"):
        assert tokens.conversation_at(address) is None


def test_another_key_does_not_recognise_our_tokens() -> None:
    ours, theirs = Tokens([b"a" * 32], PATTERNS[0]), Tokens([b"b" * 32], PATTERNS[0])
    assert theirs.conversation_at(ours.reply_address(ours.conversation_id("x"))) is None


def test_after_a_rotation_old_addresses_stay_good_and_ids_stay_the_same() -> None:
    before = Tokens([b"a" * 32], PATTERNS[0])
    after = Tokens([b"b" * 32, b"a" * 32], PATTERNS[0])
    conversation = before.conversation_id("x")
    assert after.conversation_id("x") == conversation
    assert after.conversation_at(before.reply_address(conversation)) == conversation
    assert after.reply_address(conversation) != before.reply_address(conversation)


def test_a_message_id_is_the_same_each_time_and_has_at_least_80_bits() -> None:
    tokens = Tokens([b"a" * 32], PATTERNS[0])
    assert tokens.message_id("order:a-1") == tokens.message_id("order:a-1")
    assert tokens.message_id("order:a-1") != tokens.message_id("order:a-2")
    assert len(tokens.message_id("order:a-1").partition("@")[0]) * 5 >= 80


def test_the_key_is_made_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    file = tmp_path / "state" / "key"
    keys = load_keys(file)
    assert load_keys(file) == keys
    assert [len(key) for key in keys] == [32]
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["key"]
