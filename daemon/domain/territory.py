"""Country codes, and whether a destination lies in the territory of the European Union, which a code does not tell."""

EU_STATES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)
COUNTRIES = frozenset(
    (  # noqa: SIM905
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW "
        "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI "
        "FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN "
        "IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME "
        "MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF "
        "PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
        "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK "
        "YE YT ZA ZM ZW"
    ).split()
)
"""ISO 3166-1 alpha-2, and XK for Kosovo."""

# Postcodes of areas outside the Union's customs or VAT territory (Directive 2006/112/EC Art. 6): Büsingen, Helgoland;
# Livigno, Campione d'Italia; the Canary Islands, Ceuta, Melilla; Åland; the French overseas departments.
_OUTSIDE: dict[str, tuple[str, ...]] = {
    "DE": ("78266", "27498"),
    "IT": ("23041", "22061"),
    "ES": ("35", "38", "51", "52"),
    "FI": ("22",),
    "FR": ("971", "972", "973", "974", "976"),
    "GR": ("63086",),
}
_MONACO = "MC"
_NORTHERN_IRELAND = "BT"


def inside_eu(country: str, postcode: str) -> bool:
    """Whether goods sent there stay inside the Union's customs and VAT territory, so that no duties or taxes fall due.

    Monaco counts as France for both; goods to Northern Ireland move as inside the customs territory (Windsor
    Framework).
    """
    code = country.upper()
    compact = postcode.replace(" ", "").upper()
    if code == _MONACO:
        return True
    if code == "GB":
        return compact.startswith(_NORTHERN_IRELAND)
    return code in EU_STATES and not compact.startswith(_OUTSIDE.get(code, ("\0",)))


def incoterm(country: str, postcode: str) -> str | None:
    """`DDP` (Delivered Duty Paid, seed rule 2.19) outside the Union's territory, else None."""
    return None if inside_eu(country, postcode) else "DDP"
