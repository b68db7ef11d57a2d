//! The playout ledger: what of our turn was really heard.

/// Our turn, clause by clause, in frames.
#[derive(Default)]
pub struct Ledger {
    clauses: Vec<Clause>,
    /// Frames played of all clauses together.
    played: u64,
}

struct Clause {
    index: u32,
    text: String,
    frames: u64,
    /// All frames are known; until then the share that was heard is an estimate.
    sealed: bool,
}

/// What was heard of a turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub text: String,
    /// The whole turn was heard; a clause of which nothing was synthesised was not.
    pub complete: bool,
}

/// Ordinary speech, for a clause whose length is not known yet: 20 ms frames for one character.
const FRAMES_PER_CHAR: u64 = 4;

impl Ledger {
    pub fn new() -> Self {
        Ledger::default()
    }

    /// A clause that will be spoken after those before it.
    pub fn push(&mut self, index: u32, text: String, frames: u32) {
        self.clauses.push(Clause { index, text, frames: u64::from(frames), sealed: false });
    }

    /// More of a clause was synthesised.
    pub fn extend(&mut self, index: u32, frames: u32) {
        if let Some(clause) = self.clause(index) {
            clause.frames += u64::from(frames);
        }
    }

    /// A clause is synthesised whole.
    pub fn seal(&mut self, index: u32) {
        if let Some(clause) = self.clause(index) {
            clause.sealed = true;
        }
    }

    /// Frames went out; never more than there are.
    pub fn played(&mut self, frames: u32) {
        self.played = (self.played + u64::from(frames)).min(self.total());
    }

    pub fn pending_frames(&self) -> u64 {
        self.total() - self.played
    }

    /// Whole clauses that were played, and of the one being played the words in proportion.
    pub fn heard(&self) -> String {
        self.heard_of(self.played)
    }

    /// What will have been heard after so many more frames of those that are there.
    pub fn heard_within(&self, frames: u64) -> String {
        self.heard_of((self.played + frames).min(self.total()))
    }

    fn heard_of(&self, played: u64) -> String {
        let mut left = played;
        let mut heard = String::new();
        for clause in &self.clauses {
            let played = left.min(clause.frames);
            left -= played;
            let text = clause.heard(played);
            if text.is_empty() {
                continue;
            }
            if !heard.is_empty() {
                heard.push(' ');
            }
            heard.push_str(text);
        }
        heard
    }

    /// How many of the frames that were played belong to a word that was not heard to its end: whoever
    /// goes on after a pause begins with it.
    pub fn frames_of_broken_word(&self) -> u64 {
        let mut left = self.played;
        for clause in &self.clauses {
            if left < clause.frames || !clause.sealed {
                return left - clause.word_begins(left).min(left);
            }
            left -= clause.frames;
        }
        0
    }

    /// Frames that went out will go out again.
    pub fn back(&mut self, frames: u64) {
        self.played = self.played.saturating_sub(frames);
    }

    /// Ends the turn, whole or cut off, and starts the next.
    pub fn take_turn(&mut self) -> Heard {
        let text = self.heard();
        let whole = |clause: &Clause| clause.sealed && clause.frames > 0;
        let complete = self.pending_frames() == 0 && self.clauses.iter().all(whole);
        *self = Ledger::new();
        Heard { text, complete }
    }

    fn total(&self) -> u64 {
        self.clauses.iter().map(|clause| clause.frames).sum()
    }

    fn clause(&mut self, index: u32) -> Option<&mut Clause> {
        self.clauses.iter_mut().find(|clause| clause.index == index)
    }
}

impl Clause {
    /// All of it, as far as that is known.
    fn frames_in_all(&self) -> u64 {
        if self.sealed { self.frames } else { self.frames.max(self.chars() * FRAMES_PER_CHAR) }
    }

    fn chars(&self) -> u64 {
        self.text.chars().count() as u64
    }

    /// The frame at which the word begins that was not finished.
    fn word_begins(&self, played: u64) -> u64 {
        let heard = self.heard(played);
        let before = self.text.len() - self.text[heard.len()..].trim_start().len();
        let before = self.text[..before].chars().count() as u64;
        (before * self.frames_in_all()).div_ceil(self.chars().max(1))
    }

    fn heard(&self, played: u64) -> &str {
        if played == 0 {
            return "";
        }
        if self.sealed && played == self.frames {
            return &self.text;
        }
        let chars = self.chars();
        let frames = self.frames_in_all();
        let reached = (chars * played / frames.max(1)) as usize;
        let end = self.text.char_indices().nth(reached).map_or(self.text.len(), |(at, _)| at);
        // A word that was not finished was not heard.
        let rest = &self.text[end..];
        let cut = if rest.is_empty() || rest.starts_with(char::is_whitespace) {
            end
        } else {
            self.text[..end].rfind(char::is_whitespace).unwrap_or(0)
        };
        self.text[..cut].trim_end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger(clauses: &[(&str, u32)]) -> Ledger {
        let mut ledger = Ledger::new();
        for (index, (text, frames)) in (0..).zip(clauses) {
            ledger.push(index, (*text).to_owned(), 0);
            ledger.extend(index, *frames);
            ledger.seal(index);
        }
        ledger
    }

    fn check(played: u32, expected: &str) {
        let mut ledger = ledger(&[("one two three four", 180), ("five six", 80)]);
        ledger.played(played);
        assert_eq!(ledger.heard(), expected, "after {played} frames");
    }

    #[test]
    fn words_count_once_they_are_finished() {
        check(0, "");
        check(1, "");
        check(29, "");
        check(30, "one");
        check(69, "one");
        check(70, "one two");
        check(179, "one two three");
        check(180, "one two three four");
        check(181, "one two three four");
        check(230, "one two three four five");
        check(260, "one two three four five six");
        check(9999, "one two three four five six");
    }

    #[test]
    fn a_clause_still_being_synthesised_is_never_heard_whole() {
        let mut ledger = Ledger::new();
        ledger.push(0, "thank you very much".into(), 0);
        ledger.extend(0, 10);
        ledger.played(10);
        assert_eq!(ledger.heard(), "");
        ledger.extend(0, 40);
        ledger.played(40);
        assert_eq!(ledger.heard(), "thank you");
        ledger.seal(0);
        assert_eq!(ledger.heard(), "thank you very much");
    }

    #[test]
    fn a_turn_is_taken_once() {
        let mut ledger = ledger(&[("hello", 10)]);
        ledger.played(10);
        assert_eq!(ledger.take_turn(), Heard { text: "hello".into(), complete: true });
        assert_eq!(ledger.take_turn(), Heard { text: String::new(), complete: true });
    }

    #[test]
    fn what_was_not_synthesised_was_not_heard() {
        let mut ledger = ledger(&[("hello", 10), ("lost", 0)]);
        ledger.played(10);
        assert_eq!(ledger.take_turn(), Heard { text: "hello".into(), complete: false });
    }

    #[test]
    fn a_turn_cut_off_leaves_nothing_behind() {
        let mut ledger = ledger(&[("one two", 60), ("three", 40)]);
        ledger.played(35);
        assert_eq!(ledger.take_turn(), Heard { text: "one".into(), complete: false });
        assert_eq!((ledger.pending_frames(), ledger.heard().as_str()), (0, ""));
        ledger.played(100);
        ledger.extend(0, 50);
        ledger.seal(7);
        assert_eq!(ledger.pending_frames(), 0);
    }

    #[test]
    fn who_goes_on_begins_with_the_word_that_was_broken_off() {
        let text = "one two three four";
        for (played, broken) in
            [(0u32, 0u64), (1, 1), (29, 29), (30, 0), (40, 0), (41, 1), (69, 29)]
        {
            let mut ledger = ledger(&[("zero", 40), (text, 180), ("five six", 80)]);
            ledger.played(40 + played);
            assert_eq!(ledger.frames_of_broken_word(), broken, "after {played} frames");
        }
        let mut all = ledger(&[(text, 180)]);
        all.played(180);
        assert_eq!(all.frames_of_broken_word(), 0);
    }

    /// Wherever we pause: what was heard stays heard, the next word comes whole, and in the end
    /// everything was heard once.
    #[test]
    fn a_pause_changes_nothing_of_what_is_heard() {
        let texts = ["Zwölf Straßen, naïve façade.", "one", "two three four five six"];
        let said = texts.join(" ");
        for played in 0..=260 {
            let frames = [97, 13, 150];
            let mut ledger = Ledger::new();
            let mut end = 0;
            for (index, (text, frames)) in (0..).zip(texts.iter().zip(frames)) {
                ledger.push(index, (*text).to_owned(), frames);
                end += frames;
                // The clause that is being played may still be in the making.
                if played % 2 == 0 || played >= end {
                    ledger.seal(index);
                }
            }
            ledger.played(played);
            let heard = ledger.heard();
            let broken = ledger.frames_of_broken_word();
            ledger.back(broken);
            assert_eq!(ledger.heard(), heard, "after {played} frames");
            assert!(said.starts_with(&heard));
            for index in 0..3 {
                ledger.seal(index);
            }
            let left = u32::try_from(ledger.pending_frames()).unwrap();
            ledger.played(left);
            assert_eq!(ledger.take_turn(), Heard { text: said.clone(), complete: true });
        }
    }

    /// However synthesis and playout interleave: never more than was pushed, never out of order.
    #[test]
    fn what_is_heard_is_a_prefix_of_what_was_said() {
        let mut random = 11u64;
        let mut next = move || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 33) as u32
        };
        for _ in 0..300 {
            let mut ledger = Ledger::new();
            let (mut pushed, mut played) = (0u64, 0u64);
            let mut said: Vec<String> = Vec::new();
            for _ in 0..60 {
                let clause = next() % (said.len() as u32 + 1);
                match next() % 8 {
                    0 => {
                        let text = format!("clause {} word", said.len());
                        ledger.push(said.len() as u32, text.clone(), 0);
                        said.push(text);
                    }
                    1 | 2 if (clause as usize) < said.len() => {
                        let frames = next() % 60;
                        ledger.extend(clause, frames);
                        pushed += u64::from(frames);
                    }
                    3 => ledger.seal(clause),
                    _ => {
                        let frames = next() % 30;
                        ledger.played(frames);
                        played = (played + u64::from(frames)).min(pushed);
                    }
                }
                assert_eq!(ledger.pending_frames(), pushed - played);
                let heard = ledger.heard();
                let all = said.join(" ");
                let mut words = all.split(' ');
                assert!(heard.split_whitespace().all(|word| words.any(|said| said == word)));
                assert!(played > 0 || heard.is_empty());
            }
        }
    }

    #[test]
    fn any_cut_is_a_prefix_at_a_word_border() {
        let text = "Zwölf Straßen — naïve façade, 東京 タワー!";
        for frames in [1u32, 7, 50, 333] {
            for played in 0..=frames {
                let mut ledger = ledger(&[(text, frames)]);
                ledger.played(played);
                let heard = ledger.heard();
                assert!(text.starts_with(&heard));
                let rest = &text[heard.len()..];
                assert!(rest.is_empty() || heard.is_empty() || rest.starts_with(' '), "{heard:?}");
            }
        }
    }
}
