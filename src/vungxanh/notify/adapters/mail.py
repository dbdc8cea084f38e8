"""E-mail by SMTP; the key is the Message-ID, by which mail stores know a double."""

import smtplib
from dataclasses import dataclass
from email.message import EmailMessage

from vungxanh.notify.interface import Channel, Message, PermanentFailure, Receipt, TemporaryFailure, UnknownOutcome


@dataclass(frozen=True)
class SmtpMail:
    """`security`: `tls` (465), `starttls` (587), or `none` for a relay on the same machine."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    security: str = "starttls"
    channel: Channel = Channel.EMAIL
    name: str = "smtp"
    deduplicates: bool = False

    def send(self, message: Message) -> Receipt:
        letter = EmailMessage()
        letter["From"], letter["To"], letter["Subject"] = self.sender, message.address, message.subject
        letter["Message-ID"] = f"<{message.key}@{self.sender.rpartition('@')[2]}>"
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.text, cte="quoted-printable")
        try:
            with self._open() as server:
                server.send_message(letter)
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as exc:
            raise _by_code(exc) from exc
        except smtplib.SMTPServerDisconnected as exc:
            raise UnknownOutcome("cut-off") from exc
        except (OSError, smtplib.SMTPException) as exc:
            raise TemporaryFailure("no-connection") from exc
        return Receipt(letter["Message-ID"])

    def _open(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self.security == "tls" else smtplib.SMTP
        server = kind(self.host, self.port, timeout=20)
        if self.security == "starttls":
            server.starttls()
        if self.user:
            server.login(self.user, self.password)
        return server

    def price(self, message: Message) -> int:
        return 0


def _by_code(error: smtplib.SMTPException) -> TemporaryFailure:
    """4yz is later, 5yz is never (RFC 5321 §4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min(code for code, _ in error.recipients.values())
    else:
        code = int(getattr(error, "smtp_code", 500))
    return (TemporaryFailure if 400 <= code < 500 else PermanentFailure)(f"smtp-{code}")
