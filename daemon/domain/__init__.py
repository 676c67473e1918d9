"""The words of the trade as frozen values: what every room speaks in and no room owns."""
