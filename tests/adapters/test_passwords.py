import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from adapters.passwords import AT_ONCE, encode, fits, invent, outdated
from duban.passwordrules import RULES, Profile, fault


def test_a_password_fits_what_was_made_of_it_and_no_other() -> None:
    encoded = encode("tallow bucket")

    assert fits(encoded, "tallow bucket")
    assert not fits(encoded, "tallow bucket ")
    assert "tallow" not in encoded
    assert encode("tallow bucket") != encoded


@pytest.mark.parametrize("encoded", ["", "x", "$argon2id$v=19$m=19456,t=2,p=1$YQ$YQ"])
def test_what_is_no_encoding_fits_nothing(encoded: str) -> None:
    assert not fits(encoded, "nobody's password")


def test_weaker_parameters_than_todays_are_outdated() -> None:
    now = encode("tallow bucket")

    assert not outdated(now)
    assert outdated(now.replace("m=19456", "m=8192"))


@pytest.mark.parametrize("profile", Profile)
def test_a_password_that_is_given_out_keeps_every_rule(profile: Profile) -> None:
    made = {invent() for _ in range(200)}

    assert len(made) == 200
    assert {fault(RULES[profile], one, ("liwei",)) for one in made} == {""}


def test_a_crowd_at_the_log_in_is_served_by_a_few_threads() -> None:
    encoded = encode("tallow bucket")

    with ThreadPoolExecutor(20) as crowd:
        found = list(crowd.map(fits, [encoded] * 20, ["tallow bucket", "another"] * 10))
    busy = [thread for thread in threading.enumerate() if thread.name.startswith("password")]

    assert found == [True, False] * 10
    assert len(busy) <= AT_ONCE
