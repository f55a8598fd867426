"""How the pictures look: fonts, colours, canvas and one module a family of marks."""

from .canvas import NARROW, SOCIAL, WIDE, Canvas, Size
from .fonts import FontFaces

__all__ = ["NARROW", "SOCIAL", "WIDE", "Canvas", "FontFaces", "Size"]
