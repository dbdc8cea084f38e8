"""Every value that differs between two rules is named, once, with where it stands."""

from vungxanh.command.rule_changes import difference


def test_values_lists_and_missing_parts() -> None:
    before = {"id": "r", "when": {"all": [{"metres": "<=2"}, {"minutes": ">=15"}]}, "days": 2, "gone": True}
    after = {"id": "r", "when": {"all": [{"metres": "<=1"}, {"minutes": ">=15"}, {"mask": False}]}, "days": 2}
    assert list(difference(before, after)) == [
        ("when.all[1].metres", "<=2", "<=1"),
        ("when.all[3]", "", '{"mask": false}'),
        ("gone", "true", ""),
    ]


def test_equal_rules_do_not_differ() -> None:
    assert list(difference({"a": [1, {"b": 2}]}, {"a": [1, {"b": 2}]})) == []
