"""People as the directory holds them: drafted one by one, each with an opaque id and a 999 number of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from deploy.borough import names, places
from deploy.borough.names import Background
from router.directory import PersonDoc

YEAR = 365.25
SCHOOL_AGE = range(5, 18)


def opaque_id(rng: Random) -> str:
    """A random UUID as text, from the seeded generator alone."""
    h = f"{rng.getrandbits(128):032x}"
    return f"{h[:8]}-{h[8:12]}-4{h[13:16]}-a{h[17:20]}-{h[20:]}"


@dataclass(frozen=True, slots=True)
class Home:
    """One household: where it is, where it is registered, and what its people have in common."""

    id: str
    background: Background
    surname: str
    ward: str | None
    authority: str | None
    practice: str | None
    restricted: bool = False


@dataclass(slots=True)
class Register:
    """Drafts homes and people; every choice comes from its own generator."""

    rng: Random
    today: date
    numbers: Iterator[str]
    people: int = field(default=0)

    def home(self, *, practice_in: str | None = None, restricted: bool = False, authority: str = places.DUDLEY) -> Home:
        """A home in the borough, or in a neighbour's `authority`; registered there or with a practice elsewhere."""
        rng = self.rng
        of = names.background(rng)
        home, surname = f"home-{rng.getrandbits(48):012x}", rng.choice(of.family)
        if restricted:
            return Home(home, of, surname, None, None, None, restricted=True)
        ward = rng.choice(places.WARDS) if authority == places.DUDLEY else places.NEIGHBOUR_WARDS[authority]
        if practice_in is not None:
            practice = rng.choice(places.PRACTICES_IN[practice_in])
        else:
            practice = rng.choice(places.PRACTICES_OF_WARD.get(ward) or places.PRACTICES_IN[authority])
        return Home(home, of, surname, ward, authority, practice.code)

    def person(self, home: Home, given: str, born: date, family: str | None = None) -> tuple[str, PersonDoc]:
        """Anybody: name, number, birth date and what the home gives."""
        self.people += 1
        doc: PersonDoc = {
            "nhs": next(self.numbers),
            "name": {"family": family or home.surname, "given": given},
            "born": born.isoformat(),
            "household": home.id,
        }
        if home.practice:
            doc["practice"] = home.practice
        if home.ward:
            doc["area"] = home.ward
        if home.authority:
            doc["authority"] = home.authority
        if home.restricted:
            doc["restricted"] = True
        return opaque_id(self.rng), doc

    def adult(
        self, home: Home, *, woman: bool, years: int, family: str | None = None, of: Background | None = None
    ) -> tuple[str, PersonDoc]:
        """An adult of about that many years."""
        return self.person(home, names.given(of or home.background, woman, self.rng), self.birthday(years), family)

    def child(self, home: Home, born: date, parents: list[list[str]], mother: str | None) -> tuple[str, PersonDoc]:
        """A child of the home; the school follows from its age and ward."""
        pid, doc = self.person(home, names.given(home.background, self.rng.random() < 0.49, self.rng), born)
        doc["parents"] = parents
        if mother:
            doc["mother"] = mother
        years = self.years(born)
        if years in SCHOOL_AGE:
            self.to_school(doc, home, years)
        return pid, doc

    def to_school(self, doc: PersonDoc, home: Home, years: int) -> None:
        """A place at a school near the home; at 16 and 17 some have none."""
        doc["education"] = "school"
        if home.restricted:
            doc["education"] = "between-schools"
        elif years >= 16 and self.rng.random() < 0.12:
            doc["education"] = "not-in-education"
        elif home.ward in places.TOWN_OF:
            near = [s for s in places.SCHOOLS_OF_TOWN[places.TOWN_OF[home.ward]] if s.from_age <= years <= s.to_age]
            if not near:
                near = [s for s in places.SCHOOLS if s.from_age <= years <= s.to_age]
            doc["school"] = self.rng.choice(near).urn

    def unborn(self, home: Home, mother: str, father: str | None, weeks: int) -> tuple[str, PersonDoc]:
        """An unborn child at `weeks` of pregnancy, keyed on its mother: no number, name or birth date (rule C)."""
        self.people += 1
        expected = self.today + timedelta(days=7 * (40 - weeks) + self.rng.randrange(7))
        parents = [[mother, "mother"], *([[father, "father"]] if father else [])]
        pregnancy = f"preg-{self.rng.getrandbits(44):011x}"
        return opaque_id(self.rng), {
            "expected": expected.isoformat(),
            "pregnancy": pregnancy,
            "mother": mother,
            "parents": parents,
            "household": home.id,
        }

    def birthday(self, years: int) -> date:
        """A birth date that makes somebody `years` old today."""
        days = int(years * YEAR) + 2 + self.rng.randrange(360)
        return self.today - timedelta(days=days)

    def years(self, born: date) -> int:
        """Whole years today."""
        return self.today.year - born.year - ((self.today.month, self.today.day) < (born.month, born.day))
