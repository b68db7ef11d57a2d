//! Reads one number, in digits or in words, at a place in the tokens.

use super::token::{Kind, MICRO, Tokens};
use super::words::{Part, currency, part};

/// A number and the tokens it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Number {
    pub(crate) value: i64,
    /// The larger of two readings: "six fifty" is 6.50 or 650.
    pub(crate) high: Option<i64>,
    pub(crate) end: usize,
    pub(crate) spelled: bool,
    /// Digits said or written one after the other, as in a telephone number.
    pub(crate) digits: u8,
    /// Digits with a comma or a point inside.
    pub(crate) split: bool,
}

/// The number that begins at token `at`. After "between" a hundred "and" the next number stays apart.
pub(crate) fn number_at(tokens: &Tokens, at: usize, between: bool) -> Option<Number> {
    let token = tokens.get(at)?;
    match token.kind {
        Kind::Mark(_) => None,
        Kind::Digits { value, digits, split, thousands } => {
            let mut number = digits_with_scale(tokens, at, value, digits, split);
            if thousands {
                number.high = Some(number.value.saturating_mul(1_000));
            }
            Some(number)
        }
        Kind::Word => {
            if !may_begin(tokens.word(at)) {
                return None;
            }
            loose(tokens, at).or_else(|| spelled(tokens, at, between))
        }
    }
}

/// Cheap refusal for nearly every word.
fn may_begin(word: &str) -> bool {
    matches!(
        word.as_bytes().first(),
        Some(
            b'a' | b'z'
                | b'o'
                | b't'
                | b'f'
                | b's'
                | b'e'
                | b'n'
                | b'h'
                | b'm'
                | b'q'
                | b'b'
                | b'g'
        )
    )
}

fn digits_with_scale(tokens: &Tokens, at: usize, value: i64, digits: u8, split: bool) -> Number {
    let mut number = Number { value, high: None, end: at + 1, spelled: false, digits, split };
    while number.end < at + 4 {
        let word = tokens.word(number.end);
        let scale = match word {
            "k" => 1_000,
            "m" | "mn" | "mil"
                if tokens.glued(number.end)
                    && (at > 0 && tokens.mark(at - 1).is_some()
                        || split && !is_long(tokens, number.end + 1)) =>
            {
                1_000_000
            }
            "dozen" => 12,
            "score" => 20,
            _ => match part(word) {
                Some(Part::Hundred) => 100,
                Some(Part::Scale(scale)) => scale,
                _ => break,
            },
        };
        number.value = number.value.saturating_mul(scale);
        number.digits = 0;
        number.end += 1;
    }
    if number.end > at + 1 {
        return and_rest(tokens, number);
    }
    let (half, used) = half_behind(tokens, number.end);
    if half > 0 {
        number.value = number.value.saturating_add(half);
        number.end += used;
        return number;
    }
    // "6 5": said digit by digit.
    while digits == 1
        && !split
        && let Some(Kind::Digits { value: next, digits: 1, split: false, .. }) =
            tokens.get(number.end).filter(|token| !token.glued).map(|token| token.kind)
    {
        number.value = number.value.saturating_mul(10).saturating_add(next);
        number.digits = number.digits.saturating_add(1);
        number.end += 1;
    }
    if number.end > at + 1 {
        return number;
    }
    // "1 050 euros": a space between the groups.
    if !split
        && digits <= 3
        && let Some(Kind::Digits { value: group, digits: 3, split: false, .. }) =
            tokens.get(at + 1).filter(|token| !token.glued).map(|token| token.kind)
        && (currency(tokens.word(at + 2)).is_some()
            || tokens.mark(at + 2).is_some_and(|mark| super::words::symbol(mark).is_some()))
    {
        number.value = value.saturating_mul(1_000).saturating_add(group);
        number.end += 1;
        number.split = true;
        return number;
    }
    // "2 60": as "two sixty".
    if !split
        && (1..=2).contains(&digits)
        && let Some(Kind::Digits { value: cents, digits: 2, split: false, .. }) =
            tokens.get(at + 1).filter(|token| !token.glued).map(|token| token.kind)
        && ends_price(tokens, at + 2)
    {
        number.high = Some(value.saturating_mul(100).saturating_add(cents));
        number.value = number.value.saturating_add(cents / 100);
        number.end += 1;
        return number;
    }
    // "60" | "5 per unit": the tens and the ones came apart.
    let round = value % (10 * MICRO) == 0 && (20 * MICRO..100 * MICRO).contains(&value);
    if round
        && !split
        && let Some(Kind::Digits { value: ones, digits: 1, split: false, .. }) =
            tokens.get(at + 1).filter(|token| !token.glued).map(|token| token.kind)
        && ends_price(tokens, at + 2)
    {
        number.value = number.value.saturating_add(ones);
        number.end += 1;
    }
    number
}

/// "1.2m long" is no million.
fn is_long(tokens: &Tokens, at: usize) -> bool {
    matches!(
        tokens.word(at),
        "long" | "wide" | "high" | "tall" | "deep" | "by" | "x" | "apart" | "away"
    )
}

/// "5 thousand 2 hundred", "2 hundred and fifty".
fn and_rest(tokens: &Tokens, mut number: Number) -> Number {
    let mut at = number.end;
    if tokens.word(at) == "and" {
        at += 1;
    }
    let rest = match tokens.get(at).map(|token| token.kind) {
        Some(Kind::Word) => spelled(tokens, at, true).filter(|rest| rest.digits == 0),
        _ => None,
    };
    if let Some(rest) = rest.filter(|rest| rest.value < 100 * MICRO && rest.value > 0)
        && tokens.word(rest.end) != "percent"
        && !super::words::is_duration(tokens.word(rest.end))
    {
        number.value = number.value.saturating_add(rest.value);
        number.end = rest.end;
    }
    number
}

/// "a dozen", "half a million", "a couple of hundred", "a quarter million", "a hundred and five".
fn loose(tokens: &Tokens, at: usize) -> Option<Number> {
    let word = |offset: usize| tokens.word(at + offset);
    let number = |value: i64, used: usize| {
        Some(Number { value, high: None, end: at + used, spelled: true, digits: 0, split: false })
    };
    let scale = |word: &str| match part(word) {
        Some(Part::Scale(scale)) => Some(scale * MICRO),
        Some(Part::Hundred) => Some(100 * MICRO),
        _ => None,
    };
    match word(0) {
        "half" | "quarter" => {
            let share = if word(0) == "half" { 2 } else { 4 };
            let skip = if matches!(word(1), "a" | "of") { 2 } else { 1 };
            let skip = if word(1) == "of" && word(2) == "a" { 3 } else { skip };
            if word(skip) == "dozen" {
                return number(12 * MICRO / share, skip + 1);
            }
            let half = scale(word(skip)).and_then(|scale| number(scale / share, skip + 1))?;
            Some(if word(skip + 1) == "and" { and_rest(tokens, half) } else { half })
        }
        "a" | "the" | "an" => match word(1) {
            "dozen" => number(12 * MICRO, 2),
            "half" | "quarter" if word(2) != "of" => {
                let rest = loose(tokens, at + 1)?;
                number(rest.value, rest.end - at)
            }
            "couple" | "few" if word(0) == "a" => {
                let count = if word(1) == "couple" { 2 } else { 3 };
                let skip = if word(2) == "of" { 3 } else { 2 };
                match scale(word(skip)) {
                    Some(scale) => number(count * scale, skip + 1),
                    None if word(2) == "of" && word(1) == "couple" => number(count * MICRO, 3),
                    None => None,
                }
            }
            word if word.starts_with(['h', 't', 'm', 'b', 'g']) && scale(word).is_some() => {
                let rest = spelled(tokens, at + 1, false)?;
                Some(rest)
            }
            _ => None,
        },
        "dozen" => number(12 * MICRO, 1),
        "couple" => scale(word(if word(1) == "of" { 2 } else { 1 }))
            .and_then(|scale| number(2 * scale, if word(1) == "of" { 3 } else { 2 })),
        _ => None,
    }
}

/// What of a group below a thousand has been read since the last hundred.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Low {
    Nothing,
    Digit,
    Tens,
    Full,
}

fn spelled(tokens: &Tokens, at: usize, between: bool) -> Option<Number> {
    if let Some(sequence) = digit_sequence(tokens, at) {
        return Some(sequence);
    }
    let mut total: i64 = 0;
    let mut group: i64 = 0;
    let mut low = Low::Nothing;
    let mut any = false;
    let mut round = false;
    let mut hundred = false;
    let mut simple = true;
    let mut scale_last = i64::MAX;
    let mut end = at;
    loop {
        let word = tokens.word(end);
        if word == "and" && round && !between && and_joins(tokens, at, end + 1) {
            end += 1;
            continue;
        }
        let Some(part) = part(word) else { break };
        match part {
            Part::Digit(0) if any => break,
            Part::Digit(digit) if low == Low::Nothing => {
                group += digit;
                low = Low::Digit;
            }
            Part::Digit(digit) if low == Low::Tens => {
                group += digit;
                low = Low::Full;
            }
            Part::Teen(teen) if low == Low::Nothing => {
                group += teen;
                low = Low::Full;
            }
            Part::Tens(tens) if low == Low::Nothing => {
                group += tens;
                low = Low::Tens;
            }
            Part::Hundred if !hundred && (group > 0 || !any) => {
                group = group.max(1) * 100;
                low = Low::Nothing;
                hundred = true;
                simple = false;
            }
            Part::Scale(scale) if scale < scale_last && (group > 0 || !any) => {
                if !any && word != "thousand" && word != "million" {
                    let grand = word == "grand" && tokens.word_before(at, 1) == "a";
                    if !grand {
                        break;
                    }
                }
                total = total.saturating_add(group.max(1).saturating_mul(scale));
                scale_last = scale;
                group = 0;
                low = Low::Nothing;
                hundred = false;
                simple = false;
            }
            _ => break,
        }
        round = matches!(part, Part::Hundred | Part::Scale(_));
        any = true;
        end += 1;
    }
    if !any {
        return None;
    }
    let mut number = Number {
        value: total.saturating_add(group).saturating_mul(MICRO),
        high: None,
        end,
        spelled: true,
        digits: 0,
        split: false,
    };
    if tokens.word(end) == "k" {
        number.value = number.value.saturating_mul(1_000);
        number.end += 1;
        return Some(number);
    }
    if matches!(tokens.word(end), "dozen" | "score") {
        let each = if tokens.word(end) == "dozen" { 12 } else { 20 };
        number.value = number.value.saturating_mul(each);
        number.end += 1;
        return Some(if tokens.word(end + 1) == "and" { and_rest(tokens, number) } else { number });
    }
    if simple && low == Low::Tens {
        tied_digit(tokens, &mut number);
    }
    if simple && low == Low::Tens && number.end == end {
        split_ones(tokens, &mut number);
    }
    fraction(tokens, &mut number);
    if simple && number.end == end {
        pair(tokens, &mut number);
    }
    Some(number)
}

/// "two hundred and fifty", but not "one hundred and two hundred", nor "two hundred and five days"
/// unless what begins at `start` is plainly a time.
fn and_joins(tokens: &Tokens, start: usize, at: usize) -> bool {
    let timed = matches!(
        tokens.word_before(start, 1),
        "in" | "within" | "after" | "takes" | "for" | "last" | "about" | "is"
    );
    let small =
        matches!(part(tokens.word(at)), Some(Part::Digit(1..) | Part::Teen(_) | Part::Tens(_)));
    let larger = |at: usize| matches!(part(tokens.word(at)), Some(Part::Hundred));
    let days = super::words::is_duration(tokens.word(at + 1));
    small && !larger(at + 1) && !larger(at + 2) && (timed || !days)
}

/// "six five", "five five five one two three four": digits one by one.
fn digit_sequence(tokens: &Tokens, at: usize) -> Option<Number> {
    let digit = |at: usize| match part(tokens.word(at)) {
        Some(Part::Digit(digit)) => Some(digit),
        _ if tokens.word(at) == "oh" => Some(0),
        _ => None,
    };
    let first = match part(tokens.word(at)) {
        Some(Part::Digit(digit)) => digit,
        _ => return None,
    };
    let mut value = first;
    let mut digits: u8 = 1;
    let mut end = at + 1;
    while let Some(next) = digit(end).filter(|_| digits < 16) {
        // "two one-year terms": a hyphen ties the digit to the next word, not to the one before.
        value = value.saturating_mul(10).saturating_add(next);
        digits += 1;
        end += 1;
    }
    let carries_on = matches!(part(tokens.word(end)), Some(Part::Hundred | Part::Scale(_)));
    if digits < 2 || carries_on {
        return None;
    }
    // "five five five, one two three, four five six seven".
    while (3..16).contains(&digits) && tokens.mark(end) == Some(',') {
        let mut next = end + 1;
        while digit(next).is_some() && next - end <= 4 {
            next += 1;
        }
        if next - end < 3 {
            break;
        }
        digits += (next - end - 1) as u8;
        end = next;
    }
    let value = value.saturating_mul(MICRO);
    Some(Number { value, high: None, end, spelled: true, digits, split: false })
}

/// "sixty… five", "sixty, uh, five per unit": the ones come after a pause.
fn split_ones(tokens: &Tokens, number: &mut Number) {
    let mut at = number.end;
    let mut pauses = 0;
    while pauses < 4 {
        let pause = matches!(tokens.mark(at), Some(',' | '…' | '—' | '-' | '.'))
            || matches!(tokens.word(at), "uh" | "um" | "er" | "erm" | "uhm" | "hmm");
        if !pause {
            break;
        }
        at += 1;
        pauses += 1;
    }
    // "sixty 5 per unit".
    if let Some(Kind::Digits { value: ones, digits: 1, split: false, .. }) =
        tokens.get(at).map(|token| token.kind)
        && ones > 0
        && at + 1 < tokens.len()
        && ends_price(tokens, at + 1)
    {
        number.value = number.value.saturating_add(ones);
        number.end = at + 1;
        return;
    }
    if pauses == 0 {
        return;
    }
    if let Some(Part::Digit(ones @ 1..)) = part(tokens.word(at))
        && ends_price(tokens, at + 1)
    {
        number.value = number.value.saturating_add(ones * MICRO);
        number.end = at + 1;
    }
}

/// "sixty-5".
fn tied_digit(tokens: &Tokens, number: &mut Number) {
    let at = number.end;
    let tied = tokens.mark(at) == Some('—') && tokens.glued(at) && tokens.glued(at + 1);
    if let Some(Kind::Digits { value, digits: 1, split: false, .. }) =
        tokens.get(at).map(|token| token.kind)
        && tokens.glued(at)
    {
        number.value = number.value.saturating_add(value);
        number.end = at + 1;
        return;
    }
    let ones = match tokens.get(at + 1).map(|token| token.kind) {
        Some(Kind::Digits { value, digits: 1, split: false, .. }) if tied => value,
        _ => return,
    };
    number.value = number.value.saturating_add(ones);
    number.end = at + 2;
}

/// What may follow a price, so that nothing else is counted by the number before.
fn ends_price(tokens: &Tokens, at: usize) -> bool {
    let Some(token) = tokens.get(at) else { return true };
    match token.kind {
        Kind::Mark(mark) => !matches!(mark, ':' | '%'),
        Kind::Digits { .. } => false,
        Kind::Word => {
            let word = tokens.word(at);
            currency(word).is_some()
                || matches!(
                    word,
                    "per"
                        | "each"
                        | "apiece"
                        | "a"
                        | "is"
                        | "then"
                        | "it"
                        | "works"
                        | "would"
                        | "for"
                        | "sounds"
                        | "and"
                        | "if"
                        | "all"
                        | "ish"
                        | "fifty"
                        | "even"
                        | "flat"
                        | "and's"
                        | "at"
                        | "max"
                        | "maximum"
                        | "today"
                        | "now"
                        | "please"
                        | "on"
                        | "in"
                        | "but"
                )
        }
    }
}

/// "point five", "and a half million".
fn fraction(tokens: &Tokens, number: &mut Number) {
    let end = number.end;
    if tokens.word(end) == "point" {
        let mut place = MICRO / 10;
        let mut at = end + 1;
        let mut value = 0;
        while place > 0 {
            let digit = match part(tokens.word(at)) {
                Some(Part::Digit(digit)) => digit,
                _ if tokens.word(at) == "oh" => 0,
                _ => break,
            };
            value += digit * place;
            place /= 10;
            at += 1;
        }
        if at == end + 1 {
            match part(tokens.word(at)) {
                Some(Part::Teen(teen)) => value = teen * MICRO / 100,
                Some(Part::Tens(tens)) => {
                    value = tens * MICRO / 100;
                    if let Some(Part::Digit(ones)) = part(tokens.word(at + 1)) {
                        value += ones * MICRO / 100;
                        at += 1;
                    }
                }
                _ => return,
            }
            at += 1;
        }
        number.value = number.value.saturating_add(value);
        number.end = at;
    } else {
        let (half, used) = half_behind(tokens, end);
        number.value = number.value.saturating_add(half);
        number.end += used;
    }
    if number.end == end {
        return;
    }
    if let Some(Part::Scale(scale)) = part(tokens.word(number.end)) {
        number.value = number.value.saturating_mul(scale);
        number.end += 1;
    } else if matches!(part(tokens.word(number.end)), Some(Part::Hundred)) {
        number.value = number.value.saturating_mul(100);
        number.end += 1;
    }
}

fn half_behind(tokens: &Tokens, at: usize) -> (i64, usize) {
    match (tokens.word(at), tokens.word(at + 1), tokens.word(at + 2)) {
        ("and", "a" | "one", "half") => (MICRO / 2, 3),
        ("one", "half", _) => (MICRO / 2, 2),
        ("and", "a", "quarter") => (MICRO / 4, 3),
        ("and", "three", "quarters") => (MICRO * 3 / 4, 3),
        _ => (0, 0),
    }
}

/// Prices said in pairs: "fifty eight fifty" is 58.50, "one twenty" is 120 or 1.20.
fn pair(tokens: &Tokens, number: &mut Number) {
    let first = number.value / MICRO;
    if !(1..100).contains(&first) {
        return;
    }
    let at = number.end;
    let (second, end) = match part(tokens.word(at)) {
        Some(Part::Teen(teen)) => (teen, at + 1),
        Some(Part::Tens(tens)) => match part(tokens.word(at + 1)) {
            Some(Part::Digit(ones @ 1..)) => (tens + ones, at + 2),
            _ => (tens, at + 1),
        },
        _ if tokens.word(at) == "oh" => match part(tokens.word(at + 1)) {
            Some(Part::Digit(ones @ 1..)) => (ones, at + 2),
            _ => return,
        },
        // "Fifteen five": fifteen and a half thousand, where thousands are spoken of.
        Some(Part::Digit(tenths @ 1..)) if first >= 10 && ends_price(tokens, at + 1) => {
            number.end = at + 1;
            number.value = number.value.saturating_add(tenths * MICRO / 10);
            return;
        }
        _ => return,
    };
    if matches!(part(tokens.word(end)), Some(Part::Hundred | Part::Scale(_))) {
        return;
    }
    number.end = end;
    number.value = number.value.saturating_add(second * MICRO / 100);
    if first < 10 {
        number.high = Some((first * 100 + second) * MICRO);
    } else if second > first && second - first <= 10 {
        // "sixty sixty-five" is said for a range as well.
        number.high = Some(second * MICRO);
    } else {
        number.high = Some((first * 100 + second) * MICRO);
    }
}
