"""The paper twin asks every question of the form and says which version it is."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from vungxanh.forms.definition import Form, shipped
from vungxanh.forms.paper import pdf


@pytest.mark.parametrize("form", shipped(), ids=lambda form: form.slug)
def test_every_question_stands_on_paper(form: Form) -> None:
    made = pdf(form, "vi", link="http://example.vn/x", basis="QĐ 1", drill=True)
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(made)).pages).split())
    for question in form.questions:
        assert " ".join(form.said(question.label, "vi").split()) in text
    assert f"phiên bản {form.version}" in text
    assert "DIỄNTẬP–KHÔNGCÓTHẬT" in text.replace(" ", "")  # it stands aslant
