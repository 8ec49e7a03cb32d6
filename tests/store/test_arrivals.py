"""What happened, in order of arrival, and nothing that does not count."""

from agent_app.store.events import Prominence, Standing
from agent_app.store.rooms import Store
from tests.store import samples


def test_what_counts_is_told_in_order_of_arrival(store: Store) -> None:
    here = samples.conversation()
    with store.transaction():
        store.conversations.open(here)
        for event in (
            samples.event(3),
            samples.event(1),
            samples.event(4, standing=Standing.VOID),
            samples.event(5, prominence=Prominence.HIDDEN),
            samples.event(6, stream=samples.of("elsewhere")),
            samples.event(7, place=None, stream=samples.of("direct")),
            samples.event(8, standing=Standing.FORKED),
            samples.event(1, author=900),
        ):
            store.events.add(event)
    told = store.arrivals.between(2_001, 2_009, ("text",))
    assert [(one.arrived, one.by_patient) for one in told] == [
        (2_001, False),
        (2_001, True),
        (2_003, False),
        (2_008, False),
    ]
    assert store.arrivals.between(2_001, 2_003, ("text",)) == told[:2]
    assert store.arrivals.between(2_001, 2_009, ("claim",)) == []


def test_it_reads_an_index(store: Store) -> None:
    """At 100,000 messages, a look at every row would hold up what else the desk does."""
    from agent_app.store.arrivals import _ARRIVALS

    plan = " ".join(str(row[-1]) for row in store.database.rows(f"EXPLAIN QUERY PLAN {_ARRIVALS}", 0, 1))
    assert "USING INDEX events_by_arrival (arrived>? AND arrived<?)" in plan
    assert "SCAN" not in plan
