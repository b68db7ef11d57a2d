//! Phrases found in what was said, whatever its accents and marks.
//!
//! Transcripts write "adiós" with or without the accent; folding both sides makes them one.

/// The words of `text` in lower case, without accents and marks, set in spaces.
///
/// ```
/// use agenticcalling_playbook::strategy::{folded, says};
///
/// let spoken = folded("¿Qué tal? Grüß Gott, l'été!");
/// assert_eq!(spoken, " que tal gruss gott l ete ");
/// assert!(says(&spoken, &["que tal"]));
/// assert!(!says(&spoken, &["que ta"]));
/// ```
pub fn folded(text: &str) -> String {
    let mut spoken = String::with_capacity(text.len() + 2);
    spoken.push(' ');
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => spoken.push('a'),
            'ç' => spoken.push('c'),
            'è' | 'é' | 'ê' | 'ë' => spoken.push('e'),
            'ì' | 'í' | 'î' | 'ï' => spoken.push('i'),
            'ñ' => spoken.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => spoken.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => spoken.push('u'),
            'ß' => spoken.push_str("ss"),
            'œ' => spoken.push_str("oe"),
            'æ' => spoken.push_str("ae"),
            '\u{300}'..='\u{36f}' => {}
            c if c.is_alphanumeric() => spoken.push(c),
            _ if spoken.ends_with(' ') => {}
            _ => spoken.push(' '),
        }
    }
    if !spoken.ends_with(' ') {
        spoken.push(' ');
    }
    spoken
}

/// Whether one of `phrases`, written folded, stands as whole words in `spoken`, which is folded.
pub fn says(spoken: &str, phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| find(spoken, phrase).is_some())
}

/// Where `phrase` begins in `spoken`.
pub(super) fn find(spoken: &str, phrase: &str) -> Option<usize> {
    let whole =
        |at: usize| spoken[..at].ends_with(' ') && spoken[at + phrase.len()..].starts_with(' ');
    spoken.match_indices(phrase).map(|(at, _)| at).find(|at| whole(*at))
}
