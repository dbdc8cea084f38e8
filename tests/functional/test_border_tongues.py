"""Languages of the form: slots that people fill; what is empty falls back to English and says so."""

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from tests.functional.test_border_flow import FORM

from vungxanh.border import entry_forms, tongues
from vungxanh.border.commands import border
from vungxanh.core.errors import UserError

pytestmark = pytest.mark.django_db
form = entry_forms.form(FORM)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tongues, "home", lambda: tmp_path)
    (tmp_path / "words").mkdir()
    return tmp_path / "words"


def test_every_text_of_the_form_has_one_slot_of_its_own() -> None:
    names = [slot for slot, _ in tongues.slots(form)]
    assert len(names) == len(set(names))
    assert {"form.title", "page.signs.intro", "q.fever", "o.mode.air", "q.seat.hint", "ui.yes"} <= set(names)


@pytest.mark.parametrize("language", sorted(tongues.NAMES))
def test_nothing_is_translated_that_no_person_wrote(language: str) -> None:
    assert dict(tongues.words(language)) == {}
    assert tongues.share(form, language) == 0
    title = tongues.said(form, "form.title", form.title, language)
    assert (title.text, title.lang) == ("Entry health declaration", "en")


def test_a_filled_slot_is_shown_and_an_empty_one_is_english(house: Path) -> None:
    (house / "fr.toml").write_text('[words]\n"q.fever" = "Fièvre"\n"q.cough" = "  "\n'
                                   '"page.contact" = "Ces {window} derniers jours"\n')  # fmt: skip
    fever, cough = form.question("fever"), form.question("cough")
    assert tongues.said(form, "q.fever", fever.label, "fr") == tongues.Said("Fièvre", "fr")
    assert tongues.said(form, "q.cough", cough.label, "fr") == tongues.Said("Cough", "en")
    page = next(one for one in form.pages if one.id == "contact")
    assert str(tongues.said(form, "page.contact", page.title, "fr")) == "Ces 21 derniers jours"
    assert 0 < tongues.share(form, "fr") < 0.1


def test_the_slots_are_laid_out_for_a_translator_and_read_back(house: Path) -> None:
    (house / "ko.toml").write_text('[words]\n"ui.yes" = "say \\"yes\\""\n')
    laid = CliRunner().invoke(border, ["words", "ko"])
    assert laid.exit_code == 0
    table = tomllib.loads(laid.output)["words"]
    assert set(table) == {slot for slot, _ in tongues.slots(form)}
    assert {slot: text for slot, text in table.items() if text} == {"ui.yes": 'say "yes"'}
    assert "# Fever" in laid.output


def test_a_broken_file_is_an_error_that_says_where(house: Path) -> None:
    (house / "km.toml").write_text("[words\n")
    with pytest.raises(UserError) as caught:
        tongues.words("km")
    assert caught.value.code == "border.bad-toml"


def test_the_form_s_pages_in_another_language(client: Client, house: Path) -> None:
    (house / "fr.toml").write_text(
        '[words]\n"page.name" = "Votre nom"\n"q.full_name" = "Nom complet"\n"ui.continue" = "Continuer"\n'
    )
    start = client.get(reverse("border:start"), {"lang": "fr"}).content.decode()
    assert 'lang="fr" aria-current="true"' in start
    first = client.post(reverse("border:begin"))["Location"]
    page = client.get(first.replace("/gate", "/name")).content.decode()
    assert '<h1 class="nhsuk-heading-l" id="title" lang="fr">Votre nom</h1>' in page
    assert 'lang="fr">Continuer</button>' in page
    assert "As in your passport or border pass" in page  # the hint has no translation
    document = client.get(first.replace("/gate", "/document")).content.decode()
    assert '<h1 class="nhsuk-heading-l" id="title" lang="en">Which document do you travel with?</h1>' in document
    assert "Chưa có bản dịch: hiển thị bằng tiếng Anh." in document


def test_an_unknown_language_changes_nothing(client: Client) -> None:
    client.get(reverse("border:start"), {"lang": "xx"})
    assert "entry-language" not in client.cookies
