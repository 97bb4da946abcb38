"""A part of a zip file from outside, unpacked in pieces: what the file says of its sizes is not believed.

The standard library stops at the size that a part claims, but unpacks all of it on the way there when it is read in one
go; and what lies beyond the claim it never sees. Stops at bytes.
"""

from __future__ import annotations

import copy
import zipfile
from collections.abc import Iterator

PIECE = 1 << 16
_NO_END = 1 << 62


def pieces_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """All that is packed there, at most `PIECE` bytes at a time. Whoever takes them stops when there are too many.

    Raises BadZipFile where there is more than the part claims, and whatever the library raises.
    """
    to_its_end = copy.copy(entry)
    to_its_end.file_size = _NO_END
    size = 0
    with archive.open(to_its_end) as stream:
        while piece := stream.read(PIECE):
            size += len(piece)
            if size > entry.file_size:
                raise zipfile.BadZipFile("a part is larger than it claims to be")
            yield piece
