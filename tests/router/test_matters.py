"""Which events of a record are one matter, whatever order they are read in and however old the ledger is."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from types import MappingProxyType

import pytest

from router.matters import Before, Part, People, before, people_in


def about(*children: str, adults: Sequence[str] = ()) -> People:
    return People(frozenset(children), frozenset((*children, *adults)), frozenset())


def part(id: str, *children: str, action: str = "new", others: Sequence[str] = (), adults: Sequence[str] = ()) -> Part:
    return Part(id, action, "0", about(*children, adults=adults), tuple(others))


def follows(
    parts: Sequence[Part],
    *children: str,
    adults: Sequence[str] = (),
    new: bool = False,
    same: Mapping[str, str] = MappingProxyType({}),
) -> set[str]:
    def now(person: str) -> str:
        return same.get(person, person)

    found = before(parts, new, lambda: about(*children, adults=adults), now)
    of = set(found.earlier.of if found.earlier else ())
    assert of | set(found.others) == {p.id for p in parts}
    assert of.isdisjoint(found.others)
    return of


def test_where_nothing_was_kept_nothing_is_followed_and_nobody_is_looked_up() -> None:
    assert before((), True, pytest.fail, pytest.fail) == Before()


def test_where_there_is_one_matter_a_later_version_is_of_it_whomever_it_names() -> None:
    assert follows([part("n1", "tom")], "ann") == {"n1"}
    assert follows([part("n1", "tom"), part("u2", "ann", action="update")], "zoe") == {"n1", "u2"}
    assert follows([part("n1", "tom")], "ann", new=True) == set()
    assert follows([part("n1", "tom"), part("u2", "ann", action="update")], "tom", new=True) == {"n1", "u2"}


def test_what_a_ledger_kept_before_it_knew_of_matters_is_told_apart_by_who_was_named() -> None:
    two = [part("n1", "tom"), part("n2", "ann")]
    assert follows(two, "ann") == {"n2"}
    assert follows(two, "tom", "ann") == {"n1", "n2"}
    assert follows(two, "zoe") == set()
    assert follows([*two, part("u3", "ann", action="update")], "zoe") == {"n1", "n2", "u3"}, "that one took back both"


def test_in_whatever_order_they_are_read() -> None:
    kept = [
        part("n1", "tom"),
        part("n2", "ann", others=["n1"]),
        part("u3", "tom", action="update", others=["n2"]),
        part("u4", "zoe", action="update", others=["n1", "n2", "u3"]),
        part("u5", "tom", "zoe", action="update", others=["n2"]),
    ]
    for some in permutations(kept):
        assert follows(some, "tom") == {"n1", "u3", "u4", "u5"}
        assert follows(some, "ann") == {"n2"}


def test_whoever_was_joined_to_another_since_is_that_person() -> None:
    two = [part("n1", "once-tom"), part("n2", "ann", others=["n1"])]
    assert follows(two, "tom") == set()
    assert follows(two, "tom", same={"once-tom": "tom"}) == {"n1"}


def test_siblings_with_one_mother_are_matters_apart_and_she_alone_says_which_only_where_there_is_one() -> None:
    two = [part("n1", "tom", adults=["ada"]), part("n2", "ann", adults=["ada"])]
    assert follows(two, "tom", adults=["ada"]) == {"n1"}
    assert follows(two, "zoe", adults=["ada"]) == set()
    assert follows(two, adults=["ada"]) == set()
    assert follows([two[0], part("n3", "kim", adults=["eve"])], adults=["ada"]) == {"n1"}


def test_who_is_merely_listed_at_home_is_not_who_it_is_about() -> None:
    adult = ("subjects.0", "adult", "ada")
    assert people_in([adult, ("household.0", "child", "tom"), ("living.0", "adult", "joe")], None).everybody == {"ada"}


def test_of_births_of_which_nobody_is_known_the_one_in_the_same_words_is_meant() -> None:
    def birth(at: str) -> People:
        subjects = [{"role": "mother"}, {"role": "child"}]
        who = [("subjects.0", "mother", None), ("subjects.1", "child", None)]
        return people_in(who, {"subjects": subjects, "babies": [{"born_at": at}]})

    two = [Part("n1", "new", "0", birth("3am")), Part("n2", "new", "0", birth("4am"), ("n1",))]
    for asked, of in ((birth("4am"), ("n2",)), (birth("5am"), None)):
        earlier = before(two, False, lambda asked=asked: asked, str).earlier  # type: ignore[misc]
        assert (earlier.of if earlier else None) == of
