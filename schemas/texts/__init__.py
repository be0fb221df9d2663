"""Texts for people, by code: what happened, whose turn it is, what to do next. Dutch first, English beside it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

LANGUAGES = ("nl", "en")


class Words(NamedTuple):
    """What a code means: a title, an explanation, and the next step (may be empty)."""

    title: str
    explanation: str
    next_step: str


def text(code: str, language: str = "nl") -> Words:
    """Give the words of a code; raises ``KeyError`` for a code without a text, which a test rules out."""
    return texts(language)[code]


@cache
def texts(language: str) -> dict[str, Words]:
    """Give all texts of a language."""
    data = tomllib.loads((resources.files("schemas.texts") / f"{language}.toml").read_text(encoding="utf-8"))
    return {code: Words(row["titel"], row["uitleg"], row.get("stap", "")) for code, row in data.items()}
