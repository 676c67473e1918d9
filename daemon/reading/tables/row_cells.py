"""The cells of one row by field, each with its place for people."""

from collections.abc import Sequence

from msgspec.structs import replace

from daemon.domain.finding import Doubt, Evidence
from daemon.reading.tables.cells import cleaned, erases, suspect
from daemon.reading.tables.column import Cell
from daemon.reading.tables.delimited import RawRow
from daemon.reading.tables.layout import Layout

LONGEST_EVIDENCE = 200


class RowCells:
    """A row as its layout reads it. Cells that claim nothing are not there."""

    def __init__(self, row: RawRow, layout: Layout, word: str = "row") -> None:
        self.row = row
        self.layout = layout
        self.joined = "".join(row.cells)
        self.where = f"{word} {row.number}"
        self._said = self._read()

    def all(self, field: str) -> Sequence[Cell]:
        """Every cell of a field that says something, the preferred column first; else what the format says itself."""
        return self._said.get(field, ())

    def says(self, fields: frozenset[str]) -> bool:
        """Whether any of these fields says something."""
        return not fields.isdisjoint(self._said)

    def first(self, field: str) -> Cell | None:
        return self._said[field][0] if field in self._said else None

    def text(self, field: str) -> str:
        """The text of the preferred column of a field that says something; empty where none does."""
        return self._said[field][0].text if field in self._said else ""

    def raw(self, field: str) -> str:
        """The stripped text of the preferred column of a field, even when it claims nothing."""
        return next((text for text in self._texts(field) if text), "")

    def erasing(self, fields: frozenset[str]) -> list[tuple[str, Cell]]:
        """The fields whose cells hold the word for an absent value."""
        if "null" not in self.joined.casefold():
            return []
        return [
            (field, Cell(column=column.heading, text=text))
            for field in sorted(fields)
            for (_, column), text in zip(self.layout.by_field.get(field, ()), self._texts(field), strict=False)
            if erases(text)
        ]

    def evidence(self, column: str, text: str) -> Evidence:
        where = f"{self.where}, column {column}" if column else self.where
        return Evidence(where=where, text=text[:LONGEST_EVIDENCE], row=self.row.number)

    def evidence_of(self, one: Cell) -> Evidence:
        return self.evidence(one.column, one.text)

    def whole(self, code: str) -> Doubt:
        """A doubt about the row as a whole."""
        text = " | ".join(self.row.cells)
        values = {"columns": str(len(self.layout.columns)), "cells": str(len(self.row.cells))}
        order = self._plain_order()
        return Doubt(
            code=code, value=text[:LONGEST_EVIDENCE], values=values, order=order, evidence=self.evidence("", text)
        )

    def doubt(self, one: Cell, code: str, order: str | None, line: str | None, **values: str) -> Doubt:
        """A doubt about one cell."""
        known = {"column": one.column, **values}
        return Doubt(code=code, value=one.text, values=known, order=order, line=line, evidence=self.evidence_of(one))

    def identifier_doubt(self, one: Cell, order: str | None = None, line: str | None = None) -> Doubt | None:
        """Why an identifier's cell may not be believed as it stands; None when it may."""
        if not one.code:
            return None
        signs = {"characters": suspect(one.text)} if one.code == "suspect_characters" else {}
        return self.doubt(one, one.code, order, line, number=one.text, **signs)

    def _plain_order(self) -> str | None:
        order = self.text("order") or self.text("order_id")
        return order if order and order.isascii() else None

    def _read(self) -> dict[str, Sequence[Cell]]:
        """The fields that say something, with their cells."""
        cells, damaged = self.row.cells, self.row.damaged
        width = len(cells)
        read: dict[str, Sequence[Cell]] = {}
        for field, place, column in self.layout.flat:
            if place < width and (one := column[cells[place]]):
                if place in damaged:
                    one = replace(one, code="spreadsheet_damage")
                read[field] = (*read[field], one) if field in read else (one,)
        said = self.layout.constants | read
        if self.row.comment:
            said["remark"] = (*said.get("remark", ()), Cell(column="", text=self.row.comment))
        return said

    def _texts(self, field: str) -> list[str]:
        cells = self.row.cells
        return [cleaned(cells[place]) for place in self.layout.places.get(field, ()) if place < len(cells)]
