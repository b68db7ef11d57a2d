//! A talk prepared for reading: what each word means, which question each answer belongs to.

use std::ops::Range;

use super::lexicon::{Set, folded, meanings};
use super::profile::same_word;
use crate::answer;
use crate::talk::{Fact, Heard, Talk};
use crate::token::{Token, sentence_around};

/// Most readings, one for each field and utterance: of a longer talk the first utterances are read.
const READINGS_MAX: usize = 8_000;

pub(super) struct Scene<'t> {
    pub talk: &'t Talk,
    pub lines: Vec<Line<'t>>,
}

/// One utterance.
pub(super) struct Line<'t> {
    pub index: usize,
    pub heard: &'t Heard,
    sets: Vec<Set>,
    /// The tokens as they are compared.
    words: Vec<String>,
    /// The spoken words, where they are not the tokens.
    spoken: Vec<String>,
    pub sentences: Vec<Range<usize>>,
    /// The utterance of ours that this one answers, and what was asked there.
    pub asked: Option<Asked>,
    /// What the question means that it answers.
    asked_means: Set,
}

#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub line: usize,
    /// The sentences with a question mark, or all of them.
    pub sentences: Vec<Range<usize>>,
}

impl<'t> Scene<'t> {
    pub(super) fn of(talk: &'t Talk, fields: usize) -> Self {
        let count = READINGS_MAX / fields.max(1);
        let mut lines = Vec::new();
        for (index, heard) in talk.heard().iter().take(count).enumerate() {
            lines.push(Line::of(index, heard));
        }
        for at in 0..lines.len() {
            if lines[at].heard.callee {
                lines[at].asked = asked(talk, &lines, at);
                lines[at].asked_means = question_means(&lines, at);
            }
        }
        Self { talk, lines }
    }

    /// What the other side said, with its place.
    pub(super) fn theirs(&self) -> impl DoubleEndedIterator<Item = (usize, &Line<'t>)> {
        self.lines.iter().enumerate().filter(|(_, line)| line.heard.callee)
    }

    /// The question that a line answers.
    pub(super) fn question(&self, line: &Line) -> Option<(&Line<'t>, Vec<Range<usize>>)> {
        let asked = line.asked.as_ref()?;
        Some((&self.lines[asked.line], asked.sentences.clone()))
    }

    /// What the question means that a line answers.
    pub(super) fn question_means(&self, line: &Line) -> Set {
        line.asked_means
    }

    /// Whether one of `phrases` stands in the question that a line answers.
    pub(super) fn question_says(&self, line: &Line, phrases: &[&str]) -> bool {
        self.question(line).is_some_and(|(ours, sentences)| {
            sentences.into_iter().any(|sentence| ours.says(sentence, phrases))
        })
    }

    /// Our words stand unless the next words of the other side refuse them.
    pub(super) fn is_agreed(&self, at: usize) -> bool {
        let next = self.lines.iter().skip(at + 1).find(|line| line.heard.callee);
        next.is_some_and(|line| answer::of_tokens(&line.heard.tokens) != Some(false))
    }
}

fn question_means(lines: &[Line], at: usize) -> Set {
    let mut set = Set::default();
    if let Some(asked) = &lines[at].asked {
        asked.sentences.iter().for_each(|one| set.add(lines[asked.line].means(one.clone())));
    }
    set
}

fn asked(talk: &Talk, lines: &[Line], at: usize) -> Option<Asked> {
    let ours = talk.question_before(at)?;
    let line = (0..at).rev().find(|before| std::ptr::eq(lines[*before].heard, ours))?;
    let questions: Vec<Range<usize>> =
        lines[line].sentences.iter().filter(|one| ours.is_question(one)).cloned().collect();
    let sentences = if questions.is_empty() { lines[line].sentences.clone() } else { questions };
    Some(Asked { line, sentences })
}

impl<'t> Line<'t> {
    fn of(index: usize, heard: &'t Heard) -> Self {
        let words: Vec<String> = heard.tokens.iter().map(|token| folded(&token.text)).collect();
        let mut sets = meanings(&words);
        let mut spoken = Vec::new();
        if heard.language != crate::language::Language::English {
            spoken = heard.spoken.iter().map(|token| folded(&token.text)).collect();
            let spoken_sets = meanings(&spoken);
            for (set, token) in sets.iter_mut().zip(&heard.tokens) {
                let from = heard.spoken.partition_point(|one| one.end <= token.start);
                let until = heard.spoken.partition_point(|one| one.start < token.end);
                spoken_sets[from..until.max(from)].iter().for_each(|spoken| set.add(*spoken));
            }
        }
        Self {
            index,
            heard,
            sets,
            words,
            spoken,
            sentences: heard.sentences(),
            asked: None,
            asked_means: Set::default(),
        }
    }

    pub(super) fn tokens(&self) -> &[Token] {
        &self.heard.tokens
    }

    pub(super) fn all(&self) -> Range<usize> {
        0..self.heard.tokens.len()
    }

    pub(super) fn set(&self, at: usize) -> Set {
        self.sets[at]
    }

    /// Everything that the tokens of a range mean.
    pub(super) fn means(&self, range: Range<usize>) -> Set {
        let mut set = Set::default();
        for one in &self.sets[clamped(range, self.sets.len())] {
            set.add(*one);
        }
        set
    }

    /// Whether a word stands in a range, in this form or another, as it was spoken or in English.
    pub(super) fn names(&self, range: Range<usize>, word: &str) -> bool {
        let spoken = self.spoken_range(&range);
        let own = &self.words[clamped(range, self.words.len())];
        own.iter().chain(&self.spoken[spoken]).any(|one| same_word(one, word))
    }

    /// Whether one of `phrases`, without accents, stands in a range, as it was spoken or in English.
    pub(super) fn says(&self, range: Range<usize>, phrases: &[&str]) -> bool {
        let spoken = self.spoken_range(&range);
        let own = &self.words[clamped(range, self.words.len())];
        phrases
            .iter()
            .any(|phrase| stands(own, phrase) || stands(&self.spoken[spoken.clone()], phrase))
    }

    /// The spoken words of a range of tokens; none where the talk is English anyway.
    fn spoken_range(&self, range: &Range<usize>) -> Range<usize> {
        let range = clamped(range.clone(), self.tokens().len());
        let (Some(first), Some(last)) = (
            self.tokens().get(range.start),
            range.end.checked_sub(1).map(|last| &self.tokens()[last]),
        ) else {
            return 0..0;
        };
        if self.spoken.is_empty() || range.is_empty() {
            return 0..0;
        }
        let start = self.heard.spoken.partition_point(|one| one.end <= first.start);
        let end = self.heard.spoken.partition_point(|one| one.start < last.end);
        start..end.max(start)
    }

    /// The part of a sentence around a token, between commas and "but".
    pub(super) fn clause(&self, at: usize) -> Range<usize> {
        let tokens = self.tokens();
        let sentence = sentence_around(tokens, at);
        let stops = |at: &usize| tokens[*at].is_any(&[",", ";", ":", "—", "–", "but", "…"]);
        let start = (sentence.start..at).rev().find(stops).map_or(sentence.start, |at| at + 1);
        let end = (at..sentence.end).find(stops).unwrap_or(sentence.end);
        start..end.max(start)
    }

    /// All clauses, in order, with whether their sentence asks.
    pub(super) fn clauses(&self) -> Vec<(Range<usize>, bool)> {
        let mut clauses = Vec::new();
        let mut at = 0;
        while at < self.tokens().len() {
            let clause = self.clause(at);
            let sentence = sentence_around(self.tokens(), at);
            let next = clause.end.max(at) + 1;
            if !clause.is_empty() && clause.start <= at {
                clauses.push((clause, self.heard.is_question(&sentence)));
            }
            at = next;
        }
        clauses
    }

    /// Where the sentence of a token ends.
    pub(super) fn sentence_end(&self, at: usize) -> usize {
        sentence_around(self.tokens(), at).end
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &str {
        self.heard.slice(range)
    }

    pub(super) fn facts(&self) -> impl DoubleEndedIterator<Item = &Fact> {
        self.heard.facts.iter().filter(|fact| !fact.corrected && !fact.negated)
    }
}

fn clamped(range: Range<usize>, len: usize) -> Range<usize> {
    range.start.min(len)..range.end.min(len).max(range.start.min(len))
}

/// Whether the words of a phrase stand side by side; marks between them are passed over.
fn stands(words: &[String], phrase: &str) -> bool {
    let is_mark = |word: &String| !word.chars().any(char::is_alphanumeric);
    let (first, rest) = phrase.split_once(' ').unwrap_or((phrase, ""));
    words.iter().enumerate().filter(|(_, word)| *word == first).any(|(start, _)| {
        let mut at = start + 1;
        rest.split(' ').filter(|word| !word.is_empty()).all(|word| {
            while words.get(at).is_some_and(is_mark) {
                at += 1;
            }
            at += 1;
            words.get(at - 1).is_some_and(|one| one == word)
        })
    })
}
