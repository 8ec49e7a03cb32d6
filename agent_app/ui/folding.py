"""What is typed to find something in a short list finds it without its accents and capitals."""

import unicodedata


def folded(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
