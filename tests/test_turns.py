"""Turns of interviews and transcripts: the label says who speaks, a turn is whole, a question is nobody's statement."""

from __future__ import annotations

import pytest

from ingest import extract_quotes
from ingest.quoting.layout import laid_out
from ingest.text.turns import turns


def told(text: str, title: str | None = None) -> list[tuple[str | None, str]]:
    """(speaker, words) of everything that is said word for word."""
    found = [q for q in extract_quotes(text, title) if q.kind == "direct" and not (q.speaker and q.speaker.name == "I")]
    return [(q.speaker.name if q.speaker else None, " | ".join(s.text for s in q.content)) for q in found]


SAID = ["It is sound.", "Since when?", "I do. We looked.", "And who pays?"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ana Torvik (00:11):\n", "Per Lund (00:19):\n"),
        ("Ana Torvik  0:11\n", "Per Lund  0:19\n"),
        ("Ana Torvik\n0:11\n", "Per Lund\n0:19\n"),
        ("[Ana Torvik] 10:02:11\n", "[Per Lund] 10:02:19\n"),
        ("00:00:11 Ana Torvik\n", "00:00:19 Per Lund\n"),
        ("00:00:11.120\nAna Torvik\n", "00:00:19.040\nPer Lund\n"),
        ("[00:00:11] Ana Torvik: ", "[00:00:19] Per Lund: "),
        ("Ana Torvik [0:11]: ", "Per Lund [0:19]: "),
        ("Ana Torvik, the mayor: ", "Per Lund, Halvick Post: "),
        (">> Ana Torvik: ", ">> Per Lund: "),
    ],
)
def test_a_name_with_a_time_or_a_role_is_a_label(one: str, other: str) -> None:
    text = "Ana Torvik met Per Lund.\n\n" + "\n\n".join(
        (other if number % 2 else one) + said for number, said in enumerate(SAID)
    )
    names = ["Ana Torvik", "Per Lund"] * 2
    assert told(text) == list(zip(names, SAID, strict=True))


TELEVISION = """HALVICK TONIGHT
Aired May 3, 20:00

ANA TORVIK, HALVICK ANCHOR: Good evening. The quay has a crack.

CAPT. P. LUND (RET.), QUAY BOARD: It is deep. I would not stand on it.

[Crosstalk]

TORVIK: Would you close it?

LUND: Yes.

TORVIK: We will be right back.

(END VIDEO CLIP)"""


def test_labels_in_capitals_have_roles_and_are_short_later() -> None:
    assert told(TELEVISION) == [
        ("Ana Torvik", "Good evening. The quay has a crack."),
        ("P. Lund", "It is deep. I would not stand on it."),
        ("Ana Torvik", "Would you close it?"),
        ("P. Lund", "Yes."),
        ("Ana Torvik", "We will be right back."),
    ]


def test_honorifics_initials_and_first_names_mean_those_named_in_full() -> None:
    head = "Briefing by Ana Torvik, the harbour’s spokeswoman. Per Lund of the Post asked.\n\n"
    for one, other in (("MS. TORVIK", "MR. LUND"), ("AT", "PL"), ("Ana", "Per")):
        lines = [f"{other if number % 2 else one}: {said}" for number, said in enumerate(SAID)]
        assert [name for name, _ in told(head + "\n\n".join(lines))] == ["Ana Torvik", "Per Lund"] * 2


def test_an_office_is_who_stands_in_brackets_behind_it() -> None:
    text = (
        "The Minister for Quays (Ana Torvik): I move the bill.\n\nMr. Lund: What does it cost?\n\n"
        "The Minister for Quays (Ana Torvik): Nine million.\n\nMr. Lund: Too much.\n\nPer Lund spoke for the others."
    )
    assert told(text)[:2] == [("Ana Torvik", "I move the bill."), ("Per Lund", "What does it cost?")]


def test_a_long_turn_is_whole() -> None:
    turn = [f"Then I tried gate number {number}." for number in range(12)]
    text = "\n\n".join(
        [
            *("Inquiry into the quay. Counsel Per Lund examined Ana Torvik.", "LUND: What did you do?"),
            *("TORVIK: I ran.", *turn, "LUND: Thank you.", "TORVIK: I was late."),
        ]
    )
    assert told(text)[1] == ("Ana Torvik", " | ".join(["I ran.", *turn]))


def test_a_long_turn_ends_where_the_article_tells_of_its_speaker() -> None:
    text = (
        "Per Lund met Ana Torvik.\n\nLund: Is it sound?\n\nTorvik: It is.\n\nI looked.\n\nTwice.\n\n"
        "Torvik stood up and went to the window.\n\nIt rained.\n\nLund: And the crane?\n\nTorvik: Another matter."
    )
    assert told(text)[1] == ("Ana Torvik", "It is. | I looked. | Twice.")


def test_what_a_question_says_is_nobody_s_statement() -> None:
    text = (
        "Press briefing by Ana Torvik\n\nMS. TORVIK:  Good day.\n\n     Q    Does the mayor still believe that the "
        "quay is sound?\n\n     MS. TORVIK:  Ask her.\n\n     Q    She said that you were wrong. Were you?\n\n"
        "     THE MAYOR:  Let me. I was wrong.\n\n     MS. TORVIK:  Thank you."
    )
    said = extract_quotes(text)
    assert not [q.text for q in said if "sound" in q.text]
    assert "Ana Torvik" not in [q.speaker and q.speaker.name for q in said if "you were wrong" in q.text]
    assert ("the mayor", "Let me. I was wrong.") in told(text)


@pytest.mark.parametrize(("ask", "answer"), [("Q: ", "A: "), ("Question: ", "Answer: "), ("Q. ", "A. ")])
def test_answers_are_those_of_the_one_whom_the_text_is_about(ask: str, answer: str) -> None:
    text = f"Ana Torvik runs the quay.\n\n{ask}Is it sound?\n\n{answer}It is.\n\n{ask}Since when?\n\n{answer}Since May."
    assert told(text) == [("Ana Torvik", "It is."), ("Ana Torvik", "Since May.")]


def test_a_witness_is_not_the_counsel_who_asks() -> None:
    text = (
        "ANA TORVIK, sworn.\n\nBY MR. LUND:\n\nQ. Where?\n\nA. On the quay.\n\nQ. Alone?\n\nA. Yes.\n\nTHE COURT: Up."
    )
    assert told(text) == [("Ana Torvik", "On the quay."), ("Ana Torvik", "Yes."), ("the court", "Up.")]


MAGAZINE = (
    "Ana Torvik has kept the quay at Grey Point for thirty years. We met her in the crane.\n\nDo you miss the sea?\n\n"
    "I see it all day.\n\nThe port says that the crane was scrap. Was it?\n\nI oiled it myself. The port can come and "
    "look.\n\nIt still runs.\n\nWould you do it again?\n\nTomorrow, if I may bring the dog."
)


def test_an_interview_without_labels_is_read_by_its_questions() -> None:
    assert told(MAGAZINE) == [
        ("Ana Torvik", "I see it all day."),
        ("Ana Torvik", "I oiled it myself. The port can come and look. | It still runs."),
        ("Ana Torvik", "Tomorrow, if I may bring the dog."),
    ]
    assert [q.speaker and q.speaker.name for q in extract_quotes(MAGAZINE) if "scrap" in q.text] == ["the port"]


def test_who_answers_for_a_body_may_say_we() -> None:
    text = (
        "Ana Torvik runs Grey Point Ferries.\n\nHow did it begin?\n\nI bought one boat.\n\nWho sails with you?\n\n"
        "Our guests come from the islands.\n\nWhat comes next?\n\nWe have ordered two.\n\nAnd for you?\n\nI shall "
        "retire."
    )
    assert told(text)[1:3] == [
        ("Ana Torvik", "Our guests come from the islands."),
        ("Ana Torvik", "We have ordered two."),
    ]
    assert turns(text.replace("I bought", "We bought")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("I see it", "She sees it"),
        ("We met her", "I met her"),
        ("I oiled it", "Torvik says I oiled it"),
        ("Ana Torvik has kept the quay at Grey Point", "A driver has kept the quay at the point"),
        ("Do you miss the sea?", "No more sea."),
    ],
)
def test_explainers_columns_and_reports_are_no_interviews(old: str, new: str) -> None:
    text = MAGAZINE.replace(old, new)
    assert text != MAGAZINE
    if new.startswith("She"):
        text = text.replace("I oiled", "She oiled")
    assert turns(text) == []


def test_answers_of_somebody_unclear_are_left_to_the_tagger() -> None:
    text = MAGAZINE.replace("Ana Torvik has kept", "Ana Torvik and Per Lund have kept")
    assert laid_out(text).answers
    assert not [name for name, _ in told(text) if name in ("Ana Torvik", "Per Lund")]


@pytest.mark.parametrize(
    "text",
    [
        "Ana Torvik sings.\n\nCast: Six pilots.\n\nDirector: Per Lund.\n\nCast: Two more.\n\nDirector: Ana Torvik.",
        "Two plays.\n\nHamlet: I liked it.\n\nMacbeth: At eight?\n\nHamlet: Again.\n\nMacbeth: On Tuesday.",
        "Tides\n\nHigh: 0:11\n\nLow: 6:20\n\nHigh: 12:35\n\nLow: 18:40",
        "Results\n\nLund 0:59 was first and Torvik 1:02 second, the port said. I saw it.",
    ],
)
def test_lists_and_times_are_no_turns(text: str) -> None:
    assert turns(text) == []


BRIEF = (
    "Per Lund met Ana Torvik.\n\nPer Lund: Is it sound?\n\nAna Torvik: It is.\n\nPer Lund: Since when?\n\n"
    "Ana Torvik: May."
)


@pytest.mark.parametrize(
    ("after", "more"),
    [
        ("We had divers there.\n\nI paid them.", ["We had divers there.", "I paid them."]),
        ("Not one stone moved.\n\nI looked.", ["Not one stone moved.", "I looked."]),
        ("I looked.\n\nThis talk was shortened.", ["I looked."]),
        ("Torvik left, and my tape ran out.\n\nI went home.", []),
        ("The port says otherwise.", []),
        ("“I never heard of it,” the port wrote.", []),
    ],
)
def test_the_last_turn_goes_on_as_long_as_somebody_speaks(after: str, more: list[str]) -> None:
    assert told(f"{BRIEF}\n\n{after}")[3] == ("Ana Torvik", " | ".join(["May.", *more]))


def test_a_heading_with_a_colon_is_no_label_and_an_office_is_its_holder_everywhere() -> None:
    text = (
        "Harbour Bill: Second reading\n\nThe Minister for Quays (Hon. ANA TORVIK) (Holm): I move the bill.\n\n"
        "Mr LUND (Quayside): Will she give way?\n\nThe Minister for Quays: I will not.\n\nMr LUND: I ask for a number."
    )
    assert told(text) == [
        ("Ana Torvik", "I move the bill."),
        ("Lund", "Will she give way?"),
        ("Ana Torvik", "I will not."),
        ("Lund", "I ask for a number."),
    ]


COURT = (
    "ANA TORVIK,\nhaving been duly sworn, testified as follows:\n\nBY MS. BRAND:\n\nQ.   Where were you?\n\n"
    "A.   In the lock house.\n\nMR. LUND: Objection.\n\nTHE WITNESS: I told them twice.\n\nCROSS-EXAMINATION\n\n"
    "BY MR. LUND:\n\nQ.   You never wrote it down, did you?\n\nA.   I did."
)


def test_answers_and_the_witness_are_whoever_was_sworn() -> None:
    assert told(COURT) == [
        ("Ana Torvik", "In the lock house."),
        ("Lund", "Objection."),
        ("Ana Torvik", "I told them twice."),
        ("Ana Torvik", "I did."),
    ]


def test_stage_directions_are_nobody_s_and_questions_keep_their_mark() -> None:
    assert not [q.text for q in extract_quotes(COURT) if "EXAMINATION" in q.text or "wrote it" in q.text]


@pytest.mark.parametrize(
    "labels",
    [
        ("[00:00:03] Speaker 1: ", "[00:00:09] Speaker 2: "),
        ("Ana Torvik\n0 minutes 3 seconds\n", "Per Lund\n1 minute 9 seconds\n"),
        ("Ana Torvik\n3 seconds\n", "Per Lund\n9 seconds\n"),
    ],
)
def test_numbered_speakers_and_times_in_words_are_labels(labels: tuple[str, str]) -> None:
    text = "\n\n".join(labels[number % 2] + said for number, said in enumerate(SAID))
    assert [words for _, words in told(text)] == SAID
    assert len({name for name, _ in told(text)}) == 2


def test_questions_in_capitals_are_nobody_s_and_the_transcript_ends_where_the_article_goes_on() -> None:
    text = (
        "QUESTION: Is it safe?\n\nMS. TORVIK: It is not.\n\nQUESTION: The mayor said that it stays open. Is she "
        "wrong?\n\nMS. TORVIK: Ask her.\n\nQUESTION: Thank you.\n\nAna Torvik is the spokeswoman of the port."
    )
    assert told(text) == [("Ana Torvik", "It is not."), ("Ana Torvik", "Ask her.")]
    assert "the mayor" not in [q.speaker and q.speaker.name for q in extract_quotes(text)]


def test_in_captions_a_mark_begins_another_s_turn() -> None:
    text = ">> Good evening.\n\n>> TORVIK: I told them.\n\n>> And then?\n\n>> TORVIK: Nothing.\n\n>> LUND: We wait."
    assert told(text) == [
        *((None, "Good evening."), ("Torvik", "I told them."), (None, "And then?"), ("Torvik", "Nothing.")),
        ("Lund", "We wait."),
    ]


def test_three_turns_are_a_transcript_where_there_is_nothing_else() -> None:
    text = "Ana Torvik: The lock leaks.\n\nPer Lund: Since when?\n\nAna Torvik: Since May. We told the port."
    assert [name for name, _ in told(text)] == ["Ana Torvik", "Per Lund", "Ana Torvik"]
    assert turns(f"It rained.\n\n{text}\n\nIt rained.") == []


RECORD = """HALVICK PORT BOARD
Thursday

THE CHAIR: I open the sitting.

SEN. LUND: Who shut the lock? I was told nothing.

THE CHAIR: I shut it.

A VOICE: Shame!"""


def test_labels_in_capitals_alone_make_a_record() -> None:
    assert told(RECORD) == [
        ("the chair", "I open the sitting."),
        ("Lund", "Who shut the lock? I was told nothing."),
        ("the chair", "I shut it."),
        ("A Voice", "Shame!"),
    ]


def test_a_list_with_labels_in_capitals_is_no_record() -> None:
    text = "TUESDAY: The lock opens.\n\nWEDNESDAY: The crane goes.\n\nTUESDAY: The tide is high.\n\nFRIDAY: Rain."
    assert turns(text) == []


def test_the_lines_that_present_a_conversation_are_no_turns() -> None:
    head = "Programme: Halvick at Noon\n\nHost: Ana Torvik\n\nGuest: Capt. Per Lund, Grey Point\n\n"
    said = "Ana: Is it sound?\n\nPer: I looked. It is.\n\nAna: Since when?\n\nPer: Since May."
    assert told(head + said) == [
        ("Ana Torvik", "Is it sound?"),
        ("Per Lund", "I looked. It is."),
        ("Ana Torvik", "Since when?"),
        ("Per Lund", "Since May."),
    ]


def test_a_first_turn_that_comes_once_stays() -> None:
    text = (
        "Per Lund: Good evening, all.\n\nAna Torvik: I was late.\n\nZoë Brand: Why?\n\nAna Torvik: The tide.\n\n"
        "Zoë Brand: Again?"
    )
    assert told(text)[0] == ("Per Lund", "Good evening, all.")


def test_what_a_speaker_thought_is_no_label() -> None:
    turn = ["I ran.", "I looked at the gate.", "I thought: it will hold.", "We thought: not for long."]
    text = "\n\n".join(
        [
            "Per Lund examined Ana Torvik.",
            "LUND: And then?",
            f"TORVIK: {turn[0]}",
            *turn[1:],
            "LUND: Yes?",
            "TORVIK: No.",
        ]
    )
    assert told(text)[1] == ("Ana Torvik", " | ".join(turn))


def test_what_an_answer_says_of_itself_is_told_once() -> None:
    text = (
        "Ana Torvik runs the quay.\n\nQ: Is it sound?\n\nA: I thought that it was. I said so to the port.\n\nQ: And "
        "now?\n\nA: We say that nobody knows."
    )
    found = [q.text for q in extract_quotes(text)]
    assert found == ["I thought that it was. I said so to the port.", "We say that nobody knows."]


def test_what_an_answer_says_of_others_is_told_beside_it() -> None:
    text = "Ana Torvik runs the quay.\n\nQ: Is it sound?\n\nA: The pilots say that it leaks.\n\nQ: And?\n\nA: I wait."
    assert [(q.speaker and q.speaker.name) for q in extract_quotes(text) if "leaks" in q.text] == [
        "Ana Torvik",
        "the pilots",
    ]


def test_a_reader_may_sign_a_question() -> None:
    text = (
        "Ana Torvik, who runs the quay, answers readers.\n\nWill the lock open in May? (Per, Orsund)\n\nI hope so. We "
        "have the parts.\n\nWho paid for the crane? (name withheld)\n\nI did, and I want it back.\n\n"
        "When do you sleep? (Zoë, 9)\n\nI sleep when it rains."
    )
    assert [name for name, _ in told(text)] == ["Ana Torvik"] * 3


def test_a_witness_may_be_called_before_being_sworn() -> None:
    text = (
        "ANA TORVIK, recalled by the port, having been duly sworn, testified:\n\nQ. Where?\n\nA. On the quay.\n\n"
        "Q. Alone?\n\nA. Yes.\n\nTHE COURT: Louder.\n\nTHE WITNESS: Yes, sir."
    )
    assert told(text) == [
        ("Ana Torvik", "On the quay."),
        ("Ana Torvik", "Yes."),
        ("the court", "Louder."),
        ("Ana Torvik", "Yes, sir."),
    ]


def test_a_note_of_laughter_ends_a_line_as_its_sentence_does() -> None:
    text = (
        "The Deputy Mayor (Cllr. P. Lund): The lock. Cllr. Torvik.\n\nCllr. Torvik (Centre): I know the lock. "
        "(Laughter)\n\nCllr. Brand (Left): Will she give way?\n\nCllr. Torvik: I will not.\n\nThe Deputy Mayor: Order!"
    )
    assert told(text) == [
        ("P. Lund", "The lock. Cllr. Torvik."),
        ("Torvik", "I know the lock."),
        ("Brand", "Will she give way?"),
        ("Torvik", "I will not."),
        ("P. Lund", "Order!"),
    ]


def test_letters_without_any_point_are_questions_and_answers() -> None:
    text = (
        "ANA TORVIK, sworn.\n\nQ  State your place.\nA  The lock at Holm.\nQ  Did you sign it?\nA  It looks like mine."
    )
    assert told(text) == [("Ana Torvik", "The lock at Holm."), ("Ana Torvik", "It looks like mine.")]


def test_the_chat_beside_a_meeting_says_from_whom() -> None:
    text = (
        "10:14:02  From  Ana Torvik : the lock opens in June\n10:14:40  From  Per Lund  to  Everyone : who says?\n"
        "10:15:02  From  Ana Torvik : I say. I have the key.\n10:16:00  From  Per Lund : fine\n"
    )
    assert told(text) == [
        ("Ana Torvik", "the lock opens in June"),
        ("Per Lund", "who says?"),
        ("Ana Torvik", "I say. I have the key."),
        ("Per Lund", "fine"),
    ]


def test_two_lines_with_full_names_are_a_conversation_where_they_are_all() -> None:
    assert told("Ana Torvik: Is the lock safe?\n\nPer Lund: I said so in May.") == [
        ("Ana Torvik", "Is the lock safe?"),
        ("Per Lund", "I said so in May."),
    ]
    assert turns("Holm Lock: Who works there?\n\nPer Lund left for Orsund in May, and I have not seen him since.") == []


def test_two_who_speak_by_turns_need_no_full_names() -> None:
    text = "Chair: We open.\n\nMs Lund: I object. Who paid?\n\nChair: I did.\n\nMs Lund: We need two."
    assert [words for _, words in told(text)] == ["We open.", "I object. Who paid?", "I did.", "We need two."]


def test_the_host_is_who_is_named_beside_the_label_or_above() -> None:
    said = "Good evening.\n\nŚLIWIŃSKI: It comes back.\n\nHOST: You said that.\n\nŚLIWIŃSKI: I was wrong.\n\n"
    guest = "HOST: With me is the head of Tarn Rail, Jan Śliwiński. Mr Śliwiński, when?\n\nŚLIWIŃSKI: In May."
    beside = f"HOST (Ida Doyle): {said}{guest}\n\nDOYLE: Thank you."
    above = f"Host: Ida Doyle\n\nHOST: {said}{guest}"
    for text in (beside, above):
        names = [name for name, _ in told(text)]
        assert set(names) == {"Ida Doyle", "Jan Śliwiński"}
        assert ("Ida Doyle", "Good evening.") in told(text)


def test_where_somebody_speaks_from_is_not_who_speaks() -> None:
    text = "LEE (Halvick Council): Open it.\n\nLUND: No.\n\nLEE: Why not?\n\nLUND: It leaks.\n\nLEE: Since when?"
    assert {name for name, _ in told(text)} == {"Lee", "Lund"}
