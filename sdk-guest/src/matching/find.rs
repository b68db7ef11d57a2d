//! Finds the cues in the words of an objective.

use super::cues::{Cue, ENGLISH, OTHERS, set};
use super::near::is_near;
use super::reading::Mark;
use super::small::Tongue;
use super::words::{Gap, WORDS_MAX, Words};

/// Words that a gap in a phrase may stand for.
const GAP_WORDS_MAX: usize = 3;
/// The same for the parts of a German verb: "sage die Reservierung für heute Abend ab".
const WIDE_GAP_WORDS_MAX: usize = 8;
/// Words that are compared with misspelt cues.
const UNKNOWN_WORDS_MAX: usize = 40;

/// Marks each word with what it, and the longest phrase that begins with it, means.
pub(super) fn mark_cues(words: &Words, marks: &mut [Mark]) {
    let mut finder = Finder { words, lengths: vec![0; words.len()], marks };
    let tongue = Tongue::of(words);
    finder.mark_exact(ENGLISH);
    if tongue != Tongue::English {
        finder.mark_exact(OTHERS);
    }
    if tongue != Tongue::Other {
        finder.mark_misspelt(ENGLISH);
    }
    if tongue != Tongue::English {
        finder.mark_misspelt(OTHERS);
    }
    for (mark, length) in finder.marks.iter_mut().zip(&finder.lengths) {
        mark.single = *length <= 1;
    }
}

struct Finder<'a> {
    words: &'a Words,
    marks: &'a mut [Mark],
    /// How many words the phrase has that each word belongs to.
    lengths: Vec<u8>,
}

impl Finder<'_> {
    fn mark_exact(&mut self, cues: &[(Cue, &str)]) {
        let firsts = Firsts::of(self.words, 0..self.words.len());
        for (cue, entries) in cues {
            for entry in firsts.entries(entries) {
                let first = entry.as_bytes().first().copied().unwrap_or_default();
                let mut at = firsts.first(first);
                while let Some(index) = at {
                    self.mark_phrase(index, entry, *cue);
                    at = firsts.next(first, index);
                }
            }
        }
    }

    #[inline(never)]
    fn mark_phrase(&mut self, at: usize, entry: &str, cue: Cue) {
        let Some((end, length)) = self.phrase_end(at, entry) else {
            return;
        };
        let covered = self.covered(at, end, entry);
        if OVERLAYS & cue.bit() != 0 {
            self.marks[at].cues |= cue.bit();
            self.lengths[at] = self.lengths[at].max(1);
            return;
        }
        if covered.clone().any(|index| self.lengths[index] > length) {
            return;
        }
        for index in covered {
            if self.lengths[index] < length {
                self.lengths[index] = length;
                self.marks[index].cues &= OVERLAYS;
            }
        }
        self.marks[at].cues |= cue.bit();
    }

    /// The words of a phrase; with a gap in it only the first and the last.
    fn covered(
        &self,
        at: usize,
        end: usize,
        entry: &str,
    ) -> impl Iterator<Item = usize> + Clone + use<> {
        let gap = entry.contains(" ..");
        (at..end).filter(move |index| !gap || *index == at || *index + 1 == end)
    }

    /// Where the phrase ends that begins at `at`, and how many words it names.
    fn phrase_end(&self, at: usize, entry: &str) -> Option<(usize, u8)> {
        let mut next = at;
        let mut length = 0;
        let mut skips = 0;
        for pattern in entry.split(' ') {
            if pattern.starts_with("..") {
                skips = if pattern == ".." { GAP_WORDS_MAX } else { WIDE_GAP_WORDS_MAX };
                continue;
            }
            next = self.find(next, pattern, skips, length == 0)? + 1;
            skips = 0;
            length += 1;
        }
        Some((next, length))
    }

    fn find(&self, from: usize, pattern: &str, skips: usize, first: bool) -> Option<usize> {
        for index in from..=from + skips {
            if index >= self.words.len() {
                return None;
            }
            if !first && self.words.at(index).before == Gap::Stop {
                return None;
            }
            if fits(self.words.text(index), pattern) {
                return Some(index);
            }
        }
        None
    }

    fn is_unknown(&self, index: usize) -> bool {
        let is_found = self.lengths[index] > 0 || self.marks[index].cues != 0;
        !is_found && may_be_misspelt(self.words.text(index))
    }

    /// Words that no entry fits are compared with the entries of one word.
    fn mark_misspelt(&mut self, cues: &[(Cue, &str)]) {
        let unknown = |index: &usize| self.is_unknown(*index);
        let firsts =
            Firsts::of(self.words, (0..self.marks.len()).filter(unknown).take(UNKNOWN_WORDS_MAX));
        if firsts.is_empty() {
            return;
        }
        for (cue, entries) in cues {
            if FRAME & cue.bit() != 0 {
                continue;
            }
            for entry in firsts.entries(entries) {
                let first = entry.as_bytes().first().copied().unwrap_or_default();
                let mut at = firsts.first(first);
                if at.is_none() || first == b'*' || entry.contains(' ') {
                    continue;
                }
                let beginning = entry.strip_suffix('*');
                while let Some(index) = at {
                    let word = self.words.text(index);
                    if is_near(word, beginning.unwrap_or(entry), beginning.is_some()) {
                        self.marks[index].cues |= cue.bit();
                    }
                    at = firsts.next(first, index);
                }
            }
        }
    }
}

/// Cues of how an objective is put together: too common to be guessed.
const FRAME: u128 = set(&[
    Cue::Question,
    Cue::Light,
    Cue::Not,
    Cue::Instead,
    Cue::Whose,
    Cue::Ours,
    Cue::That,
    Cue::If,
    Cue::And,
    Cue::Open,
    Cue::What,
    Cue::Where,
    Cue::Number,
    Cue::Plain,
]);

/// Cues that change no other cue of the same words: "the viewing" stays a viewing.
const OVERLAYS: u128 = set(&[
    Cue::Whose,
    Cue::Standing,
    Cue::Shift,
    Cue::Counter,
    Cue::Done,
    Cue::What,
    Cue::Where,
    Cue::Instead,
    Cue::Limit,
    Cue::Ours,
]);

fn fits(word: &str, pattern: &str) -> bool {
    if let Some(ending) = pattern.strip_prefix('*') {
        return word.ends_with(ending);
    }
    match pattern.strip_suffix('*') {
        Some(beginning) => word.starts_with(beginning),
        None => word == pattern,
    }
}

fn may_be_misspelt(word: &str) -> bool {
    const LETTERS_MIN: usize = 5;
    word.len() >= LETTERS_MIN && !word.starts_with(|first: char| first.is_ascii_digit())
}

/// The words by their first letter, so that an entry is compared with few of them.
struct Firsts {
    heads: [u16; 256],
    next: [u16; WORDS_MAX],
    /// For `*termin`: every word.
    count: usize,
    is_empty: bool,
}

const NONE: u16 = u16::MAX;

impl Firsts {
    fn of(words: &Words, indices: impl Iterator<Item = usize>) -> Self {
        let mut firsts = Firsts {
            heads: [NONE; 256],
            next: [NONE; WORDS_MAX],
            count: words.len(),
            is_empty: true,
        };
        for index in indices {
            firsts.is_empty = false;
            let first = words.text(index).as_bytes().first().copied().unwrap_or_default();
            firsts.next[index] = firsts.heads[usize::from(first)];
            firsts.heads[usize::from(first)] = index as u16;
        }
        firsts
    }

    fn is_empty(&self) -> bool {
        self.is_empty
    }

    /// The entries of a list that begin like one of the words: most do not.
    fn entries<'a>(&'a self, list: &'a str) -> impl Iterator<Item = &'a str> {
        let mut rest = list;
        std::iter::from_fn(move || {
            while let Some(&first) = rest.as_bytes().first() {
                let end = rest.bytes().position(|byte| byte == b'|').unwrap_or(rest.len());
                let entry = &rest[..end];
                rest = rest.get(end + 1..).unwrap_or_default();
                if self.first(first).is_some() {
                    return Some(entry);
                }
            }
            None
        })
    }

    fn first(&self, letter: u8) -> Option<usize> {
        if letter == b'*' {
            return (self.count > 0).then_some(0);
        }
        let index = self.heads[usize::from(letter)];
        (index != NONE).then_some(usize::from(index))
    }

    fn next(&self, letter: u8, index: usize) -> Option<usize> {
        if letter == b'*' {
            return (index + 1 < self.count).then_some(index + 1);
        }
        let next = self.next[index];
        (next != NONE).then_some(usize::from(next))
    }
}
