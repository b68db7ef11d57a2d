//! What the brief says about the price: our side, the target, the walk-away price, a competing quote,
//! what they ask so far, and what we could give in return.
//!
//! Every amount of objective, context, strategy and rules is sorted by the words next to it.

use agenticcalling_playbook::Brief;
use agenticcalling_playbook::extract::{Fact, Talk, Utterance, Value};
use agenticcalling_playbook::rules::Rules;
use agenticcalling_playbook::strategy::{BriefFacts, Settings, Spoken};

use crate::cues::{self, Meaning};
use crate::plan::{EQUAL, Side};

/// The largest price that is reckoned with.
pub(crate) const PRICE_MAX: f64 = 1e12;
/// Most amounts that are read from the brief.
const AMOUNTS_MAX: usize = 60;

/// Something that may be traded for a better price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trade {
    Volume,
    Payment,
    Term,
}

impl Trade {
    /// Words for it, in all four languages.
    pub(crate) fn cues(self) -> &'static [&'static str] {
        match self {
            Trade::Volume => cues::VOLUME,
            Trade::Payment => cues::PAYMENT,
            Trade::Term => cues::TERM,
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Terms {
    pub(crate) side: Side,
    pub(crate) target: Option<f64>,
    pub(crate) walk_away: Option<f64>,
    /// A quote of somebody else that may be used.
    pub(crate) competing: Option<f64>,
    /// What they ask so far.
    pub(crate) asked: Option<f64>,
    /// The share of their price we aim to be better by, and the least we need.
    pub(crate) discount: Option<f64>,
    pub(crate) discount_min: Option<f64>,
    pub(crate) currency: Option<&'static str>,
    pub(crate) per_unit: bool,
    pub(crate) quantity: Option<f64>,
    /// In the order in which they are tried; the flag says that the brief offers it.
    pub(crate) trades: Vec<(Trade, bool)>,
    /// Every amount of the brief that the other side must not learn.
    pub(crate) secrets: Vec<f64>,
}

impl Terms {
    pub(crate) fn of(
        brief: &Brief,
        settings: &Settings,
        facts: &BriefFacts,
        rules: &Rules,
    ) -> Self {
        let amounts = Amounts::of(brief, settings);
        let mut terms = Self {
            side: amounts.side(brief, rules),
            currency: amounts.list.iter().find_map(|amount| amount.currency),
            quantity: facts.quantity.filter(|quantity| *quantity > 1.0),
            ..Self::default()
        };
        terms.per_unit =
            terms.quantity.is_some() || amounts.list.iter().any(|amount| amount.per_unit);
        terms.limits(&amounts, rules);
        terms.discounts(brief, settings);
        terms.trades = trades(brief, settings, terms.per_unit);
        let hushed = |rule: &String| {
            let spoken = Spoken::of(rule);
            spoken.has(cues::COMPETING) && spoken.has(cues::NEVER)
        };
        if brief.rules.iter().any(hushed) {
            terms.competing = None;
        }
        terms
    }

    fn limits(&mut self, amounts: &Amounts, rules: &Rules) {
        let side = self.side;
        let limit = if side == Side::Buyer { Meaning::Ceiling } else { Meaning::Floor };
        let rule = if side == Side::Buyer { rules.price_ceiling() } else { rules.price_floor() };
        let mut walk_away: Option<f64> = rule.map(|(price, _)| price);
        let mut budgets = Vec::new();
        for amount in &amounts.list {
            let price = self.for_one(amount);
            match amount.meaning {
                Meaning::Target => self.target = self.target.or(Some(price)),
                Meaning::Competing => self.competing = self.competing.or(Some(price)),
                Meaning::Asked => self.asked = self.asked.or(Some(price)),
                Meaning::Budget => budgets.push(price),
                Meaning::Limit => walk_away = stricter(side, walk_away, price),
                meaning if meaning == limit => walk_away = stricter(side, walk_away, price),
                Meaning::Ceiling | Meaning::Floor => continue,
            }
            if !matches!(amount.meaning, Meaning::Competing | Meaning::Asked) {
                self.secrets.push(price);
            }
        }
        if side == Side::Buyer {
            self.budget(&budgets, &mut walk_away);
        }
        self.currency = self.currency.or(rule.and_then(|(_, currency)| currency));
        self.walk_away = walk_away;
        if let (Some(target), Some(walk_away)) = (self.target, walk_away) {
            self.target = Some(side.better_of(target, walk_away));
        }
        self.secrets.extend(walk_away);
    }

    /// "Budget is $50-60": we aim at the one end and stop at the other.
    fn budget(&mut self, budgets: &[f64], walk_away: &mut Option<f64>) {
        let low = budgets.iter().copied().reduce(f64::min);
        let high = budgets.iter().copied().reduce(f64::max);
        let (Some(low), Some(high)) = (low, high) else { return };
        *walk_away = stricter(self.side, *walk_away, high);
        if high - low > EQUAL {
            self.target = self.target.or(Some(low));
        }
    }

    /// A price for everything, counted for one where the others are.
    fn for_one(&self, amount: &Amount) -> f64 {
        match self.quantity {
            Some(quantity) if amount.total => amount.price / quantity,
            _ => amount.price,
        }
    }

    fn discounts(&mut self, brief: &Brief, settings: &Settings) {
        for text in texts(brief, settings) {
            let talk = Talk::read(&[Utterance::ours(text)]);
            for (_, fact) in talk.facts() {
                let Value::Percent(percent) = fact.value else { continue };
                let around = Around::of(text, fact);
                let share = percent / 100.0;
                let fits = share > 0.0 && share < 0.9;
                if !fits || !around.segment.has(cues::DISCOUNT) {
                    continue;
                }
                if around.segment.has(cues::AT_LEAST) {
                    self.discount_min = self.discount_min.or(Some(share));
                } else {
                    self.discount = self.discount.or(Some(share));
                }
            }
        }
    }

    /// What they said, counted as we count: for one, or for all.
    pub(crate) fn comparable(&self, price: f64, reference: f64) -> f64 {
        const OFF_FACTOR: f64 = 5.0;
        let Some(quantity) = self.quantity else { return price };
        let distance = |price: f64| (price / reference).ln().abs();
        if !(price > 0.0 && reference > 0.0) || distance(price) < OFF_FACTOR.ln() {
            return price;
        }
        let each = price / quantity;
        if distance(each) < OFF_FACTOR.ln() { each } else { price }
    }
}

fn stricter(side: Side, known: Option<f64>, price: f64) -> Option<f64> {
    Some(known.map_or(price, |known| side.better_of(known, price)))
}

/// The customer's own words, without the rules.
fn texts<'a>(brief: &'a Brief, settings: &'a Settings) -> [&'a str; 3] {
    let context = brief.context.as_deref().unwrap_or("");
    [&brief.objective, context, settings.strategy.as_deref().unwrap_or("")]
}

/// What the brief offers comes first; what a rule forbids is left out, and so is what makes no sense: of a
/// single thing nobody takes more, and only what goes on has a longer term.
fn trades(brief: &Brief, settings: &Settings, per_unit: bool) -> Vec<(Trade, bool)> {
    let said = texts(brief, settings).map(Spoken::of);
    let rules: Vec<Spoken> = brief.rules.iter().map(|rule| Spoken::of(rule)).collect();
    let mut list = Vec::new();
    for trade in [Trade::Volume, Trade::Payment, Trade::Term] {
        let phrases = trade.cues();
        if rules.iter().any(|rule| rule.has(phrases) && rule.has(cues::NEVER)) {
            continue;
        }
        let offered = said.iter().any(|text| text.has(phrases));
        let sensible = match trade {
            Trade::Payment => true,
            Trade::Volume => per_unit,
            Trade::Term => per_unit || said.iter().any(|text| text.has(cues::RECURRING)),
        };
        if offered || sensible {
            list.push((trade, offered));
        }
    }
    list.sort_by_key(|(_, offered)| !offered);
    list
}

/// One amount of the brief and what it stands for.
struct Amount {
    price: f64,
    currency: Option<&'static str>,
    per_unit: bool,
    total: bool,
    meaning: Meaning,
}

struct Amounts {
    list: Vec<Amount>,
}

impl Amounts {
    fn of(brief: &Brief, settings: &Settings) -> Self {
        let mut amounts = Self { list: Vec::new() };
        let [objective, context, strategy] = texts(brief, settings);
        amounts.read(objective, Some(Meaning::Target));
        amounts.read(context, None);
        amounts.read(strategy, None);
        for rule in &brief.rules {
            amounts.read(rule, None);
        }
        amounts
    }

    /// `unmarked` is what an amount stands for that nothing explains.
    fn read(&mut self, text: &str, unmarked: Option<Meaning>) {
        let talk = Talk::read(&[Utterance::ours(text)]);
        let mut last: Option<(usize, Meaning)> = None;
        for (_, fact) in talk.facts() {
            let (price, currency, per_unit) = match fact.value {
                Value::Money { amount, currency, per_unit } => (amount, currency, per_unit),
                Value::Number(amount) => (amount, None, false),
                _ => continue,
            };
            let marked = matches!(fact.value, Value::Money { .. });
            let around = Around::of(text, fact);
            let linked = last.filter(|(end, _)| is_range(&text[*end..fact.span.start]));
            let meaning = around.meaning(marked).or(linked.map(|(_, meaning)| meaning));
            let Some(meaning) = meaning.or(unmarked.filter(|_| marked)) else { continue };
            last = Some((fact.span.end, meaning));
            if !(price > 0.0 && price < PRICE_MAX) || self.list.len() == AMOUNTS_MAX {
                continue;
            }
            let total = !per_unit && around.segment.has(cues::TOTAL);
            self.list.push(Amount { price, currency, per_unit, total, meaning });
        }
    }

    fn has(&self, meaning: Meaning) -> bool {
        self.list.iter().any(|amount| amount.meaning == meaning)
    }

    fn first(&self, meaning: Meaning) -> Option<f64> {
        self.list.iter().find(|amount| amount.meaning == meaning).map(|amount| amount.price)
    }

    /// The objective says whether we buy or sell; failing that the order of the amounts does.
    fn side(&self, brief: &Brief, rules: &Rules) -> Side {
        let objective = Spoken::of(&brief.objective);
        let role = Spoken::of(brief.persona.role.as_deref().unwrap_or(""));
        let sells = objective.has(cues::SELLS) && !objective.has(cues::THEY_SELL);
        if sells || role.has(cues::SELLER_ROLES) {
            return Side::Seller;
        }
        if objective.has(cues::BUYS) {
            return Side::Buyer;
        }
        let limit = self.first(Meaning::Limit);
        if let (Some(target), Some(limit)) = (self.first(Meaning::Target), limit) {
            return if limit < target { Side::Seller } else { Side::Buyer };
        }
        let floor = self.has(Meaning::Floor) || rules.price_floor().is_some();
        let ceiling = self.has(Meaning::Ceiling) || rules.price_ceiling().is_some();
        let context = Spoken::of(brief.context.as_deref().unwrap_or(""));
        let sells = context.has(cues::SELLS) && !context.has(cues::THEY_SELL);
        if !ceiling && (floor || sells) { Side::Seller } else { Side::Buyer }
    }
}

/// "50-60", "50 to 60".
fn is_range(between: &str) -> bool {
    matches!(between.trim(), "-" | "–" | "to" | "and" | "a" | "y" | "à" | "et" | "bis" | "und")
}

/// The words around an amount.
struct Around {
    /// From the last comma to the amount, and from it to the next.
    before: Spoken,
    after: Spoken,
    /// Both, with the amount.
    segment: Spoken,
    /// From the beginning of the sentence to the amount.
    lead: Spoken,
}

impl Around {
    fn of(text: &str, fact: &Fact) -> Self {
        let (start, end) = (fact.span.start, fact.span.end);
        let sentence = last_break(&text[..start], &['.', '!', '?', ';', '\n'], &[]);
        let from = sentence + last_break(&text[sentence..start], &[',', '(', ':'], cues::JOINTS);
        let to =
            end + first_break(&text[end..], &['.', '!', '?', ';', '\n', ',', ')'], cues::JOINTS);
        Self {
            before: Spoken::of(&text[from..start]),
            after: Spoken::of(&text[end..to]),
            segment: Spoken::of(&text[from..to]),
            lead: Spoken::of(&text[sentence..start]),
        }
    }

    /// By the nearest words of the segment, else by those before it in the sentence, else by a small
    /// word right before it. A bare number needs words in its own segment.
    fn meaning(&self, marked: bool) -> Option<Meaning> {
        let near = nearest(|phrase| {
            let before = self.before.after(phrase);
            let after = self.after.before(phrase).filter(|_| !cues::is_lead(phrase));
            before.into_iter().chain(after).min().filter(|_| !cues::is_weak(phrase))
        });
        let far = |phrase: &str| self.lead.after(phrase).filter(|_| !cues::is_lead(phrase));
        let adjacent = |phrase: &str| self.before.after(phrase).filter(|distance| *distance <= 1);
        let far = near.or_else(|| if marked { nearest(far) } else { None });
        far.or_else(|| if marked { nearest(adjacent) } else { None })
            .map(|meaning| self.turned(meaning))
    }

    /// "Not below 900" is a floor; "walk away below 900" is one too.
    fn turned(&self, meaning: Meaning) -> Meaning {
        let below = self.before.has(cues::BELOW);
        let barred = self.before.has(cues::NEVER) || self.before.has(cues::WALK_AWAY);
        match meaning {
            _ if below && barred => Meaning::Floor,
            Meaning::Target if self.before.has(cues::WALK_AWAY) => Meaning::Limit,
            meaning => meaning,
        }
    }
}

/// The meaning of the phrase with the smallest distance; of two, the longer phrase's.
fn nearest(distance: impl Fn(&str) -> Option<usize>) -> Option<Meaning> {
    let mut best: Option<(usize, usize, Meaning)> = None;
    for (meaning, phrases) in cues::MEANINGS {
        for phrase in *phrases {
            let Some(distance) = distance(phrase) else { continue };
            let nearer = best.is_none_or(|(known, length, _)| {
                distance < known || distance == known && phrase.len() > length
            });
            if nearer {
                best = Some((distance, phrase.len(), *meaning));
            }
        }
    }
    best.map(|(_, _, meaning)| meaning)
}

/// Where the last sentence or segment of `text` begins. A mark between digits breaks nothing.
fn last_break(text: &str, marks: &[char], joints: &[&str]) -> usize {
    let mut at = 0;
    for (place, mark) in text.match_indices(marks) {
        let end = place + mark.len();
        if !text[end..].starts_with(|c: char| c.is_ascii_digit()) {
            at = end;
        }
    }
    for joint in joints {
        if let Some(place) = text.rfind(joint) {
            at = at.max(place + joint.len());
        }
    }
    at
}

fn first_break(text: &str, marks: &[char], joints: &[&str]) -> usize {
    let mut at = text.len();
    for (place, mark) in text.match_indices(marks) {
        if !text[place + mark.len()..].starts_with(|c: char| c.is_ascii_digit()) {
            at = place;
            break;
        }
    }
    for joint in joints {
        at = at.min(text.find(joint).unwrap_or(at));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(objective: &str, context: &str, strategy: &str, rules: &[&str]) -> Terms {
        let brief = Brief {
            objective: objective.into(),
            context: Some(context.into()),
            rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
            ..Brief::default()
        };
        let settings = Settings { strategy: Some(strategy.into()), ..Settings::default() };
        let compiled = Rules::compile(&brief.rules);
        Terms::of(&brief, &settings, &BriefFacts::of(&brief), &compiled)
    }

    #[track_caller]
    fn check(
        found: &Terms,
        side: Side,
        target: Option<f64>,
        walk_away: Option<f64>,
        competing: Option<f64>,
    ) {
        let got = (found.side, found.target, found.walk_away, found.competing);
        assert_eq!(got, (side, target, walk_away, competing));
    }

    #[test]
    fn the_words_next_to_an_amount_explain_it() {
        use Side::{Buyer, Seller};
        let strategy = "Our target is $50/unit for 500 units. Walk-away ceiling is $58. We have a competing quote at $53.";
        let found = terms("Negotiate a better price for steel beams", "", strategy, &[]);
        check(&found, Buyer, Some(50.0), Some(58.0), Some(53.0));
        assert!(found.per_unit);
        let found = terms("Negotiate the price down to $50", "", "", &[]);
        check(&found, Buyer, Some(50.0), None, None);
        let found = terms("Haggle over 500 beams", "Budget is $50-60 per unit.", "", &[]);
        check(&found, Buyer, Some(50.0), Some(60.0), None);
        let found = terms(
            "Buy the van",
            "Ideally $14,000, at most $15,500. They are asking $17,000.",
            "",
            &[],
        );
        check(&found, Buyer, Some(14_000.0), Some(15_500.0), None);
        assert_eq!(found.asked, Some(17_000.0));
        let found = terms("Negotiate with the supplier", "$50 target, $58 max", "", &[]);
        check(&found, Buyer, Some(50.0), Some(58.0), None);
        let found = terms(
            "Lower our internet bill from $120 to $90 a month",
            "We could switch, a competitor offers $85.",
            "",
            &[],
        );
        check(&found, Buyer, Some(90.0), None, Some(85.0));
        assert_eq!(found.asked, Some(120.0));
        let found = terms("Sell our forklift", "Target $9,000, not below $8,000.", "", &[]);
        check(&found, Seller, Some(9_000.0), Some(8_000.0), None);
        let found = terms(
            "Negotiate the offer for my bike",
            "Aim for $900.",
            "",
            &["Never accept less than $750"],
        );
        check(&found, Seller, Some(900.0), Some(750.0), None);
    }

    #[test]
    fn rules_stand_above_the_strategy() {
        let rules = ["Never agree to a price above $55/unit", "Never mention the competing quote"];
        let strategy = "Target $50, walk away at $58. Competing quote at $53.";
        let found = terms("Negotiate 500 units", "", strategy, &rules);
        check(&found, Side::Buyer, Some(50.0), Some(55.0), None);
        let found = terms(
            "Negotiate 500 units",
            "Target $50 per unit",
            "",
            &["Never commit to purchases over $27,500 in total"],
        );
        check(&found, Side::Buyer, Some(50.0), Some(55.0), None);
    }

    #[test]
    fn other_languages() {
        let found = terms(
            "Negociar el precio de 500 sillas",
            "Nuestro objetivo es 50 euros, como máximo 58 euros. La competencia ofrece 53 euros.",
            "",
            &[],
        );
        check(&found, Side::Buyer, Some(50.0), Some(58.0), Some(53.0));
        let found = terms(
            "Négocier le prix de 500 chaises",
            "Notre objectif est de 50 euros, 58 euros au maximum.",
            "",
            &[],
        );
        check(&found, Side::Buyer, Some(50.0), Some(58.0), None);
        let found = terms(
            "Den Preis für 500 Stühle verhandeln",
            "Unser Ziel sind 50 Euro, Obergrenze 58 Euro. Ein anderer Anbieter verlangt 53 Euro.",
            "",
            &[],
        );
        check(&found, Side::Buyer, Some(50.0), Some(58.0), Some(53.0));
    }

    #[test]
    fn discounts_and_trades() {
        let found = terms(
            "Get 15% off our insurance",
            "At least 5% off is needed. We can prepay the year.",
            "",
            &["Never offer a longer contract"],
        );
        assert_eq!((found.discount, found.discount_min), (Some(0.15), Some(0.05)));
        assert_eq!(found.trades, [(Trade::Payment, true)], "nobody insures more of it");
        let found = terms("Negotiate the price of a used van", "Target $14,000.", "", &[]);
        assert_eq!(found.trades, [(Trade::Payment, false)], "there is only one of it");
        let found = terms("Negotiate our office rent of $900 a month", "", "", &[]);
        assert!(found.trades.contains(&(Trade::Term, false)), "it goes on");
    }

    #[test]
    fn a_total_is_counted_for_one() {
        let found = terms("Negotiate 500 units", "Target $50 per unit", "", &[]);
        assert_eq!(found.comparable(30_000.0, 50.0), 60.0);
        assert_eq!(found.comparable(72.0, 50.0), 72.0);
    }
}
