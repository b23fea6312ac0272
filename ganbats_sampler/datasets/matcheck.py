"""Check the structure of MATLAB 5 files, and all sizes in them, before scipy reads them.

References
----------
The MathWorks. MAT-File Format, chapter 1: Level 5 MAT-File Format.
"""

from __future__ import annotations

import math
import struct
import zlib

HEADER_BYTES = 128
MATRIX, COMPRESSED = 14, 15
INT8, INT32, UINT32, UTF8 = 1, 5, 6, 16
#: Bytes of one number, by the type of its element.
NUMBERS = {1: 1, 2: 1, 3: 2, 4: 2, 5: 4, 6: 4, 7: 4, 9: 8, 12: 8, 13: 8}
#: Smallest number of bytes of one character, by the type of its element.
CHARACTERS = {1: 1, 2: 1, 4: 2, 16: 1, 17: 2, 18: 4}
CELL, STRUCT, CHAR, NUMERIC = 1, 2, 4, range(6, 16)
MAX_DEPTH = 16
MAX_DIMENSIONS = 32


def checked_content(content: bytes, max_bytes: int) -> bytes:
    """Check the structure of each variable in a MATLAB 5 file, and return the file uncompressed.

    Raises
    ------
    ValueError
        If `content` is another kind of file, unpacks to more than `max_bytes`, or has an impossible
        type or size.
    """
    order = {b"\x00\x01IM": "<", b"\x01\x00MI": ">"}.get(content[124:HEADER_BYTES])
    if order is None:
        raise ValueError("it has no header of MATLAB 5 to 7.2")
    names: set[bytes] = set()
    # the offset of object data is set to 0, because objects are not supported
    checked = [content[:116], bytes(8), content[124:HEADER_BYTES]]
    position = HEADER_BYTES
    while position < len(content):
        kind, n_bytes = _unpack(order + "II", content, position)
        end = position + 8 + n_bytes
        if end > len(content):
            raise ValueError(f"an element of {n_bytes} bytes extends beyond the end of the file")
        element = content[position:end]
        if kind == COMPRESSED:
            element = _decompress(element[8:], max_bytes)
        max_bytes -= len(element)
        name = _Elements(element, order).matrix(0)
        if name in names or name.startswith(b"__") or not name:
            raise ValueError(f"a variable has the name {name!r}, which is empty, reserved or taken")
        names.add(name)
        checked.append(element)
        position = end
    return b"".join(checked)


def _decompress(content: bytes, max_bytes: int) -> bytes:
    stream = zlib.decompressobj()
    element = stream.decompress(content, max(max_bytes, 1))
    if not stream.eof or stream.unused_data:
        raise ValueError("a compressed variable is cut short, or too large")
    return element


def _unpack(layout: str, content: bytes, position: int) -> tuple[int, ...]:
    if position + struct.calcsize(layout) > len(content):
        raise ValueError("it is cut short")
    return struct.unpack_from(layout, content, position)


class _Elements:
    """Reader of the elements of one variable, which checks each of them.

    `content` is the matrix element of the variable, with its tag.
    """

    def __init__(self, content: bytes, order: str):
        self.content = content
        self.order = order
        self.position = 0

    def matrix(self, depth: int) -> bytes:
        """Check an array and everything in it, and return its name."""
        kind, n_bytes = _unpack(self.order + "II", self.content, self.position)
        self.position += 8
        end = self.position + n_bytes
        if kind != MATRIX or end > len(self.content) or depth > MAX_DEPTH:
            raise ValueError(
                f"an element of type {kind} and {n_bytes} bytes stands where an array must be"
            )
        if depth == 0 and end != len(self.content):
            raise ValueError("an array does not fill its element")
        if n_bytes == 0:  # an empty array, within a cell or a struct
            return b""
        (flags, _) = self._integers(UINT32, 2)
        dimensions = self._integers(INT32)
        if not 2 <= len(dimensions) <= MAX_DIMENSIONS or min(dimensions) < 0:
            raise ValueError(f"an array has the dimensions {dimensions}")
        name = self._text()
        self._values(flags, math.prod(dimensions), end, depth)
        if self.position != end:
            raise ValueError("an array is longer or shorter than its element")
        return name

    def _values(self, flags: int, n_values: int, end: int, depth: int) -> None:
        array_class, is_complex = flags & 0xFF, flags >> 11 & 1
        if array_class in NUMERIC:
            for _ in range(1 + is_complex):
                kind, values = self._element()
                if len(values) != n_values * NUMBERS.get(kind, 0) or kind not in NUMBERS:
                    raise ValueError(f"{len(values)} bytes of type {kind} hold {n_values} numbers")
        elif array_class == CHAR:
            kind, values = self._element()
            if len(values) < n_values * CHARACTERS.get(kind, 1) or kind not in CHARACTERS:
                raise ValueError(f"{len(values)} bytes of type {kind} hold {n_values} characters")
        elif array_class in (CELL, STRUCT):
            n_arrays = n_values * (self._count_fields() if array_class == STRUCT else 1)
            if max(n_arrays, n_values - 1) * 8 > end - self.position:  # a tag has 8 bytes
                raise ValueError(f"{end - self.position} bytes hold {n_arrays} arrays")
            for _ in range(n_arrays):
                self.matrix(depth + 1)
        else:
            raise ValueError(f"it holds an array of class {array_class}, which is not supported")

    def _count_fields(self) -> int:
        (length,) = self._integers(INT32, 1)
        names = self._text()
        if length < 1 or len(names) % length:
            raise ValueError(f"names of fields have {length} bytes each, {len(names)} in all")
        return len(names) // length

    def _integers(self, kind: int, n: int | None = None) -> tuple[int, ...]:
        actual, values = self._element()
        if actual != kind or len(values) % 4 or n not in (None, len(values) // 4):
            raise ValueError(f"{len(values)} bytes of type {actual} stand where integers must be")
        return struct.unpack(
            f"{self.order}{len(values) // 4}{'i' if kind == INT32 else 'I'}", values
        )

    def _text(self) -> bytes:
        kind, values = self._element()
        if kind not in (INT8, UTF8) or not values.isascii():
            raise ValueError(f"an element of type {kind} stands where a name must be")
        return values

    def _element(self) -> tuple[int, bytes]:
        """Return the type and the bytes of the next element, which is not an array."""
        (kind,) = _unpack(self.order + "I", self.content, self.position)
        if kind >> 16:  # a small element: size and type in one word, the bytes in the next
            kind, n_bytes = kind & 0xFFFF, kind >> 16
            start, self.position = self.position + 4, self.position + 8
            if n_bytes > 4:
                raise ValueError(f"a small element has {n_bytes} bytes")
        else:
            (n_bytes,) = _unpack(self.order + "I", self.content, self.position + 4)
            start = self.position + 8
            self.position = start + -(-n_bytes // 8) * 8  # padded to words of 8 bytes
        if self.position > len(self.content):
            raise ValueError(f"an element of {n_bytes} bytes extends beyond its variable")
        return kind, self.content[start : start + n_bytes]
