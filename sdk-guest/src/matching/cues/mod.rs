//! What words mean: each cue with the words for it, in English and in other languages.
//!
//! Words are written in lower case and without accents, with a `|` between entries. `reserv*` is any word that begins so,
//! `*termin` any that ends so, `..` up to three words in between, `...` up to eight. Of several
//! entries that fit the same words the longest holds. A misspelt word is taken for those it is
//! near to.

mod english;
mod others;

pub(super) use english::ENGLISH;
pub(super) use others::OTHERS;

/// A kind of word that tells what a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[rustfmt::skip]
pub(super) enum Cue {
    // How an objective is put together. `Light` is a verb that makes a task of a thing: "file a
    // complaint"; `Plain` is no cue, and no misspelling of one.
    Ask, Question, Get, Light, Tell, Not, Instead, Whose, Ours, That, If, And, Plain,
    // What needs no playbook of its own: a rule of the house, a fact about it, something to buy.
    Policy, Fact, Purchase,
    // When, for how many, for how much.
    Time, People, Limit,
    // To book, and what is booked: a table, a car, an appointment, someone who comes.
    Book, Booking, Arrange, Plan, Seat, Place, Visit, Helper, Meal, FitIn,
    // To change what is booked; `Shift` is a reason or a wish to: "another day".
    Reschedule, Move, Shift, Cancel, Confirm, CannotCome, StillOn, Past, Subscription,
    // What it costs, what they ask for and what we would pay.
    Price, HowMuch, Stock, Terms, Compare, Bill, Quoted, Counter,
    // For less.
    Haggle, Discount, Cheaper, Lower, Offer, TooHigh,
    // What they think and how they do it.
    Survey, Opinion, Practice, Study, Open, What, Where, Audience, About,
    // What we sell, and how they are won for it.
    Pitch, Goods, Demo, Lead, Interest, Propose, Entice, Persuade,
    // What went wrong, and what is to be done about it.
    Complain, Remedy, Wronged, Broken, Failed, Manager, Fix,
    // What was said, sent or promised before.
    Chase, Status, Earlier, Waiting, Received, Remind, Matter, Promise, Decided, Done, Ago,
    // Found by looking at several words: something arranged, an amount, a second amount.
    Standing, Money, Number, Second,
}

impl Cue {
    pub(super) const fn bit(self) -> u128 {
        1 << self as u32
    }
}

/// Cues as a set of bits.
pub(super) const fn set(cues: &[Cue]) -> u128 {
    let mut set = 0;
    let mut at = 0;
    while at < cues.len() {
        set |= cues[at].bit();
        at += 1;
    }
    set
}

#[cfg(test)]
mod tests {
    use super::{ENGLISH, OTHERS};

    /// Anything else would never fit a word.
    #[test]
    fn entries_are_spelled_like_words() {
        for (cue, entries) in ENGLISH.iter().chain(OTHERS) {
            for entry in entries.split('|') {
                let is_plain = |letter: char| {
                    letter.is_ascii_lowercase() || letter.is_ascii_digit() || " *.".contains(letter)
                };
                assert!(!entry.trim().is_empty() && entry.trim() == entry, "{cue:?}: `{entry}`");
                assert!(entry.chars().all(is_plain), "{cue:?}: `{entry}`");
                assert!(!entry.starts_with('.'), "{cue:?}: `{entry}`");
            }
        }
    }
}
