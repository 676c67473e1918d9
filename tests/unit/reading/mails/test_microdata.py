from daemon.reading.mails.microdata import items
from daemon.reading.mails.structured import named_parcels

NUMBER = "1Z999AA10123456784"
PARCEL = (
    '<div itemscope itemtype="https://schema.org/ParcelDelivery"><p>Sent with <span itemprop="carrier" itemscope '
    'itemtype="https://schema.org/Organization"><b itemprop="name"> U P<br>S </b></span></p>'
    f'<i itemprop="trackingNumber">{NUMBER}</i><div itemprop="partOfOrder" itemscope '
    'itemtype="https://schema.org/Order"><meta itemprop="orderNumber" content="A-1">{status}</div></div>'
)


def test_an_item_is_what_its_elements_say_of_it() -> None:
    html = '<p itemscope itemtype="x/A"><a itemprop="b c" href="u">t</a><i itemprop="b">v</i><q itemscope></q></p>'
    assert items(html) == [{"@type": ["A"], "b": ["u", "v"], "c": "u"}, {"@type": []}]


def test_a_parcel_is_read_with_its_carrier_and_order() -> None:
    (parcel,) = named_parcels(PARCEL.format(status=""))
    assert (parcel.number, parcel.order, parcel.waits) == (NUMBER, "A-1", False)
    waiting = PARCEL.format(status='<link itemprop="orderStatus" href="https://schema.org/OrderProcessing">')
    assert [one.waits for one in named_parcels(waiting)] == [True]


def test_what_is_quoted_is_nobodys_word() -> None:
    assert named_parcels(f"<p>Thanks</p><blockquote>{PARCEL.format(status='')}</blockquote>") == ()


def test_items_within_items_without_end_are_let_be() -> None:
    deep = '<i itemscope itemprop="a">' * 3000
    assert len(items(f"<b itemscope>{deep}")) == 1
    assert named_parcels(f"<b itemscope>{deep * 3}") == ()
