//! Amounts of money: signs, cents, "or so", "per dozen".

use super::read::number_at;
use super::token::{Kind as TokenKind, MICRO, Tokens};
use super::{Currency, Kind, Quantity, kinds::counted, make, words};

pub(super) fn money_with_sign(
    tokens: &Tokens,
    at: usize,
    currency: Option<Currency>,
    between: bool,
) -> Option<(Quantity, usize)> {
    // "US $60", "USD $60".
    let skip = usize::from(tokens.mark(at + 1).is_some_and(|mark| words::symbol(mark).is_some()));
    let number = number_at(tokens, at + 1 + skip, between)?;
    let mut quantity = make(tokens, at, number.end, &number, Kind::Money { currency });
    let end = cents_behind(tokens, number.end, &mut quantity, false);
    let end = money_tail(tokens, end, &mut quantity, true);
    Some((quantity, end))
}

pub(super) fn approx_before(tokens: &Tokens, at: usize) -> bool {
    let approx = |word: &str| {
        matches!(
            word,
            "about"
                | "around"
                | "roughly"
                | "approximately"
                | "circa"
                | "nearly"
                | "almost"
                | "near"
                | "ish"
        )
    };
    // "How about sixty?" proposes exactly sixty.
    let proposes =
        tokens.word_before(at, 1) == "about" && matches!(tokens.word_before(at, 2), "how" | "what");
    (approx(tokens.word_before(at, 1)) && !proposes)
        || (matches!(tokens.word_before(at, 1), "a" | "an" | "the" | "of" | "to" | "at")
            && approx(tokens.word_before(at, 2)))
}

/// "-ish", "or so", "something", "plus", "and change", "give or take".
pub(super) fn approx_behind(tokens: &Tokens, at: usize, quantity: &mut Quantity) -> usize {
    let start = at;
    let comma = usize::from(tokens.mark(at) == Some(','));
    let (one, two) = (tokens.word(at + comma), tokens.word(at + comma + 1));
    let three = tokens.word(at + comma + 2);
    let at = at + comma;
    let used = match (one, two) {
        ("or", "so" | "thereabouts" | "more" | "above" | "higher" | "over" | "beyond") => 2,
        ("or", "a") if is_little(three) && is_beyond(tokens.word(at + 3)) => 4,
        ("or", "slightly" | "somewhat" | "marginally") if is_beyond(three) => 3,
        ("and", "change" | "up" | "upwards" | "above" | "over" | "counting") => 2,
        ("and", "some" | "a")
            if matches!(three, "change" | "penny" | "cent" | "bit" | "little") =>
        {
            3
        }
        ("give", "or") if three == "take" => 3,
        ("more", "or") if three == "less" => 3,
        (
            "excluding" | "plus" | "before" | "without" | "ex" | "net",
            "tax" | "taxes" | "vat" | "shipping" | "delivery" | "freight",
        ) => 2,
        ("not", "including") => 2,
        _ if comma > 0 => return start,
        ("plus" | "minus" | "less", _) if number_at(tokens, at + 1, false).is_some() => {
            let percent = number_at(tokens, at + 1, false).is_some_and(|number| {
                tokens.mark(number.end) == Some('%') || tokens.word(number.end) == "percent"
            });
            if one == "plus" && !percent {
                return start;
            }
            quantity.approx = true;
            quantity.upwards = one == "plus";
            return start;
        }
        ("ish" | "odd" | "something" | "plus" | "upwards", _) => 1,
        _ if tokens.mark(at) == Some('+') => 1,
        _ => return start,
    };
    quantity.approx = true;
    quantity.upwards =
        one != "ish" && two != "so" && two != "thereabouts" && one != "give" && three != "less";
    at + used
}

pub(super) fn is_little(word: &str) -> bool {
    matches!(word, "little" | "bit" | "touch" | "tad" | "hair" | "smidge" | "fraction" | "few")
}

pub(super) fn is_beyond(word: &str) -> bool {
    matches!(word, "more" | "over" | "above" | "higher" | "beyond" | "extra")
}

/// "and fifty cents", "fifty cents", "fifty".
pub(super) fn cents_behind(
    tokens: &Tokens,
    at: usize,
    quantity: &mut Quantity,
    bare: bool,
) -> usize {
    let link = usize::from(tokens.word(at) == "and");
    let Some(cents) = number_at(tokens, at + link, true) else { return at };
    let small = cents.value < 100 * MICRO && cents.value % MICRO == 0;
    let named = matches!(words::currency(tokens.word(cents.end)), Some((_, true)));
    let ended = tokens.get(cents.end).is_none()
        || tokens.mark(cents.end).is_some()
        || matches!(tokens.word(cents.end), "is" | "works" | "each" | "per" | "would" | "then");
    let said = cents.spelled && words::part(tokens.word(at + link)).is_some();
    let written = link == 0 && cents.digits == 2 && !cents.split;
    let bare = bare
        && (said && (link == 0 || ended) || written && ended)
        && cents.value >= 10 * MICRO
        && !named
        && counted(tokens, cents.end).is_none()
        && !words::is_duration(tokens.word(cents.end))
        && words::currency(tokens.word(cents.end)).is_none()
        && tokens.word(cents.end) != "percent";
    if !small || !(named || bare) {
        return at;
    }
    quantity.value = quantity.value.saturating_add(cents.value / 100);
    cents.end + usize::from(named)
}

/// What follows an amount: approximations, "each", "per unit", "a beam".
pub(super) fn money_tail(tokens: &Tokens, at: usize, quantity: &mut Quantity, sure: bool) -> usize {
    let mut end = approx_behind(tokens, at, quantity);
    if words::currency(tokens.word(end)).is_some() && sure {
        end += 1;
    }
    end = approx_behind(tokens, end, quantity);
    let used = per_unit(tokens, end, sure);
    if used > 0 {
        quantity.per_unit = true;
        end = per_many(tokens, end, end + used, quantity);
    }
    let stop = end.checked_sub(1).and_then(|last| tokens.get(last)).map(|token| token.end as usize);
    quantity.span.end = stop.unwrap_or(quantity.span.end).max(quantity.span.end);
    end
}

/// "per dozen", "a hundred units", "per 100": the amount becomes that for one.
pub(super) fn per_many(
    tokens: &Tokens,
    at: usize,
    unit_end: usize,
    quantity: &mut Quantity,
) -> usize {
    let many = match tokens.word(at + 1) {
        "dozen" => Some((12, unit_end)),
        "pair" | "couple" => Some((2, unit_end)),
        "half" if tokens.word(at + 2) == "dozen" => Some((6, unit_end + 1)),
        _ => number_at(tokens, at + 1, false)
            .filter(|number| number.value >= MICRO)
            .map(|number| (number.value / MICRO, number.end)),
    };
    let Some((many, mut end)) = many else { return unit_end };
    quantity.value /= many;
    quantity.high = quantity.high.map(|high| high / many);
    if let Some((_, counted_end)) = counted(tokens, end) {
        end = counted_end;
    }
    end.max(unit_end)
}

pub(super) fn per_unit(tokens: &Tokens, at: usize, sure: bool) -> usize {
    let next = tokens.word(at + 1);
    if tokens.mark(at) == Some('/') {
        return if next.is_empty() { 0 } else { 2 };
    }
    match tokens.word(at) {
        "each" | "apiece" => 1,
        "per" if matches!(tokens.get(at + 1).map(|t| t.kind), Some(TokenKind::Digits { .. })) => 2,
        "per" if next == "cent" || next.is_empty() => 0,
        "per" | "pr" => 2,
        "a" if matches!(
            next,
            "piece"
                | "unit"
                | "beam"
                | "pop"
                | "item"
                | "head"
                | "ton"
                | "tonne"
                | "box"
                | "sheet"
                | "bag"
                | "case"
                | "pair"
                | "set"
                | "part"
        ) =>
        {
            2
        }
        "a" | "an"
            if sure
                && !matches!(
                    next,
                    "" | "month"
                        | "week"
                        | "year"
                        | "little"
                        | "lot"
                        | "bit"
                        | "total"
                        | "discount"
                        | "deal"
                        | "good"
                ) =>
        {
            2
        }
        "for" if next == "each" => 2,
        "the" if matches!(next, "unit" | "piece" | "beam" | "ton") => 2,
        _ => 0,
    }
}
