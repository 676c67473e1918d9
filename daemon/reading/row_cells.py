"""The cells of one row by field, each with its place for people."""

from daemon.domain.finding import Doubt, Evidence
from daemon.domain.values import Value
from daemon.reading import cells as cell
from daemon.reading.delimited import RawRow
from daemon.reading.layout import Layout

LONGEST_EVIDENCE = 200


class Cell(Value, frozen=True, kw_only=True):
    """A cleaned cell that is not empty."""

    column: str
    text: str
    evidence: Evidence
    damaged: bool = False


class RowCells:
    """A row as its layout reads it. Cells that claim nothing are not there."""

    def __init__(self, row: RawRow, layout: Layout, word: str = "row") -> None:
        self.row = row
        self.layout = layout
        self.where = f"{word} {row.number}"
        self._kept: dict[str, list[Cell]] = {}

    def all(self, field: str) -> list[Cell]:
        """Every cell of a field that says something, the preferred column first; else what the format says itself."""
        if field not in self.layout.fields:
            return []
        found = self._kept.get(field)
        if found is None:
            found = [self._cell(place, text) for place, text in self._texts(field) if not cell.says_nothing(text)]
            constant = self.layout.format.constants.get(field)
            if not found and constant is not None:
                found = [Cell(column="", text=constant, evidence=self.evidence("", constant))]
            self._kept[field] = found
        return found

    def first(self, field: str) -> Cell | None:
        found = self.all(field)
        return found[0] if found else None

    def text(self, field: str) -> str:
        """The text of the preferred column of a field that says something; empty where none does."""
        if field not in self.layout.fields:
            return ""
        for _, text in self._texts(field):
            if not cell.says_nothing(text):
                return text
        return self.layout.format.constants.get(field, "")

    def raw(self, field: str) -> str:
        """The stripped text of the preferred column of a field, even when it claims nothing."""
        return next((text for _, text in self._texts(field) if text), "")

    def erasing(self, fields: frozenset[str]) -> list[tuple[str, Cell]]:
        """The fields whose cells hold the word for an absent value."""
        if "null" not in "".join(self.row.cells).casefold():
            return []
        places = [(field, found) for field in sorted(fields) for found in self._texts(field)]
        return [(field, self._cell(place, text)) for field, (place, text) in places if cell.erases(text)]

    def evidence(self, column: str, text: str) -> Evidence:
        where = f"{self.where}, column {column}" if column else self.where
        return Evidence(where=where, text=text[:LONGEST_EVIDENCE], row=self.row.number)

    def whole(self, code: str) -> Doubt:
        """A doubt about the row as a whole."""
        text = " | ".join(self.row.cells)
        values = {"columns": str(len(self.layout.columns)), "cells": str(len(self.row.cells))}
        order = self._plain_order()
        return Doubt(
            code=code, value=text[:LONGEST_EVIDENCE], values=values, order=order, evidence=self.evidence("", text)
        )

    def _plain_order(self) -> str | None:
        order = self.text("order") or self.text("order_id")
        return order if order and order.isascii() else None

    def _texts(self, field: str) -> list[tuple[int, str]]:
        cells = self.row.cells
        places = self.layout.places.get(field, ())
        return [(place, cell.cleaned(cells[place])) for place in places if place < len(cells)]

    def _cell(self, place: int, text: str) -> Cell:
        column = self.layout.headings[place]
        harmed = place in self.row.damaged or cell.damaged(text)
        return Cell(column=column, text=text, evidence=self.evidence(column, text), damaged=harmed)


def identifier_doubt(one: Cell, order: str | None = None, line: str | None = None) -> Doubt | None:
    """Why an identifier's cell may not be believed as it stands; None when it may."""
    if one.damaged:
        code, values = "spreadsheet_damage", {"column": one.column, "number": one.text}
    elif signs := cell.suspect(one.text):
        code, values = "suspect_characters", {"column": one.column, "number": one.text, "characters": signs}
    else:
        return None
    return Doubt(code=code, value=one.text, values=values, order=order, line=line, evidence=one.evidence)
