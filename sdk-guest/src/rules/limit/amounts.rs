//! What a number in a sentence is besides a price, and how the words before it move it.

use super::Side;
use crate::numbers::token::Tokens;
use crate::numbers::{Kind, MICRO, Quantity};
use crate::rules::stance::{Place, counts_as_no};
use std::ops::Range;

/// "$10 off", "save 65", "ten more than our limit": a difference, not a price.
pub(super) fn is_reduction(tokens: &Tokens, quantity: &Quantity) -> bool {
    let (start, end) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
    let compared = matches!(tokens.word(end), "more" | "higher" | "lower" | "less" | "cheaper")
        && tokens.word(end + 1) == "than"
        || matches!(tokens.word(end), "above" | "over" | "below" | "under")
            && matches!(tokens.word(end + 1), "our" | "my" | "your" | "the" | "what" | "that");
    let surplus =
        tokens.word(end) == "too" && matches!(tokens.word(end + 1), "much" | "high" | "many");
    if compared || surplus {
        return true;
    }
    matches!(tokens.word(end), "off" | "discount" | "rebate" | "savings" | "refund")
        || matches!(tokens.word_before(start, 1), "save" | "saves" | "saved" | "saving")
}

/// "a minimum order of one hundred", "the MOQ is 50": how many, not how much.
pub(in crate::rules) fn is_order_size(tokens: &Tokens, quantity: &Quantity) -> bool {
    let mut at = quantity.tokens.0 as usize;
    while matches!(
        tokens.word_before(at, 1),
        "is" | "of" | "be" | "would" | "for" | "about" | "around" | "quantity" | "size" | "was"
    ) || tokens.mark(at.wrapping_sub(1)).is_some_and(|mark| matches!(mark, ':' | ','))
    {
        at -= 1;
    }
    let (two, one) = (tokens.word_before(at, 2), tokens.word_before(at, 1));
    quantity.kind == Kind::Plain
        && (matches!((two, one), ("minimum" | "min" | "smallest", "order")) || one == "moq")
}

/// "if you take six hundred": how many the other side wants us to take.
pub(in crate::rules) fn is_bulk(tokens: &Tokens, quantity: &Quantity) -> bool {
    let start = quantity.tokens.0 as usize;
    quantity.kind == Kind::Plain
        && one_of!(tokens.word_before(start, 1);
            "take" "buy" "order" "get" "ordered" "took" "bought" "purchase"
        )
        && matches!(tokens.word_before(start, 2), "you" | "you'd" | "you'll" | "to")
        && (3..5).any(|back| one_of!(tokens.word_before(start, back); "if" "when" "once"))
}

/// "we need five hundred", "order about 80": a buyer says how many.
pub(in crate::rules) fn is_wanted(tokens: &Tokens, quantity: &Quantity) -> bool {
    let mut at = quantity.tokens.0 as usize;
    while one_of!(tokens.word_before(at, 1);
        "about" "around" "roughly" "only" "up" "to" "another" "maybe" "at" "least" "a" "some" "just"
        "approximately"
    ) && !(tokens.word_before(at, 1) == "at" && tokens.word(at) != "least")
    {
        at -= 1;
    }
    let word = tokens.word_before(at, 1);
    let asks = tokens.word_before(at, 1) == "for"
        && (tokens.word_before(at, 2) == "and" && at <= 2
            || tokens.word_before(at, 2) == "about"
            || tokens.word_before(at, 2) == "was" && tokens.word_before(at, 3) == "order"
            || tokens.word_before(at, 2) == "order");
    // "Would we five hundred take" of a verb that comes last.
    let end = quantity.tokens.1 as usize;
    let last = one_of!(tokens.word(end); "take" "buy" "order" "need")
        && (tokens.get(end + 1).is_none() || tokens.mark(end + 1).is_some())
        && (2..9).any(|back| tokens.word_before(at, back) == "for");
    let group = word == "of"
        && one_of!(tokens.word_before(at, 2); "volume" "quantity" "team" "group" "batch" "volumes" "staff" "block")
        || one_of!(word; "first" "next" "initial" "remaining" "other");
    quantity.kind == Kind::Plain
        && (asks
            || last
            || group
            || one_of!(word;
                "need" "needs" "needed" "order" "ordered" "ordering" "bought" "ship" "shipped" "stock"
                "require" "requires"
            ))
}

/// "$54 per unit for five hundred": what follows a marked price is how many it buys.
pub(super) fn is_priced_count(tokens: &Tokens, quantities: &[Quantity], index: usize) -> bool {
    let quantity = &quantities[index];
    let start = quantity.tokens.0 as usize;
    let price = &quantities[index.saturating_sub(1)];
    let reach = matches!(
        tokens.word_before(start, 1),
        "to" | "above" | "over" | "from" | "below" | "under"
    );
    let next = price.tokens.1 as usize + if tokens.word_before(start, 1) == "to" { 2 } else { 1 };
    if reach
        && price.per_unit
        && next == start
        && quantity.kind == Kind::Plain
        && quantity.value / 3 >= price.value
    {
        return true;
    }
    let lead = match tokens.word_before(start, 1) {
        "all" | "the" | "your" | "another" | "these" => 2,
        _ => 1,
    };
    if index == 0 || quantity.kind != Kind::Plain || tokens.word_before(start, lead) != "for" {
        return false;
    }
    let price = &quantities[index - 1];
    let many = price.kind == Kind::Plain
        && quantity.value >= 100 * MICRO
        && price.value >= 10 * MICRO
        && quantity.value / 3 >= price.value;
    let marked = price.per_unit || matches!(price.kind, Kind::Money { .. }) || many;
    let between = price.tokens.1 as usize..start - lead;
    marked
        && between.into_iter().all(|at| {
            one_of!(tokens.word(at);
                "per" "each" "a" "an" "the" "unit" "piece" "item" "beam" "apiece" "or" "less"
                "under" "below" "dollars" "euros" "pounds"
            )
        })
}

/// "over sixty", "at least sixty": the amount is only where it begins.
pub(super) fn opens_range(tokens: &Tokens, start: usize, side: Side) -> bool {
    let (two, one) = (tokens.word_before(start, 2), tokens.word_before(start, 1));
    match side {
        Side::Ceiling if kept_from_rising(tokens, start) => false,
        Side::Ceiling => {
            matches!(
                one,
                "over"
                    | "above"
                    | "beyond"
                    | "past"
                    | "exceeding"
                    | "exceed"
                    | "exceeds"
                    | "surpass"
                    | "top"
            ) || matches!(
                (two, one),
                ("more" | "higher" | "greater", "than")
                    | ("at", "least")
                    | ("upwards" | "north", "of")
            )
        }
        Side::Floor if kept_from_rising(tokens, start) => false,
        Side::Floor => {
            let raised = (two, one) == ("up", "to")
                && one_of!(tokens.word_before(start, 3); "go" "come" "get" "move" "goes" "went");
            matches!(one, "under" | "below")
                || !raised
                    && matches!(
                        (two, one),
                        ("less" | "lower" | "cheaper" | "shorter" | "earlier" | "sooner", "than")
                            | ("at", "most")
                            | ("up", "to")
                    )
        }
    }
}

/// "Plus sixty for delivery": it comes on top of the price before.
pub(super) fn adds(tokens: &Tokens, place: &Place) -> bool {
    place.before.clone().chain(place.after.clone().take(5)).any(|at| {
        one_of!(tokens.word(at); "plus" "extra" "additional" "surcharge" "fee" "additionally" "top" "another")
    })
}

/// "the four of you", "book it for all four": for how many people it is.
pub(super) fn is_party(tokens: &Tokens, quantity: &Quantity) -> bool {
    let (start, end) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
    let of_us = tokens.word(end) == "of" && one_of!(tokens.word(end + 1); "you" "us" "them");
    let all = one_of!(tokens.word_before(start, 1); "all" "us")
        && one_of!(tokens.word_before(start, 2); "for" "of");
    quantity.kind == Kind::Plain && (of_us || all)
}

/// Days of the past are not agreed to any more.
pub(super) fn is_past(tokens: &Tokens, sentence: Range<usize>) -> bool {
    sentence.into_iter().any(|at| {
        one_of!(tokens.word(at);
            "was" "were" "ago" "since" "founded" "placed" "ordered" "called" "spoke" "today" "received"
        )
    })
}

/// "not a penny over sixty", "no more than sixty": the comparison is itself denied.
pub(super) fn kept_from_rising(tokens: &Tokens, start: usize) -> bool {
    const LOOK_BACK_TOKENS: usize = 9;
    for at in (start.saturating_sub(LOOK_BACK_TOKENS)..start).rev() {
        let word = tokens.word(at);
        if matches!(word, "no" | "nothing") || counts_as_no(word) {
            let doubled = (at.saturating_sub(4)..at).any(|back| counts_as_no(tokens.word(back)));
            return !doubled;
        }
        let carries = one_of!(word;
            "a" "one" "single" "penny" "cent" "dollar" "euro" "pound" "dime" "nickel" "buck" "any"
            "go" "going" "pay" "paying" "spend" "offer" "do" "anything" "even" "be" "able" "to"
            "is" "it" "must" "should" "bit" "higher" "more" "than" "over" "above" "beyond" "past"
            "exceed" "greater" "up" "cents" "dollars" "agree" "accept" "commit" "authorized"
            "allowed" "price" "prices" "that" "we" "i" "can" "could" "at" "upwards" "north" "of"
            "way" "them" "you" "let" "below" "under" "less" "lower" "beneath" "sell" "down"
        );
        if !carries {
            return false;
        }
    }
    false
}

/// Words by which a later number replaces an earlier one.
pub(super) fn corrects(tokens: &Tokens) -> bool {
    (0..tokens.len()).any(|at| {
        one_of!(tokens.word(at);
            "no" "sorry" "actually" "correction" "mean" "meant" "but" "instead" "rather" "down"
            "special" "normally" "usually" "list" "discount" "wait" "mistake" "scratch"
            "originally" "today" "final" "wrong" "now" "was" "used"
        )
    })
}

/// In a turn of the other side "you said 58" is our own number.
pub(super) fn quotes_us(place: &Place) -> bool {
    place
        .before
        .clone()
        .any(|at| matches!(place.tokens.word(at), "you" | "your" | "you're" | "you've"))
}

pub(super) fn is_total(word: &str) -> bool {
    one_of!(word;
        "total" "altogether" "overall" "order" "budget" "deposit" "invoice" "totals" "lot"
        "everything" "sum"
    )
}

/// Something around a bare number speaks of paying or agreeing; a number all alone may be a price.
pub(super) fn is_spoken_of_as_price(tokens: &Tokens, quantity: &Quantity) -> bool {
    const ALONE_TOKENS_MAX: usize = 4;
    const NEAR_TOKENS: usize = 60;
    let (first, last) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
    let mut start = first;
    while start > first.saturating_sub(NEAR_TOKENS)
        && !crate::rules::stance::is_break(tokens, start - 1)
    {
        start -= 1;
    }
    let mut end = last;
    while end < (last + NEAR_TOKENS).min(tokens.len()) && !super::ends_sentence(tokens, end) {
        end += 1;
    }
    let cue = (start..first).chain(last..end).any(|at| {
        one_of!(tokens.word(at);
            "pay" "paying" "price" "offer" "deal" "fine" "okay" "ok" "works" "work" "agree" "agreed"
            "accept" "each" "per" "dollars" "cost" "costs" "do" "go" "take" "settle" "budget" "quote"
            "sold" "let's" "say" "make" "yes" "sure" "good" "great" "acceptable" "fair" "meet" "give"
            "spend" "maximum" "max" "limit" "it" "then" "offering" "propose" "bid" "stretch" "total"
            "perfect" "alright" "reasonable" "problem" "objection" "happy" "willing" "approved" "argue"
            "sounds" "suits" "suit" "sound" "possible" "doable" "commit" "worth" "charge" "lets" "us"
            "right" "best" "get" "sign" "buy" "have" "yours" "plus" "enough" "seems" "feels" "said" "paid" "that" "that's" "suppose"
        )
    });
    let near = start.saturating_sub(NEAR_TOKENS)..(end + NEAR_TOKENS).min(tokens.len());
    let agrees = crate::rules::accept::accepts(tokens, near).is_some();
    cue || agrees || end - start < last - first + ALONE_TOKENS_MAX
}

/// "Done at sixty-five", "seventy works for us": agreed to, so it is no count, whatever was asked.
pub(super) fn is_settled(tokens: &Tokens, quantity: &Quantity) -> bool {
    const NEAR_TOKENS: usize = 6;
    let (first, last) = (quantity.tokens.0 as usize, quantity.tokens.1 as usize);
    let near = first.saturating_sub(NEAR_TOKENS)..(last + NEAR_TOKENS).min(tokens.len());
    near.into_iter().any(|at| {
        one_of!(tokens.word(at);
            "deal" "done" "agreed" "agree" "sold" "accept" "accepted" "settle" "settled" "works"
            "price" "pay" "offer"
        )
    })
}

/// "It has to hold 500 pounds": a weight, not a money.
pub(super) fn is_weight(tokens: &Tokens, quantity: &Quantity, sentence: Range<usize>) -> bool {
    let gbp =
        matches!(quantity.kind, Kind::Money { currency: Some(crate::numbers::Currency::Gbp) });
    gbp && sentence.into_iter().any(|at| {
        one_of!(tokens.word(at);
            "hold" "holds" "handle" "handles" "weigh" "weighs" "weight" "load" "heavy" "lift" "capacity"
            "carry" "carries"
        )
    })
}

/// "Plus tax", "plus the delivery": more than the amount itself.
pub(super) fn is_topped(tokens: &Tokens, end: usize) -> bool {
    const NEAR_TOKENS: usize = 4;
    let plus =
        tokens.word(end) == "plus" || tokens.word(end) == "before" && tokens.word(end + 1) != "we";
    plus && (end + 1..end + NEAR_TOKENS).any(|at| {
        one_of!(tokens.word(at);
            "tax" "taxes" "vat" "tip" "tips" "gratuity" "shipping" "delivery" "fees" "fee" "service" "freight"
            "handling" "extras" "insurance"
        )
    })
}

/// "Double that", "three times the amount": by how much what was named is multiplied.
pub(super) fn multiplier(tokens: &Tokens, at: usize) -> Option<i64> {
    use crate::numbers::words::{Part, part};
    let (factor, next) = match tokens.word(at) {
        "twice" | "double" => (2, at + 1),
        "triple" | "thrice" => (3, at + 1),
        "quadruple" => (4, at + 1),
        word => match part(word) {
            Some(Part::Digit(factor @ 2..) | Part::Teen(factor))
                if tokens.word(at + 1) == "times" =>
            {
                (factor, at + 2)
            }
            _ => return None,
        },
    };
    let what = one_of!(tokens.word(next); "that" "it" "this")
        || tokens.word(next) == "the"
            && one_of!(tokens.word(next + 1); "amount" "number" "quantity" "order" "price");
    what.then_some(factor)
}

/// "A hundred a month for a year": how often the amount is paid.
pub(super) fn recurring(
    tokens: &Tokens,
    quantities: &[Quantity],
    index: usize,
    sentence: &Range<usize>,
) -> Option<i64> {
    let days = |word: &str| match word {
        "day" | "days" | "night" | "nights" | "daily" | "nightly" => Some(1),
        "week" | "weeks" | "weekly" => Some(7),
        "month" | "months" | "monthly" => Some(30),
        "year" | "years" | "yearly" | "annually" => Some(360),
        _ => None,
    };
    let start = quantities[index].tokens.0 as usize;
    let end = quantities[index].tokens.1 as usize;
    let paid = (start..end + 3).find_map(|at| {
        let led = one_of!(tokens.word_before(at, 1); "a" "per" "each" "every" "an")
            || tokens.word(at).ends_with("ly")
            || tokens.mark(at.wrapping_sub(1)) == Some('/');
        days(tokens.word(at)).filter(|_| led).map(|period| (at, period))
    });
    let (paid_at, period) = paid?;
    for other in sentence.clone().filter(|at| *at > paid_at) {
        let Some(unit) = days(tokens.word(other)) else { continue };
        let many = quantities.iter().find(|one| {
            (one.tokens.1 as usize == other || one.tokens.1 as usize == other + 1)
                && one.tokens.0 as usize > paid_at
        });
        let many = match many {
            Some(many) => many.value / crate::numbers::MICRO,
            None if one_of!(tokens.word_before(other, 1); "a" "one" "whole" "full") => 1,
            None => continue,
        };
        return Some((many * unit / period).max(1));
    }
    None
}

/// "Call back at four fifteen", "we'll be there at seven thirty": a time, said as prices are.
pub(super) fn is_visit(
    tokens: &Tokens,
    quantity: &Quantity,
    sentence: impl Fn() -> Range<usize>,
) -> bool {
    let start = quantity.tokens.0 as usize;
    let number = quantity.most() / crate::numbers::MICRO;
    let clock = (100..=1_259).contains(&number) && number % 100 < 60 || (1..=12).contains(&number);
    quantity.kind == Kind::Plain
        && clock
        && matches!(tokens.word_before(start, 1), "at" | "until" | "till")
        && sentence().any(|at| {
            one_of!(tokens.word(at); "call" "ring" "meet" "come" "arrive" "there" "appointment" "phone" "open" "close")
        })
        && !sentence().any(|at| one_of!(tokens.word(at); "price" "pay" "deal" "settle" "in" "offer"))
}

/// "Sixty plus ten for the cork": what comes on top of the amount before.
pub(super) fn is_added(tokens: &Tokens, quantity: &Quantity) -> bool {
    let start = quantity.tokens.0 as usize;
    (1..3).any(|back| tokens.word_before(start, back) == "plus")
}

/// "She'll be 95 in June", "he turns seventy": how old somebody is.
pub(super) fn is_age(tokens: &Tokens, quantity: &Quantity) -> bool {
    let start = quantity.tokens.0 as usize;
    let be = one_of!(tokens.word_before(start, 1); "be" "is" "turned" "turns" "turning" "was");
    let who = |word: &str| {
        one_of!(word;
            "she" "he" "she'll" "he'll" "she's" "he's" "mother" "father" "wife" "husband" "daughter" "son"
            "grandmother" "grandfather"
        )
    };
    quantity.kind == Kind::Plain
        && (be && (2..4).any(|back| who(tokens.word_before(start, back)))
            || one_of!(tokens.word_before(start, 1); "she's" "he's"))
}
