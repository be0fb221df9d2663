"""Every code that people may meet is put in words, in both languages."""

from __future__ import annotations

import pytest

from schemas.envelope import MalformedError
from schemas.problems import (
    Problem,
    ProblemDocument,
    ProblemError,
    RecipientRefusal,
    RefusalCode,
    problem_type,
)
from schemas.receipts import ReceiptKind
from schemas.texts import LANGUAGES, Language, Text, text, texts


def test_both_languages_have_the_same_codes() -> None:
    """A code that one reader understands, the other understands too."""
    assert list(texts("nl")) == list(texts("en"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_code_has_a_text_and_every_text_a_code(language: Language) -> None:
    """Problems, refusals and receipts are all there, and nothing that no code names."""
    assert {*Problem, *RefusalCode, *RecipientRefusal, *ReceiptKind} == set(texts(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_whole(language: Language) -> None:
    """Each has a title and an explanation in sentences; what is wrong has a next step as well."""
    for code, words in texts(language).items():
        assert words.title, code
        assert not words.title.endswith("."), code
        assert words.explanation.endswith("."), code
        assert words.next_step.endswith(".") or code in {"aanvaard", "ontvangen", "geboekt"}, code


def test_the_languages_differ() -> None:
    """No text was left untranslated."""
    assert [code for code, words in texts("nl").items() if words.explanation == texts("en")[code].explanation] == []


def test_lookup() -> None:
    """Dutch unless English is asked; a code from a newer party stands for itself."""
    assert text("te-groot") == text("te-groot", "nl") == text("te-groot", "fr") == texts("nl")["te-groot"]
    assert text("te-groot", "en").title == "Too large"
    assert text("uit-de-toekomst") == Text("uit-de-toekomst", "", "")


def test_refusals_are_problems() -> None:
    """What a receipt afgewezen names is a problem too, under the same name."""
    assert all(Problem[code.name].value == code.value for code in RefusalCode)


@pytest.mark.parametrize("code", Problem)
def test_a_problem_document_holds_every_problem(code: Problem) -> None:
    """A document with our texts fits the model, and is spelled as it was read."""
    words = text(code)
    document = ProblemDocument(
        type=problem_type(code),
        title=words.title,
        status=400,
        detail=f"{words.explanation} {words.next_step}",
        code=code.value,
        errors=(ProblemError(pointer="#/a", detail="b"),),
    )
    assert ProblemDocument.parse(document.spell()) == document


def test_a_problem_document_is_read_strictly() -> None:
    """A code that is no code, and a status that is no error, are refused."""
    good = ProblemDocument(type="urn:seinpost:probleem:te-groot", title="t", status=413, detail="d", code="te-groot")
    for old, new in ((b"413", b"200"), (b'"te-groot"', b'"Te groot"'), (b'"d"', b"null")):
        with pytest.raises(MalformedError):
            ProblemDocument.parse(good.spell().replace(old, new))
