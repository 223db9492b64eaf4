"""Completion: the states of an assignment, and the moves between them. See docs/lifecycle.md."""

from dataclasses import dataclass
from enum import StrEnum

from duban.trouble import Trouble


class State(StrEnum):
    """Where an assignment stands."""

    PLANNED = "planned"
    """待通知: in the calendar, nobody has been told."""
    NOTIFIED = "notified"
    """已通知: the notice is on its way."""
    ACKNOWLEDGED = "acknowledged"
    """已签收: the department says that it has read it."""
    REPORTED = "reported"
    """已报送: the department says that it is done; the secretariat has to look."""
    RETURNED = "returned"
    """退回: the secretariat wants it better."""
    COMPLETED = "completed"
    """已办结."""
    EXEMPTED = "exempted"
    """免办: the secretariat let the department off."""
    WITHDRAWN = "withdrawn"
    """撤销: the calendar does not ask for it any more."""

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def open(self) -> bool:
        return self not in CLOSED

    @property
    def chased(self) -> bool:
        """Whether the department has to do something next."""
        return self in CHASED


_LABELS = {
    State.PLANNED: "待通知",
    State.NOTIFIED: "已通知",
    State.ACKNOWLEDGED: "已签收",
    State.REPORTED: "已报送",
    State.RETURNED: "退回",
    State.COMPLETED: "已办结",
    State.EXEMPTED: "免办",
    State.WITHDRAWN: "撤销",
}
CLOSED = frozenset({State.COMPLETED, State.EXEMPTED, State.WITHDRAWN})
CHASED = frozenset({State.PLANNED, State.NOTIFIED, State.ACKNOWLEDGED, State.RETURNED})


class Act(StrEnum):
    """What somebody does to an assignment."""

    NOTIFY = "notify"
    ACKNOWLEDGE = "acknowledge"
    REPORT = "report"
    RETURN = "return"
    REOPEN = "reopen"
    COMPLETE = "complete"
    EXEMPT = "exempt"
    WITHDRAW = "withdraw"
    RESTORE = "restore"

    @property
    def label(self) -> str:
        return _MOVES[self].label


@dataclass(frozen=True, slots=True)
class Move:
    label: str
    leaves: frozenset[State]
    enters: State


_OPEN = frozenset(state for state in State if state.open)
_MOVES = {
    Act.NOTIFY: Move("通知", frozenset({State.PLANNED}), State.NOTIFIED),
    Act.ACKNOWLEDGE: Move("签收", frozenset({State.NOTIFIED}), State.ACKNOWLEDGED),
    Act.REPORT: Move("报送", CHASED, State.REPORTED),
    Act.RETURN: Move("退回", frozenset({State.REPORTED}), State.RETURNED),
    Act.REOPEN: Move("重办", frozenset({State.COMPLETED}), State.RETURNED),
    Act.COMPLETE: Move("办结", _OPEN, State.COMPLETED),
    Act.EXEMPT: Move("免办", _OPEN, State.EXEMPTED),
    Act.WITHDRAW: Move("撤销", _OPEN, State.WITHDRAWN),
    Act.RESTORE: Move("恢复", frozenset({State.WITHDRAWN}), State.PLANNED),
}


class IllegalMove(Trouble):
    """The assignment is in a state from which this act does not lead on; says so in Chinese."""

    exit_code = 4


def leaves(act: Act) -> frozenset[State]:
    """The states from which `act` is allowed."""
    return _MOVES[act].leaves


def move(state: State, act: Act) -> State:
    """The state that `act` leads to; IllegalMove when it is not allowed from `state`."""
    step = _MOVES[act]
    if state not in step.leaves:
        allowed = "、".join(known.label for known in State if known in step.leaves)
        raise IllegalMove(
            f"现在是“{state.label}”，不能{step.label}；只有{allowed}的事项可以{step.label}"
        )
    return step.enters
