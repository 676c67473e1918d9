"""config.yaml: what the keys mean, and every mistake with its line."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from daemon.config import ReceiveByImap, ReceiveByListening, SendByFolder, SendBySmtp, load_config, policy_of
from daemon.domain.policy import BuyerMails, ClockStart, TimeUnit
from daemon.errors import ConfigError

SMALLEST = "operator: ops@shop.example\nmail:\n  from: Shop <orders@shop.example>\n  send: {via: folder}\n"

CONTRACT = """\
sandbox: false
go_live: 2026-12-01T00:00:00+01:00
database: sqlite:///state/postbote.db
locale: de-DE
timezone: Europe/Berlin
operator: ops@shop.example
alert: {command: [notify, "{text}"]}
mail:
  from: Shop <orders@shop.example>
  reply_domain: replies.shop.example
  bounces: token
  send: {via: smtp, host: mx.shop.example, port: 587, tls: starttls, user: shop, password: "${POSTBOTE_PASSWORD}",
    connections: 2, per_minute: 25}
  receive:
    - {via: smtp, listen: "127.0.0.1:8025"}
    - {via: imap, host: mx.shop.example, port: 993, tls: tls, user: box@shop.example, password: x, folder: INBOX,
       done: Processed, junk: Junk, take: ours, authserv_id: mx.shop.example}
folders: {sellers/acme: {in: /srv/acme, out: /srv/acme, poll: 15s}}
limits: {mails_per_hour: 2000}
buyer_mails: send
standard_delivery: {starts: received, unit: working_days}
acks: trouble
inquiries: {confirm: after_contract}
"""


def written(home: Path, text: str) -> Path:
    (home / "config.yaml").write_text(text, "utf-8")
    return home


def mistakes(home: Path, text: str, **environ: str) -> list[str]:
    """Every mistake as it is printed, without the file's name."""
    with pytest.raises(ConfigError) as raised:
        load_config(written(home, text), environ)
    return [str(one).removeprefix("config.yaml:") for one in raised.value.mistakes]


def test_every_key_of_the_contract_is_understood(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, CONTRACT), {"POSTBOTE_PASSWORD": "geheim"})
    assert isinstance(config.send, SendBySmtp)
    assert config.send.password is not None
    assert config.send.password.get_secret_value() == "geheim"
    listener, mailbox = config.receive
    assert isinstance(listener, ReceiveByListening)
    assert listener.address == ("127.0.0.1", 8025)
    assert isinstance(mailbox, ReceiveByImap)
    assert mailbox.authserv_id == "mx.shop.example"
    folder = config.folders["sellers/acme"]
    assert (folder.in_, folder.out, folder.poll) == ("/srv/acme", "/srv/acme", timedelta(seconds=15))


def test_left_out_keys_have_the_defaults_of_the_contract(tmp_path: Path) -> None:
    policy = policy_of(load_config(written(tmp_path, SMALLEST), {}))
    assert policy.buyer_mails is BuyerMails.SEND
    assert (policy.clock_start, policy.clock_unit) == (ClockStart.RECEIVED, TimeUnit.WORKING_DAYS)
    assert not policy.ack_all
    assert not policy.direct_confirmation


def test_business_hours_open_before_they_close(tmp_path: Path) -> None:
    policy = policy_of(load_config(written(tmp_path, f'{SMALLEST}\nbusiness_hours: {{closes: "18:30"}}\n'), {}))
    assert (policy.business_hours.opens, policy.business_hours.closes) == (time(9), time(18, 30))
    with pytest.raises(ConfigError) as caught:
        load_config(written(tmp_path, f'{SMALLEST}\nbusiness_hours: {{opens: "18:00"}}\n'), {})
    assert "`opens` must be before `closes`" in caught.value.mistakes[0].problem


def test_the_policy_knows_the_addresses_we_write_from_and_read(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, CONTRACT), {"POSTBOTE_PASSWORD": "x"})
    policy = policy_of(config)
    assert policy.own_addresses == ("orders@shop.example", "reply@replies.shop.example", "box@shop.example")
    assert policy.go_live == datetime(2026, 11, 30, 23, tzinfo=UTC)


def test_secrets_do_not_show_when_a_config_is_printed(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, CONTRACT), {"POSTBOTE_PASSWORD": "geheim"})
    assert "geheim" not in repr(config)


def test_a_variable_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("geheim\n", "utf-8")
    config = load_config(written(tmp_path, CONTRACT), {"POSTBOTE_PASSWORD_FILE": str(tmp_path / "secret")})
    assert isinstance(config.send, SendBySmtp)
    assert config.send.password is not None
    assert config.send.password.get_secret_value() == "geheim"


def test_digits_from_a_variable_serve_as_a_port_and_as_a_password(tmp_path: Path) -> None:
    text = SMALLEST.replace(
        "{via: folder}",
        '{via: smtp, host: mx.example, port: "${POSTBOTE_PORT}", user: shop, password: "${POSTBOTE_PASSWORD}"}',
    )
    config = load_config(written(tmp_path, text), {"POSTBOTE_PORT": "2525", "POSTBOTE_PASSWORD": "12345"})
    assert isinstance(config.send, SendBySmtp)
    assert config.send.password is not None
    assert (config.send.port, config.send.password.get_secret_value()) == (2525, "12345")


def test_a_value_from_a_variable_is_not_filled_in_again(tmp_path: Path) -> None:
    text = SMALLEST.replace("Shop <", "${POSTBOTE_NAME} <")
    config = load_config(written(tmp_path, text), {"POSTBOTE_NAME": "${POSTBOTE_OTHER}"})
    assert config.mail.from_ == "${POSTBOTE_OTHER} <orders@shop.example>"


def test_a_sandbox_uses_no_mail_server_whatever_is_configured(tmp_path: Path) -> None:
    text = CONTRACT.replace("sandbox: false", "sandbox: true")
    config = load_config(written(tmp_path, text), {"POSTBOTE_PASSWORD": "x"})
    assert isinstance(config.send, SendByFolder)
    assert config.receive == ()


@pytest.mark.parametrize(
    ("database", "url"),
    [
        ("sqlite:///state/postbote.db", "sqlite:///{home}/state/postbote.db"),
        ("sqlite:////var/lib/postbote.db", "sqlite:////var/lib/postbote.db"),
        ("postgresql://me@host/name", "postgresql://me@host/name"),
    ],
)
def test_a_sqlite_file_lies_in_the_workspace(tmp_path: Path, database: str, url: str) -> None:
    config = load_config(written(tmp_path, f"{SMALLEST}database: {database}\n"), {})
    assert config.database_url(tmp_path) == url.format(home=tmp_path)


@pytest.mark.parametrize(
    ("line", "pattern"),
    [
        ("reply_domain: replies.shop.example", "reply+{token}@replies.shop.example"),
        ("reply_to: box+{token}@shop.example", "box+{token}@shop.example"),
        ("bounces: account", "orders+{token}@shop.example"),
    ],
)
def test_replies_come_back_to_an_address_with_a_token(tmp_path: Path, line: str, pattern: str) -> None:
    config = load_config(written(tmp_path, f"{SMALLEST}  {line}\n"), {})
    assert config.mail.reply_pattern == pattern


def test_the_send_section_may_be_plain_text_on_this_machine_only(tmp_path: Path) -> None:
    local = SMALLEST.replace("{via: folder}", "{via: smtp, host: 127.0.0.1, tls: none}")
    assert isinstance(load_config(written(tmp_path, local), {}).send, SendBySmtp)
    far = local.replace("127.0.0.1", "127.0.0.1.example")
    assert mistakes(tmp_path, far) == ["4: `mail.send.tls`: none is for this machine only; use tls or starttls"]


OAUTH = "oauth: {token_url: https://login.example/token, client_id: abc"


@pytest.mark.parametrize(
    ("added", "line", "problem"),
    [
        ("colour: red", 5, "`colour`: unknown key"),
        ("sandbox: maybe", 5, "`sandbox`: must be true or false"),
        ("sandbox: true\nsandbox: false", 6, "`sandbox` is here a second time; it stands in line 5 already"),
        ("database: mysql://host/name", 5, "`database`: must be sqlite:///FILE or postgresql://USER@HOST/NAME"),
        ("locale: German", 5, "`locale`: must be a language-country tag, such as de-DE"),
        ("timezone: Mars/Olympus", 5, "`timezone`: must be a time zone, such as Europe/Berlin"),
        ("alert: {}", 5, "`alert`: either command or url"),
        ("alert: {url: http://far.example}", 5, "`alert.url`: must be an https:// address"),
        ("limits: {mails_per_hour: many}", 5, "`limits.mails_per_hour`: must be a whole number"),
        ("folders: {acme: {in: /a}}", 5, "`folders.acme`: must be a party, such as sellers/acme"),
        ("folders:\n  sellers/acme: {poll: 15}", 6, "must be a number with s, m, h or d, such as 15s"),
        (
            "folders: {sellers/a: {in: /x}, sellers/b: {in: /x/}}",
            5,
            "sellers/a and sellers/b have the same `in` folder",
        ),
        ("go_live: 2026-12-01T00:00:00", 5, "`go_live`: "),
        ("buyer_mails: maybe", 5, "`buyer_mails`: "),
        ("  reply_to: box@shop.example", 5, "must be an address with {token} in it, such as box+{token}@shop.example"),
        ("  reply_domain: shop", 5, "`mail.reply_domain`: must be a domain, such as replies.shop.example"),
        ("  reply_domain: a.example\n  reply_to: b+{token}@a.example", 2, "either reply_domain or reply_to, not both"),
        ("  receive:\n    - {via: pop3}", 6, "`mail.receive[1]`: "),
        ("  receive:\n    - {via: smtp, listen: nowhere}", 6, "must be HOST:PORT, such as 127.0.0.1:8025"),
        ("  receive:\n    - {via: lmtp,\n       listen: 'h:1', cert: c.pem}", 6, "cert and key go together"),
        ("  receive:\n    - {via: imap, host: h.example, user: u}", 6, "user goes with password or oauth"),
        ("  receive:\n    - {via: imap, host: h.example, password: p}", 6, "`mail.receive[1].user` is missing"),
        (
            f"  receive:\n    - {{via: imap, host: h, user: u, password: p,\n       {OAUTH}, refresh_token: r}}}}",
            6,
            "not both",
        ),
        (
            f"  receive:\n    - {{via: imap, host: h, user: u,\n       {OAUTH}}}}}",
            7,
            "`grant: refresh` needs a refresh_token",
        ),
        ("locale: ${HOME}", 5, "${HOME}: only variables that begin with POSTBOTE_ are filled in"),
        ("locale: ${POSTBOTE_X}", 5, "${POSTBOTE_X}: neither POSTBOTE_X nor POSTBOTE_X_FILE is set in the environment"),
        ("&a locale: de-DE", 5, "anchors are not allowed"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, added: str, line: int, problem: str) -> None:
    [told] = mistakes(tmp_path, f"{SMALLEST}{added}\n")
    assert told.startswith(f"{line}: ")
    assert problem in told


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    told = mistakes(tmp_path, "operator: nobody\nmail:\n  from: Shop\n  send: {via: pigeon}\ncolour: red\n")
    assert [int(one.partition(":")[0]) for one in told] == [1, 3, 4, 5]


def test_an_empty_file_says_what_is_needed(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "") == ["1: `operator` is missing", "1: `mail` is missing"]


def test_a_folder_without_config_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="postbote init"):
        load_config(tmp_path, {})


def test_a_secret_file_that_cannot_be_read_is_a_mistake(tmp_path: Path) -> None:
    told = mistakes(tmp_path, CONTRACT, POSTBOTE_PASSWORD_FILE=str(tmp_path / "absent"))
    assert told == ["12: ${POSTBOTE_PASSWORD}: the file that POSTBOTE_PASSWORD_FILE names cannot be read"]
