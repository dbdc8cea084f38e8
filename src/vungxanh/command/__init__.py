"""Room 6: from a dispatch to the deed, one message in every form, reserves, hotline, inspection."""
