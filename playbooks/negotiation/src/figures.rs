//! Figures as Spanish, French and German write them, turned to the English way, which the kits read.

use std::borrow::Cow;

use agenticcalling_playbook::strategy::Language;

/// "42,50" becomes "42.50" and "1.500" or, in French, "1 500" becomes "1500", unless the call is in
/// English.
pub(crate) fn plain(text: &str, language: Language) -> Cow<'_, str> {
    if language == Language::English {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let mut turned = String::with_capacity(text.len());
    for (at, c) in chars.iter().enumerate() {
        let inside = at > 0 && chars[at - 1].is_ascii_digit();
        let digits = chars[at + 1..].iter().take_while(|next| next.is_ascii_digit()).count();
        match c {
            ',' if inside && matches!(digits, 1 | 2) => turned.push('.'),
            '.' | '\u{a0}' | '\u{202f}' if inside && digits == 3 => {}
            ' ' if inside && digits == 3 && language == Language::French => {}
            c => turned.push(*c),
        }
    }
    Cow::Owned(turned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_turned() {
        let check = |text: &str, expected: &str| {
            assert_eq!(plain(text, Language::German), expected, "{text}");
        };
        check("42,50 Euro, bitte.", "42.50 Euro, bitte.");
        check("1.500 Euro", "1500 Euro");
        check("12.000,50 Euro", "12000.50 Euro");
        check("Am 3.11. um 10.30 Uhr, 5, 6", "Am 3.11. um 10.30 Uhr, 5, 6");
        check("für 50, oder 60", "für 50, oder 60");
        assert_eq!(plain("42,50", Language::English), "42,50");
        assert_eq!(plain("1 500 euros", Language::French), "1500 euros");
        assert_eq!(plain("1 500 Euro", Language::German), "1 500 Euro");
    }
}
