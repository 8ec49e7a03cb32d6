"""A sentence for a person that remembers how it was made, so that the window can say it in another language."""


class Sentence(str):
    """English, and whole as it stands: whoever knows of no other language reads it as any text.

    `pattern` names each of `values` in braces, as str.format does; without values it is the text itself. Values may be
    sentences too. Patterns stand as literals where they are used: `make translations` collects them from the source.
    """

    __slots__ = ("pattern", "values")
    pattern: str
    values: dict[str, object]

    def __new__(cls, pattern: str, **values: object) -> "Sentence":
        if isinstance(pattern, Sentence) and not values:
            return pattern
        made = super().__new__(cls, pattern.format(**values) if values else pattern)
        made.pattern, made.values = pattern, values
        return made


def counted(one: str, more: str, count: int, **values: object) -> Sentence:
    """`more` names {count}; `one` is what is said of a single thing, and of none as of several."""
    return Sentence(one if count == 1 else more, count=count, **values)
