import pytest

from duban.completion import Act, IllegalMove, State, leaves, move


@pytest.mark.parametrize(
    ("state", "act", "after"),
    [
        (State.PLANNED, Act.NOTIFY, State.NOTIFIED),
        (State.NOTIFIED, Act.ACKNOWLEDGE, State.ACKNOWLEDGED),
        (State.ACKNOWLEDGED, Act.REPORT, State.REPORTED),
        (State.REPORTED, Act.RETURN, State.RETURNED),
        (State.RETURNED, Act.REPORT, State.REPORTED),
        (State.REPORTED, Act.COMPLETE, State.COMPLETED),
        (State.PLANNED, Act.COMPLETE, State.COMPLETED),
        (State.NOTIFIED, Act.EXEMPT, State.EXEMPTED),
        (State.RETURNED, Act.WITHDRAW, State.WITHDRAWN),
        (State.WITHDRAWN, Act.RESTORE, State.PLANNED),
        (State.COMPLETED, Act.REOPEN, State.RETURNED),
    ],
)
def test_an_act_leads_to_its_state(state: State, act: Act, after: State) -> None:
    assert move(state, act) is after


@pytest.mark.parametrize("act", [act for act in Act if act not in (Act.RESTORE, Act.REOPEN)])
@pytest.mark.parametrize("state", [State.COMPLETED, State.EXEMPTED, State.WITHDRAWN])
def test_nothing_leads_out_of_a_closed_item(state: State, act: Act) -> None:
    with pytest.raises(IllegalMove, match=state.label):
        move(state, act)


def test_a_refusal_says_from_which_states_it_is_allowed() -> None:
    with pytest.raises(IllegalMove, match="现在是“已通知”，不能退回；只有已报送的事项可以退回"):
        move(State.NOTIFIED, Act.RETURN)


def test_every_open_state_can_still_be_ended() -> None:
    assert {state for state in State if state.open} == set(leaves(Act.COMPLETE))
