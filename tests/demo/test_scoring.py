"""Precision and recall of findings against a small key."""

from datong_edu.demo.scoring import read_findings, score

KEY = {
    "planted": [
        {"rule": "C01", "subject": "a", "county": "140225", "fault_kind": "k"},
        {"rule": "C01", "subject": "b", "county": "140225", "fault_kind": "k"},
        {"rule": "C03", "subject": "c", "county": "140225", "fault_kind": "k"},
    ],
    "lookalikes": [{"rule": "C01", "subject": "d", "county": "140225", "trap": "t"}],
}
HEAD = "rule_code,subject,unit,severity,status,found_on,closed_on\n"


def test_read_findings_leaves_closed_ones_out() -> None:
    text = HEAD + "C01,a,140225,H,pending,2020-12-15,\nC01,b,140225,H,fixed,2020-12-15,2020-12-16\n"
    assert read_findings(text) == {("C01", "a")}


def test_score_is_perfect_when_exactly_the_planted_are_found() -> None:
    assert all(line.is_perfect for line in score(KEY, {("C01", "a"), ("C01", "b"), ("C03", "c")}))


def test_score_names_missed_invented_and_fooled() -> None:
    first, second = score(KEY, {("C01", "a"), ("C01", "d"), ("C01", "x"), ("C25", "y")})
    assert (first.missed, first.invented, first.fooled) == (("b",), ("d", "x"), ("d",))
    assert (round(first.precision, 2), first.recall) == (0.33, 0.5)
    assert (second.recall, second.is_perfect) == (0.0, False)


def test_score_of_a_switched_off_rule_is_not_perfect() -> None:
    lines = score(KEY, {("C03", "c")})
    assert [line.is_perfect for line in lines] == [False, True]
