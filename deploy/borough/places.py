"""The borough's ground: authorities, wards, practices and schools, with made-up codes of the right shape."""

from dataclasses import dataclass

DUDLEY = "E08000027"
SANDWELL = "E08000028"
WOLVERHAMPTON = "E08000031"
WORCESTERSHIRE = "E10000034"
NEIGHBOURS = {SANDWELL: "Sandwell", WOLVERHAMPTON: "Wolverhampton", WORCESTERSHIRE: "Worcestershire"}

HOSPITAL, COMMUNITY, SCHOOL_NURSING, MENTAL_HEALTH = "ZDG", "ZBC", "ZSC", "ZMH"
BROOK, HIGH_STREET_PHARMACY = "ZBK", "ZHP"
COUNCIL, COMMISSIONERS, SWITCH, ATLANTIC, RESPECT, SHAREWELL, NATIONAL = "ZLA", "ZCG", "ZSW", "ZAH", "ZRY", "ZDK", "ZPD"
HOSPITAL_OF = {SANDWELL: "ZHS", WOLVERHAMPTON: "ZHW", WORCESTERSHIRE: "ZHC"}
COMMUNITY_OF = {SANDWELL: "ZCS", WOLVERHAMPTON: "ZCW", WORCESTERSHIRE: "ZCC"}
COUNCIL_OF = {SANDWELL: "ZLS", WOLVERHAMPTON: "ZLW", WORCESTERSHIRE: "ZLC"}

TOWNS = (
    ("Brierley Hill", 3),
    ("Stourbridge", 3),
    ("Halesowen", 3),
    ("Dudley Central", 3),
    ("Dudley North", 2),
    ("Kingswinford", 2),
    ("Sedgley", 2),
    ("Coseley", 2),
    ("Netherton", 2),
    ("Lye", 2),
)
"""Where health visitors sit, and the number of wards each team covers: 24 in all."""

SCHOOL_NURSES = (
    ("Brierley Hill",),
    ("Stourbridge",),
    ("Halesowen",),
    ("Dudley Central",),
    ("Dudley North",),
    ("Kingswinford",),
    ("Sedgley", "Coseley"),
    ("Netherton", "Lye"),
)


@dataclass(frozen=True, slots=True)
class Practice:
    """A GP practice: its made-up ODS code, name, ward and the authority it lies in."""

    code: str
    name: str
    ward: str | None
    authority: str


@dataclass(frozen=True, slots=True)
class School:
    """A school: its made-up URN, ward and ages."""

    urn: str
    ward: str
    from_age: int
    to_age: int


def _wards() -> dict[str, tuple[str, ...]]:
    wards, first = {}, 1
    for town, count in TOWNS:
        wards[town] = tuple(f"E059{n:05d}" for n in range(first, first + count))
        first += count
    return wards


WARDS_OF = _wards()
WARDS = tuple(ward for wards in WARDS_OF.values() for ward in wards)
NEIGHBOUR_WARDS = {authority: f"E0598{n:04d}" for n, authority in enumerate(NEIGHBOURS, 1)}
"""One ward of each neighbour, where a separated parent may live."""

_TREES = "Alder Beech Cedar Elm Hawthorn Hazel Holly Juniper Larch Linden Maple Rowan".split()
_KINDS = "Lane Surgery,Street Practice,House Medical Centre,Grove Health Centre,Road Family Practice".split(",")


def _practices() -> tuple[Practice, ...]:
    names = [f"{tree} {kind}" for kind in _KINDS for tree in _TREES]
    inside = tuple(Practice(f"Z87{n:03d}", names[n], WARDS[n % len(WARDS)], DUDLEY) for n in range(47))
    outside = tuple(
        Practice(f"Z{91 + at}{n:03d}", f"{names[48 + 2 * at + n]}, {area}", None, authority)
        for at, (authority, area) in enumerate(NEIGHBOURS.items())
        for n in range(2)
    )
    return inside + outside


PRACTICES = _practices()
PRACTICES_IN = {a: tuple(p for p in PRACTICES if p.authority == a) for a in (DUDLEY, *NEIGHBOURS)}
PRACTICES_OF_WARD = {ward: tuple(p for p in PRACTICES if p.ward == ward) for ward in WARDS}


def _schools() -> tuple[School, ...]:
    ages = [(5, 10)] * 76 + [(11, 17)] * 20 + [(5, 17)] * 4
    return tuple(School(f"9{n:05d}", WARDS[n % len(WARDS)], low, high) for n, (low, high) in enumerate(ages, 1))


SCHOOLS = _schools()
SCHOOLS_OF_TOWN = {town: tuple(s for s in SCHOOLS if s.ward in wards) for town, wards in WARDS_OF.items()}
TOWN_OF = {ward: town for town, wards in WARDS_OF.items() for ward in wards}
