"""Makes the files that the reader's tests read: a DOCX and a PDF, written by hand so that no office suite is needed."""

import zipfile
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

DOCUMENTS = Path(__file__).parent / "documents"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(*blocks: str, numbering: str = "") -> bytes:
    """A Word document of the given blocks (see `paragraph` and `table`)."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {_W}><w:body>{''.join(blocks)}</w:body></w:document>")
        if numbering:
            archive.writestr("word/numbering.xml", f"<w:numbering {_W}>{numbering}</w:numbering>")
    return out.getvalue()


def paragraph(text: str, *, level: int | None = None) -> str:
    """A paragraph, automatically numbered when a level is given."""
    mark = (
        f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr>' if level is not None else ""
    )
    return f"<w:p>{mark}<w:r><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    """A table of rows of cells."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def chinese_numbering() -> str:
    """一、 on the first level, (一) on the second."""
    counting = '<w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
    levels = "".join(
        f'<w:lvl w:ilvl="{at}">{counting}<w:lvlText w:val="{shape}"/></w:lvl>'
        for at, shape in enumerate(("%1、", "(%2)"))
    )
    shapes = f'<w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>'
    return shapes + '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'


def pdf(*lines: str) -> bytes:
    """A one-page PDF with the lines as text in a Chinese font that is named but not embedded."""
    shown = "".join(
        f"1 0 0 1 60 {780 - 22 * at} Tm <{line.encode('utf-16-be').hex()}> Tj\n" for at, line in enumerate(lines)
    )
    stream = f"BT /F1 12 Tf\n{shown}ET".encode("ascii")
    bodies = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [6 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /FontDescriptor 7 0 R"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 80"
        b" /ItalicAngle 0 /FontBBox [-25 -254 1000 880] >>",
    ]
    return _assembled(bodies)


def _assembled(bodies: list[bytes]) -> bytes:
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table_at = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1) + b"".join(
        b"%010d 00000 n \n" % at for at in places
    )
    return out + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(bodies) + 1, table_at)
