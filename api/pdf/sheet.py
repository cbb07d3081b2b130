"""A4 sheets: what every printed document is made of. Knows nothing of what it says.

The same content gives the same bytes: dates and identifiers come from the content, and the metadata
of PDF/A are written here, since fpdf2 would put the present moment into them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, Literal, Self
from xml.sax.saxutils import escape

from fpdf import FPDF
from fpdf.annotations import PDFEmbeddedFile
from fpdf.enums import AssociatedFileRelationship
from fpdf.fonts import TTFFont

from api.pdf.attachment import Attachment
from api.pdf.layout import Block, lines
from api.pdf.typefaces import Role, Typefaces

WIDTH: Final = 210.0
HEIGHT: Final = 297.0
SIDE: Final = 24.0
"""Margin left and right, in millimetres."""

TOP: Final = 22.0
BOTTOM: Final = 26.0
"""Where a page that only continues begins, and what it leaves for its foot."""

LEFT: Final = SIDE
RIGHT: Final = WIDTH - SIDE
BREADTH: Final = RIGHT - LEFT

Align = Literal["left", "centre", "right"]
Colour = tuple[int, int, int]

INK: Final = (28, 36, 46)
GREY: Final = (104, 114, 124)
TEAL: Final = (14, 86, 88)
OCHRE: Final = (142, 92, 22)
HAIRLINE: Final = (202, 211, 211)
TINT: Final = (242, 246, 245)


@dataclass(frozen=True, slots=True)
class Style:
    """How text is set: its size in points, its line height in millimetres."""

    size: float
    leading: float
    colour: Colour = INK
    role: Role = "text"


@dataclass(frozen=True, slots=True)
class About:
    """What a document says about itself to software. `made_at` is Unix seconds UTC."""

    title: str
    author: str
    language: str
    made_at: int


class _File(FPDF):
    """The file that fpdf2 writes, with the identifier that we give it."""

    identifier = ""

    def file_id(self) -> str:
        return f"<{self.identifier}><{self.identifier}>"


class _ProofFile(PDFEmbeddedFile):
    """A proof file that is found where it stands, without a reader of PDFs: the dictionary of its
    stream ends with our mark and its length (docs/spec/proofs.md)."""

    def serialize(
        self, obj_dict: dict[str, object] | None = None, _security_handler: object = None
    ) -> str:
        about = obj_dict or self._build_obj_dict()
        length = about.pop("/Length")
        return super().serialize({**about, "/HourledgerProof": 2, "/Length": length})


@dataclass(slots=True)
class Sheets:
    """The pages of one document while they are drawn. Lengths are millimetres from the top left.

    A context manager: its fonts are open files, which it closes.
    """

    about: About
    attachment: Attachment | None = None
    pdf: _File = field(init=False)
    faces: Typefaces = field(init=False)

    def __post_init__(self) -> None:
        self.pdf = _File(format="A4", unit="mm", enforce_compliance="PDF/A-3U")
        self.pdf.set_auto_page_break(False)
        self.faces = Typefaces(self.pdf, self.about.language)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.close()

    def width(self, text: str, style: Style) -> float:
        """How long a text is on one line."""
        return self.faces.width(text, style.role, style.size)

    def wrap(self, text: str, style: Style, width: float) -> list[str]:
        """The lines of a text in a column."""
        return lines(text, width, lambda piece: self.width(piece, style))

    def page(self, content: Sequence[Block]) -> None:
        """Begin a page and draw blocks from its top on."""
        self.pdf.add_page()
        y = TOP
        for block in content:
            block.draw(y)
            y += block.height

    def put(self, text: str, x: float, y: float, style: Style, align: Align = "left") -> None:
        """Draw one line; `y` is its baseline, `x` its left end, middle or right end."""
        if align != "left":
            x -= self.width(text, style) / (2 if align == "centre" else 1)
        self.pdf.set_text_color(*style.colour)
        for run in self.faces.runs(text, style.role):
            self.pdf.set_font(run.font, size=style.size)
            self.pdf.text(x, y, run.text)
            x += self.pdf.get_string_width(run.text)

    def column(
        self, pieces: Sequence[str], x: float, y: float, style: Style, align: Align = "left"
    ) -> float:
        """Draw lines one below the other from the top `y`; gives where the next would begin."""
        for piece in pieces:
            self.put(piece, x, y + style.leading * 0.76, style, align)
            y += style.leading
        return y

    def rule(
        self, x: float, y: float, width: float, colour: Colour = HAIRLINE, weight: float = 0.2
    ) -> None:
        """Draw a horizontal line, `weight` millimetres thick."""
        self.box(x, y, width, weight, colour)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle."""
        self.pdf.set_fill_color(*colour)
        self.pdf.rect(x, y, width, height, style="F")

    def frame(self, inset: float, colour: Colour, weight: float) -> None:
        """Draw a line around the page, `inset` from its edge."""
        wide, high = WIDTH - 2 * inset, HEIGHT - 2 * inset
        self.box(inset, inset, wide, weight, colour)
        self.box(inset, HEIGHT - inset - weight, wide, weight, colour)
        self.box(inset, inset, weight, high, colour)
        self.box(WIDTH - inset - weight, inset, weight, high, colour)

    def missing_note(self) -> list[str]:
        """The characters that no font has, as code points in the order in which they were met."""
        return [f"U+{ord(char):04X}" for char in self.faces.missing]

    def finish(self) -> bytes:
        """The file, with its metadata and its attachment."""
        about, pdf = self.about, self.pdf
        made = datetime.fromtimestamp(about.made_at, UTC)
        pdf.set_title(about.title)
        pdf.set_author(about.author)
        pdf.set_lang(about.language)
        pdf.set_creation_date(made)
        pdf.set_xmp_metadata(_metadata(about, made))
        content = hashlib.sha256(repr(about).encode())
        for page in pdf.pages.values():
            if isinstance(page.contents, bytes | bytearray):
                content.update(page.contents)
        if self.attachment is not None:
            content.update(self.attachment.data)
            pdf.embedded_files.append(
                _ProofFile(
                    self.attachment.name,
                    self.attachment.data,
                    modification_date=made,
                    mime_type=self.attachment.media_type,
                    af_relationship=AssociatedFileRelationship.DATA,
                )
            )
        pdf.identifier = content.hexdigest()[:32].upper()
        return bytes(pdf.output())


def _metadata(about: About, made: datetime) -> str:
    moment = made.isoformat(timespec="seconds")
    title, author = _xml(about.title), _xml(about.author)
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
    xmp:CreateDate="{moment}" xmp:ModifyDate="{moment}" xmp:MetadataDate="{moment}">
   <pdfaid:part>3</pdfaid:part>
   <pdfaid:conformance>U</pdfaid:conformance>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
   <dc:language><rdf:Bag><rdf:li>{about.language}</rdf:li></rdf:Bag></dc:language>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>"""


def _xml(text: str) -> str:
    """A text for XML 1.0, which has no control characters and no lone surrogates."""
    allowed = (char if char.isprintable() else " " for char in text)
    return escape("".join(allowed))
