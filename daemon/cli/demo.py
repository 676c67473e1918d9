"""One inquiry and one order played through in a throw-away sandbox, told line by line."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING

import click

from daemon.cli.call import loaded
from daemon.cli.workspace import make_workspace
from daemon.domain.stimulus import Inquire, Person
from daemon.errors import PostboteError

if TYPE_CHECKING:
    from daemon.app import House

ORDER = "A-1001"
_ORDER_FILE = f"""\
order_id,placed_at,paid_at,market,currency,seller,buyer_name,buyer_email,buyer_phone,ship_name,ship_street,ship_postcode,\
ship_city,ship_country,line_id,sku,title,quantity,unit_price,shipping_price,category,cellular,handling_days,hs_code,origin
{ORDER},2026-12-01T08:05:00+01:00,2026-12-01T08:06:00+01:00,de-DE,EUR,example-seller,Kim Muster,kim@buyer.example,,\
Kim Muster,Beispielallee 5,50667,Köln,DE,1,PH-128,Phone 128 GB,1,349.00,0.00,smartphone,yes,1,8517.13,VN
"""
_TRACKING = "00340434161094042557"
_IMEI_FILE = f"order_id;line_id;imei\n{ORDER};1;352099001761481\n"


@click.command("demo")
def demo_command() -> None:
    """Play one inquiry and one order through in a throw-away sandbox."""
    with tempfile.TemporaryDirectory(prefix="postbote-demo-") as folder:
        home = Path(folder) / "workspace"
        make_workspace(home, sandbox=True)
        play = _Play(home)
        play.inquiry()
        play.order()
    click.echo("\nAll of this was in a sandbox, which is gone again.")
    click.echo("`postbote init DIR --sandbox` makes one that stays.")


class _Play:
    """Plays the partners, and tells what postbote does."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.told: set[Path] = set()

    def inquiry(self) -> None:
        click.secho("An inquiry", bold=True)
        ask = Inquire(
            merchant="example-merchant",
            fulfiller="example-fulfiller",
            warehouse="EX-HH1",
            text="Wir suchen ein Lager für rund 400 Sendungen im Monat. Haben Sie Platz?",
        )
        made = ""

        def inquire(house: "House") -> None:
            nonlocal made
            made = house.commands.execute(ask, Person(name="demo"))[0]

        def state(house: "House") -> str:
            return f"inquiry {made} is {house.queries.inquiry(made).state}"

        self.step("2026-11-23T09:00:00+01:00", "A merchant asks a fulfiller for room in his warehouse.", state, inquire)
        self.answer(
            "2026-11-23T14:20:00+01:00", "inquiry", "Gerne, wir haben Interesse. Bitte rufen Sie uns an.", state
        )
        yes = "Der Vertrag ist unterschrieben. Wir bestätigen die Zusammenarbeit und nehmen Ihre Anfrage an."
        self.answer("2026-11-26T10:00:00+01:00", "inquiry", yes, state)

    def order(self) -> None:
        click.secho("\nAn order", bold=True)

        def state(house: "House") -> str:
            order = house.queries.order(ORDER)
            missing = ", ".join(f"{one.count} {one.what}" for one in order.missing)
            return f"order {ORDER} is {order.state}" + (
                f", still missing: {missing}" if missing else ", nothing is missing"
            )

        self.drop("inbox/orders/shop.csv", _ORDER_FILE)
        self.step("2026-12-01T08:10:00+01:00", "The shop drops a file with a paid order.", state)
        sent = f"Heute mit DHL verschickt, Sendungsnummer {_TRACKING}."
        self.answer("2026-12-02T15:30:00+01:00", "order", sent, state)
        self.drop("inbox/sellers/example-seller/imei.csv", _IMEI_FILE)
        self.step("2026-12-02T16:45:00+01:00", "The seller drops a file with the device's IMEI.", state)

    def drop(self, name: str, content: str) -> None:
        """Put a file into the workspace the way a partner would."""
        file = self.home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, "utf-8")

    def answer(self, at: str, template: str, text: str, state: Callable[["House"], str]) -> None:
        """Answer our latest mail of this template, as its recipient would."""
        ours = next((one for one in reversed(self._mails()) if one["X-Postbote-Template"] == template), None)
        if ours is None:
            raise PostboteError(f"the demo waited for a mail `{template}`, which was not sent")
        reply = EmailMessage(policy=policy.SMTP)
        reply["From"], reply["To"] = ours["To"], ours["Reply-To"]
        reply["Subject"] = f"Re: {ours['Subject']}"
        reply["Date"] = datetime.fromisoformat(at)
        reply["Message-ID"] = f"<{datetime.fromisoformat(at):%Y%m%d%H%M}@partner.example>"
        reply["In-Reply-To"] = reply["References"] = ours["Message-ID"]
        reply.set_content(text)
        self.drop(f"inbox/mail/{at[:10]}-{template}.eml", reply.as_string())
        self.step(at, f"{ours['To']} answers: „{text}“", state)

    def step(
        self,
        at: str,
        happens: str,
        state: Callable[["House"], str],
        first: Callable[["House"], None] | None = None,
    ) -> None:
        """Let postbote work at that time, and tell what came of it."""
        from daemon.app import House

        _tell(happens, at[:16].replace("T", " "))
        with House.open(self.home, datetime.fromisoformat(at)) as house:
            loaded()
            if first:
                first(house)
            house.run_once()
            for mail in self._mails(fresh=True):
                _tell(f"mail `{mail['X-Postbote-Template']}` to {mail['To']}: {mail['Subject']}")
            for held in house.queries.held():
                _tell(f"a person is needed: {'; '.join(held.reasons)}")
            _tell(f"{state(house)}")

    def _mails(self, *, fresh: bool = False) -> list[EmailMessage]:
        """The mails we have written, oldest first; only those not told of yet when `fresh`."""
        files = sorted(
            (self.home / "outbox" / "mail").glob("*.eml"), key=lambda file: (file.stat().st_mtime_ns, file.name)
        )
        if fresh:
            files = [file for file in files if file not in self.told]
            self.told.update(files)
        return [_parse(file.read_bytes()) for file in files]


def _tell(what: str, at: str = "") -> None:
    """One thing that happened, within 80 columns; what came of it stands indented."""
    indent = " " * (18 if at else 20)
    click.echo(click.wrap_text(what, 78, f"{at:{len(indent)}}", indent))


def _parse(raw: bytes) -> EmailMessage:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)  # noqa: S101 - policy.default makes nothing else
    return mail
