"""Files as other programs write them: a binary workbook of 1997, an open document, old Vietnamese fonts."""

import struct
import zipfile
from collections.abc import Sequence
from html import escape
from io import BytesIO

Rows = Sequence[Sequence[str]]
_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
URN = "urn:oasis:names:tc:opendocument:xmlns"


def xls(rows: Rows) -> bytes:
    """A workbook of Excel 97 with one sheet of texts ([MS-XLS], [MS-CFB]), written by hand."""
    bounds = lambda at: _record(0x85, struct.pack("<IBB", at, 0, 0) + bytes([2, 0]) + b"DS")  # noqa: E731
    begin = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0x1CC, 1997, 0, 6))
    page = _record(0x42, struct.pack("<H", 1200))
    at = len(begin) + len(page) + len(bounds(0)) + 4
    globals_ = begin + page + bounds(at) + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x1CC, 1997, 0, 6))
    sheet += _record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for line, row in enumerate(rows):
        for column, text in enumerate(row):
            if text:
                told = struct.pack("<HHHHB", line, column, 0, len(text), 1) + text.encode("utf-16-le")
                sheet += _record(0x204, told)
    return _compound(globals_ + sheet + _record(0x0A, b""))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes) -> bytes:
    """One stream called Workbook: header, table of sectors, directory, the stream."""
    stream += bytes(max(0, 4096 - len(stream)))  # a shorter one would lie in the small sectors
    stream += bytes(-len(stream) % _SECTOR)
    count = len(stream) // _SECTOR
    chain = [_FAT, _END, *range(3, count + 2), _END]
    assert len(chain) <= 128, "one sector of the table is enough for a test"
    table = struct.pack("<128I", *chain, *[_FREE] * (128 - len(chain)))
    head = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    )
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", 0, *[_FREE] * 108)
    entries = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 2, len(stream)) + bytes(256)
    return head + table + entries + stream


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    raw = name.encode("utf-16-le")
    told = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, _FREE, _FREE, child)
    return told + bytes(36) + struct.pack("<IQ", start, size)


def ods(rows: Rows) -> bytes:
    """An open document with one sheet of texts."""
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    lines = "".join(
        "<table:table-row>" + "".join(cell.format(escape(text)) for text in row) + "</table:table-row>"
        for row in rows
    )
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        made.writestr(
            "META-INF/manifest.xml", f'<?xml version="1.0"?><m:manifest xmlns:m="{URN}:manifest:1.0"></m:manifest>'
        )
        made.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content xmlns:office="{URN}:office:1.0"'
            f' xmlns:table="{URN}:table:1.0" xmlns:text="{URN}:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="DS">{lines}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return target.getvalue()


def large_xlsx(megabytes: int, rows: Rows) -> bytes:
    """A whole workbook of that size, as one that keeps its sheets uncompressed."""
    line = lambda number, row: (  # noqa: E731
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + at)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
            for at, text in enumerate(row)
        )
        + "</row>"
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    package = "http://schemas.openxmlformats.org/package/2006"
    sample = line(1_000_000, rows[-1]).encode()
    many = (megabytes << 20) // len(sample) + 1
    body = "".join([line(1, rows[0]), *(line(number, rows[-1]) for number in range(2, many + 2))])
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        f'ContentType="{kind}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kind}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="DS" sheetId="1" '
        'r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{relations}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return target.getvalue()
