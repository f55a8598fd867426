"""How the pictures look: fonts, colours, canvas and one module a family of marks."""

from .canvas import NARROW, WIDE, Canvas, Size
from .fonts import FontFaces

__all__ = ["NARROW", "WIDE", "Canvas", "FontFaces", "Size"]
