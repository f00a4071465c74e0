"""How the cells of a template look; a colour says what a column asks for."""

from __future__ import annotations

from typing import Any

from schemas.templates.columns import Column, Kind

_BLUE, _GREY, _ORANGE = "#1F4E79", "#D9D9D9", "#F4B183"


class Styles:
    """The cell formats of one workbook."""

    def __init__(self, book: Any) -> None:
        heading = {
            "bold": True,
            "text_wrap": True,
            "valign": "vcenter",
            "border": 1,
            "border_color": "#A6A6A6",
        }
        self._headings = {
            "required": book.add_format(heading | {"bg_color": _BLUE, "font_color": "#FFFFFF"}),
            "optional": book.add_format(heading | {"bg_color": _GREY}),
            "personal": book.add_format(heading | {"bg_color": _ORANGE}),
        }
        # text keeps leading zeros, whatever is typed
        self._text = book.add_format({"num_format": "@"})
        self._formats = {
            "date": book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "integer": book.add_format({"num_format": "0"}),
            "number": book.add_format({"num_format": "General"}),
        }
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.asked = book.add_format({"bold": True, "valign": "vcenter"})
        self.to_fill = book.add_format(
            {"num_format": "yyyy-mm-dd", "bg_color": "#FFF2CC", "border": 2, "align": "left"}
        )
        self.example = book.add_format({"italic": True, "font_color": "#7F7F7F", "num_format": "@"})
        self.name = book.add_format(
            {"font_size": 9, "font_color": "#404040", "bg_color": "#F2F2F2", "bottom": 2, "num_format": "@"}
        )
        self.wrong = book.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
        self.paragraph = book.add_format({"text_wrap": True, "valign": "top"})
        self.section = book.add_format({"bold": True, "font_size": 12})
        self.head = book.add_format({"bold": True, "bg_color": "#F2F2F2", "border": 1, "text_wrap": True})
        self.cell = book.add_format(
            {"text_wrap": True, "valign": "top", "border": 1, "border_color": "#D9D9D9"}
        )
        self._entries: dict[int, Any] = {}
        self._book = book

    def heading(self, column: Column) -> Any:
        """The heading of a column: blue where required, orange where it identifies, grey otherwise."""
        if column.sensitivity != "open":
            return self._headings["personal"]
        return self._headings["required" if column.required else "optional"]

    def cells(self, kind: Kind) -> Any:
        """The cells of a column."""
        return self._formats.get(kind, self._text)

    def entry(self, depth: int) -> Any:
        """An entry of a list, indented as deep as it lies."""
        if depth not in self._entries:
            self._entries[depth] = self._book.add_format({"indent": depth, "num_format": "@"})
        return self._entries[depth]
