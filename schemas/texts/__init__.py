"""What a code means to a person, in Dutch and English: what happened, and what to do next."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, NamedTuple

Language = Literal["nl", "en"]
LANGUAGES: tuple[Language, ...] = ("nl", "en")


class Text(NamedTuple):
    """A code in words: a title, what it means, and the reader's next step, empty where nothing is to be done."""

    title: str
    explanation: str
    next_step: str


def text(code: str, language: str = "nl") -> Text:
    """Give a code in words; Dutch for a language that we do not speak.

    A code that this version does not know, which a newer party may send, is its own title.
    """
    chosen: Language = "en" if language == "en" else "nl"
    return texts(chosen).get(code, Text(code, "", ""))


@cache
def texts(language: Language) -> Mapping[str, Text]:
    """Give every text of one language by its code."""
    data = tomllib.loads(files(__name__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    return MappingProxyType({code: Text(**entry) for code, entry in data.items()})
