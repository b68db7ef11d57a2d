//! Clauses of the deterministic forms by the hundred thousand, from fixed seeds: not one that breaks
//! its rule may pass, and of the innocent ones hardly any may be withheld.

use std::collections::BTreeMap;

use agenticcalling_playbook::rules::Rules;

use crate::spoken::{Random, amount, fill, noise, words};

/// Clauses that break their rule, and as many that do not.
const CLAUSES: u64 = 150_000;
/// One innocent clause in this many may be withheld.
const FALSE_ALARM_SHARE: u64 = 100;

/// `{}` is an amount in dollars; the limits are for one unit where they say so.
const CEILINGS: &[&str] = &[
    "Never agree to price above {}/unit",
    "Never agree to a price above {} per unit",
    "Never commit to more than {} each",
    "Do not accept anything over {}",
    "Don't pay more than {} per piece",
    "Never go above {}",
    "Refuse any offer higher than {}",
    "Maximum price: {}",
    "Keep the price below {}",
    "Never agree to exceed {}",
    "Pay at most {}",
    "Do not spend more than {} a unit",
];

const FLOORS: &[&str] = &[
    "Never accept less than {}",
    "Never agree to a price below {}",
    "Never commit below {} per unit",
    "Do not sell for under {}",
    "Always get at least {}",
    "Minimum price: {}",
];

/// `{}` is the amount, `{in}` one within the limit, `{n}` a count.
const COMMITMENTS: &[&str] = &[
    "{} works for us.",
    "{} is fine.",
    "{} sounds fair.",
    "{} would be great.",
    "{}, agreed.",
    "Yes, {} is acceptable.",
    "Okay, {} it is.",
    "Fine, {} then.",
    "We can do {}.",
    "We could go to {}.",
    "I think {} is reasonable.",
    "I could stretch to {}.",
    "Let's say {}.",
    "Let's go with {}.",
    "Let us settle at {}.",
    "Our offer is {}.",
    "I can offer {}.",
    "I can offer you {}.",
    "We accept {}.",
    "We agree on {}.",
    "I can commit to {}.",
    "I'd be happy with {}.",
    "We would be willing to pay {}.",
    "How about {}?",
    "What about {}?",
    "What if we paid {}?",
    "Would you take {}?",
    "Would {} work for you?",
    "Could we agree on {}?",
    "Can we settle on {}?",
    "Shall we say {}?",
    "Is {} okay for you?",
    "Deal at {}.",
    "My manager approved {}.",
    "Make it {} and we have a deal.",
    "Put us down for {n} beams at {}.",
    "For {n} beams we would pay {}.",
    "We will take {n} units at {}.",
    "You said {}, that works.",
    "You quoted {}, and we accept.",
    "{} is not a problem.",
    "{} is no problem for us.",
    "No objection to {}.",
    "I can't argue with {}.",
    "I don't see why {} wouldn't work.",
    "We can do {in}, or even {}.",
    "Somewhere between {in} and {} is fine.",
    "Not {in}, but {} works.",
    "{in}, no, sorry, {}.",
    "I can't promise more than {n} units, but {} is okay.",
    "Thank you. {} is good for us. Could you send that in writing?",
    "That is {} for {n} beams. We have a deal.",
];

/// Amounts beyond the limit that are named without agreeing to them.
const REFUSALS: &[&str] = &[
    "I can't do {}.",
    "We can't do {}.",
    "I cannot agree to {}.",
    "We cannot accept {}.",
    "I'm not able to accept {}.",
    "I can't commit to {} today.",
    "{} won't work for us.",
    "{} doesn't work for us.",
    "{} is not possible.",
    "Unfortunately {} is not acceptable.",
    "I am sorry, we can't agree to {}.",
    "You said {}.",
    "You quoted {}.",
    "Did you say {}?",
    "Is {} your best price?",
    "Is {} the price for {n} beams?",
    "Are you saying {}?",
    "Your price of {} is noted.",
    "Why is it {}?",
];
const TOO_HIGH: &[&str] = &[
    "{} is too high for us.",
    "{} is above our budget.",
    "I'm afraid {} is out of our range.",
    "Can you do better than {}?",
    "Could you come down from {}?",
    "Is there anything cheaper than {}?",
];
const TOO_LOW: &[&str] = &["{} is too low for us.", "{} is below what we need."];

/// Nothing here is a price, whatever the number.
const CHATTER: &[&str] = &[
    "We need {n} beams.",
    "We are looking at {n} steel beams.",
    "Is your minimum order {n} units?",
    "So the minimum order is {n}.",
    "Is the lead time {n} days?",
    "Could you deliver within {n} weeks?",
    "So payment is net {n}.",
    "I am in room {n}.",
    "Could we speak again at 6:{m}?",
    "Is there a discount of {n} percent?",
    "The beams are {n} inches long.",
    "They should be {n} millimeters thick.",
    "We have been in business for {n} years.",
    "It takes {n} minutes.",
    "My extension is extension {n}.",
    "What would your price be for {n} units?",
    "What is the lead time for delivery?",
    "What payment terms do you offer?",
    "May I ask who I am speaking with?",
    "Thank you, I will pass that on.",
    "Could you repeat that, please?",
    "Would the price come down if we ordered {n} units?",
    "I will come back to you on that.",
    "That is very helpful, thank you.",
];

const ACCEPTANCES: &[&str] = &[
    "That works for us.",
    "What you said is fine.",
    "That's fine.",
    "That is fine with us.",
    "Sounds good.",
    "Sounds good to me.",
    "Deal.",
    "It's a deal.",
    "You have a deal.",
    "We have a deal.",
    "Agreed.",
    "We agree.",
    "We agree to that.",
    "We accept.",
    "We accept your offer.",
    "I accept those terms.",
    "We'll take it.",
    "We will take that.",
    "Let's do it.",
    "Let's do that.",
    "Let's go ahead.",
    "Let's go with that.",
    "Let's go with your price.",
    "Go ahead.",
    "Your price is acceptable.",
    "Your offer works for us.",
    "The price you named is okay.",
    "I'm happy with that.",
    "We can live with that.",
    "We can do that.",
    "I can't argue with that.",
    "That is perfectly acceptable.",
    "That sounds reasonable.",
    "That would work.",
    "Please book it.",
    "We'd like to place the order.",
    "Consider it done.",
    "So be it.",
    "Why not?",
    "Count us in.",
    "No problem.",
    "No objections.",
    "Fair enough.",
    "Very well.",
    "That suits us.",
    "We are fine with that price.",
    "I confirm.",
    "Perfect, that's acceptable.",
    "Then we are agreed.",
    "Okay. Deal.",
    "Okay, that works.",
    "Right, consider it agreed.",
    "I guess that is okay.",
    "Whatever you said, we take it.",
    "We can go with what you said.",
    "The number you mentioned works.",
    "That price is fine.",
    "Alright then, let's shake on it.",
];

const EVASIONS: &[&str] = &[
    "That doesn't work for us.",
    "That won't work.",
    "I can't agree to that.",
    "We can't accept that.",
    "I'm afraid that is too high.",
    "That is not acceptable.",
    "I cannot commit to a price today.",
    "I will pass that on.",
    "Thank you, I have noted that.",
    "Is that your best price?",
    "Does that include delivery?",
    "What is your minimum order?",
    "What payment terms do you offer?",
    "Could you come down a little?",
    "Would the price come down if we ordered more?",
    "If you can come down, we have a deal.",
    "That is a good question.",
    "I understand.",
    "Could you send that in writing?",
    "May I ask who I am speaking with?",
    "No deal.",
    "We are not ready to agree to that.",
    "I would have to ask.",
];

/// What went wrong, by the form it was made from.
#[derive(Default)]
pub(crate) struct Tally {
    clauses: u64,
    wrong: u64,
    forms: BTreeMap<&'static str, (u64, String)>,
}

impl Tally {
    pub(crate) fn count(&mut self, wrong: bool, form: &'static str, show: impl FnOnce() -> String) {
        self.clauses += 1;
        if wrong {
            self.wrong += 1;
            self.forms.entry(form).or_insert_with(|| (0, show())).0 += 1;
        }
    }

    fn shown(&self) -> String {
        let mut lines = String::new();
        for (form, (times, example)) in &self.forms {
            lines.push_str(&format!("{times} x `{form}`: {example}\n"));
        }
        lines
    }
}

/// Where a clause is cut in two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// At any word: whatever the border, what breaks a rule may not get through.
    Anywhere,
    /// Behind a mark, as clauses are cut before they are spoken.
    AtMarks,
}

/// Says the clause whole or, half of the time, in two parts; whether any part was withheld.
pub(crate) fn is_withheld(rules: &Rules, clause: &str, cut: Cut, random: &mut Random) -> bool {
    let marked = |at: usize| clause[..at].ends_with([',', '.', '?', '!', '…']);
    let spaces = clause.match_indices(' ').map(|(at, _)| at);
    let spaces: Vec<usize> = spaces.filter(|at| cut == Cut::Anywhere || marked(*at)).collect();
    if spaces.is_empty() || random.below(2) == 0 {
        return rules.violation("", clause).is_some();
    }
    let (first, second) = clause.split_at(random.pick(&spaces));
    rules.violation("", first).is_some() || rules.violation(first, second.trim_start()).is_some()
}

struct Limit {
    rules: Rules,
    text: String,
    up: bool,
    cents: u64,
    /// Amounts of a total do not make sense against a price for one unit.
    spread: u64,
}

fn limit(random: &mut Random) -> Limit {
    let up = random.below(3) > 0;
    let text = random.pick(if up { CEILINGS } else { FLOORS });
    let dollars = random.pick(&[12, 20, 45, 60, 75, 99, 120, 200, 450, 1_000, 2_500, 10_000]);
    let cents = dollars * 100 + if random.below(6) == 0 { 50 } else { 0 };
    let text = text.replace("{}", &amount(cents, 1));
    let rules = Rules::compile(&[text.as_str()]);
    Limit { rules, text, up, cents, spread: 4 }
}

impl Limit {
    /// An amount beyond the limit, or within it.
    fn amount(&self, beyond: bool, random: &mut Random) -> u64 {
        let higher = self.up == beyond;
        let step = if random.below(4) == 0 { 50 } else { 100 };
        let steps = self.cents / step;
        if higher {
            let least = if beyond { 1 } else { 0 };
            return self.cents + step * (least + random.below(steps * self.spread));
        }
        let most = if beyond { steps / 2 } else { steps * 3 / 4 };
        self.cents - step * (random.below(most).max(u64::from(beyond)))
    }
}

#[test]
fn no_commitment_beyond_a_limit_passes_and_few_others_are_withheld() {
    let mut random = Random::new(0x5EED);
    let (mut leaks, mut alarms) = (Tally::default(), Tally::default());
    for number in 0..CLAUSES {
        let limit = limit(&mut random);
        let beyond = limit.amount(true, &mut random);
        let within = limit.amount(false, &mut random);
        let style = random.next();
        let form = random.pick(COMMITMENTS);
        let bad = noise(fill(form, beyond, within, style, &mut random), &mut random);
        let withheld = is_withheld(&limit.rules, &bad, Cut::Anywhere, &mut random);
        leaks.count(!withheld, form, || format!("{}: {bad}", limit.text));

        let form = match number % 4 {
            0 => random.pick(REFUSALS),
            1 if limit.up => random.pick(TOO_HIGH),
            1 => random.pick(TOO_LOW),
            2 => random.pick(CHATTER),
            _ => random.pick(COMMITMENTS),
        };
        let value = if number % 4 == 3 { within } else { beyond };
        let good = noise(fill(form, value, within, style, &mut random), &mut random);
        let withheld = is_withheld(&limit.rules, &good, Cut::AtMarks, &mut random);
        alarms.count(withheld, form, || format!("{}: {good}", limit.text));
    }
    settle("limits", &leaks, &alarms);
}

#[test]
fn no_acceptance_of_a_price_beyond_the_limit_passes() {
    const OFFERS: &[&str] = &[
        "Our price is {}.",
        "For that we usually charge {}.",
        "I can do {}.",
        "It would be {} for {n} beams.",
        "The best I can do is {}.",
        "{}.",
        "Can we agree on {}?",
        "It is {in}. No, sorry, {}.",
        "You said {in}, but I need {}.",
    ];
    const DETAILS: &[&str] = &[
        "Shall I put that down?",
        "What do you say?",
        "Is that a deal?",
        "That is my final price.",
        "The minimum order is {n} units.",
        "That includes delivery in {n} days.",
    ];
    let mut random = Random::new(0xACCE);
    let (mut leaks, mut alarms) = (Tally::default(), Tally::default());
    for _ in 0..CLAUSES / 2 {
        let mut limit = limit(&mut random);
        let (beyond, within) = (limit.amount(true, &mut random), limit.amount(false, &mut random));
        let style = random.next();
        let mut heard = fill(random.pick(OFFERS), beyond, within, style, &mut random);
        if random.below(3) == 0 {
            let details = fill(random.pick(DETAILS), beyond, within, style, &mut random);
            heard = format!("{heard} {details}");
        }
        limit.rules.heard(&heard);
        let form = random.pick(ACCEPTANCES);
        let bad = noise(form.to_owned(), &mut random);
        let withheld = is_withheld(&limit.rules, &bad, Cut::Anywhere, &mut random);
        leaks.count(!withheld, form, || format!("{} | {heard} | {bad}", limit.text));
        let form = random.pick(EVASIONS);
        let good = noise(form.to_owned(), &mut random);
        let withheld = is_withheld(&limit.rules, &good, Cut::AtMarks, &mut random);
        alarms.count(withheld, form, || format!("{} | {heard} | {good}", limit.text));

        // Another price, within the limit, replaces the first.
        let heard = fill(random.pick(&OFFERS[..6]), within, within, style, &mut random);
        limit.rules.heard(&heard);
        let form = random.pick(ACCEPTANCES);
        let good = noise(form.to_owned(), &mut random);
        let withheld = is_withheld(&limit.rules, &good, Cut::AtMarks, &mut random);
        alarms.count(withheld, form, || format!("{} | {heard} | {good}", limit.text));
    }
    settle("acceptance", &leaks, &alarms);
}

#[test]
fn no_forbidden_word_passes() {
    const FORMS: &[&str] = &[
        "Never mention {}",
        "Never mention \"{}\"",
        "Do not say the word {}.",
        "Never disclose our {}",
        "Don't talk about the {}",
    ];
    const BANNED: &[&str] =
        &["Globex", "budget", "refund", "warehouse", "current supplier", "deadline", "merger"];
    const CLAUSES_WITH: &[&str] = &[
        "{}",
        "We have a {} to think of.",
        "It is about the {}, you see.",
        "Our {} is what it is.",
        "{}, that is what I meant.",
        "No {}s today.",
    ];
    let mut random = Random::new(0xF0B1D);
    let (mut leaks, mut alarms) = (Tally::default(), Tally::default());
    for _ in 0..CLAUSES / 4 {
        let word = random.pick(BANNED);
        let rule = random.pick(FORMS).replace("{}", word);
        let rules = Rules::compile(&[rule.as_str()]);
        let said = if random.below(3) == 0 { word.to_uppercase() } else { word.to_owned() };
        let form = random.pick(CLAUSES_WITH);
        let bad = noise(form.replace("{}", &said), &mut random);
        let withheld = is_withheld(&rules, &bad, Cut::Anywhere, &mut random);
        leaks.count(!withheld, form, || format!("{rule}: {bad}"));
        let form = random.pick(CHATTER);
        let good = fill(form, 0, 0, 0, &mut random);
        let withheld = is_withheld(&rules, &good, Cut::AtMarks, &mut random);
        alarms.count(withheld, form, || format!("{rule}: {good}"));
    }
    settle("words", &leaks, &alarms);
}

pub(crate) fn settle(name: &str, leaks: &Tally, alarms: &Tally) {
    println!(
        "{name}: {} leaks of {}, {} false alarms of {}",
        leaks.wrong, leaks.clauses, alarms.wrong, alarms.clauses
    );
    print!("{}", alarms.shown());
    assert!(leaks.wrong == 0, "{} leaks\n{}", leaks.wrong, leaks.shown());
    assert!(
        alarms.wrong * FALSE_ALARM_SHARE < alarms.clauses,
        "{} false alarms of {}\n{}",
        alarms.wrong,
        alarms.clauses,
        alarms.shown()
    );
}

#[test]
fn amounts_are_spelled_as_people_say_them() {
    assert_eq!(words(72), "seventy-two");
    assert_eq!(words(105), "one hundred and five");
    assert_eq!(words(12_500), "twelve thousand five hundred");
    assert_eq!(amount(7_250, 0), "seventy-two dollars and fifty cents");
}
