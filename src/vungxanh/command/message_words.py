"""The words of a message as they may be shown: its number from the directory, in a language that was written."""

from django.utils import timezone

from vungxanh.command import directory
from vungxanh.command.message_texts import Words
from vungxanh.command.models import Message, MessageText


def words_of(row: Message, language: str = "vi") -> Words:
    """Vietnamese where the language asked for was not written, or was not read by a second person."""
    call = directory.number_for(row.topic, row.scope_path, timezone.localdate()) if row.topic else None
    spoken, title, say, do = _texts(row, language)
    return Words(
        title=title,
        say=tuple(line.strip() for line in say.splitlines() if line.strip()),
        do=tuple(line.strip() for line in do.splitlines() if line.strip()),
        issuer=call.who if call else "",
        call=call.number if call else "",
        language=spoken,
    )


def _texts(row: Message, language: str) -> tuple[str, str, str, str]:
    """The language that was found, and title, what happened, what to do in it."""
    if language.startswith("en") and row.title_en and row.do_en:
        return "en", row.title_en, row.say_en, row.do_en
    other = texts(row).get(language)
    if other:
        return language, other.title, other.say, other.do
    return "vi", row.title, row.say, row.do


def texts(row: Message) -> dict[str, MessageText]:
    """Language -> text, only those that a second person has read."""
    return {text.language: text for text in row.texts.filter(checked_at__isnull=False)}
