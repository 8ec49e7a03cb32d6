"""ML-KEM encapsulations to the test auditor, recorded once: the library draws their randomness itself.

With them the vectors come out the same on every run.
"""

import base64
from collections.abc import Iterator
from itertools import cycle

from agent_app.protocol import primitives

_CIPHERTEXTS = (
    "2ZUSmd7Wvxz7oAiRX3qBfjeUSGvKNfn5jZkcVuUt8hMukzSTZw7erL5MAUGccY+maFBqp0UamuXW8jgwi8/eTpOXtUwZDnOmHomz"
    "bTXRcDKh9Z5VgJ4cyLUyYq4nG5PABnOk+AcT/1VJvJNGn1OTNEiBAV5jIKWd0vdS/7H43/rmIS3AsVQfJQO3vy2CvI5Zy61dySaN"
    "ljXsRZfXWvVmOR2o40U9edMsmzJdMtp5zOnX6YQNkUK7zBYftXAqB0DDnuL0joPIxH9D1RAkpsro0NqtsnN8lhli+GiAwQI4fB6J"
    "yGb71t0RPwvPStHt7skbrKsELfIhFNQ9kRRb6jssNk88H415HoWdmo82k/1pFUF4buWnqopQZpQqLxOFZEL23tw1591AHjhGSk5V"
    "vc6RjNLkXtfurDReOOK44joiMTkHOxjRxC643Vk4H/dv+mv9gpu24lsMnU6f7jjXjwh2yrc63GAYwr1OePacwbJpxIpB5KqLalQV"
    "hY2JU09SmXT+MTT1uEnKa1ew2Ms/B9X4e78mImRmVFepQcAIbrT6VtL9aY8Rni8oakRcStPSqneBi0v+MHMMz8Iok8Sggz+Y8gdP"
    "LvsvuHqXLrZtoJeenzOHn1xMwPWNU1BLUHBeNkePwUTlZo6aSxikmZoeTIjqyOaVj8dQYqg5/JPv54R03pR4mbd6LFHbJg4a2tKW"
    "/DxMHnBeGWPZXgJvJbolkqTh9sEb2OmqGeQI2A/l6us8Y8CssSmBVd0d77YiU2A+gav2uX7dl6YYR2FURypPvptCeeiiv8PPl2J9"
    "m7KuucESX78rKtCOQOHZgbZCsDoZkUtpC/QDpbp6FfobJATY9Tjs+liIusEJuqfKSGUy70272xCkrIAi2fRGlxiIxQV2WI86eOQM"
    "IElxL5p/176nAbA/f35UzzpX//UAazDrqphpa1iTMSJynZnOs1+zB8XLUCISJYx8DgL19AvZx9SGpjyTEZrfCPvLB2Bgc5yJ+z5P"
    "9pYqOpPAIamOB1v/qh/GIud1Afd9YvAnnyTGt4MXlXM4peUrxXNCxxssHM//S5/rNlNrJiqwpRvxtDl/EvSvJqpoyDQ102HnqEWm"
    "q8nw7JMXhVZPEGkZXYMCC718u1GutFFldY69lVDourCGltdnGqE18aI2o5h4adJ9RtYXHhywcfw1KOtFWQ9axzuP/ozaF2qzYjpA"
    "DRkW8uN4vvTCBtmUTNiFZxvnl/vItwVzSHF1dm2j0+c3kMomdapzKcKD6TKcp5TR6jP/9FI/ihmCb1aXH+SiIC01FfvlfG/D0bWA"
    "QKA19/9zcfGDQn5LB8AebGZBwPOOHZNhnfNltQ7RBd4jOQ61dUCdbH7CRngZvZWhjUZoFgR24mBurZOcT6wxtbfEyneJX+1cwR+a"
    "GyaLGT9Xs61zZ63LH3D8VjSIuS67wiMsSJsxunnnICbMD2WgsTA=",
    "DtUlzzsco9KbgBegfCMC+OFAW4KJd4OScCQ67Xgi+DXQvOwMxlKm2dbV1/4dHQmy2HPB0aLK1LXq/DA7KGhybFnTcon9vklZCgSJ"
    "0TiRBx43nxTMP01ey56pLID+H9HLgMdkVv5103AH40mhJTUnhgliIvoWEiUbqZiGQXF1o/kyJYNhf+nM7ia0joKqD0NYCyqX6mNK"
    "2XBn22fBWHOA06AoIM7cbcXt57Y8B5wW0ipURDnhHA7pvOmqKbfuuW9s+9a0uIRlup5zxD4UudA2rYcj9hRHmRtix0Jn9y13Q9yg"
    "U2DpayAViVWYk5VNKc10Jnpg8A0XMoo1ZfQNxzHVxI1Dc2GV7D6kkUZbKCI26tuoDLbKohZxy62qaX8hdw6jdNdd21MYSUkUC8TN"
    "hsaYjWCTEk2DwMjtIWF6C71LduRwFo9+axZJ+ZDzYagb6zk+W2nt2er/LIZjyzkeAD5DxtwD6KULCkjyqGvTclLKhv7v+VCAWT8u"
    "1w9gBXTh9DaiLySoiAt80bDYsQ2h7JDRtf0U0oVnYYBqI0v9WWlNpoCU31t5ULYaaAXAJVPuMrCEz3/LsksMXZowP2cwAy8Jaz8q"
    "we5YQljWKmLXv3PA1mOlrg46ohkq0GlZJ2IpnItm77Y5OqCZZjKBmQ4xPC0hAufs2jWZ1PFIsTTzTP/UIgcr3uWJjeZmpJkAb5h7"
    "coIYobuUlPzWEFbSP+ddZL8sI+HHQ+MO7/ks4kTYiK0tKRgWo+ebJDu7lySv3qeE/junB6w7Mj7OF8uUYFoYekiGljxqOH9U7OBr"
    "aLk7avBbW3/HDRD+3GILjAMZg5ifMQkUTtqo0Ak4sWt7cITUkMdDLKMlVvqSnzPQxsI7R0AwxlLiWZQ68G0AWKGO7ejEz2QJCxzy"
    "6xDcJFPc2/sOK+w0yP+OCSVGqpX5wosdR7pfo15rkbwqZ5IykEs3BBLNuD62Q6ajmvqlbvocHEqW0y2AHD9MR+Ksp1ReaiO+aCGP"
    "xGsEl/JHNUJHj3WgM5a8R2dKainvyuIaGzGytQm3TO86MOmdy5ROpJxM/V6UAAbP8/Qyav1hghPaVv0cXrV2MA7bok+dXxFseb6W"
    "sIS96wGDDp8xjoL9BfjKDsBnc7CG41VpSYoSHEIiR7BpDuukWS8qIvCbni+3M59NDFNtp5XQjd5KrmIie7lhX0EJpHZYLYLjtmO/"
    "nCn2jLKur9I11s5SV9MmXUNZV6uW9Ha5+Ov2RJt4eHMCG2Ays5yGUiHzqIIcqzvGXXVNn+q/5yl9amM8+ufMTNh88mkP1bCsnaYQ"
    "WUdkgQ/+d/D32xT0BOX1Gths/N2zopE+kE84cYYYVX/qijokQDia9Yy3hH323TSl/vbolYeuRVqSYzJz/PeE3dco6gZOAm/dscqg"
    "RqQ542nS3yID4bb1E5awBQvCOzBhkwrHnGgjrFHhCB32LoZbSMQ=",
)


class Recorded:
    """`Encapsulate` of the protocol, for the holder of `seed` only."""

    def __init__(self, seed: bytes) -> None:
        self._seed = seed
        self._next: Iterator[str] = cycle(_CIPHERTEXTS)

    def __call__(self, public: bytes) -> tuple[bytes, bytes]:
        if public != primitives.kem_public(self._seed):
            raise ValueError("these encapsulations were recorded for another key")
        ciphertext = base64.b64decode(next(self._next))
        return ciphertext, primitives.kem_decapsulate(self._seed, ciphertext)
