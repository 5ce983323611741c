"""What has been measured, part by part, as JSON."""
import dataclasses
import json
import os

from .reading import Count, Reading, Wait


@dataclasses.dataclass
class Part:
    """One comparison: when, where and by which command (`machine.describe`), with which setting, and what was found."""
    about: dict
    setting: dict
    """`Setup.told` and what is the part's own."""
    found: object
    """Of comparisons a list of `Reading`s by program, one of each round, of `latency` of `Wait`s, of `instructions` of
    one `Count`; of growth rows of value, program, `Reading`."""


def _plain(value):
    if dataclasses.is_dataclass(value):
        return {key: _plain(entry) for key, entry in vars(value).items()}
    if isinstance(value, dict):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    return round(value, 3) if isinstance(value, float) else value


def _revived(value):
    """Readings and counts from what `_plain` made of them."""
    if isinstance(value, list):
        return [_revived(entry) for entry in value]
    if isinstance(value, dict):
        if "cpu" in value:
            return Reading(**value)
        if "each" in value:
            return Count(**value)
        if "arrival" in value:
            return Wait(**value)
        return {key: _revived(entry) for key, entry in value.items()}
    return value


class Results:
    """The parts in the file `path`, by name. One that is measured again takes the place of what was there, and leaves
    the others, which have their own dates."""

    def __init__(self, path, kept):
        """`kept`: what is in the file stays."""
        self.path, self.parts = path, {}
        if kept and os.path.exists(path):
            with open(path) as file:
                text = json.load(file)
            self.parts = {name: Part(part["about"], part["setting"], _revived(part["found"]))
                          for name, part in text.items()}

    def merge(self, parts):
        self.parts.update(parts)
        # Replaced in one go: an interrupted run leaves the old file.
        with open(self.path + ".new", "w") as file:
            json.dump({name: _plain(part) for name, part in self.parts.items()}, file, indent=1)
            file.write("\n")
        os.replace(self.path + ".new", self.path)
