"""No contract needs itself: whichever module is read first, all that it names is there."""

import grimp


def test_the_imports_of_the_contracts_run_in_no_circle() -> None:
    graph = grimp.build_graph("contracts")
    needs = {m: graph.find_modules_directly_imported_by(m) & graph.modules for m in graph.modules}
    assert needs["contracts.errors"], "the graph knows who imports whom"
    while free := {m for m, others in needs.items() if not others}:
        needs = {m: others - free for m, others in needs.items() if m not in free}
    assert needs == {}
