"""What the tests of the post share: a letter, and a post to a scripted server."""

from adapters.post import Outcome, Parcel, Post, Server, Timeouts
from tests.smtp_script import Script

BODY = b"Subject: x\r\n\r\n.leading dot\r\n..two\r\n\r\nlast line\r\n"
PARCEL = Parcel("duban@city.test", "zhang@mz.test", BODY)
HUGE = Parcel("duban@city.test", "zhang@mz.test", b"0123456789abcde\r\n" * 1_500_000)
QUICK = Timeouts(connect=5, reply=0.25, block=0.25, dot=0.25, farewell=0.1)
PATIENT = Timeouts(connect=20, reply=20, block=20, dot=20, farewell=20)


class Began:
    """Counts how often a body was announced."""

    def __init__(self) -> None:
        self.times = 0

    async def __call__(self) -> None:
        self.times += 1


def post_to(script: Script, **settings) -> Post:
    """Patient, unless the script makes it wait for nothing."""
    patience = QUICK if script.hangs else PATIENT
    settings = {"tls": "none", "timeouts": patience, **settings}
    return Post(Server("127.0.0.1", script.port, **settings))


async def send(script: Script, parcel: Parcel = PARCEL, **settings) -> Outcome:
    async with post_to(script, **settings) as post:
        return await post.send(parcel, began=Began())
