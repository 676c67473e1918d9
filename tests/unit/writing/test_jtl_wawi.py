"""An order for JTL-Wawi: every element in its place, in Latin 1, and nothing sold by who only sends it."""

from xml.etree.ElementTree import fromstring

from msgspec.structs import replace

from daemon.deciding.sync_rows import COLUMNS, document
from daemon.domain.finding import OrderRow
from daemon.domain.order import Line
from daemon.writing.jtl_wawi import order_document
from tests.support.builders import line, order
from tests.unit.reading.dropped import read


def written(*lines: Line, name: str = "Zoë Kanari") -> bytes:
    one = order("A-1001", *lines, merchant="nova", fulfiller="nordlager", warehouse="NL-HH1", incoterm="DDP")
    one = replace(one, address=replace(one.address, name=name))
    return order_document(COLUMNS["document"], document(one, "Nova Handels GmbH"))


def texts(content: bytes, path: str) -> list[str | None]:
    return [one.text for one in fromstring(content).iterfind(f"tBestellung/{path}")]  # noqa: S314 - it is our own


def test_a_line_is_a_position_without_a_price_and_what_was_canceled_is_none() -> None:
    content = written(line("1", quantity=3, canceled=1), line("2", canceled=1))
    assert texts(content, "twarenkorbpos/fAnzahl") == ["2.00"]
    assert texts(content, "twarenkorbpos/cPosTyp") == ["standard"]
    assert {*texts(content, "twarenkorbpos/fPreis"), *texts(content, "twarenkorbpos/fPreisEinzelNetto")} == {"0.00"}


def test_the_merchant_is_the_customer_and_the_buyer_only_where_it_goes() -> None:
    content = written(line())
    assert texts(content, "tkunde/cKundenNr") + texts(content, "tkunde/cFirma") == ["nova", "Nova Handels GmbH"]
    assert texts(content, "tkunde/cNachname") == [None]
    assert texts(content, "tlieferadresse/cNachname") == ["Zoë Kanari"]
    assert texts(content, "cExterneBestellNr") == ["A-1001"]
    assert texts(content, "cBestellNr") == [None]
    (comment,) = texts(content, "cKommentar")
    assert comment
    assert comment.endswith("DDP, NL-HH1")


def test_it_is_in_latin_1_and_other_letters_are_kept() -> None:
    content = written(line(title="<b> Wtyczka\x00"), name="Zoë Łukaszewska")
    assert content.startswith(b"<?xml version='1.0' encoding='iso-8859-1'?>")
    assert "Zoë".encode("latin-1") in content
    assert texts(content, "tlieferadresse/cNachname") == ["Zoë Łukaszewska"]
    assert texts(content, "twarenkorbpos/cName") == ["<b> Wtyczka"]


def test_our_own_reader_understands_it() -> None:
    found = [one for one in read(written(line(quantity=2)), party="orders").findings if isinstance(one, OrderRow)]
    (row,) = found
    assert (row.order, row.fields["quantity"], row.fields["ship_country"]) == ("A-1001", "2.00", "DE")
