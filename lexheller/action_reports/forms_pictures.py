"""A chart as a picture made of dots, for forms that cannot hold drawings. Stops at the bytes."""

from __future__ import annotations

import typst

_PAGE = b"""
#set page(width: auto, height: auto, margin: 0pt)
#set text(font: "Libertinus Serif")
#image(bytes(sys.inputs.svg), format: "svg", width: auto)
"""
DOTS_PER_INCH = 288


def as_png(svg: str) -> bytes:
    """As large as on a screen; the same drawing gives the same bytes. Raises `typst.TypstError` for no drawing."""
    made: object = typst.compile(
        _PAGE, format="png", ppi=float(DOTS_PER_INCH), sys_inputs={"svg": svg}, ignore_system_fonts=True
    )
    if not isinstance(made, bytes):
        raise TypeError("a picture is one page")
    return made
