"""Paper: pages with a heading and a number, fonts that cover what people are called, lines, boxes and tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from fpdf import FPDF
from fpdf.enums import TableBordersLayout, TableCellFillMode, XPos, YPos
from fpdf.fonts import FontFace

from core.charts.palette import NEUTRAL, PRIMARY
from core.reports.document import printable

FONTS: Final = Path(__file__).parent / "fonts"
UNKNOWN: Final = "\ufffd"  # stands for a character that neither font has
_MARGIN: Final = 16.0
_BODY, _EAST = "body", "east"


class Page(FPDF):
    """A document that is written from top to bottom; ``title`` and ``made`` stand at the edges of every page."""

    def __init__(self, title: str, made: str, made_at: datetime) -> None:
        super().__init__(format="letter")
        self._head, self._made = title, made
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=18)
        self.add_font(_BODY, "", FONTS / "DejaVuSans.ttf")
        self.add_font(_BODY, "B", FONTS / "DejaVuSans-Bold.ttf")
        self._covered: set[int] = set(self._cmap(_BODY))
        self._far: set[int] | None = None
        self.set_text_shaping(True)
        self._total = f"{{{token_hex(8)}}}"  # no text of a lead can hold it
        self.alias_nb_pages(self._total)
        self.set_title(title)
        self.set_lang("en-US")
        self.set_creation_date(made_at)

    def header(self) -> None:
        """On every page but the first: what report this is."""
        if self.page_no() > 1:
            self.set_y(8)
            self.says(f"{self._head} · {self._made}", size=7.5, color=NEUTRAL, most=160)
            self.set_y(_MARGIN)

    def footer(self) -> None:
        """The number of the page."""
        self.set_y(-13)
        self._ink(7.5, NEUTRAL)
        with_total = f"Page {self.page_no()} of {self._total}"
        self.set_text_shaping(False)  # the total is put in at the end, in place of its unshaped name
        shorter = self.get_string_width(self._total) - self.get_string_width("1")
        self.cell(self.epw + shorter, 5, with_total, align="R")
        self.set_text_shaping(True)

    def bytes(self) -> bytes:
        """The finished file."""
        return bytes(self.output())

    def plain(self, text: str, most: int) -> str:
        """``text`` of at most ``most`` characters that the fonts can show; the East Asian one is loaded when needed."""
        line = printable(text, most)
        missing = {ord(letter) for letter in line} - self._covered
        if missing and self._far is None:
            self.add_font(_EAST, "", FONTS / "DroidSansFallback.ttf")
            self.set_fallback_fonts([_EAST], exact_match=False)
            self._far = set(self._cmap(_EAST))
        lost = missing - (self._far or set())
        return line.translate(dict.fromkeys(lost, UNKNOWN)) if lost else line

    def says(self, text: str, *, size: float, color: str, most: int, bold: bool = False) -> None:
        """A paragraph over the whole width."""
        self._ink(size, color, bold=bold)
        self.multi_cell(0, size * 0.5, self.plain(text, most), align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def at(
        self, x: float, y: float, text: str, *, size: float, color: str, width: float, bold: bool = False,
        align: str = "L", lines: int = 1,
    ) -> None:  # fmt: skip
        """Text within ``width`` at a place, cut after ``lines`` lines; the place of what follows stays."""
        back = self.get_x(), self.get_y()
        self._ink(size, color, bold=bold)
        told = self.plain(text, 200)
        for place, line in enumerate(self._wrapped(told, width, lines)):
            self.set_xy(x, y + place * size * 0.45)
            self.cell(width, size * 0.45, line, align=align)
        self.set_xy(*back)

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """A filled box."""
        self.set_fill_color(color)
        self.rect(x, y, width, height, style="F")

    def stroke(self, x: float, y: float, to_x: float, to_y: float, color: str, width: float = 0.2) -> None:
        """A line."""
        self.set_draw_color(color)
        self.set_line_width(width)
        self.line(x, y, to_x, to_y)

    def rule(self, color: str) -> None:
        """A line over the whole width, below what was written."""
        self.stroke(self.l_margin, self.get_y() + 0.6, self.l_margin + self.epw, self.get_y() + 0.6, color, 0.4)
        self.ln(2.4)

    def keep(self, height: float) -> None:
        """Begin a new page unless ``height`` mm are left on this one."""
        if self.will_page_break(height):
            self.add_page()

    def table_of(self, head: list[str], rows: list[list[str]], right: list[bool], widths: list[float]) -> None:
        """A table whose head comes again on each page; ``right`` says which columns stand to the right."""
        self._ink(7.5, "#1F2A2E")
        self.set_draw_color("#D5DDDE")
        self.set_fill_color("#FFFFFF")
        self.set_line_width(0.15)
        aligns = tuple("RIGHT" if one else "LEFT" for one in right)
        with self.table(
            col_widths=tuple(widths), text_align=aligns, line_height=4.2, padding=(0.6, 1),
            borders_layout=TableBordersLayout.HORIZONTAL_LINES, cell_fill_mode=TableCellFillMode.NONE,
            headings_style=FontFace(emphasis="BOLD", color=PRIMARY, fill_color="#FFFFFF"),
        ) as table:  # fmt: skip
            for cells in (head, *rows):
                table.row([self.plain(cell, 200) for cell in cells])

    def _wrapped(self, text: str, width: float, most: int) -> list[str]:
        """At most ``most`` lines that fit into ``width``; what is left over ends in an ellipsis."""
        room, lines, line = width - 2 * self.c_margin, [], ""
        for word in text.split():
            longer = f"{line} {word}".strip()
            if not line or self.get_string_width(longer) <= room:
                line = longer
            else:
                lines.append(line)
                line = word
        lines = [*lines, line]
        kept = lines[:most]
        cut = len(lines) > most
        return [self._fitting(one, room, cut and place == len(kept) - 1) for place, one in enumerate(kept)]

    def _fitting(self, line: str, room: float, cut: bool) -> str:
        if not cut and self.get_string_width(line) <= room:
            return line
        while line and self.get_string_width(line + "…") > room:
            line = line[:-1]
        return line + "…"

    def _cmap(self, font: str) -> Iterable[int]:
        """The characters that a font has."""
        loaded: Any = self.fonts[font]
        found: Iterable[int] = loaded.cmap
        return found

    def _ink(self, size: float, color: str, *, bold: bool = False) -> None:
        self.set_font(_BODY, "B" if bold else "", size)
        self.set_text_color(color)
