//! When going on is no use: the same words would be said again and again.

/// The same words are said so often in a row at most.
const SAME_WORDS_MAX: u8 = 2;

/// Watches what is suggested, so that no conversation goes in circles.
///
/// ```
/// use agenticcalling_playbook::strategy::Patience;
///
/// let mut patience = Patience::default();
/// assert!(!patience.is_lost("Let me come back to you on that."));
/// assert!(!patience.is_lost("Let me come back to you on that."));
/// assert!(patience.is_lost("Let me come back to you on that."));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Patience {
    last: String,
    times: u8,
}

impl Patience {
    /// Whether `words` were suggested too often already; call it once for every suggestion.
    pub fn is_lost(&mut self, words: &str) -> bool {
        if self.last != words {
            words.clone_into(&mut self.last);
            self.times = 0;
        }
        self.times = self.times.saturating_add(1);
        self.times > SAME_WORDS_MAX
    }
}
