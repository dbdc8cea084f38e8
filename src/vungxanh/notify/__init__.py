"""Telling people: SMS, Zalo, voice, web push, e-mail behind one interface, each message sent once."""
