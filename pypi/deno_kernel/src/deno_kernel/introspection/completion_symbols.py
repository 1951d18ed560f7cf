r"""Completes `\alpha` and `\GREEK SMALL LETTER ALPHA` to a character, and `\α` to its names."""

from __future__ import annotations

import functools
import re
import unicodedata

from .completion_reply import Reply

_TYPED = re.compile(r"\\((?:[A-Za-z_^][\w^+\-()=]*|[A-Z][A-Z0-9 \-]*|[^\x00-\x7f])?)\Z")
_MOST_NAMES = 200
_LAST_CHARACTER = 0x2FFFF  # Beyond are characters for private use, and variation selectors.

_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau upsilon phi chi "
    "psi omega"
).split()
_SYMBOLS = r"""
aleph ℵ beth ℶ ell ℓ hbar ℏ imath ı jmath ȷ wp ℘ Re ℜ Im ℑ partial ∂ nabla ∇ infty ∞ forall ∀ exists ∃ nexists ∄
emptyset ∅ varnothing ∅ in ∈ notin ∉ ni ∋ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ cup ∪ cap ∩ setminus ∖ land ∧ wedge ∧
lor ∨ vee ∨ neg ¬ lnot ¬ oplus ⊕ ominus ⊖ otimes ⊗ odot ⊙ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet • pm ± mp ∓
sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ sqrt √ cbrt ∛ propto ∝ approx ≈ sim ∼ simeq ≃ cong ≅ equiv ≡ ne ≠
neq ≠ le ≤ leq ≤ ge ≥ geq ≥ ll ≪ gg ≫ prec ≺ succ ≻ perp ⟂ parallel ∥ mid ∣ angle ∠ degree ° prime ′ dprime ″ ldots …
dots … cdots ⋯ vdots ⋮ ddots ⋱ to → rightarrow → leftarrow ← gets ← uparrow ↑ downarrow ↓ leftrightarrow ↔ mapsto ↦
Rightarrow ⇒ implies ⇒ Leftarrow ⇐ Leftrightarrow ⇔ iff ⇔ Uparrow ⇑ Downarrow ⇓ langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉
lfloor ⌊ rfloor ⌋ dagger † ddagger ‡ S § P ¶ copyright © pounds £ euro € yen ¥ cent ¢ spadesuit ♠ heartsuit ♡
diamondsuit ♢ clubsuit ♣ flat ♭ natural ♮ sharp ♯ checkmark ✓ therefore ∴ because ∵ vdash ⊢ models ⊨ top ⊤ bot ⊥
square □ blacksquare ■ triangle △ diamond ⋄ smile ⌣ frown ⌢ AA Å aa å AE Æ ae æ OE Œ oe œ O Ø o ø ss ß l ł L Ł dh ð
th þ varepsilon ε epsilon ϵ vartheta ϑ varkappa ϰ varpi ϖ varrho ϱ varsigma ς varphi φ phi ϕ digamma ϝ lambda λ
Lambda Λ hat ̂ tilde ̃ bar ̄ dot ̇ ddot ̈ vec ⃗ acute ́ grave ̀ breve ̆ check ̌ overbar ̅ underbar ̲
""".split()
_ALPHABETS = {
    "bb": "DOUBLE-STRUCK", "bf": "BOLD", "it": "ITALIC", "bi": "BOLD ITALIC", "scr": "SCRIPT", "frak": "FRAKTUR",
    "sans": "SANS-SERIF", "tt": "MONOSPACE",
}  # fmt: skip


def complete_symbol(text: str) -> Reply | None:
    r"""Returns the characters for a name after the last backslash of some text; None if there is no such name."""
    typed = _TYPED.search(text)
    if typed is None or not typed[1]:
        return None
    word = typed[1]
    if not word.isascii():
        found = back_latex_name_matches(f"\\{word}")[1] or back_unicode_name_matches(f"\\{word}")[1]
        return Reply(found, len(word) + 1)
    symbols = latex_symbols()
    if word in symbols:
        return Reply([symbols[word]], len(word) + 1)
    found = [f"\\{name}" for name in symbols if name.startswith(word)]
    if not found and word.isupper():
        character = character_named(word)
        found = [character] if character else [f"\\{name}" for name in names_of_characters(word)]
    return Reply(found, len(word) + 1) if found else None


@functools.cache
def latex_symbols() -> dict[str, str]:
    """Returns the characters by the names that LaTeX has for them, without the backslash."""
    symbols: dict[str, str] = {}
    for name in _GREEK:
        symbols[name] = character_named(f"GREEK SMALL LETTER {name.upper()}")
        symbols[name.capitalize()] = character_named(f"GREEK CAPITAL LETTER {name.upper()}")
    for short, long in _ALPHABETS.items():
        for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
            for size, shown in (("CAPITAL", letter), ("SMALL", letter.lower())):
                name = f"{long} {size} {letter}"
                symbols[f"{short}{shown}"] = character_named(f"MATHEMATICAL {name}") or character_named(name)
    for place, sign in (("SUBSCRIPT", "_"), ("SUPERSCRIPT", "^")):
        for digit, name in enumerate("ZERO ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE".split()):
            symbols[f"{sign}{digit}"] = character_named(f"{place} {name}")
    symbols.update(zip(_SYMBOLS[::2], _SYMBOLS[1::2], strict=True))
    return dict(sorted((name, character) for name, character in symbols.items() if character))


def back_latex_name_matches(text: str) -> tuple[str, list[str]]:
    """Returns the backslash and character with which a text ends, and the names that LaTeX has for the character."""
    if len(text) < 2 or text[-2] != "\\" or text[-1].isascii():
        return "", []
    matches = [f"\\{name}" for name, character in latex_symbols().items() if character == text[-1]]
    return (text[-2:], matches) if matches else ("", [])


def back_unicode_name_matches(text: str) -> tuple[str, list[str]]:
    """Returns the backslash and character with which a text ends, and the name that Unicode has for the character."""
    if len(text) < 2 or text[-2] != "\\" or text[-1].isascii():
        return "", []
    name = unicodedata.name(text[-1], "")
    return (text[-2:], [f"\\{name}"]) if name else ("", [])


def character_named(name: str) -> str:
    """Returns the character that has a name in Unicode; an empty str if there is none."""
    try:
        return unicodedata.lookup(name)
    except KeyError:
        return ""


def names_of_characters(prefix: str) -> list[str]:
    """Returns the names of characters that begin with a prefix of three letters or more."""
    if len(prefix) < 3:
        return []
    found = []
    for code in range(0xA0, _LAST_CHARACTER):
        name = unicodedata.name(chr(code), "")
        if name.startswith(prefix):
            found.append(name)
            if len(found) >= _MOST_NAMES:
                break
    return sorted(found)
