//! Two numbers that are one: ranges, sums and products.

use super::token::{MICRO, Tokens};
use super::{Kind, Quantity, quantity_at};

/// "thirty plus thirty-five", "three times twenty-five": sums and products that are said out.
pub(super) fn reckon(tokens: &Tokens, first: &mut Quantity, end: usize) -> Option<usize> {
    let priced = |kind: Kind| matches!(kind, Kind::Money { .. } | Kind::Plain);
    let times = tokens.word(end.checked_sub(1)?) == "times";
    let plus = tokens.word(end) == "plus" || tokens.mark(end) == Some('+');
    if times && matches!(first.kind, Kind::Count { .. }) {
        let (second, second_end) =
            quantity_at(tokens, end, false).filter(|(one, _)| priced(one.kind))?;
        let many = first.value / MICRO;
        *first = Quantity { tokens: first.tokens, ..second };
        first.value = first.value.saturating_mul(many);
        first.high = first.high.map(|high| high.saturating_mul(many));
        return Some(second_end);
    }
    if !plus || !priced(first.kind) {
        return None;
    }
    let (second, second_end) =
        quantity_at(tokens, end + 1, false).filter(|(one, _)| priced(one.kind))?;
    first.high = Some(first.most().saturating_add(second.most()))
        .filter(|_| first.high.is_some() || second.high.is_some());
    first.value = first.value.saturating_add(second.value);
    first.either = false;
    first.per_unit |= second.per_unit;
    if first.kind == Kind::Plain {
        first.kind = second.kind;
    }
    Some(second_end)
}

/// "55 to 60", "between fifty and sixty-five", "55-60": the second number joins the first.
pub(super) fn range_end(
    tokens: &Tokens,
    first: &mut Quantity,
    end: usize,
    between: bool,
) -> Option<usize> {
    let linked = match tokens.word(end) {
        "to" | "through" | "till" | "until" => true,
        "and" => between,
        _ => tokens.mark(end) == Some('-'),
    };
    if !linked {
        return None;
    }
    let next_at = end + 1;
    let next_at = if matches!(tokens.word(next_at), "about" | "around" | "maybe" | "say") {
        next_at + 1
    } else {
        next_at
    };
    let (second, second_end) = quantity_at(tokens, next_at, false)?;
    // "from seventy to sixty" is a way down, no range.
    let from = tokens.word_before(first.tokens.0 as usize, 1) == "from";
    if from && first.value > second.most() {
        return None;
    }
    let same = std::mem::discriminant(&first.kind) == std::mem::discriminant(&second.kind);
    if !same && first.kind != Kind::Plain && second.kind != Kind::Plain {
        return None;
    }
    if first.kind == Kind::Plain {
        first.kind = second.kind;
    }
    let ends = [first.value, first.most(), second.value, second.most()];
    first.value = first.value.min(second.value);
    first.high = ends.into_iter().max();
    first.either = false;
    first.per_unit |= second.per_unit;
    first.approx |= second.approx;
    first.span.end = second.span.end;
    Some(second_end)
}
