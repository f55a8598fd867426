"""What every file writer needs: the cases of its channel, chance, spellings, staff, the truth to add to."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codebook import Codebook

from .dice import Dice
from .model import Case, Involvement
from .names import in_latin
from .narratives import NarrativeMaker
from .people import with_typo, written_name, written_phone
from .places import settlements_of_one_region
from .truth import IdentifyingValues
from .written import Pen

_NOTES_RU = ("созвон в пятницу", "уточнить согласие", "ждём ответа юриста", "см. папку на диске", "дубль?")
_NOTES_EN = ("ring back", "check consent", "waiting for lawyer", "see shared folder", "duplicate?")


@dataclass(frozen=True)
class Format:
    """How one channel writes: its writer, the language of its codes and of its stories, its case codes.

    Attributes:
        narrow: Returns of a case what the format has room for; the truth is counted on that.
    """

    write: "Callable[[Path, Desk], Path]"
    language: str  # of codes and dates: ru | en | codes
    story_language: str  # of names and stories: ru | en
    code: str  # {year} and {number} are filled in
    narrow: Callable[[Case], Case] = lambda case: case
    one_row_a_person: bool = False


@dataclass
class Desk:
    """One intake channel at work."""

    dice: Dice
    book: Codebook
    form: Format
    cases: Sequence[Case]
    staff: Sequence[str]  # names of the workers, in Cyrillic
    values: IdentifyingValues
    passed_over: int = 0  # rows written that ingest must count and pass over
    pen: Pen = field(init=False)
    narratives: NarrativeMaker = field(init=False)
    _of_one_region: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Make the pen and the story writer of this channel."""
        self.pen = Pen(self.dice, self.book, self.form.language)
        self.narratives = NarrativeMaker(self.dice, self.book)
        self._of_one_region = settlements_of_one_region(self.book)

    def turns(self) -> Iterator[Case]:
        """Yield the cases in the order of the file; a writer leaves out the rows of vanished ones.

        Those are drawn all the same and what they hold is not remembered; new ones are drawn on the side.
        Either way the rest of the file stays what it was in the earlier export.
        """
        kept, state = self.values, None
        for case in self.cases:
            if case.new and state is None:
                state = self.dice.random.getstate()
            self.values = IdentifyingValues() if case.vanished else kept
            yield case
        self.values = kept
        if state is not None:
            self.dice.random.setstate(state)

    def name(self, one: Involvement) -> str:
        """Return the name of a person as written here."""
        return written_name(self.dice, one.person, self.form.story_language)

    def phone(self, one: Involvement) -> str:
        """Return the phone as written here; some leave none."""
        return written_phone(self.dice, one.person.phone) if self.dice.chance(0.85) else ""

    def handle(self, one: Involvement) -> str:
        """Return the messenger name as written here; most leave none."""
        return one.person.handle if self.dice.chance(0.35) else ""

    def settlement(self, case: Case) -> str:
        """Return the settlement in the letters of this channel."""
        return case.settlement[0 if self.form.story_language == "ru" else 1]

    def place(self, case: Case) -> tuple[str, str]:
        """Return region and settlement as written here; the region may be missing where the other says it."""
        settlement = self.settlement(case)
        if settlement in self._of_one_region and self.dice.chance(0.03):
            return "", settlement
        if settlement and self.dice.chance(0.02):
            settlement = with_typo(self.dice, settlement)
        return self.pen.code("region", case.region), settlement

    def story(self, case: Case) -> str:
        """Return the story of a case; the names in it are identifying values of their own."""
        names = []
        for one in case.people:
            short = one.person.name.short
            name = self.name(one) or (short if self.form.story_language == "ru" else in_latin(short))
            names.append(self.values.add(name))
        self.values.add(f"+7{case.people[0].person.phone}")
        self.values.add(self.settlement(case))
        return self.narratives.story(case, self.form.story_language, names)

    def note(self) -> str:
        """Return an internal remark of no interest to anybody outside."""
        notes = _NOTES_RU if self.form.story_language == "ru" else _NOTES_EN
        return self.dice.pick(notes) if self.dice.chance(0.3) else ""


Row = dict[str, Any]  # column -> cell
