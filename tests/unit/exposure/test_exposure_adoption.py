"""Nobody's browser tells whether people use exposure notification: a visit, a scan, a declaration shows none."""

from vungxanh.rules.duties import duty_rule


def test_no_fact_of_a_page_or_a_scan_counts_as_the_app() -> None:
    """The figure of adoption leaves out what no fact shows, so the app stays a matter of asking and looking."""
    rule = duty_rule()
    assert "app" in rule.systems
    assert "app" not in rule.shown_by
    assert {shown.fact for shown in rule.shown_by.values()} == {
        "venues.use",
        "venues.poster",
        "venues.lists",
        "safetymap.level",
        "declarations.use",
    }
