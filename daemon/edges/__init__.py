"""The doors: each module is one wire, knows only the front desk, the ports and the values, and no other wire."""
