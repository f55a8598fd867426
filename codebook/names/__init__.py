"""Every form in which a name or a place may stand in a text: for recognising, never for writing.

What is generated, and what not, is said in `forms.py`. All forms are folded (`codebook.fold`): fold what you
look in too, so that case, `ё`, look-alike letters and kinds of dash and quote make no difference.
"""

from .cases import case_forms
from .forms import MOST_FORMS, SHORTEST_ALONE, Forms, name_forms, place_forms, without_longer, word_forms
from .latin import cyrillic_readings, latin_spellings
from .sound import sound_key

__all__ = [
    "MOST_FORMS",
    "SHORTEST_ALONE",
    "Forms",
    "case_forms",
    "cyrillic_readings",
    "latin_spellings",
    "name_forms",
    "place_forms",
    "sound_key",
    "without_longer",
    "word_forms",
]
