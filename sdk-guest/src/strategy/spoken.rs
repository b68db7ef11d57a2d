//! Looks for phrases in what was said.

use crate::extract::words;

/// A text as its words, ready to be searched.
///
/// ```
/// use agenticcalling_playbook::strategy::Spoken;
///
/// let spoken = Spoken::of("That's our final offer, I'm afraid.");
/// assert!(spoken.has(&["final offer", "best price"]));
/// assert!(spoken.has(&["afra*"]));
/// assert!(!spoken.has(&["fin"]));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spoken(String);

impl Spoken {
    pub fn of(text: &str) -> Self {
        Self(format!(" {} ", words(text).join(" ")))
    }

    /// Whether any of the phrases was said. Phrases are lower case, without marks and hyphens; a `*`
    /// at the end stands for any ending.
    pub fn has(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|phrase| self.last(phrase).is_some())
    }

    /// How many bytes of words follow the last place of the phrase.
    pub fn after(&self, phrase: &str) -> Option<usize> {
        self.last(phrase).map(|(_, end)| self.0.len() - end)
    }

    /// How many bytes of words stand before the first place of the phrase.
    pub fn before(&self, phrase: &str) -> Option<usize> {
        let stem = phrase.strip_suffix('*').unwrap_or(phrase);
        self.0.match_indices(stem).find_map(|(at, _)| self.fits(at, phrase, stem).map(|_| at))
    }

    fn last(&self, phrase: &str) -> Option<(usize, usize)> {
        let stem = phrase.strip_suffix('*').unwrap_or(phrase);
        self.0.rmatch_indices(stem).find_map(|(at, _)| self.fits(at, phrase, stem))
    }

    /// The place, if whole words stand there.
    fn fits(&self, at: usize, phrase: &str, stem: &str) -> Option<(usize, usize)> {
        let end = at + stem.len();
        let starts = self.0[..at].ends_with(' ');
        let ends = stem.len() < phrase.len() || self.0[end..].starts_with(' ');
        (!stem.is_empty() && starts && ends).then_some((at, end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_whole_words() {
        let spoken = Spoken::of("Walk-away ceiling is $58, l'unité à 58 €. Größe!");
        for (phrase, found) in [
            ("walk away", true),
            ("ceil", false),
            ("ceil*", true),
            ("l'unité", true),
            ("größe", true),
            ("größ*", true),
            ("", false),
            ("*", false),
        ] {
            assert_eq!(spoken.has(&[phrase]), found, "{phrase}");
        }
        assert!(spoken.after("ceiling") > spoken.after("is"));
        assert!(spoken.before("ceiling") < spoken.before("is"));
    }
}
