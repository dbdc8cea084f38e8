"""Persons, documents, phones, households, consent; organisations; officers, roles and what each may see."""
