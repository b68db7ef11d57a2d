//! What must not be told, where a rule says it in a sentence of its own: "don't tell them that we are
//! in a hurry". The clause that says it in these words is recognised; what paraphrases it is not.

use super::phrase::{english_stems, is_small, is_small_abroad, match_word, stem};
use crate::numbers::language::Language;
use crate::numbers::token::Tokens;
use std::ops::Range;

#[derive(Clone, Debug)]
pub(super) struct Secret {
    shown: String,
    /// The words that carry it, as they stand in the rule and in English.
    readings: Vec<Vec<String>>,
    /// The date of somebody's birth, and the day of the year if the rule says it.
    birth: bool,
    day: Option<i64>,
}

/// A sentence with more words than this is not recognised by its words.
const WORDS_MAX: usize = 6;

impl Secret {
    pub(super) fn new(object: &str, language: Language) -> Option<Self> {
        let mut readings = Vec::new();
        let mut own = Vec::new();
        let tokens = Tokens::of(object);
        for at in 0..tokens.len() {
            let word = tokens.word(at);
            let contracted = word.contains('\'');
            if !word.is_empty() && !contracted && !is_small(word) && !is_small_abroad(word) {
                own.push(stem(word).to_owned());
            }
        }
        let english = english_stems(object, language, true);
        for mut words in [own, english] {
            words.retain(|word| !is_weak(word) && !is_small_abroad(word) && !word.contains('\''));
            words.dedup();
            if (1..=WORDS_MAX).contains(&words.len()) && !readings.contains(&words) {
                readings.push(words);
            }
        }
        let shown = object.to_owned();
        (!readings.is_empty()).then_some(Self { shown, readings, birth: false, day: None })
    }

    /// "politics or religion": each of them is not to be spoken of.
    pub(super) fn topics(object: &str, language: Language) -> Option<Self> {
        let mut readings = Vec::new();
        for part in object.split([',', ';']).flat_map(super::forbidden::split_at_conjunctions) {
            let found = Self::new(part, language).filter(|found| found.readings[0].len() <= 2);
            readings.extend(found?.readings);
        }
        (!readings.is_empty()).then(|| Self {
            shown: object.to_owned(),
            readings,
            birth: false,
            day: None,
        })
    }

    /// "Never give my date of birth".
    pub(super) fn birth(object: &str) -> Self {
        let day = super::measure::dates(&Tokens::of(object), None).first().map(|date| date.value);
        Self { shown: object.to_owned(), readings: Vec::new(), birth: true, day }
    }

    pub(super) fn reading(&self) -> String {
        format!("must not be told: {}", self.shown)
    }

    /// Why the clause behind `boundary` may not be said.
    pub(super) fn check(&self, tokens: &Tokens, boundary: usize) -> Option<String> {
        let mut start = 0;
        while start < tokens.len() {
            let sentence = super::limit::sentence_of(tokens, start);
            let end = sentence.end.max(start + 1);
            let sentence = start..end;
            if end > boundary
                && !declines_to_tell(tokens, sentence.clone())
                && self.is_told(tokens, sentence)
            {
                return Some(self.reading());
            }
            start = end;
        }
        None
    }

    fn is_told(&self, tokens: &Tokens, sentence: Range<usize>) -> bool {
        if self.birth {
            let born = sentence.clone().any(|at| {
                one_of!(tokens.word(at);
                    "born" "birth" "birthday" "birthdate" "dob" "geboren" "geburtstag" "geburtsdatum"
                    "nacio" "naci" "nacimiento" "cumpleanos" "naissance" "anniversaire"
                ) || tokens.word(at) == "ne" && tokens.word(at + 1) == "le"
            });
            let dated = sentence.clone().any(|at| {
                super::phrase::is_number(tokens, at)
                    || crate::numbers::words::is_month(tokens.word(at))
            });
            let told = self.day.is_some_and(|day| {
                let dates = super::measure::dates(tokens, None);
                dates
                    .iter()
                    .any(|date| date.value == day && sentence.contains(&(date.tokens.0 as usize)))
            });
            return told || born && dated;
        }
        self.readings.iter().any(|words| {
            words.iter().all(|word| {
                sentence.clone().any(|at| match_word(tokens, at, word).is_some())
                    || synonyms(word).iter().any(|other| {
                        sentence.clone().any(|at| match_word(tokens, at, other).is_some())
                    })
            })
        })
    }
}

/// "I can't share our budget", "I'd rather not say": the secret is named only to keep it. What follows
/// in the sentence tells nothing more.
pub(super) fn declines_to_tell(tokens: &Tokens, sentence: Range<usize>) -> bool {
    let mut denied = false;
    let mut declined = false;
    for at in sentence {
        let word = tokens.word(at);
        let mark = tokens.mark(at);
        if declined {
            let goes_on = one_of!(word; "because" "since" "but" "as" "so" "however" "more" "over" "above")
                || matches!(mark, Some(',' | ';' | '—' | ':'))
                || super::phrase::is_number(tokens, at);
            if goes_on {
                return false;
            }
            continue;
        }
        denied |= super::stance::counts_as_no(word) || word == "rather";
        denied &= !matches!(mark, Some(',' | ';' | '—')) && word != "but";
        declined = denied
            && one_of!(word;
                "share" "disclose" "reveal" "give" "say" "tell" "discuss" "mention" "provide" "comment" "gebe"
                "sage" "nenne" "dar" "decir" "donner" "dire"
            );
    }
    declined
}

/// Stems that say little about what is meant.
fn is_weak(word: &str) -> bool {
    one_of!(word;
        "us" "am" "was" "were" "been" "be" "got" "get" "go" "gon" "just" "ver" "alread" "current" "now" "soon"
        "fact" "real" "right" "still" "not" "actual" "quit"
    )
}

/// Stems of words by which the same is said.
fn synonyms(word: &str) -> &'static [&'static str] {
    match word {
        "hur" => &["rush"],
        "rush" => &["hur"],
        "urgent" => &["rush", "hur"],
        "gift" => &["present"],
        "present" => &["gift"],
        "mov" => &["relocat"],
        "il" => &["sick"],
        "sick" => &["il"],
        "car" => &["vehicl"],
        "quot" => &["offer", "bid"],
        "oth" => &["anoth"],
        "competition" => &["competitor", "compet"],
        "payment" => &["pay", "paid", "invoic"],
        "divorc" => &["separat"],
        "bos" => &["manag"],
        "vacation" => &["holida"],
        "holida" => &["vacation"],
        _ => &[],
    }
}
