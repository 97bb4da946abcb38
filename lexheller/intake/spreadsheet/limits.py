"""How much of a stranger's file is read, and how a file that cannot be read is named.

Stops at the file as a whole: what is wrong with a single row is said in `rows`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a whole file was turned away. The words for it belong to whoever shows them."""

    NOT_FOUND = "not_found"
    NOT_A_SPREADSHEET = "not_a_spreadsheet"
    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    ZIP_BOMB = "zip_bomb"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_MANY_COLUMNS = "too_many_columns"
    ENCRYPTED = "encrypted"
    BROKEN_FILE = "broken_file"
    NO_HEADER = "no_header"


class UnreadableFile(Exception):
    """The file cannot be read at all. Carries a `Fault` and nothing from the file: no cell text, no name."""

    def __init__(self, code: Fault) -> None:
        super().__init__(f"unreadable spreadsheet: {code.value}")
        self.code: str = code.value


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on time and memory. Sizes in bytes, lengths in characters, the rest in pieces."""

    file_bytes: int = 20_000_000
    inflated_bytes: int = 100_000_000
    """All parts of an XLSX together, unpacked."""
    rows: int = 20_000
    """Data rows in all sheets together."""
    columns: int = 200
    cell: int = 20_000
    """A longer cell is not even looked into; its row is rejected."""
    text: int = 10_000
    """Longest free text that is accepted."""
    short: int = 200
    """Longest name, number, type or status that is accepted."""
    characters: int = 20_000_000
    """All cell texts together, counted each time a shared text is used."""
    cells: int = 400_000
    """Filled cells in all sheets together, and different texts in an XLSX."""
    sheets: int = 100
    entries: int = 2_000
    """Parts in an XLSX."""
    elements: int = 2_000_000
    """XML elements in an XLSX."""
    furniture: int = 150_000
    """XML elements that hold no cell: styles, runs of rich text, validations."""
    depth: int = 64
    """Nesting of XML elements."""
    record: int = 500_000
    """One line of a CSV, line breaks in quotes included."""

    @property
    def lines(self) -> int:
        """Filled lines of any sort in all sheets: the data rows plus room for titles, headers and sums."""
        return self.rows + 500


DEFAULT_LIMITS = Limits()
