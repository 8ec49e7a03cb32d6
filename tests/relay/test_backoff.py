from hypothesis import given
from hypothesis import strategies as st

from agent_app.relay.backoff import Backoff


@given(st.lists(st.binary(min_size=4, max_size=4), min_size=1, max_size=40))
def test_waits_stay_under_a_ceiling_that_doubles_to_a_limit(draws: list[bytes]) -> None:
    given_bytes = iter(draws)
    backoff = Backoff(lambda _: next(given_bytes), first=0.5, most=60)
    for failure in range(len(draws)):
        assert 0 <= backoff.wait() <= min(60, 0.5 * 2**failure)


def test_a_success_begins_anew() -> None:
    backoff = Backoff(lambda count: b"\xff" * count, first=1, most=60)
    assert [round(backoff.wait()) for _ in range(4)] == [1, 2, 4, 8]
    backoff.reset()
    assert round(backoff.wait()) == 1
