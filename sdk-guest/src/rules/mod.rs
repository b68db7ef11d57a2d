//! Decides, clause by clause, whether the agent may speak, and what must be said before a call ends.
//!
//! Behaviour rules in English, Spanish, French or German are read once; what code can decide becomes a
//! limit, forbidden words, an identity or an obligation, and the rest is asked of a model. A clause in any
//! of these languages is withheld in doubt. [`Rules`] is told every turn and asked before every clause;
//! nothing here but computation.
//!
//! ```
//! use agenticcalling_playbook::rules::Rules;
//!
//! let mut rules = Rules::compile(&["Never agree to a price above $60/unit"]);
//! assert_eq!(rules.plans()[0].reading, "price ceiling: 60 USD per unit");
//! assert!(rules.violation("", "We could do fifty-eight.").is_none());
//! assert!(rules.violation("We could do sixty", "five per unit.").is_some());
//! rules.heard("Our price is seventy-two.");
//! assert_eq!(rules.violation("", "That works for us.").unwrap().rule, Some(0));
//! assert!(rules.violation("", "Seventy-two is above our budget.").is_none());
//! ```

/// Whether a word is one of those listed.
macro_rules! one_of {
    ($word:expr; $($listed:literal)+) => {
        matches!($word, $($listed)|+)
    };
}

mod accept;
mod avoid;
mod days;
mod duty;
mod forbidden;
mod identity;
mod idioms;
mod limit;
mod measure;
mod offers;
mod phrase;
mod read;
mod secret;
mod stance;
mod themes;
mod turn;

use crate::numbers::language::{Language, language_of};
use crate::numbers::token::Tokens;
use crate::numbers::translate::in_english;
use crate::numbers::{Quantity, TOKENS_MAX, scan_tokens};
use crate::{Clause, Enforcement, Guidance, RulePlan, Speaker, Turn, Verdict, Violation};
use avoid::Avoid;
use duty::Obligation;
use forbidden::Forbidden;
use identity::Identity;
use limit::Limit;
use secret::Secret;
use turn::Table;

pub use duty::Duty;
pub(crate) use duty::Topic;

/// How much of what was already said in the turn is read again with each clause, in bytes.
pub const SAID_BYTES_MAX: usize = 400;
/// How much of one rule is read, in bytes.
pub const RULE_BYTES_MAX: usize = 2_000;
/// How much of a clause or a turn is read at once, in bytes. A longer clause is withheld.
pub const CLAUSE_BYTES_MAX: usize = 16 * 1024;

/// One rule as it was understood.
#[derive(Clone, Debug)]
enum Rule {
    Limit(Limit),
    Forbidden(Forbidden),
    Identity(Identity),
    Obligation(Obligation),
    /// Something that is not to be told, in its own words.
    Secret(Secret),
    /// Something that is not to be agreed to.
    Avoid(Avoid),
    /// Its words do not decide: whoever judges has to understand the clause. What plainly breaks it,
    /// as far as a second reading shows that, is withheld without asking.
    Judged(String, Option<Box<Rule>>),
    Empty,
}

impl Rule {
    /// What code holds clauses against.
    fn decided(&self) -> &Self {
        match self {
            Self::Judged(_, Some(inner)) => inner,
            rule => rule,
        }
    }

    fn decided_mut(&mut self) -> &mut Self {
        match self {
            Self::Judged(_, Some(inner)) => inner,
            rule => rule,
        }
    }
}

/// The behaviour rules of one call, and what they need to remember of it.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    rules: Vec<Rule>,
    limits: bool,
    table: Table,
    /// In which the call is held, as far as it has told.
    language: Language,
    /// The number that our last turn, or theirs, ended with, if it may go on in the next: "sixty…".
    ours_open: String,
    theirs_open: String,
}

impl Rules {
    pub fn compile(rules: &[impl AsRef<str>]) -> Self {
        let mut compiled = Self::default();
        for rule in rules {
            let (rule, language) = read::rule(clip(rule.as_ref(), RULE_BYTES_MAX));
            if compiled.language == Language::English {
                compiled.language = language;
            }
            compiled.limits |= matches!(rule.decided(), Rule::Limit(_));
            compiled.rules.push(rule);
        }
        compiled
    }

    /// For the plan: how each rule is enforced and how it was understood.
    pub fn plans(&self) -> Vec<RulePlan> {
        let mut plans = Vec::with_capacity(self.rules.len());
        for (index, rule) in self.rules.iter().enumerate() {
            let (enforcement, reading) = match rule {
                Rule::Limit(limit) => (Enforcement::Deterministic, limit.reading()),
                Rule::Forbidden(forbidden) => (Enforcement::Deterministic, forbidden.reading()),
                Rule::Identity(identity) => (Enforcement::Deterministic, identity.reading()),
                Rule::Obligation(duty) => (Enforcement::Deterministic, duty.reading()),
                Rule::Judged(reading, _) => (Enforcement::Model, reading.clone()),
                Rule::Secret(secret) => (Enforcement::Model, secret.reading()),
                Rule::Avoid(avoid) => (Enforcement::Model, avoid.reading()),
                Rule::Empty => (Enforcement::Prompt, "nothing to keep".to_owned()),
            };
            plans.push(RulePlan { rule: index as u32, enforcement, reading });
        }
        plans
    }

    /// A turn of the other side: its prices are what an acceptance would refer to.
    pub fn heard(&mut self, text: &str) {
        let listens = |rule: &Rule| {
            matches!(rule.decided(), Rule::Limit(_) | Rule::Identity(_) | Rule::Avoid(_))
        };
        if !self.rules.iter().any(listens) {
            return;
        }
        let open = std::mem::take(&mut self.theirs_open);
        let mut tokens = self.listen(text);
        self.theirs_open = turn::open_number(&tokens, tail(text, CLAUSE_BYTES_MAX));
        if !open.is_empty() && turn::goes_on(&tokens) {
            tokens = self.listen(&format!("{open} {}", tail(text, CLAUSE_BYTES_MAX)));
        }
        let mut quantities = Vec::new();
        scan_tokens(&tokens, &mut quantities);
        let agreed = turn::agrees(&tokens);
        for rule in &mut self.rules {
            match rule.decided_mut() {
                Rule::Limit(limit) => limit.heard(&tokens, &quantities, agreed),
                Rule::Identity(identity) => identity.heard(&tokens),
                Rule::Avoid(avoid) => avoid.heard(&tokens),
                _ => {}
            }
        }
        self.table.heard(&tokens, &quantities);
    }

    /// What of ours was spoken: it meets obligations, and its price is what the other side agrees to.
    pub fn spoke(&mut self, text: &str) {
        let tokens = self.listen(text);
        self.ours_open = turn::open_number(&tokens, tail(text, CLAUSE_BYTES_MAX));
        let mut quantities = Vec::new();
        if self.limits {
            scan_tokens(&tokens, &mut quantities);
            self.table.spoke(&tokens, &quantities);
        }
        for rule in &mut self.rules {
            match rule.decided_mut() {
                Rule::Limit(limit) => limit.spoke(&tokens, &quantities),
                Rule::Identity(identity) => identity.spoke(&tokens),
                Rule::Obligation(duty) => duty.spoke(&tokens),
                Rule::Forbidden(forbidden) => forbidden.spoke(&tokens),
                _ => {}
            }
        }
    }

    /// A turn in plain English; its language is that of the turns that do not tell.
    fn listen(&mut self, text: &str) -> Tokens {
        let tokens = Tokens::of(tail(text, CLAUSE_BYTES_MAX));
        self.language = language_of(&tokens, self.language);
        in_english(&tokens, self.language).unwrap_or(tokens)
    }

    /// The verdict on a clause, as [`crate::Playbook::check`] answers it.
    pub fn check(&self, clause: &Clause) -> Verdict {
        self.violation(&clause.said, &clause.text).map_or(Verdict::Pass, Verdict::Withhold)
    }

    /// Why `clause` may not follow `said`, the part of this turn that already passed.
    pub fn violation(&self, said: &str, clause: &str) -> Option<Violation> {
        let first = said.trim().is_empty();
        if first && self.limits && !self.ours_open.is_empty() && !self.table.counting {
            // "We could do sixty." "Sorry?" "Five.": the amount goes on in the next turn.
            let tokens = Tokens::of(clip(clause, CLAUSE_BYTES_MAX));
            let english = in_english(&tokens, language_of(&tokens, self.language));
            if turn::goes_on(english.as_ref().unwrap_or(&tokens)) {
                let rest = clause.trim_start();
                let rest = rest.strip_prefix("and ").or(rest.strip_prefix("And ")).unwrap_or(rest);
                let found = self.judged(&self.ours_open, rest, true);
                return found.or_else(|| self.judged("", clause, true));
            }
        }
        self.judged(said, clause, first)
    }

    fn judged(&self, said: &str, clause: &str, first: bool) -> Option<Violation> {
        let said = tail(said, SAID_BYTES_MAX);
        let mut tokens = Tokens::of(said);
        let boundary = tokens.len();
        tokens.add(clause, said.len());
        if clause.len() > CLAUSE_BYTES_MAX || tokens.len() >= TOKENS_MAX {
            return self.unread();
        }
        let translated = in_english(&tokens, language_of(&tokens, self.language));
        let (english, border) = match &translated {
            Some(english) => (english, english.behind(said.len())),
            None => (&tokens, boundary),
        };
        let mut quantities: Vec<Quantity> = Vec::new();
        if self.limits {
            scan_tokens(english, &mut quantities);
        }
        for (index, rule) in self.rules.iter().enumerate() {
            let reason = match rule.decided() {
                Rule::Limit(limit) => limit.check(english, &quantities, border, &self.table, first),
                Rule::Forbidden(forbidden) => {
                    let spoken = forbidden.check(&tokens, boundary);
                    let meant =
                        || translated.as_ref().and_then(|_| forbidden.check(english, border));
                    spoken.or_else(meant)
                }
                Rule::Identity(identity) => {
                    identity.check(said, clause, english, border, translated.is_some())
                }
                Rule::Secret(secret) => {
                    let spoken = secret.check(&tokens, boundary);
                    spoken
                        .or_else(|| translated.as_ref().and_then(|_| secret.check(english, border)))
                }
                Rule::Avoid(avoid) => avoid.check(english, border, first),
                Rule::Obligation(_) | Rule::Judged(..) | Rule::Empty => None,
            };
            if let Some(reason) = reason {
                return Some(Violation { rule: Some(index as u32), reason });
            }
        }
        None
    }

    /// A clause too long to be read whole breaks the first rule that would have read it.
    fn unread(&self) -> Option<Violation> {
        let reads =
            |rule: &Rule| matches!(rule, Rule::Limit(_) | Rule::Forbidden(_) | Rule::Identity(_));
        let rule = self.rules.iter().position(reads)?;
        let reason = "the clause is too long to be checked; say it in shorter sentences".into();
        Some(Violation { rule: Some(rule as u32), reason })
    }

    /// Advice while something must still be said: the answer of [`crate::Playbook::may_end`].
    pub fn may_end(&self) -> Result<(), Guidance> {
        let Some((_, duty)) = self.open_obligations().into_iter().next() else { return Ok(()) };
        Err(Guidance {
            instruction: format!("Before you end the call, keep this rule: {}.", duty.todo),
            suggestion: Some(duty.wording),
            ..Guidance::default()
        })
    }

    /// The lowest price that may be agreed to for one, and its currency, where a rule sets one.
    pub fn price_ceiling(&self) -> Option<(f64, Option<&'static str>)> {
        let mut lowest: Option<(f64, Option<&'static str>)> = None;
        for rule in &self.rules {
            let Rule::Limit(limit) = rule else { continue };
            let Some(found) = limit.price_ceiling() else { continue };
            if lowest.is_none_or(|(amount, _)| found.0 < amount) {
                lowest = Some(found);
            }
        }
        lowest
    }

    /// The lowest price that may be sold at for one, and its currency, where a rule sets one.
    pub fn price_floor(&self) -> Option<(f64, Option<&'static str>)> {
        let mut highest: Option<(f64, Option<&'static str>)> = None;
        for rule in &self.rules {
            let Rule::Limit(limit) = rule else { continue };
            let Some(found) = limit.price_floor() else { continue };
            if highest.is_none_or(|(amount, _)| found.0 > amount) {
                highest = Some(found);
            }
        }
        highest
    }

    /// The name or role the rules want us introduced by.
    pub fn introduction(&self) -> Option<&str> {
        self.rules.iter().find_map(|rule| match rule {
            Rule::Identity(identity) => Some(identity.shown()).filter(|shown| !shown.is_empty()),
            _ => None,
        })
    }

    /// What the rules want asked in every call, each with the index of its rule.
    pub(crate) fn questions(&self) -> Vec<(usize, Topic)> {
        let mut questions = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            let Rule::Obligation(duty) = rule else { continue };
            for topic in duty.questions() {
                questions.push((index, topic.clone()));
            }
        }
        questions
    }

    /// What must still be said before the call may end, each with the index of its rule.
    pub fn open_obligations(&self) -> Vec<(usize, Duty)> {
        let mut open = Vec::new();
        for (index, rule) in self.rules.iter().enumerate() {
            match rule {
                Rule::Obligation(duty) => {
                    for duty in duty.open() {
                        open.push((index, duty));
                    }
                }
                Rule::Identity(identity) if !identity.met() => {
                    open.push((index, identity.duty()));
                }
                _ => {}
            }
        }
        open
    }
}

/// Notes for the report: what the rules wanted said and no turn of ours said.
pub fn unmet(rules: &[String], transcript: &[Turn]) -> Vec<String> {
    let mut rules = Rules::compile(rules);
    for turn in transcript.iter().filter(|turn| turn.speaker == Speaker::Agent) {
        rules.spoke(&turn.text);
    }
    let mut notes = Vec::new();
    for (rule, duty) in rules.open_obligations() {
        notes.push(format!("rule {rule} was not kept: {}", duty.todo));
    }
    notes
}

/// The first `limit` bytes, at a character's border.
fn clip(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

/// The last `limit` bytes or a little less, beginning with a whole word.
fn tail(text: &str, limit: usize) -> &str {
    if text.len() <= limit {
        return text;
    }
    let cut = &text[text.ceil_char_boundary(text.len() - limit)..];
    cut.find(char::is_whitespace).map_or(cut, |space| &cut[space..])
}
