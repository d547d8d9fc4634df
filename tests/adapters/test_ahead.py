"""What is read while a batch is being kept: kept next and in order, only so much of it, and never told of too early."""

import asyncio
from collections.abc import Sequence

from adapters.inbound.ahead import Ahead


class Keeper:
    """Keeps batches when it is let to, and fails as it was told to."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.broke: list[Exception] = []
        self.fails: BaseException | None = None
        self.may = asyncio.Event()

    async def keep(self, batch: Sequence[int]) -> None:
        await self.may.wait()
        if self.fails:
            raise self.fails
        self.batches.append(list(batch))

    def ahead(self, most: int = 4, few: int = 0) -> Ahead[int]:
        return Ahead(self.keep, most, self.broke.append, few)


async def turns(count: int = 10) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def test_what_comes_while_a_batch_is_kept_goes_together_and_is_told_of_once_it_is_kept() -> None:
    keeper, told = Keeper(), list[str]()
    ahead = keeper.ahead()
    await ahead.add([1], lambda: told.append("a"))
    await turns()
    await ahead.add([2, 3], lambda: told.append("b"))
    await ahead.add([4], lambda: told.append("c"))
    await turns()
    assert (keeper.batches, told) == ([], [])
    keeper.may.set()
    await turns()
    assert keeper.batches == [[1], [2, 3, 4]]
    assert told == ["a", "b", "c"]


async def test_no_more_waits_than_a_batch_may_hold_and_one_that_is_larger_goes_alone() -> None:
    keeper = Keeper()
    ahead = keeper.ahead(most=4)
    await ahead.add([1], lambda: None)
    await turns()
    await ahead.add([2, 3, 4], lambda: None)
    more = asyncio.create_task(ahead.add([5, 6], lambda: None))
    await turns()
    assert not more.done()
    keeper.may.set()
    await turns()
    assert more.done()
    await asyncio.wait_for(ahead.add([7, 8, 9, 10, 11, 12], lambda: None), 5)
    await turns()
    assert keeper.batches == [[1], [2, 3, 4], [5, 6], [7, 8, 9, 10, 11, 12]]


async def test_a_few_are_kept_before_more_are_asked_for() -> None:
    keeper, told = Keeper(), list[str]()
    ahead = keeper.ahead(few=2)
    two = asyncio.create_task(ahead.add([1, 2], lambda: told.append("two")))
    await turns()
    one = asyncio.create_task(ahead.add([3], lambda: told.append("one")))
    await turns()
    assert (two.done(), one.done(), told) == (True, False, [])
    keeper.may.set()
    await turns()
    assert (one.done(), told, keeper.batches) == (True, ["two", "one"], [[1, 2], [3]])


async def added_after(error: BaseException, ahead: Ahead[int], keeper: Keeper, told: list[str]) -> asyncio.Task[None]:
    """One batch is not kept for this error while another waits; then a third is added, which is still adding."""
    keeper.fails = error
    await ahead.add([1], lambda: told.append("a"))
    await turns()
    await ahead.add([2], lambda: told.append("b"))
    keeper.may.set()
    await turns()
    keeper.fails = None
    late = asyncio.create_task(ahead.add([3], lambda: told.append("c")))
    await turns()
    return late


async def test_after_a_batch_that_could_not_be_kept_nothing_is_kept_and_nothing_is_told_of() -> None:
    keeper, told = Keeper(), list[str]()
    late = await added_after(ValueError("broken"), keeper.ahead(), keeper, told)
    assert [type(error) for error in keeper.broke] == [ValueError]
    assert (late.done(), keeper.batches, told) == (False, [], [])
    late.cancel()


async def test_after_a_batch_that_was_given_up_nothing_is_kept_that_would_pass_it_over() -> None:
    keeper, told = Keeper(), list[str]()
    ahead = keeper.ahead()
    given_up = asyncio.CancelledError()  # so `patiently` gives up when the ledger is away and the process ends
    late = await added_after(given_up, ahead, keeper, told)
    assert (late.done(), keeper.batches, told, keeper.broke) == (False, [], [], [])
    late.cancel()
    await ahead.done(within=1)
    assert (keeper.batches, told) == ([], [])


async def test_at_the_end_what_waits_is_kept_and_nothing_more_is_taken() -> None:
    keeper, told = Keeper(), list[str]()
    ahead = keeper.ahead()
    await ahead.add([1], lambda: told.append("a"))
    await turns()
    await ahead.add([2], lambda: told.append("b"))
    ending = asyncio.create_task(ahead.done(within=5))
    await turns()
    late = asyncio.create_task(ahead.add([3], lambda: told.append("c")))
    keeper.may.set()
    await ending
    await turns()
    assert (keeper.batches, told, late.done()) == ([[1], [2]], ["a", "b"], False)
    late.cancel()


async def test_who_waits_to_add_at_the_end_is_let_go_and_nothing_of_it_is_kept() -> None:
    keeper, told = Keeper(), list[str]()
    ahead = keeper.ahead()
    keeper.may.set()
    await ahead.add([1], lambda: told.append("a"))
    await ahead.done(within=5)
    late = asyncio.create_task(ahead.add([2], lambda: told.append("b")))
    await turns()
    assert not late.done()
    ahead.let_go()
    await asyncio.wait_for(late, 5)
    await asyncio.wait_for(ahead.add([3], lambda: told.append("c")), 5)
    await turns()
    assert (keeper.batches, told) == ([[1]], ["a"])


async def test_at_the_end_a_ledger_that_does_not_answer_is_not_waited_for() -> None:
    keeper, told = Keeper(), list[str]()
    ahead = keeper.ahead()
    await ahead.add([1], lambda: told.append("a"))
    await asyncio.wait_for(ahead.done(within=0.01), 5)
    keeper.may.set()
    await turns()
    assert (keeper.batches, told) == ([], [])
