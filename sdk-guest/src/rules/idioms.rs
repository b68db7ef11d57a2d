//! Fixed phrases by which something is agreed to, each a line of a table.
//!
//! A phrase is a word and what follows it: `^` first means that the sentence begins there, a final
//! `.` that it ends behind it, `a|b` are alternatives. Adverbs between the words are not looked at.

use super::accept::Grade::{self, Blank, Faint, Strong, Weak};
use crate::numbers::language::Filter;
use crate::numbers::token::Tokens;
use std::ops::Range;

/// The grade of the phrase that begins at `at`, if there is one.
pub(super) fn idiom_at(tokens: &Tokens, at: usize, range: &Range<usize>) -> Option<Grade> {
    let word = tokens.word(at);
    if !FILTER.may_hold(word) {
        return None;
    }
    let from = IDIOMS.partition_point(|(first, _, _)| *first < word);
    let mut best = None;
    for (first, rest, grade) in &IDIOMS[from..] {
        if *first != word {
            break;
        }
        if best.is_none_or(|best| best < *grade) && follows(tokens, at, rest, range) {
            best = Some(*grade);
        }
    }
    best
}

fn follows(tokens: &Tokens, at: usize, rest: &str, range: &Range<usize>) -> bool {
    let (opens, rest) = match rest.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    if opens && !opens_sentence(tokens, at, range) {
        return false;
    }
    let mut next = at + 1;
    for wanted in rest.split(' ').filter(|wanted| !wanted.is_empty()) {
        if wanted == "." {
            return ends(tokens, next, range);
        }
        while tokens.mark(next) == Some(',') && next == at + 1 && word_is_yes(tokens.word(at)) {
            next += 1;
        }
        while is_adverb(tokens.word(next)) && !wanted.split('|').any(|one| one == tokens.word(next))
        {
            next += 1;
        }
        if next >= range.end || !wanted.split('|').any(|one| one == tokens.word(next)) {
            return false;
        }
        next += 1;
    }
    true
}

fn word_is_yes(word: &str) -> bool {
    one_of!(word; "yes" "then" "arm" "okay" "ok" "yeah" "bad")
}

/// Only little words and marks stand before.
fn opens_sentence(tokens: &Tokens, at: usize, range: &Range<usize>) -> bool {
    let mut back = at;
    while back > range.start {
        back -= 1;
        if tokens.mark(back).is_some() {
            return true;
        }
        let little = one_of!(tokens.word(back);
            "ok" "okay" "yes" "yeah" "yep" "well" "so" "then" "and" "alright" "right" "great" "um"
            "uh" "oh" "fine" "sure" "please" "thanks" "good" "perfect" "now" "hmm" "absolutely"
        );
        if !little {
            return false;
        }
    }
    true
}

fn ends(tokens: &Tokens, at: usize, range: &Range<usize>) -> bool {
    let mut at = at;
    while one_of!(tokens.word(at);
        "then" "thanks" "please" "now" "mike" "sir" "thank" "you" "today" "indeed" "by" "us" "me"
        "with" "for" "to"
    ) {
        at += 1;
    }
    at >= range.end || matches!(tokens.mark(at), Some('.' | '!' | '…'))
}

fn is_adverb(word: &str) -> bool {
    one_of!(word;
        "really" "just" "quite" "very" "perfectly" "totally" "certainly" "absolutely" "definitely"
        "gladly" "actually" "probably" "simply" "exactly" "entirely" "completely" "also" "all"
        "pretty" "rather" "happily" "surely" "now" "today" "then" "still" "even" "honestly"
    )
}

static FILTER: Filter = {
    let mut filter = Filter::new();
    let mut at = 0;
    while at < IDIOMS.len() {
        filter = filter.with(IDIOMS[at].0);
        at += 1;
    }
    filter
};

/// Whether the range agrees to a price that nobody named.
pub(super) fn agrees_to_any(tokens: &Tokens, range: &Range<usize>) -> bool {
    range.clone().any(|at| idiom_at(tokens, at, range) == Some(Blank))
}

/// Sorted by the first word.
const IDIOMS: &[(&str, &str, Grade)] = &[
    ("absolutely", "^.", Faint),
    ("all", "good|set .", Weak),
    ("all", "yours .", Weak),
    ("all", "right then .", Weak),
    ("alrighty", "", Faint),
    ("answer", "is yes", Strong),
    ("any", "price is|works", Blank),
    ("arm", "fine|okay|ok", Weak),
    ("as", "^you like|please|prefer .", Strong),
    ("as", "^you say|said|wish|like|want|please .", Strong),
    ("bad", "okay|fine|ok .", Weak),
    ("bargain", ".", Weak),
    ("bill", "^us|me|it|my|our", Strong),
    ("bingo", "^.", Weak),
    ("book", "^a|an|one|two|three|four|five|six|it|that|them|us|me|the|for", Strong),
    ("book", "us|me|it|that in", Strong),
    ("boss", "said|says yes", Strong),
    ("but", "fine|okay|ok|alright|yes|deal|sure|agreed .", Weak),
    ("buy", "at that|this|your", Strong),
    ("buy", "it|them|those|these .", Strong),
    ("by", "card|check|transfer .", Weak),
    ("call", "it a deal|done", Strong),
    ("call", "that|it fair|reasonable", Weak),
    ("can", "make that|it .", Weak),
    ("certainly", "^.", Faint),
    ("charge", "my|our|it|the card|to|account", Strong),
    ("charge", "us|me the|whatever|what|your", Blank),
    ("choice", "but to accept|agree|take|pay", Strong),
    ("come", "and get|collect it", Weak),
    ("come", "and pick it", Weak),
    ("consider", "that|it fair|reasonable|acceptable", Weak),
    ("consider", "us|me in", Strong),
    ("convinced", ".", Weak),
    ("convinced", "me|us .", Weak),
    ("count", "on our|my order|business", Strong),
    ("course", ".", Faint),
    ("deal", "^.", Strong),
    ("definitely", "^.", Faint),
    ("doesn't", "bother us|me", Weak),
    ("dotted", "line", Weak),
    ("email", "you the|a|our po|order|payment", Strong),
    ("everybody", "agrees", Strong),
    ("everyone", "here agrees", Strong),
    ("excellent", "^.", Weak),
    ("expect", "our|my purchase|order|payment", Strong),
    ("expect", "us|me|him|her then|there|at|on", Weak),
    ("fair", "^.", Weak),
    ("fantastic", "^.", Weak),
    ("fine", "^.", Weak),
    ("fits", "our|my|the|us|me", Weak),
    ("forward", "to doing|working business|with", Weak),
    ("full", "price is|works", Blank),
    ("game", ".", Weak),
    ("get", "our|my order|business", Strong),
    ("get", "started .", Weak),
    ("get", "the order over|going|in|started", Strong),
    ("get", "this order over|going|in|started", Strong),
    ("get", "it|that|us booked|scheduled|set|sorted", Strong),
    ("get", "it|that|us sorted|scheduled|booked|arranged", Strong),
    ("gets", "our|my vote|approval", Strong),
    ("give", "in .", Strong),
    ("gladly", "^.", Faint),
    ("go", "^for it", Strong),
    ("go", "for it", Weak),
    ("go", "ahead and book|order|send|ship|charge|schedule|reserve|process", Strong),
    ("go", "right|straight ahead", Weak),
    ("good", "^enough", Weak),
    ("good", "enough .", Weak),
    ("good", "enough for|by|with us|me", Strong),
    ("good", "to go", Weak),
    ("got", "the job|gig", Strong),
    ("got", "yourself|yourselves a|an", Strong),
    ("grab", "it|them|that", Strong),
    ("green", "light", Weak),
    ("hand", "on that|it", Strong),
    ("handshake", "", Weak),
    ("happy", "to .", Weak),
    ("happy", "to do|take|accept|pay that|it|them", Strong),
    ("happy", "with|about that|it|this", Strong),
    ("have", "it your way", Strong),
    ("have", "yourself|yourselves a|an", Strong),
    ("he'll", "be there|over", Weak),
    ("hell", "yes", Strong),
    ("hired", ".", Strong),
    ("hold", "it|that for us|me", Weak),
    ("how", "do|can|should we|i proceed|pay|sign", Weak),
    ("i'll", "be there|over", Weak),
    ("in", "our|my range|budget|limits", Weak),
    ("invoice", "us|me", Weak),
    ("is", "a yes|go", Strong),
    ("is", "settled|agreed|decided", Strong),
    ("isn't", "a|an problem|issue|obstacle", Weak),
    ("it's", "a yes|go", Strong),
    ("it's", "settled|agreed|decided|yours", Strong),
    ("jump", "on it|that", Weak),
    ("last", "year's|month's|time's|week's price|rate|terms|deal", Blank),
    ("let's", "roll|rock .", Strong),
    ("like", "^you said|say .", Strong),
    ("like", "that|this|your price|offer|number|deal|quote|figure", Weak),
    ("list", "price is|works", Blank),
    ("looking", "for .", Weak),
    ("love", "that .", Weak),
    ("love", "to take|have|accept|buy", Weak),
    ("make", "it|that|this|your work|happen", Weak),
    ("make", "it so", Weak),
    ("manager", "said|says yes", Strong),
    ("match", "any price|offer|quote|amount", Blank),
    ("meet", "in the middle", Weak),
    ("meet", "you halfway|in", Weak),
    ("mind", "paying|if", Weak),
    ("money", "is no object|issue|problem", Blank),
    ("money", "is not an|a object|issue|problem", Blank),
    ("money's", "no object|issue", Blank),
    ("move", "forward|ahead with|at|on", Weak),
    ("my", "card number|details", Weak),
    ("name", "your price", Blank),
    ("nights", "then please", Weak),
    ("no", "arguments|argument", Weak),
    ("no", "problem|issue at all|whatsoever", Weak),
    ("normal", "price|rate is|works", Blank),
    ("not", "a|an problem|issue|obstacle", Weak),
    ("nothing", "wrong with", Weak),
    ("objections", "^.", Weak),
    ("ok", "^yes|sure|fine|agreed .", Weak),
    ("okay", "^yes|sure|fine|agreed .", Weak),
    ("okey", ".", Faint),
    ("on", "my|our|the card|account|tab", Strong),
    ("paperwork", "^please", Weak),
    ("pay", "any price|amount|sum", Blank),
    ("pay", "anything", Blank),
    ("pay", "full price", Blank),
    ("pay", "the|your list|usual|regular|standard|normal|full price|rate", Blank),
    ("pay", "what|whatever you|it|they ask|want|charge|say|costs|takes|like|need", Blank),
    ("pencil", "us|me in", Strong),
    ("pencil", "it|that in", Strong),
    ("perfect", "^.", Weak),
    ("pick", "it up", Weak),
    ("place", "^the|our|my|an|that order", Strong),
    ("please", "do .", Weak),
    ("please", "ship|process|confirm|book|place|submit|proceed it|them|the|our|that|with", Strong),
    ("pleasure", "doing business", Strong),
    ("prepare", "the|a contract|paperwork|invoice|agreement|papers", Weak),
    ("price", "doesn't matter", Blank),
    ("price", "is no object|issue|problem", Blank),
    ("price", "is not an|a object|issue|problem", Blank),
    ("proceed", "with the|our|your|that|this|it", Strong),
    ("process", "the|our|my order|payment", Strong),
    ("purchase", "order today|now|tomorrow", Strong),
    ("put", "the|our|my|that order through|in", Strong),
    ("put", "through the|our|my order", Strong),
    ("ready", "to order|buy|sign|commit|proceed|pay|purchase", Weak),
    ("regular", "price|rate is|works", Blank),
    ("reserve", "^a|an|one|two|three|four|five|six|it|that|them|us|me|the|for", Strong),
    ("ring", "it|me|us up", Strong),
    ("roger", "that", Faint),
    ("run", "with that|it", Weak),
    ("same", "as last|before|always|usual", Blank),
    ("same", "price|rate|terms|deal|conditions as|again|like", Blank),
    ("say", "no more", Weak),
    ("say", "yes .", Strong),
    ("schedule", "^it|that|us|me", Strong),
    (
        "see",
        "you then|there|on|at|tomorrow|monday|tuesday|wednesday|thursday|friday|saturday|sunday",
        Weak,
    ),
    ("seems", "^fair|reasonable|fine|good|okay|ok|right|acceptable", Weak),
    ("send", "me|us the|a bill|invoice|contract", Weak),
    ("send", "the|a|our|my|you purchase|order|payment|money", Strong),
    ("send", "you the|a|our purchase|order|payment|money", Strong),
    ("settled", "^.", Strong),
    ("shake", "your hand", Strong),
    ("she'll", "be there|over", Weak),
    ("ship", "^it|them|those|the", Strong),
    ("ship", "it|them|those|the", Weak),
    ("sign", "me|us up", Strong),
    ("sign", "today|tonight|tomorrow|now .", Weak),
    ("signing", "^us|me", Weak),
    ("snap", "it up", Strong),
    ("sold", ".", Strong),
    ("sorted", ".", Weak),
    ("sounds", "about right", Weak),
    ("sounds", "like a|the plan|deal|winner|bargain", Weak),
    ("split", "the difference", Weak),
    ("standard", "price|rate is|works", Blank),
    ("start", "production|manufacturing|shipping", Strong),
    ("steal", ".", Weak),
    ("submit", "the|our|my order", Strong),
    ("suits", "us|me|fine", Strong),
    ("superb", "^.", Weak),
    ("sure", "^.", Faint),
    ("sure", "^thing .", Weak),
    ("swing", "that|it", Weak),
    ("that", "settles it", Strong),
    ("that's", "a yes|go", Strong),
    ("that's", "settled|agreed|decided", Strong),
    ("then", "okay|ok|fine|alright|yes .", Weak),
    ("then", "please .", Weak),
    ("they'll", "be there|over", Weak),
    ("thumbs", "up", Weak),
    ("tick", "the box", Weak),
    ("transfer", "the|you money|payment|funds|it", Strong),
    ("twist", "my arm", Weak),
    ("usual", ".", Blank),
    ("usual", "price|rate|terms", Blank),
    ("we'll", "be there|over", Weak),
    ("we're", "^good .", Weak),
    ("we're", "in business", Strong),
    ("we're", "set .", Weak),
    ("we're", "settled|agreed|sold", Strong),
    ("welcome", "aboard", Strong),
    ("what", "we|i expected|budgeted|wanted", Weak),
    ("what", "we|i had in mind", Weak),
    ("what", "we|i were|was hoping|looking|expecting", Weak),
    ("what", "we'll|i'll do .", Weak),
    ("whatever", "it costs|takes", Blank),
    ("whatever", "the|your price|cost|amount|rate is|may", Blank),
    ("whatever", "you|they ask|want|charge|say|like|need|prefer|quote|think", Blank),
    ("when", "can|do|should we|i sign|start|pay|begin", Weak),
    ("where", "do|can|should we|i pay|sign", Weak),
    ("where", "do|should|can we|i send", Weak),
    ("whichever", "you|works", Strong),
    ("will", "go|run with|for that|it", Weak),
    ("wire", "the|you money|payment|funds|it", Strong),
    ("with", "pleasure", Weak),
    ("within", "our|my|the budget|range|limits|means", Weak),
    ("wonderful", "^.", Weak),
    ("works", "^.", Weak),
    ("would", "do .", Weak),
    ("wrap", "it up", Strong),
    ("write", "it|that|us|me up", Strong),
    ("yeah", "^okay|ok|fine|sure .", Weak),
    ("yeah", "^.", Faint),
    ("yep", "^.", Faint),
    ("yes", "^of course .", Faint),
    ("yes", "^please .", Weak),
    ("yes", "^sure|gladly .", Faint),
    ("yes", "from us|me", Strong),
    ("yes", "let's", Strong),
    ("yes", "to that|it|your|this", Strong),
    ("yes", "^.", Faint),
    ("yes", "^why not .", Weak),
    ("you", "talked me into it", Strong),
    ("you", "^can|may go|proceed|book|charge|send|start|schedule", Weak),
    ("you're", "on .", Strong),
    ("your", "way .", Weak),
    ("yours", ".", Weak),
    ("yup", "^.", Faint),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        for pair in IDIOMS.windows(2) {
            assert!(pair[0].0 <= pair[1].0, "{:?} stands before {:?}", pair[0], pair[1]);
        }
    }
}
