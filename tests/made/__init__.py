"""A made corpus of news, and the measure of who is whom in it: ``tests.made.corpus``."""
