//! What must be asked or said before the call may end, and by which words it was.

use super::phrase::{PHRASES_MAX, english_stems, is_small_abroad, match_word};
use super::themes::Theme;
use crate::numbers::language::{Language, language_of};
use crate::numbers::token::Tokens;
use crate::numbers::translate::in_english;

/// Something that must still be said before the call may end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duty {
    /// `must be asked: payment terms`.
    pub todo: String,
    /// A wording that does it.
    pub wording: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    Ask,
    Tell,
}

/// Something that must be asked or said before the call may end.
#[derive(Clone, Debug)]
pub(super) struct Obligation {
    act: Act,
    topics: Vec<Topic>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Topic {
    /// The question that asks it, or the sentence that says it.
    pub(crate) wording: String,
    shown: String,
    words: Vec<String>,
    theme: Option<Theme>,
    done: bool,
}

impl Topic {
    /// Whether a turn of ours, in English, asks or says it.
    fn is_met(&self, act: Act, tokens: &Tokens) -> bool {
        if act == Act::Ask && !asks(tokens) {
            return false;
        }
        self.theme.is_some_and(|theme| theme.is_in(tokens)) || has_most(tokens, &self.words)
    }

    pub(crate) fn is_asked_by(&self, text: &str) -> bool {
        let tokens = Tokens::of(text);
        let english = in_english(&tokens, language_of(&tokens, Language::English));
        self.is_met(Act::Ask, english.as_ref().unwrap_or(&tokens))
    }
}

/// The little words that lead from the verb to what is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lead {
    /// "for", "about", "if", "whether", or nothing.
    word: &'static str,
    /// "their" and "they" of the rule, as they are said to the other side.
    theirs: &'static str,
}

impl Lead {
    /// What leads on from `at` behind `verb`, and where the object begins.
    pub(super) fn behind(tokens: &Tokens, at: usize, verb: &str) -> (Self, usize) {
        let mut lead = Self { word: "", theirs: "" };
        if matches!(verb, "request" | "get" | "obtain") {
            lead.word = "for";
        }
        let mut from = at;
        loop {
            if tokens.mark(from) == Some(',') {
                from += 1;
            }
            match tokens.word(from) {
                "for" => lead.word = "for",
                "about" => lead.word = "about",
                "if" => lead.word = "if",
                "whether" => lead.word = "whether",
                "their" => lead.theirs = "your ",
                "they" => lead.theirs = "you ",
                "what" => lead.word = "what",
                "them" | "that" | "to" | "us" | "always" | "you" | "me" | "of" | "out" | "know"
                | "nach" | "him" | "her" => {}
                _ => return (lead, from),
            }
            from += 1;
        }
    }

    /// "Always get going": nothing that could be asked for follows.
    pub(super) fn is_idle(self, tokens: &Tokens, from: usize) -> bool {
        let article =
            one_of!(tokens.word(from); "a" "an" "the" "at" "any" "some" "quotes" "references");
        !article && self.theirs.is_empty() && tokens.word(from.saturating_sub(1)) != "out"
    }

    fn question(self, shown: &str, language: Language) -> String {
        let theirs = self.theirs;
        match language {
            Language::Spanish => return format!("¿Podría decirme algo sobre esto: {shown}?"),
            Language::French => return format!("Pourriez-vous me parler de ceci : {shown} ?"),
            Language::German => return format!("Könnten Sie mir dazu etwas sagen: {shown}?"),
            Language::English => {}
        }
        let shown = shown.replace(" their ", " your ").replace(" they ", " you ");
        match self.word {
            "for" => format!("Could I have {theirs}{shown}?"),
            "" => format!("Could you tell me {theirs}{shown}?"),
            word => format!("Could you tell me {word} {theirs}{shown}?"),
        }
    }
}

impl Obligation {
    pub(super) fn new(act: Act, object: &str, lead: Lead, language: Language) -> Option<Self> {
        let mut topics = Vec::new();
        let joint = match language {
            Language::English => " and ",
            Language::Spanish => " y ",
            Language::French => " et ",
            Language::German => " und ",
        };
        for part in object.split([',', ';']).flat_map(|part| part.split(joint)) {
            let part = part.trim().trim_start_matches("and ").trim();
            let mut words = english_stems(part, language, true);
            let telling = |word: &String| !is_weak(word) && !is_small_abroad(word);
            if words.iter().any(telling) {
                words.retain(telling);
            }
            if !words.is_empty() && topics.len() < PHRASES_MAX {
                let theme = Theme::of(&words);
                let wording = match act {
                    Act::Ask => lead.question(part, language),
                    Act::Tell => format!("Let me also say this: {part}."),
                };
                topics.push(Topic { wording, shown: part.to_owned(), words, theme, done: false });
            }
        }
        (!topics.is_empty()).then_some(Self { act, topics })
    }

    pub(super) fn thanks() -> Option<Self> {
        let topic = Topic {
            wording: "Thank you very much for your help.".to_owned(),
            shown: "thanks".to_owned(),
            words: vec!["thank".to_owned()],
            theme: Some(Theme::Thanks),
            done: false,
        };
        Some(Self { act: Act::Tell, topics: vec![topic] })
    }

    pub(super) fn reading(&self) -> String {
        let shown: Vec<&str> = self.topics.iter().map(|topic| topic.shown.as_str()).collect();
        format!("{}: {}", self.verb(), shown.join("; "))
    }

    pub(super) fn open(&self) -> impl Iterator<Item = Duty> + '_ {
        self.topics.iter().filter(|topic| !topic.done).map(|topic| Duty {
            todo: format!("{}: {}", self.verb(), topic.shown),
            wording: topic.wording.clone(),
        })
    }

    fn verb(&self) -> &'static str {
        match self.act {
            Act::Ask => "must be asked",
            Act::Tell => "must be said",
        }
    }

    pub(super) fn spoke(&mut self, tokens: &Tokens) {
        for topic in self.topics.iter_mut().filter(|topic| !topic.done) {
            topic.done = topic.is_met(self.act, tokens);
        }
    }

    /// What must be asked.
    pub(super) fn questions(&self) -> &[Topic] {
        match self.act {
            Act::Ask => &self.topics,
            Act::Tell => &[],
        }
    }
}

/// Stems of nouns that say little about what is asked: "the cancellation policy" is about cancelling.
fn is_weak(word: &str) -> bool {
    one_of!(word;
        "option" "polic" "detail" "info" "inform" "information" "possibilit" "situation" "arrangement" "kind"
        "type" "also" "exact" "addres" "com" "go" "current" "availabl" "possibl" "whatever" "person" "whoever" "with" "spoke" "speak"
    )
}

/// "Accessible" of "access", where the word is long enough to tell.
fn begins(word: &str, wanted: &str) -> bool {
    const LONG_BYTES: usize = 5;
    wanted.len() >= LONG_BYTES && word.starts_with(wanted)
}

fn is_cost(word: &str) -> bool {
    one_of!(word; "cost" "pric" "fee" "fe" "charg" "rat" "much")
}

/// "How much", "what do you charge".
fn asks_cost(tokens: &Tokens, at: usize) -> bool {
    tokens.word(at) == "how" && tokens.word(at + 1) == "much"
        || one_of!(tokens.word(at); "cost" "costs" "price" "prices" "charge" "charges" "fee" "fees" "expensive")
}

/// Whether most of `words`, at least two of three, are among the tokens.
pub(super) fn has_most(tokens: &Tokens, words: &[String]) -> bool {
    let mut hits = 0;
    for word in words {
        let hit = (0..tokens.len()).any(|at| {
            match_word(tokens, at, word).is_some()
                || begins(tokens.word(at), word)
                || is_cost(word) && asks_cost(tokens, at)
        });
        hits += usize::from(hit);
    }
    hits * 3 >= words.len() * 2 && hits > 0
}

/// Whether the text asks or requests anything.
fn asks(tokens: &Tokens) -> bool {
    (0..tokens.len()).any(|at| {
        tokens.mark(at) == Some('?')
            || matches!(
                tokens.word(at),
                "please"
                    | "need"
                    | "wondering"
                    | "wonder"
                    | "curious"
                    | "ask"
                    | "asking"
                    | "appreciate"
            )
            || matches!(
                (tokens.word(at), tokens.word(at + 1)),
                ("tell" | "give", "me" | "us")
                    | ("could" | "can" | "do" | "would", "you")
                    | ("may" | "can" | "could", "i" | "we")
            )
            || tokens.word(at) == "send" && !matches!(tokens.word_before(at, 1), "will" | "you'll")
            || matches!((tokens.word(at), tokens.word(at + 1)), ("to" | "me" | "us", "know"))
    })
}
