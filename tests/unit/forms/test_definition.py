"""A form that contradicts itself is refused, with the field that is wrong."""

from typing import Any

import pytest

from vungxanh.core.errors import UserError
from vungxanh.forms.definition import read

TEXT = {"vi": "a", "en": "a"}


def raw(*questions: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "x.y",
        "version": "1",
        "title": TEXT,
        "summary": TEXT,
        "disease": "covid19",
        "window_days": 14,
        "purpose": "p",
        "retention_days": 30,
        "result_rules": "declaration",
        "pages": [{"id": "one", "title": TEXT, "questions": list(questions)}],
    }


def question(**fields: Any) -> dict[str, Any]:
    return {"id": "a", "type": "yesno", "label": TEXT, **fields}


def test_a_small_form_reads() -> None:
    assert read(raw(question())).key == "x.y@1"


@pytest.mark.parametrize(
    "questions",
    [
        [question(), question()],
        [question(type="choice")],
        [question(options=[{"value": "x", "label": TEXT}])],
        [question(typo=1)],
        [question(type="colour")],
        [question(enabled_when=[{"question": "b", "equals": True}]), question(id="b")],
        [question(enabled_when=[{"question": "a", "equals": True}])],
        [question(), question(id="b", enabled_when=[{"question": "a"}])],
        [question(), question(id="b", enabled_when=[{"equals": True}])],
        [],
    ],
)
def test_a_contradiction_is_refused(questions: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError) as caught:
        read(raw(*questions))
    assert caught.value.code == "rules.bad-rule"
