"""Links that mail servers rewrote lead to where their writer had set them."""

import pytest

from daemon.reading.links import unwrapped, unwrapped_links

DHL = "https://www.dhl.de/de/privatkunden.html?piececode=00340434161094042557"
SAFE = (
    "https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fwww.dhl.de%2Fde%2Fprivatkunden.html%3Fpiececode"
    "%3D00340434161094042557&data=05%7C02%7C&reserved=0"
)
SECOND = (
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.dhl.de_de_privatkunden.html-3Fpiececode"
    "-3D00340434161094042557&d=DwMFaQ&c=e"
)
THIRD = f"https://urldefense.com/v3/__{DHL}__;!!AbC!xyz$"


@pytest.mark.parametrize(
    ("link", "inner"),
    [
        (SAFE, DHL),
        (SAFE.replace("&", "&amp;"), DHL),
        (SECOND, DHL),
        (THIRD, DHL),
        ("https://urldefense.com/v3/__https:/x.example/a?b=*7Bc*7D__;JSU!!AbC!xyz$", "https://x.example/a?b=%7Bc%7D"),
        ("https://urldefense.com/v3/__https://x.example/a**Ab__;w6TDtg!!AbC$", "https://x.example/aäöb"),
        (
            "https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fx.example%2f1%3fp%3d2&c=E,1,abc&typo=1",
            "https://x.example/1?p=2",
        ),
        (f"https://www.google.com/url?q={DHL}&sa=D", DHL),
    ],
)
def test_a_rewritten_link_is_unwrapped(link: str, inner: str) -> None:
    assert unwrapped(link) == inner


def test_a_link_that_was_rewritten_twice_is_unwrapped_twice() -> None:
    assert unwrapped("https://urldefense.com/v3/__" + SAFE + "__;!!AbC$") == DHL


@pytest.mark.parametrize(
    "link",
    [
        DHL,
        "https://eur02.safelinks.protection.outlook.com.evil.example/?url=https%3A%2F%2Fwww.dhl.de%2F1",
        "https://safelinks.protection.outlook.com@evil.example/?url=https%3A%2F%2Fwww.dhl.de%2F1",
        "https://eur02.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
        "https://urldefense.com/v3/__nothing__;\u00ff!!",
        "https://urldefense.com/v3/__https://x.example/**__;!!",
        "https://[::1/?url=https://www.dhl.de",
        "https://urldefense.com/v2/url?u=",
    ],
)
def test_what_is_no_such_link_stays_as_it_is(link: str) -> None:
    assert unwrapped(link) in {link, "https://x.example/"}


def test_the_text_around_a_link_stays() -> None:
    assert unwrapped_links(f"Verfolgen<{SAFE}> bitte") == f"Verfolgen<{DHL}> bitte"
    assert unwrapped_links("ohne Link") == "ohne Link"
