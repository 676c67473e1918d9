"""Answers that come in by the daemon's own listener: from Postfix by LMTP, and straight from a client by SMTP."""

import smtplib
import ssl
from email.utils import parseaddr

import pytest

from tests.support.builders import DHL_NUMBER
from tests.support.daemon import running_daemon
from tests.support.dovecot import free_ports
from tests.support.town import ACME, BUYER, SHIPPED, Town
from tests.support.workspace import body

STRANGE = "reply+aaaaaaaaaabbbbbbbbbbbbbbbb@replies.example"


def test_postfix_hands_answers_over_by_lmtp_and_hears_about_each_recipient(town: Town) -> None:
    listening = {"via": "lmtp", "listen": f"127.0.0.1:{town.office.postfix.listener}"}
    town.configure(mail={"reply_domain": "replies.example", "receive": [listening]})
    with running_daemon(town.shop.home):
        town.place()
        order = town.gets(ACME, "order")
        reply_to = parseaddr(str(order["Reply-To"]))[1]
        assert reply_to.endswith("@replies.example")
        town.answer(order, SHIPPED, recipient=f"{reply_to}, {STRANGE}")
        assert DHL_NUMBER in body(town.gets(BUYER, "buyer-shipped"))
        assert town.shop.order()["complete"]
        # The bounce names only the recipient whose token is not ours.
        bounce = town.gets(ACME, bounces=True)
        assert f"Final-Recipient: rfc822; {STRANGE}" in bounce.as_string()
        assert f"Final-Recipient: rfc822; {reply_to}" not in bounce.as_string()


def test_a_client_sends_by_starttls_and_strangers_recipients_are_refused(town: Town) -> None:
    (port,) = free_ports(1)
    there = town.office.dovecot.home
    listening = {"via": "smtp", "listen": f"127.0.0.1:{port}"}
    encrypted = {"cert": str(there / "cert.pem"), "key": str(there / "key.pem")}
    town.configure(mail={"reply_domain": "replies.shop.example", "receive": [listening | encrypted]})
    trusting = ssl.create_default_context(cafile=there / "cert.pem")
    with running_daemon(town.shop.home):
        town.place()
        order = town.gets(ACME, "order")
        answer = town.answer_to(order, SHIPPED)
        with smtplib.SMTP("localhost", port, timeout=20) as client:
            client.starttls(context=trusting)
            assert client.sock is not None
            assert isinstance(client.sock, ssl.SSLSocket)
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.sendmail(town.local(ACME), ["someone@elsewhere.example"], b"Subject: relay me\r\n\r\n")
            assert [code for code, _ in refused.value.recipients.values()] == [550]
            client.send_message(answer)
        town.gets(BUYER, "buyer-shipped")
        assert town.shop.order()["complete"]
