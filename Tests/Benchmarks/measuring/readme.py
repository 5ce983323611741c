"""The places for figures in README.md: between `<!-- figures: NAME -->` and `<!-- end of figures -->`."""
import re

from . import place

PATH = f"{place.ROOT}/README.md"


def put(texts):
    """`texts` by name of the place; other places keep what they have. Nothing is written when one is not there."""
    with open(PATH) as file:
        readme = file.read()
    for name, text in texts.items():
        pattern = re.compile(rf"(<!-- figures: {name} -->\n).*?(<!-- end of figures -->)", re.DOTALL)
        if not pattern.search(readme):
            raise RuntimeError(f"README.md has no place for the figures of {name}")
        readme = pattern.sub(lambda found: found.group(1) + text + "\n" + found.group(2), readme)
    with open(PATH, "w") as file:
        file.write(readme)
