"""Addresses, and schools, employers, hospitals and offices: by the words that stand beside their names."""

import re
from collections.abc import Iterator

from .spans import Certainty, Span

_NAME = r"[«\"“]?[A-ZА-ЯЁa-zа-яё][\w-]*[»\"”]?"
_STREET = (
    r"(?:ул|улиц\w+|пр|просп|пр-т|проспект\w*|пер|переул\w+|пл|площад\w+|шоссе|бульвар\w*|б-р|мкр|микрорайон\w*|"
    r"снт|кутан|проезд\w*|тупик\w*|набережн\w+)"
)
_HOUSE = r"(?:(?:д|дом)\.?\s?)?\d+\s?[а-яa-z]?(?:[/-]\d+[а-я]?)?\b"
_FLAT = r"(?:,?\s?(?:кв|квартира|участок|корп|корпус|офис|оф|комн)\.?\s?\d+)*"
_ADDRESSES: tuple[str, ...] = (
    rf"\b{_STREET}\.?\s(?:{_NAME}\s?){{1,3}}?(?:,?\s?{_HOUSE}{_FLAT})?(?=[^\w]|$)",
    rf"\b{_STREET}\.?\s(?:{_NAME}\s){{0,2}}{_NAME},?\s?{_HOUSE}{_FLAT}",
    rf"(?-i:[А-ЯЁ])[\w-]+\s(?:проспект\w*|улиц\w+|переул\w+|площад\w+|шоссе|бульвар\w*)(?:,?\s{_HOUSE}{_FLAT})?",
    rf"\b(?:дом\w?|д\.)\s?\d+[а-я]?\b(?:\s(?:на|по)\s{_STREET}\.?\s{_NAME})?{_FLAT}",
    r"\b(?:кв|квартир\w|участок|подъезд)\.?\s?№?\s?\d+\b",
    r"\b\d+[a-z]?,?\s(?:(?-i:[A-Z])[\w'-]+\s){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|blvd|boulevard|court|"
    r"apt|square)\b\.?(?:,?\s(?:flat|apt|apartment|suite|unit)\.?\s\d+)?",
    r"\b(?:apt|suite|unit|box|flat|room)\b\.?\s\d+",
    r"\b\d+,?\s(?:rue|via|calle|avenue)(?:\s[\w'-]+){1,4}",
    r"\b(?:с|село|аул|ст|станица|пос|пос[её]лок|дер|деревня|хутор|г|город)\.\s?(?-i:[А-ЯЁ])[\w-]+",
    r"(?-i:[А-ЯЁ])[\w-]+(?:ский|ского|ском|скому|ская|ской)\s(?:район\w*|р-н\w*|сельсовет\w*|округ\w*)",
    r"(?-i:[A-Z])[\w-]+\sdistrict\b",
)
_SCHOOL = (
    r"(?:школ\w+|гимнази\w+|лице[йяею]\w*|колледж\w*|техникум\w*|училищ\w+|университет\w*|институт\w*|академи\w+|"
    r"политех\w*|медресе|детск\w+\sсад\w*|садик\w*|общаг\w+|общежити\w+|класс\w*)"
)
_OFFICE = (
    r"(?:больниц\w+|роддом\w*|клиник\w+|поликлиник\w+|диспансер\w*|нарко-?диспансер\w*|приют\w*|хостел\w*|мечет\w+|"
    r"прокуратур\w+|налогов\w+|полк[уа]?|банк\w*|аэропорт\w*|кинотеатр\w*|отдел\w+\sполиции|интернат\w*|"
    r"консульств\w+|посольств\w+|колони\w+|завод\w*|фирм\w+|кафе|ресторан\w*|опек\w)"
)
_TAIL = r"(?:\s(?:№\s?\d+|\d+\b|имени\s\w+|им\.\s?\w+|[«\"“][^»\"”\n]{1,40}[»\"”]|(?-i:[А-ЯЁ])[\w-]+))+"
_ADJECTIVE = r"(?:[\w-]+(?:ск|цк|йск)(?:ий|ого|ом|ому|им|ая|ой|ую|ое|ие|их)\s)"
_INSTITUTIONS: tuple[tuple[str, Certainty], ...] = (
    (rf"\b(?:\d+\s)?{_ADJECTIVE}?(?:{_SCHOOL}|{_OFFICE}){_TAIL}", Certainty.PATTERN),
    (
        rf"\b(?:перв|втор|трет|четв[её]рт|пят|шест|седьм|восьм|девят|десят|одиннадцат)\w+\s(?:{_SCHOOL}|{_OFFICE})\b",
        Certainty.PATTERN,
    ),
    (rf"\b\d+(?:-?[йяею]|-ой|-ую)?\s(?:{_SCHOOL}|{_OFFICE})\b", Certainty.PATTERN),
    (rf"\b{_ADJECTIVE}(?:\w+\s)?(?:{_SCHOOL}|{_OFFICE})", Certainty.PATTERN),
    (rf"\b(?:[\w-]+(?:ск|цк|н)(?:ом|ой|ый|ий|ая|ую|ого)\s)?(?:{_SCHOOL}|{_OFFICE})\b", Certainty.UNSURE),
    (
        r"(?:работа\w+|служ\w+|устрои\w+|трудоустро\w+|уволи\w+|учится|учусь|учился|училась|уч[её]б\w|студент\w*|"
        r"сотрудни\w+|коллег\w)"
        rf"(?:\s[\w-]+){{0,3}}?\s(?:в|на|из|с)\s(?P<what>(?:{_ADJECTIVE}|[«\"“])?[\w-]+[»\"”]?)",
        Certainty.UNSURE,
    ),
    (
        r"(?:(?-i:[A-Z])[\w.'-]+\s){1,3}(?:school|lyceum|college|university|hospital|clinic|mosque|mall|police\s\w+|"
        r"power\sstation|factory|shelter|church|bank|prison|orphanage)(?:\s(?-i:No\.?|number|№)\s?\d+)?",
        Certainty.PATTERN,
    ),
    (r"\b(?:school|lyceum|hospital|clinic|college)\s(?:no\.?|number|№|#)\s?\d+(?:\sof\s(?-i:[A-Z])[\w-]+)?",
     Certainty.PATTERN),
    (
        r"(?:work(?:s|ed|ing)?|teach(?:es)?|taught|stud(?:y|ies|ied)|employed)(?:\s\w+){0,4}?\s(?:at|in|for)\s"
        r"(?:the\s|a\s)?(?P<what>(?:\w+\s){0,2}(?-i:[A-Z])[\w'-]+(?:\s(?-i:[A-Z])[\w'-]+){0,3})",
        Certainty.UNSURE,
    ),
    (r"[«“](?-i:[А-ЯЁA-Z])[\w-]+(?:\s[\w-]+){0,2}[»”]", Certainty.UNSURE),
)  # fmt: skip
# Abbreviations in capitals: a unit, a university, a hospital, unless it is a word of everybody's.
_ABBREVIATION = re.compile(
    r"(?<![\w])(?:[А-ЯЁ]{2,6}|[А-ЯЁ][а-яё]{1,2}[А-ЯЁ]{2,5}|(?-i:[A-Z]{3,6}))(?:[аеуы]|ом|ов)?(?![\w])"
)
_PLAIN_ABBREVIATIONS = frozenset(
    {
        "МВД", "УЗИ", "СМС", "СМИ", "ЛГБТ", "РФ", "СНГ", "ЕС", "ООН", "ДНК", "ВИЧ", "США", "ЗАГС", "ИНН",
        "ДТП", "СНИЛС", "ЧП", "УК", "ГК", "КУСП", "ОМС", "МРТ", "КТ", "ФИО", "ПТСР", "ПМЖ", "ВНЖ", "НКО",
        "ОК", "НЕ", "ДА", "SMS", "LGBT", "LGBTQ", "USA", "HIV", "DNA", "GBV", "NGO", "VPN", "SIM", "IBAN",
        "RUS", "PTSD",
    }
)  # fmt: skip
_ADDRESS_RULES = tuple(re.compile(one, re.IGNORECASE) for one in _ADDRESSES)
_INSTITUTION_RULES = tuple((re.compile(one, re.IGNORECASE), certainty) for one, certainty in _INSTITUTIONS)


def find_places(text: str) -> Iterator[Span]:
    """Yield addresses and institutions; a bare kind of institution is unsure."""
    for rule in _ADDRESS_RULES:
        for found in rule.finditer(text):
            yield Span(found.start(), found.end(), "address", Certainty.PATTERN)
    for rule, certainty in _INSTITUTION_RULES:
        group = "what" if "what" in rule.groupindex else 0
        for found in rule.finditer(text):
            yield Span(found.start(group), found.end(group), "institution", certainty)
    for found in _ABBREVIATION.finditer(text):
        if found[0].upper() not in _PLAIN_ABBREVIATIONS and not text.isupper():
            yield Span(found.start(), found.end(), "institution", Certainty.UNSURE)
