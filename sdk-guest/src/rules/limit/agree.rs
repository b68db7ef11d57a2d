//! Whether a sentence of ours takes the offer on the table: by agreeing, or by pointing at one of several.

use super::{Limit, ends_sentence};
use crate::numbers::token::Tokens;
use crate::numbers::{Kind, Quantity};
use crate::rules::accept::{Grade, accepts, is_approval, is_named, is_offer};
use crate::rules::idioms::agrees_to_any;
use crate::rules::stance::counts_as_no;
use crate::rules::turn::Table;
use std::ops::Range;

impl Limit {
    pub(super) fn accepts_tabled(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        boundary: usize,
        table: &Table,
        first: bool,
        tabled: bool,
    ) -> bool {
        let asked = if self.bound.unit.is_money() { table.asked } else { self.asked };
        if first
            && asked
            && affirms(tokens)
            && !self.names_within(tokens, quantities, 0..tokens.len())
        {
            return true;
        }
        let mut start = boundary;
        while start > 0 && !ends_sentence(tokens, start - 1) {
            start -= 1;
        }
        while start < tokens.len() {
            let mut end = start;
            while end < tokens.len() && !ends_sentence(tokens, end) {
                end += 1;
            }
            let end = (end + 1).min(tokens.len());
            if end > boundary
                && self.sentence_accepts(tokens, quantities, start..end, table, tabled)
            {
                return true;
            }
            start = end;
        }
        false
    }

    fn sentence_accepts(
        &self,
        tokens: &Tokens,
        quantities: &[Quantity],
        sentence: Range<usize>,
        table: &Table,
        tabled: bool,
    ) -> bool {
        let pointed = match self.offers.any_beyond() {
            true => self.offers.pointed_at(tokens, sentence.clone()),
            false => None,
        };
        let blank = self.bound.unit.is_money() && agrees_to_any(tokens, &sentence);
        if !tabled && pointed.is_none() && !blank {
            return false;
        }
        let grade = accepts(tokens, sentence.clone());
        if blank && grade == Some(Grade::Blank) && (tabled || !self.offers.last_within()) {
            return !is_question(tokens, sentence);
        }
        if let Some(beyond) = pointed {
            let chosen = grade.is_some() || chooses(tokens, sentence.clone());
            return chosen
                && beyond
                && !asks_lower(tokens, sentence.clone())
                && !is_question(tokens, sentence);
        }
        let Some(grade) = grade.filter(|_| tabled) else { return false };
        let aside = if self.bound.unit.is_money() { table.aside } else { !self.fresh };
        if grade <= Grade::Weak && aside {
            return false;
        }
        let named = if self.bound.unit.is_money() { table.priced } else { self.fresh };
        if grade == Grade::Faint && !named {
            return false;
        }
        if is_taken_back(tokens, sentence.clone())
            || (grade <= Grade::Weak && is_patience(tokens, sentence.clone()))
        {
            return false;
        }
        let theirs = sentence.clone().any(|at| {
            tokens.word(at) == "your"
                && (is_offer(tokens.word(at + 1)) || is_offer(tokens.word(at + 2)))
                || tokens.word(at) == "you"
                    && (is_named(tokens.word(at + 1)) || tokens.word(at + 1) == "want")
        });
        if self.names_within(tokens, quantities, sentence.clone()) && !theirs {
            return false;
        }
        let other =
            aside && names_other(quantities, &sentence) || is_appointment(tokens, &sentence);
        if self.bound.unit.is_money() && other {
            return false;
        }
        !asks_lower(tokens, sentence.clone()) && !is_question(tokens, sentence)
    }

    /// A price of ours within the limit, to which the agreement then belongs.
    fn names_within(&self, tokens: &Tokens, quantities: &[Quantity], range: Range<usize>) -> bool {
        quantities.iter().enumerate().any(|(index, quantity)| {
            range.contains(&(quantity.tokens.0 as usize))
                && self.is_candidate(tokens, quantities, index)
                && self.is_beyond(tokens, quantities, index, &range).is_none()
        })
    }
}

/// "Thursday at two works for me.": a time to speak is agreed to.
fn is_appointment(tokens: &Tokens, sentence: &Range<usize>) -> bool {
    let any = |words: &[&str]| sentence.clone().any(|at| words.contains(&tokens.word(at)));
    any(&[
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "tomorrow",
        "call",
        "talk",
    ]) && !any(&[
        "deal", "price", "offer", "agreed", "accept", "order", "take", "buy", "sign", "pay", "it",
        "that", "that's", "deliver", "delivery", "ship", "if", "long",
    ])
}

/// "Three weeks works for us.": it is the time that is agreed to.
fn names_other(quantities: &[Quantity], sentence: &Range<usize>) -> bool {
    quantities.iter().any(|quantity| {
        sentence.contains(&(quantity.tokens.0 as usize))
            && matches!(
                quantity.kind,
                Kind::Duration | Kind::Date | Kind::Time | Kind::Count { .. }
            )
    })
}

/// "Yes." "Sure, absolutely." as the answer to a question for agreement.
fn affirms(tokens: &Tokens) -> bool {
    let mut at = 0;
    while tokens.mark(at).is_some()
        || one_of!(tokens.word(at);
            "um" "uh" "well" "oh" "hmm" "great" "perfect"
        )
    {
        at += 1;
    }
    let yes = one_of!(tokens.word(at);
        "yes" "yeah" "yep" "yup" "sure" "absolutely" "certainly" "definitely" "ok" "okay"
        "alright" "indeed" "gladly" "yes'm" "aye" "affirmative" "correct" "exactly"
    ) || matches!(
        (tokens.word(at), tokens.word(at + 1)),
        ("of", "course")
            | ("all", "right")
            | ("we", "do" | "have")
            | ("you", "bet")
            | ("looks" | "seems" | "sounds", "like")
            | ("i", "do")
            | ("it", "does")
            | ("that", "does")
            | ("we", "are")
            | ("please", "do")
    );
    let yes = yes
        || tokens.word(at) == "i"
            && one_of!(tokens.word(at + 1); "believe" "think" "guess" "suppose" "expect")
            && tokens.word(at + 2) == "so";
    let turned = (at..tokens.len()).any(|at| {
        one_of!(tokens.word(at);
            "but" "however" "too" "lower" "above" "budget" "ceiling" "unfortunately" "afraid"
        ) || counts_as_no(tokens.word(at))
    });
    yes && !turned
}

/// "if you come down": agreement that hangs on a better price.
fn asks_lower(tokens: &Tokens, sentence: Range<usize>) -> bool {
    let mut conditional = false;
    for at in sentence {
        let word = tokens.word(at);
        conditional |= one_of!(word;
            "if" "once" "when" "unless" "until" "provided" "before"
        ) && one_of!(tokens.word(at + 1);
            "you" "the" "your" "we" "it" "you're" "i"
        );
        if conditional
            && one_of!(word;
                "lower" "reduce" "drop" "below" "under" "down" "better" "beat" "less" "closer"
                "match" "cheaper" "approve" "approves" "agree" "accept" "proceed" "go" "discount"
            )
        {
            return true;
        }
    }
    false
}

/// "The first one, please.", "I prefer option A": a choice without another word of agreement.
fn chooses(tokens: &Tokens, sentence: Range<usize>) -> bool {
    const BARE_TOKENS_MAX: usize = 5;
    let denied = sentence.clone().any(|at| {
        counts_as_no(tokens.word(at))
            || one_of!(tokens.word(at); "too" "above" "over" "high" "expensive" "was" "noted" "thanks")
    });
    let wanted = sentence.clone().any(|at| {
        one_of!(tokens.word(at);
            "please" "take" "prefer" "choose" "go" "want" "pick" "order" "book" "do" "back" "have" "get"
            "like" "need"
        )
    });
    !denied && (wanted || sentence.len() <= BARE_TOKENS_MAX)
}

/// "When can we sign?", "how do we pay?": questions of somebody who has agreed.
fn closes_deal(tokens: &Tokens, at: usize) -> bool {
    matches!(tokens.word(at + 2), "we" | "i")
        && one_of!(tokens.word(at + 3); "sign" "pay" "proceed" "start" "begin" "send" "wire")
}

/// "It's a good offer, but it's over our limit.": what follows takes the praise back.
fn is_taken_back(tokens: &Tokens, sentence: Range<usize>) -> bool {
    let settled = sentence.clone().any(|at| {
        one_of!(tokens.word(at); "deal" "agreed" "accept" "sold" "take" "agree" "okay" "done" "sign")
    });
    let mut turned = false;
    for at in sentence {
        let word = tokens.word(at);
        turned |= one_of!(word; "but" "however" "though" "except" "although");
        let against = one_of!(word; "over" "above" "too" "beyond" "higher" "expensive" "exceeds" "unfortunately")
            || counts_as_no(word);
        if turned && against && !settled {
            return true;
        }
    }
    false
}

/// "That's fine, I'll wait.": said of the time it takes.
fn is_patience(tokens: &Tokens, sentence: Range<usize>) -> bool {
    sentence.clone().any(|at| {
        let (one, two, three) = (tokens.word(at), tokens.word(at + 1), tokens.word(at + 2));
        let ends = |at: usize| at >= sentence.end || tokens.mark(at).is_some();
        matches!(one, "i'll" | "can" | "we'll") && matches!(two, "wait" | "hold") && ends(at + 2)
            || (one == "take" && two == "your" && three == "time")
            || (one == "no" && matches!(two, "rush" | "hurry"))
            || matches!(one, "email" | "call" | "text")
                && two == "me"
                && matches!(three, "later" | "back")
    })
}

/// Questions by which nothing is agreed: "does that work for you?", "is that fine?".
fn is_question(tokens: &Tokens, sentence: Range<usize>) -> bool {
    let mut at = sentence.start;
    while at < sentence.end
        && (tokens.mark(at).is_some()
            || one_of!(tokens.word(at);
                "so" "and" "well" "but" "um" "uh" "or" "then" "sorry" "thanks" "okay" "ok"
            ))
    {
        at += 1;
    }
    let (first, second) = (tokens.word(at), tokens.word(at + 1));
    match first {
        // "Is fine by me", "is that a deal?", "are we agreed?", "which works": no mere questions.
        "is" => {
            let deal = sentence.clone().any(|at| tokens.word(at) == "deal");
            let done = sentence.clone().any(|at| tokens.word(at) == "already");
            !is_approval(second)
                && !matches!(second, "agreed" | "settled" | "done")
                && (!deal || done)
        }
        "are" => second != "we",
        "what" => second != "you",
        "which" => !matches!(second, "is" | "works" | "would" | "sounds" | "seems"),
        "where" | "when" | "how" if closes_deal(tokens, at) => false,
        "where" | "does" | "did" | "how" | "what's" | "who" | "when" => true,
        "would" | "will" | "can" | "could" | "do" | "have" => {
            one_of!(second;
                "you" "it" "that" "there" "your" "this" "they"
            )
        }
        _ => false,
    }
}
