"""The three levels of headings of an official paper: 一、 （一） 1."""

from __future__ import annotations

CHINESE = "零一二三四五六七八九十"


def level_1(number: int, words: str) -> str:
    return f"{_chinese(number)}、{words}"


def level_2(number: int, words: str) -> str:
    return f"（{_chinese(number)}）{words}"


def level_3(number: int, words: str) -> str:
    return f"{number}. {words}"


def _chinese(number: int) -> str:
    """一 to 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{CHINESE[tens]}十") + (CHINESE[ones] if ones or not tens else "")
