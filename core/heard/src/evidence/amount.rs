//! Numbers: which of those that were said a field asks for.

use std::ops::Range;
use std::sync::OnceLock;

use super::lexicon::Set;
use super::profile::{Profile, Want};
use super::scene::{Line, Scene};
use crate::fields::{clause as piece_of, in_unit};
use crate::money::price_number;
use crate::number::number_at;
use crate::talk::{Fact, Unit, Value};

/// Something that was measured.
#[derive(Clone, Debug)]
pub(super) struct Amount {
    pub line: usize,
    pub at: Range<usize>,
    /// The part of the sentence that it belongs to.
    piece: Range<usize>,
    kind: Kind,
    value: f64,
    /// "Sixteen fifty": 1650 where `value` is 16.50.
    hundreds: Option<f64>,
    conditional: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Money,
    Percent,
    Span(Unit),
    Counted,
    Bare,
}

/// Less than this is no evidence.
const SCORE_MIN: f32 = 0.6;
/// What it loses where the words beside it name something else.
const OF_ANOTHER: f32 = 0.8;
/// What a number is worth that both sides said.
const ECHOED: f32 = 0.8;

pub(super) fn amounts(scene: &Scene) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    for (index, line) in scene.lines.iter().enumerate() {
        let mut skip_to = 0;
        for fact in line.facts() {
            if fact.at.start < skip_to {
                continue;
            }
            let Some(mut amount) = amount(index, line, fact) else { continue };
            if is_rate_or_scale(line, &amount, found.last()) {
                continue;
            }
            if let Some(before) =
                found.last_mut().filter(|before| is_rest_of(line, before, &amount))
            {
                before.value += amount.value / 60.0;
                before.at.end = amount.at.end;
                continue;
            }
            pair(line, &mut amount);
            skip_to = amount.at.end;
            found.push(amount);
        }
    }
    found
}

/// "Three hours a week": the week only says how often. "Eight out of ten": the ten is the scale.
fn is_rate_or_scale(line: &Line, amount: &Amount, before: Option<&Amount>) -> bool {
    let adjacent =
        before.is_some_and(|before| before.line == amount.line && before.at.end == amount.at.start);
    let rate = adjacent && matches!(amount.kind, Kind::Span(_));
    let tokens = line.tokens();
    let start = amount.at.start;
    let number_before = start >= 2 && number_at(tokens, start - 2).is_some();
    let between = start.saturating_sub(1)..start;
    let plain = matches!(amount.kind, Kind::Bare | Kind::Counted);
    // "Ten by ten" is a size.
    let by_behind = tokens.get(amount.at.end).is_some_and(|next| next.is("by"));
    let by = number_before && line.says(between.clone(), &["by"]) || by_behind;
    let of = number_before && line.says(between, &["von", "sobre", "sur"])
        || line.says(start.saturating_sub(2)..start, &["out of", "scale of"]);
    rate || plain && (by || of)
}

/// "Two hours and ten minutes" is one span.
fn is_rest_of(line: &Line, before: &Amount, amount: &Amount) -> bool {
    let between = before.at.end..amount.at.start;
    before.line == amount.line
        && before.kind == Kind::Span(Unit::Hour)
        && amount.kind == Kind::Span(Unit::Minute)
        && between.len() <= 1
        && between.clone().all(|at| line.says(at..at + 1, &["and", "y", "et", "und"]))
}

fn amount(index: usize, line: &Line, fact: &Fact) -> Option<Amount> {
    let (kind, value) = match &fact.value {
        Value::Money { amount, currency, per_unit } => {
            // "Hundert Stück": a price for each has a currency, or a word for it.
            let counted = currency.is_none()
                && *per_unit
                && line.says(fact.at.clone(), &["stuck", "piezas", "pieces"]);
            (if counted { Kind::Counted } else { Kind::Money }, *amount)
        }
        // "The 3rd" is a day.
        Value::Quantity { of, .. } if ["st", "nd", "rd", "th"].contains(&of.as_str()) => {
            return None;
        }
        Value::Quantity { amount, .. } => (Kind::Counted, *amount),
        Value::Number(amount) => (Kind::Bare, *amount),
        Value::Percent(amount) => (Kind::Percent, *amount),
        Value::Duration { high, unit, .. } => (Kind::Span(*unit), *high),
        _ => return None,
    };
    let piece = with_reckoning(line, piece_of(line.heard, fact));
    let conditional = fact.conditional;
    Some(Amount {
        line: index,
        at: fact.at.clone(),
        piece,
        kind,
        value,
        hundreds: None,
        conditional,
    })
}

/// "Two months of deposit, that is seventeen hundred": the sum is of what was reckoned.
fn with_reckoning(line: &Line, piece: Range<usize>) -> Range<usize> {
    const LEADS: &[&str] =
        &["so", "o sea", "es decir", "soit", "also", "that is", "that's", "das sind", "makes"];
    const LEAD_TOKENS: usize = 2;
    // "O sea" is spoken as an "or".
    let or = piece.start > 0 && line.tokens()[piece.start - 1].is("or");
    let start = piece.start - usize::from(or);
    let opening = start..(start + LEAD_TOKENS).min(piece.end);
    let before = start.checked_sub(2).map(|at| line.clause(at));
    match before {
        Some(before)
            if line.says(opening, LEADS)
                && line.means(before.clone()).meets(parts())
                && !line.means(piece.clone()).meets(parts()) =>
        {
            before.start..piece.end
        }
        _ => piece,
    }
}

/// "Four fifty", "sixteen fifty": two numbers that are one price.
fn pair(line: &Line, amount: &mut Amount) {
    if !matches!(amount.kind, Kind::Bare | Kind::Money) {
        return;
    }
    let tokens = line.tokens();
    let at = amount.at.start;
    let (Some(first), Some((whole, true))) = (number_at(tokens, at), price_number(tokens, at))
    else {
        return;
    };
    let Some(second) = number_at(tokens, at + first.tokens) else { return };
    amount.value = first.value + second.value / 100.0;
    amount.hundreds = Some(first.value * 100.0 + second.value);
    amount.at.end = amount.at.end.max(at + whole.tokens);
}

/// How well each amount fits a field.
pub(super) fn scores(scene: &Scene, amounts: &[Amount], field: &Profile) -> Vec<Option<f32>> {
    amounts.iter().map(|amount| score_of(scene, amount, field)).collect()
}

/// The best amount for a field, unless another field has a better claim to it.
pub(super) fn number(
    scene: &Scene,
    amounts: &[Amount],
    field: &Profile,
    own: &[Option<f32>],
    rivals: &[&[Option<f32>]],
) -> Option<f64> {
    let mut best: Option<(f32, f64, usize)> = None;
    for (place, amount) in amounts.iter().enumerate() {
        let Some(score) = own.get(place).copied().flatten() else { continue };
        let claimed = rivals.iter().any(|rival| {
            rival.get(place).copied().flatten().is_some_and(|other| other > score + 0.05)
        });
        if claimed || score < SCORE_MIN {
            continue;
        }
        let Some(value) = reading(scene, amounts, amount, field) else { continue };
        // The newest of equals stands; of one answer, the first.
        let better = best.is_none_or(|(known, _, line)| {
            if line == amount.line { score > known } else { score >= known - 0.12 }
        });
        if better {
            best = Some((score, value, amount.line));
        }
    }
    best.map(|(_, value, _)| value)
}

fn score_of(scene: &Scene, amount: &Amount, field: &Profile) -> Option<f32> {
    let line = &scene.lines[amount.line];
    let counts = line.heard.callee || is_ours_to_say(field) && scene.is_agreed(amount.line);
    if !counts {
        return None;
    }
    if amount.conditional && !field.field.name.contains("discount") {
        return None;
    }
    let score = about(scene, amount, field);
    let asked = question_score(scene, line, field) >= 0.5;
    // "How many?" asks for no price.
    let asks = scene.question_means(line);
    let counts = asks.meets(Set::of(&["count"])) && !asks.meets(Set::of(&["price"]));
    if field.want == Want::Money && counts && amount.kind != Kind::Money {
        return None;
    }
    if !fits(amount, field, asked || score >= 0.8) {
        return None;
    }
    let sure = match (field.want, amount.kind) {
        (Want::Money, Kind::Money)
        | (Want::Percent, Kind::Percent)
        | (Want::Span(_), Kind::Span(_))
        | (Want::Count, Kind::Counted) => 0.15,
        _ => 0.0,
    };
    Some(score + sure)
}

/// How many there are of us is for us to say.
fn is_ours_to_say(field: &Profile) -> bool {
    field.topic_set.meets(Set::of(&["guests"]))
}

/// "We'll be twelve." "Twelve, no problem.": a bare number that the other side says again.
fn is_echoed(scene: &Scene, amount: &Amount) -> bool {
    let line = &scene.lines[amount.line];
    let next = scene.lines.get(amount.line + 1).filter(|next| next.heard.callee);
    let same = |fact: &Fact| match fact.value {
        Value::Number(number) | Value::Quantity { amount: number, .. } => number == amount.value,
        _ => false,
    };
    amount.kind == Kind::Bare
        && !line.heard.callee
        && amount.hundreds.is_none()
        && line.heard.facts.len() == 1
        && next.is_some_and(|next| next.facts().any(same))
}

/// Whether the amount can be a value of the field at all.
fn fits(amount: &Amount, field: &Profile, named: bool) -> bool {
    match (field.want, amount.kind) {
        (Want::Money, Kind::Money) | (Want::Percent, Kind::Percent) => true,
        (Want::Span(_), Kind::Span(_)) => true,
        (Want::Count | Want::Score, Kind::Counted) => true,
        (Want::Money, Kind::Bare) => named && amount.value > 0.0 && !is_year(amount),
        (Want::Money, Kind::Counted) => named && amount.value >= 10.0,
        (Want::Number, Kind::Money | Kind::Bare | Kind::Counted) => named,
        (Want::Count | Want::Score | Want::Percent | Want::Span(_), Kind::Bare) => {
            named && !is_year(amount) && amount.hundreds.is_none()
        }
        (Want::Year, Kind::Bare) => is_year(amount),
        _ => false,
    }
}

fn is_year(amount: &Amount) -> bool {
    const YEARS: Range<f64> = 1950.0..2060.0;
    amount.kind == Kind::Bare
        && amount.hundreds.is_none()
        && YEARS.contains(&amount.value)
        && amount.value.fract() == 0.0
}

/// How much the words around an amount, and the question it answers, are about the field.
fn about(scene: &Scene, amount: &Amount, field: &Profile) -> f32 {
    let line = &scene.lines[amount.line];
    let beside = field.about(line, amount.piece.clone());
    let sentence = line.heard.sentences().into_iter().find(|one| one.contains(&amount.at.start));
    let measured = |range: &Range<usize>| {
        line.facts()
            .filter(|fact| range.contains(&fact.at.start) && fact.value.number().is_some())
            .count()
    };
    let around = sentence.as_ref().map_or(0.0, |sentence| {
        let weight = if measured(sentence) <= 1 { 0.9 } else { 0.4 };
        weight * field.about(line, sentence.clone())
    });
    let mut question = question_score(scene, line, field);
    // "How many people in a class?" asks for a number of what the field is about.
    let counts = field.want == Want::Count && scene.question_means(line).meets(Set::of(&["count"]));
    if counts && question > 0.0 {
        question += 0.25;
    }
    // "What are tickets?" "Adults are fourteen": each names a part of it.
    let both = if beside > 0.0 && question > 0.0 { 0.9 * (beside + question) } else { 0.0 };
    let kinds = field.kind_set.without(Set::of(&["price"]));
    let of_kind = kinds.meets(line.means(amount.piece.clone()));
    let mut score = beside.max(around).max(0.85 * question).max(both.min(1.0));
    if is_ours_to_say(field) && is_echoed(scene, amount) {
        score = score.max(ECHOED);
    }
    if score > 0.0 && of_kind {
        score += 0.2;
    }
    if is_of_another(line, amount, field) {
        score -= OF_ANOTHER;
    }
    score
}

fn question_score(scene: &Scene, line: &Line, field: &Profile) -> f32 {
    let Some((ours, sentences)) = scene.question(line) else { return 0.0 };
    let last = sentences.len().saturating_sub(1);
    let mut best = 0.0_f32;
    for (place, sentence) in sentences.into_iter().enumerate() {
        let weight = if place == last { 1.0 } else { 0.8 };
        best = best.max(weight * field.about(ours, sentence));
    }
    best
}

/// The words beside the amount name a part of the bill that the field is not about.
fn is_of_another(line: &Line, amount: &Amount, field: &Profile) -> bool {
    let mut named = Set::default();
    for at in amount.piece.clone() {
        // "Ninety with breakfast" is the price of the whole.
        let with = at > 0
            && line.tokens()[at - 1].is_any(&[
                "with",
                "including",
                "without",
                "plus",
                "for",
                "mit",
                "con",
                "avec",
                "from",
                "after",
            ]);
        if !with {
            named.add(line.set(at).and(parts()));
        }
    }
    let own = field.topic_set;
    let mut own_kinds = own;
    own_kinds.add(field.kind_set);
    !named.is_empty() && !named.meets(own_kinds)
}

/// Parts of a bill, or of a stay, that have amounts of their own.
pub(super) fn parts() -> Set {
    static PARTS: OnceLock<Set> = OnceLock::new();
    *PARTS.get_or_init(|| {
        Set::of(&[
            "deposit",
            "delivery",
            "breakfast",
            "parking",
            "cleaning",
            "insurance",
            "cancel",
            "tax",
            "discount",
            "callout",
            "total",
            "copay",
            "corkage",
            "installation",
            "register",
            "membership",
            "rush",
            "notice",
            "warranty",
            "lunch",
            "child",
            "restocking",
            "refund",
            "capacity",
            "age",
            "trial",
            "opening",
            "closing",
        ])
    })
}

/// The amount in the measure of the field.
fn reading(scene: &Scene, all: &[Amount], amount: &Amount, field: &Profile) -> Option<f64> {
    match (field.want, amount.kind) {
        (Want::Span(unit), Kind::Span(said)) => {
            let count = in_unit(amount.value, said, unit);
            // Part of a day counts as a day.
            let days = matches!(unit, Unit::Day | Unit::BusinessDay);
            Some(if days { count.ceil() } else { count })
        }
        (Want::Money | Want::Number, _) => Some(price_reading(scene, all, amount, field)),
        _ => Some(amount.hundreds.unwrap_or(amount.value)),
    }
}

/// "Four fifty" is 4.50 or 450, "sixteen fifty" 16.50 or 1650: by what costs how much.
fn price_reading(scene: &Scene, all: &[Amount], amount: &Amount, field: &Profile) -> f64 {
    let Some(hundreds) = amount.hundreds else { return amount.value };
    let cents = amount.value;
    let line = &scene.lines[amount.line];
    if is_product(all, hundreds) {
        return hundreds;
    }
    if is_product(all, cents) {
        return cents;
    }
    let odd = matches!((hundreds % 100.0) as u32, 95..=99);
    let each = line.says(
        amount.at.start..line.sentence_end(amount.at.start),
        &[
            "a kilo",
            "per kilo",
            "each",
            "apiece",
            "a piece",
            "a head",
            "a bottle",
            "per kilogram",
            "a pound",
            "a cup",
            "a glass",
            "per piece",
            "an hour",
            "a meter",
            "a metre",
            "a foot",
        ],
    );
    if odd || each {
        return cents;
    }
    let large = Set::of(&[
        "rent", "total", "salary", "tuition", "repair", "budget", "night", "month", "year", "room",
    ]);
    let mut own = field.topic_set;
    own.add(field.kind_set);
    own.add(line.means(amount.piece.clone()));
    if own.meets(large) {
        return hundreds;
    }
    if cents >= 10.0 {
        return cents;
    }
    let small = Set::of(&["delivery", "corkage", "parking", "ticket_entry", "fine", "breakfast"]);
    if own.meets(small) { cents } else { hundreds }
}

/// The sum is one of the other numbers times another: six at 310 are 1860.
fn is_product(all: &[Amount], sum: f64) -> bool {
    all.iter().filter(|price| price.kind == Kind::Money && price.value > 1.0).any(|price| {
        all.iter().any(|count| {
            count.kind != Kind::Money
                && count.value > 1.0
                && (price.value * count.value - sum).abs() < 0.005
        })
    })
}

/// Nothing is charged for what the field is about.
pub(super) fn is_free(scene: &Scene, field: &Profile) -> bool {
    const FREE: &[&str] = &[
        "free",
        "no charge",
        "no extra charge",
        "don't charge",
        "complimentary",
        "waived",
        "on the house",
        "gratis",
        "gratuit",
        "gratuite",
        "offert",
        "offerte",
        "kostenlos",
        "umsonst",
        "kostenfrei",
        "nothing",
        "no fee",
        "no cost",
        "gratuita",
        "gratuito",
    ];
    const NOT: &[&str] = &["up to", "until", "within", "not free", "if", "over", "up from", "not"];
    if field.want != Want::Money {
        return false;
    }
    scene.theirs().any(|(_, line)| {
        let asked = question_score(scene, line, field) >= 0.5;
        line.sentences.iter().enumerate().any(|(place, sentence)| {
            let own = field.names_topic(line, sentence.clone());
            let free = line.says(sentence.clone(), FREE);
            let waived = line.says(sentence.clone(), &["no charge", "waived"]);
            free && (asked && place == 0 || own) && (waived || !line.says(sentence.clone(), NOT))
        })
    })
}

/// A number nobody else claims, in answer to a question for such a number; `taken` are those of other fields.
pub(super) fn left_over(
    scene: &Scene,
    amounts: &[Amount],
    field: &Profile,
    others: &[&Profile],
    taken: &[f64],
) -> Option<f64> {
    let asks = match field.want {
        Want::Money => Set::of(&["price"]),
        Want::Span(_) => Set::of(&["length"]),
        Want::Count => Set::of(&["count"]),
        _ => return None,
    };
    if field.topic_set.meets(parts()) {
        return None;
    }
    let mut best: Option<(f32, f64)> = None;
    for amount in amounts {
        let line = &scene.lines[amount.line];
        let asked = scene.question_means(line);
        let of_kind = asked.meets(asks);
        let of_part = asked.meets(parts().without(field.topic_set)) && !of_kind;
        let plain = line.heard.callee && !amount.conditional && !is_of_another(line, amount, field);
        let fitting = match (field.want, amount.kind) {
            (Want::Money, Kind::Money) => true,
            (Want::Money, Kind::Bare) => of_kind && amount.value > 0.0,
            (Want::Span(_), Kind::Span(_)) | (Want::Count, Kind::Counted | Kind::Bare) => of_kind,
            _ => false,
        };
        let claimed = others.iter().any(|other| about(scene, amount, other) >= SCORE_MIN);
        if !plain || !fitting || claimed || of_part {
            continue;
        }
        let Some(value) = reading(scene, amounts, amount, field) else { continue };
        if taken.contains(&value) {
            continue;
        }
        let hinted = field.is_hinted(line, amount.at.start..line.sentence_end(amount.at.start));
        let score = f32::from(u8::from(of_kind)) + f32::from(u8::from(hinted));
        if best.is_none_or(|(known, _)| score >= known) {
            best = Some((score, value));
        }
    }
    best.map(|(_, value)| value)
}
