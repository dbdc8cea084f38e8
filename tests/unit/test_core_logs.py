"""No name reaches a log, whoever writes it."""

import json
import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from vungxanh.core import logs


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What stands in the log after the block; the root logger is put back afterwards."""
    out = StringIO()
    facts = logs.settings()["formatters"]["json"]
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=facts["processors"], foreign_pre_chain=facts["foreign_pre_chain"]
        )
    )
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    root.handlers, root.level = [handler], logging.INFO
    yield out
    root.handlers, root.level = before, level


def test_named_keys_pass_and_others_are_dropped_and_counted(written: StringIO) -> None:
    structlog.get_logger("lake").info("imported", rows=12, name="Nguyễn Thị Lan", phone="0944713700")
    line = json.loads(written.getvalue())
    assert (line["event"], line["rows"], line["dropped"]) == ("imported", 12, 2)
    assert "Lan" not in written.getvalue()
    assert "0944" not in written.getvalue()


def test_a_librarys_text_keeps_its_template_and_loses_its_values(written: StringIO) -> None:
    logging.getLogger("library").warning("cannot reach %s", "Nguyễn Thị Lan")
    assert json.loads(written.getvalue())["event"] == "cannot reach %s"
    assert "Lan" not in written.getvalue()


def test_an_exception_keeps_its_type_and_place_and_loses_its_message(written: StringIO) -> None:
    try:
        raise ValueError("Key (name)=(Nguyễn Thị Lan) already exists")
    except ValueError:
        logging.getLogger("library").exception("failed")
    line = json.loads(written.getvalue())
    assert line["exception"] == "ValueError"
    assert any("test_core_logs.py" in place for place in line["where"])
    assert "Lan" not in written.getvalue()
