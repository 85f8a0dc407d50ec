"""Folding changes typography and nothing else; paragraphs, sentences and contexts lie where they say."""

from __future__ import annotations

import itertools
import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.text import around, fold, from_windows, paragraphs, quotations, sentences, stem, terms

TYPED = st.text(alphabet=st.sampled_from("aBe é9.!?“”‘’\"'`«»—-…ﬁ\u0301\u00ad\u200b\u00a0\n\t(IDr"), max_size=60)


def parts(text: str, start: int = 0, end: int | None = None) -> list[str]:
    return [text[a:b] for a, b in sentences(text, start, len(text) if end is None else end)]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("“Don’t,” she said.", '"Don\'t," she said.'),
        ("«oui» „ja‟ ″in″", '"oui" "ja" "in"'),
        ("‘no’ ‚no‛ `no´", "'no' 'no' 'no'"),
        ("1914–1918 — a war‑time ‒ price", "1914-1918-a war-time-price"),
        ("a deal -- or a deal---or a deal ⸺ or", "a deal-or a deal-or a deal-or"),
        ("wait… oﬃce ﬁre ﬂood ﬆop", "wait...office fire flood stop"),
        ("wait ... and . . . then .. no", "wait...and...then .. no"),
        ("``oui'' ''ja'' ‹in› 〝ne〟", '"oui" "ja" \'in\' "ne"'),
        ("“‘Do it,’” ‘“Do it,”’", "\"'Do it,\"' \"'Do it,\"'"),
        ("re\u0301sume\u0301 A\u030angstro\u0308m \u212b", "résumé Ångström Å"),
        ("ﬁ\u0301", "fí"),
        ("co\u00adoperate zero\u200bwidth \ufeffmark", "cooperate zerowidth mark"),
        ("  two\u00a0 \n\tlines  ", "two lines"),
        ("", ""),
        (" \u200b \n", ""),
    ],
)
def test_typography_is_folded(typed: str, folded: str) -> None:
    assert fold(typed).text == folded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("We will raise taxes", "We will not raise taxes"),
        ("We can", "We can't"),
        ("Polish", "polish"),
        ("12 million", "13 million"),
        ("1.5", "15"),
        ("resume", "résumé"),
        ("the dam", "a dam"),
        ("ab", "a b"),
        ("yes", "yes?"),
        ("6'", '6"'),
        ("10²", "102"),
        ("½", "1/2"),
        ("５ dams", "5 dams"),
        ("Аnna", "Anna"),  # the first begins with a Cyrillic letter
        ("co-operate", "cooperate"),
        ("well-known", "well known"),
        ("it fell to -5", "it fell to 5"),
        ("Æsop", "AEsop"),
    ],
)
def test_texts_of_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one).text != fold(other).text


def test_each_folded_character_knows_where_it_came_from() -> None:
    text = " “So\u00ad  what…”"
    folded = fold(text)
    assert folded.text == '"So what..."'
    assert folded.offsets == (1, 2, 3, 5, 7, 8, 9, 10, 11, 11, 11, 12)
    assert folded.ends == (2, 3, 4, 6, 8, 9, 10, 11, 12, 12, 12, 13)


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("He said: ``We will\u00a0not -- ever -- sign.'' Twice.", "not—ever—sign", "not -- ever -- sign"),
        ("The oﬃce of Jose\u0301 Poole", "office", "oﬃce"),
        ("The oﬃce of Jose\u0301 Poole", "José", "Jose\u0301"),
        ("So . . . be it", "So… be", "So . . . be"),
        ("“‘No,’” he said", "No,’”", "No,’”"),
    ],
)
def test_folded_words_are_found_in_their_place(text: str, words: str, found: str) -> None:
    folded, wanted = fold(text), fold(words).text
    start = folded.text.index(wanted)
    assert text[slice(*folded.source(start, start + len(wanted)))] == found


@given(TYPED | st.text(max_size=60))
def test_folding_keeps_its_map_in_step_and_has_nothing_left_to_fold(text: str) -> None:
    folded = fold(text)
    assert len(folded.offsets) == len(folded.ends) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert list(folded.ends) == sorted(folded.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(folded.offsets, folded.ends, strict=True))
    assert fold(folded.text).text == folded.text


@example("A\xc2\x80", 2, 1)
@given(TYPED | st.text(max_size=60), st.integers(0, 60), st.integers(1, 60))
def test_every_stretch_maps_back_to_what_folds_to_it(text: str, start: int, length: int) -> None:
    folded = fold(text)
    end = min(len(folded.text), start + length)

    def is_whole(cut: int) -> bool:
        """The cut goes through nothing that was folded together, such as a ligature or a run of marks.

        Nor does it part a control from what shows that it is half a letter of a wrong encoding.
        """
        if cut in (0, len(folded.text)):
            return True
        before, after = folded.text[cut - 1], folded.text[cut]
        parted = {*"'\"-. ", *map(chr, range(0x80, 0xA0))}
        return folded.ends[cut - 1] <= folded.offsets[cut] and parted.isdisjoint((before, after))

    if start < end and is_whole(start) and is_whole(end):
        assert fold(text[slice(*folded.source(start, end))]).text == folded.text[start:end]


def written(text: str) -> list[str]:
    """The words and digits of a text, told apart without `fold`."""
    bare = "".join(c for c in text if unicodedata.category(c) != "Cf")
    bare = "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c for c in bare)
    return re.findall(r"\w+", unicodedata.normalize("NFC", bare).replace("ſt", "st"))


@given(TYPED | st.text(alphabet=st.characters(exclude_categories=["Cf", "Cs"]), max_size=60))
def test_folding_changes_no_letter_digit_or_word(text: str) -> None:
    assert written(fold(text).text) == written(from_windows(text))


@given(st.lists(st.sampled_from("We will not can't sign 12 13 1.2 fi café Café the a".split()), max_size=8), st.data())
def test_texts_that_differ_in_a_word_never_fold_equal(words: list[str], data: st.DataObject) -> None:
    gaps = st.sampled_from([" ", "\u00a0", " \u200b", "\n", " \u2009"])
    forms = {"can't": ["can’t", "can\u00ad't"], "fi": ["ﬁ"], "café": ["cafe\u0301"], "Café": ["Cafe\u0301"]}
    other = data.draw(st.permutations(words) | st.just(words) | st.just(words[1:]))
    typed = "".join(data.draw(st.sampled_from([w, *forms.get(w, [])])) + data.draw(gaps) for w in other)
    assert (fold(" ".join(words)).text == fold(typed).text) == (words == other)


def test_a_megabyte_of_accents_is_folded_in_no_time() -> None:
    assert len(fold("\u0315\u0300" * 100_000).text) == 200_000


def test_paragraphs_are_lines_without_the_white_space_around_them() -> None:
    text = "  One.\r\n\r\n \t \n\u00a0Two,\nthree.  "
    assert [text[a:b] for a, b in paragraphs(text)] == ["One.", "Two,", "three."]
    assert list(paragraphs(" \n\n ")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One.", ["One."]),
        ("one", ["one"]),
        ("", []),
        ("Why? Nobody knows… Perhaps it rained!", ["Why?", "Nobody knows…", "Perhaps it rained!"]),
        ("Dr. Ida Hale and Mr. Poole left. They ran.", ["Dr. Ida Hale and Mr. Poole left.", "They ran."]),
        ("It cost 3.5 million. U.S. officials paid.", ["It cost 3.5 million.", "U.S. officials paid."]),
        ("J. Poole left. So did I. Then it rained.", ["J. Poole left.", "So did I.", "Then it rained."]),
        ("She said no. He left.", ["She said no.", "He left."]),
        ("She lives at No. 7. He left.", ["She lives at No. 7.", "He left."]),
        ("“Stop!” she said. “Go.”", ["“Stop!” she said.", "“Go.”"]),
        ("He said “Never.” ‘Ever,’ she said.", ["He said “Never.”", "‘Ever,’ she said."]),
        ("It held. 2026 was dry.", ["It held.", "2026 was dry."]),
        ("Élan won. Émile left.", ["Élan won.", "Émile left."]),
        ("The bank (see above.) Then more.", ["The bank (see above.)", "Then more."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert parts(text) == expected


def test_sentences_stay_within_the_stretch_asked_for() -> None:
    text = "Zero. One went home. Two stayed. Three."
    assert parts(text, 6, 32) == ["One went home.", "Two stayed."]
    assert parts(text, 5, 24) == ["One went home.", "Two"]


@given(TYPED)
def test_sentences_are_stripped_in_order_and_leave_out_only_white_space(text: str) -> None:
    found = list(sentences(text, 0, len(text)))
    assert all(text[a:b] == text[a:b].strip() != "" for a, b in found)
    assert all(left[1] <= right[0] for left, right in itertools.pairwise(found))
    assert "".join("".join(text[a:b].split()) for a, b in found) == "".join(text.split())


def test_the_surroundings_are_the_paragraph() -> None:
    text = "First.\n\n  She said: “No.” He left.  \nLast."
    start = text.index("No.")
    assert text[slice(*around(text, start, start + 3))] == "She said: “No.” He left."
    assert text[slice(*around(text, 0, 5))] == "First."
    assert text[slice(*around(text, len(text) - 5, len(text)))] == "Last."


def test_the_surroundings_of_words_in_two_paragraphs_are_both() -> None:
    text = "Zero.\n“One.\n“Two.”\nThree."
    assert text[slice(*around(text, text.index("One"), text.index("Two") + 4))] == "“One.\n“Two.”"


def test_the_surroundings_reach_no_further_than_the_limit() -> None:
    text = "a" * 5000 + "QUOTE" + "b" * 5000
    assert around(text, 5000, 5005, limit=100) == (4900, 5105)
    assert around(text, 5000, 5005) == (4300, 5705)
    assert around("x" * 50, 0, 50, limit=10) == (0, 50)


@given(TYPED, st.integers(0, 60), st.integers(1, 60), st.integers(0, 20))
def test_the_surroundings_hold_the_words(text: str, start: int, length: int, limit: int) -> None:
    end = min(len(text), start + length)
    if start < end:
        left, right = around(text, start, end, limit=limit)
        assert max(0, start - limit) <= left <= start < end <= right <= min(len(text), end + limit)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who said “The Eel  Won’t Bite”?", ["the eel won't bite"]),
        ("'eels don't bite' or \"eels sing\" - whose words?", ["eels don't bite", "eels sing"]),
        ("Who said “eels”, and the eels’ keeper's view?", []),
        ("Who said so?", []),
    ],
)
def test_quotations_are_words_in_marks_but_no_single_word(question: str, found: list[str]) -> None:
    assert quotations(question) == found


def test_terms_are_stems_without_function_words() -> None:
    assert terms("The Mayor’s dogs ran to the mayors' 14 harbours") == ["mayor", "dog", "ran", "mayor", "14", "harbour"]
    assert terms("What did she say about it?") == ["say"]
    assert terms("—!?") == []
    assert stem("dredging") == stem("dredged") == "dredg"
