"""Words of ours in statements."""

import pytest

from duban.step import Answer
from state.words import word


@pytest.mark.parametrize("value", ["planned", "not-ours", Answer.KNOW.value])
def test_words_of_ours_stand_in_a_statement_as_they_are(value):
    assert str(word(value)) == f"'{value}'"


@pytest.mark.parametrize("value", ["", "o'reilly", "a b", "50%", "x);--"])
def test_what_is_no_word_of_ours_is_refused(value):
    with pytest.raises(ValueError, match="no word of ours"):
        word(value)
