"""Whether a destination lies in the territory of the European Union, which a country code alone does not tell."""

EU_STATES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905
)

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
