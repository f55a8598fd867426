"""Small files of the kinds that a release holds, with a text in a place of the test's choice."""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*texts: bytes, pixels: bytes = bytes(64), idat: bytes | None = None, after: bytes = b"") -> bytes:
    """Return a grey picture of one row; `texts` are whole chunks, `idat` replaces the pixels."""
    row = png_chunk(b"IDAT", zlib.compress(b"\x00" + pixels, 0) if idat is None else idat)
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", len(pixels), 1, 8, 0, 0, 0, 0))
    return PNG_MAGIC + header + b"".join(texts) + row + png_chunk(b"IEND", b"") + after


def compressed_text(text: str) -> bytes:
    return png_chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(text.encode("utf-8")))


def international_text(text: str, *, compressed: bool) -> bytes:
    body = text.encode("utf-8")
    return png_chunk(
        b"iTXt",
        b"Title\x00" + bytes([compressed, 0]) + b"\x00\x00" + (zlib.compress(body) if compressed else body),
    )


def zipped(
    members: Mapping[str, bytes],
    *,
    method: int = zipfile.ZIP_DEFLATED,
    comment: bytes = b"",
    extra: bytes = b"",
) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name)
            info.extra = extra and struct.pack("<HH", 0x6666, len(extra)) + extra
            info.compress_type = method
            archive.writestr(info, content)
        archive.comment = comment
    return packed.getvalue()


def pdf(*streams: bytes, information: bytes = b"", filters: bytes = b"/FlateDecode") -> bytes:
    """Return a PDF of these streams (as they are to stand in the file) and an information dictionary."""
    objects = [
        b"%d 0 obj\n<< /Length %d /Filter %s >>\nstream\n%s\nendstream\nendobj\n"
        % (number, len(body), filters, body)
        for number, body in enumerate(streams, 1)
    ]
    return b"%PDF-1.4\n" + b"".join(objects) + b"99 0 obj\n<< /Title " + information + b" >>\nendobj\n%%EOF\n"


def as_data_address(content: bytes, kind: str = "text/plain") -> bytes:
    return f"data:{kind};base64,".encode() + base64.b64encode(content)


def truetype(tables: Mapping[bytes, bytes], *, magic: bytes = b"\x00\x01\x00\x00") -> bytes:
    """Return a font with these tables and a `head`."""
    whole = {b"head": bytes(12) + b"\x5f\x0f\x3c\xf5" + bytes(38), **tables}
    directory, bodies = b"", b""
    for tag, body in whole.items():
        directory += struct.pack(">4sIII", tag, 0, 12 + 16 * len(whole) + len(bodies), len(body))
        bodies += body
    return magic + struct.pack(">HHHH", len(whole), 0, 0, 0) + directory + bodies


def woff2(outlines: bytes, *, metadata: bytes = b"", after: bytes = b"") -> bytes:
    """Return the header of a WOFF2 font of one table, and its bytes (not compressed: no reader looks)."""
    directory = b"\x0a" + bytes([len(outlines) & 127])
    length = 48 + len(directory) + len(outlines) + len(metadata)
    header = b"wOF2" + struct.pack(
        ">4sIHHIIHHIIIII", b"\x00\x01\x00\x00", length, 1, 0, 0, len(outlines), 1, 0,
        length - len(metadata) if metadata else 0, len(metadata), len(metadata), 0, 0,
    )  # fmt: skip
    return header + directory + outlines + metadata + after
