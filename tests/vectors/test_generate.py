"""The tree of vectors is what the generator makes, and what its README describes."""

import re

from tests.vectors import example, transparency
from tests.vectors.generate import FOLDER, GENERATORS, tree


def test_the_tree_equals_what_the_generator_makes() -> None:
    made = {str(path): content for path, content in tree().items()}
    found = {str(path.relative_to(FOLDER)): path.read_text(encoding="utf-8") for path in FOLDER.glob("*/*.json")}
    assert sorted(found) == sorted(made)
    differing = [path for path, content in made.items() if found[path] != content]
    assert not differing, "run `make vectors`, and look at what has changed"


def test_the_readme_names_every_topic() -> None:
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z-]+)`", readme))
    assert {path.parts[0] for path in tree()} <= named


def test_the_example_in_the_specification_is_what_the_generator_makes() -> None:
    assert example.written() == example.render()


def test_every_topic_is_read_by_a_test() -> None:
    sources = [path.read_text(encoding="utf-8") for path in FOLDER.parent.glob("*/test_*.py")]
    topics = {topic for generator in GENERATORS if generator is not transparency for topic, _, _ in generator.cases()}
    assert not [topic for topic in topics if not any(f'@vectors("{topic}")' in source for source in sources)]
