//! Many calls with random prices, in four languages, through the whole playbook.

use agenticcalling_playbook::{Brief, Clause, Playbook, Speaker, Turn, Verdict};
use playbook_negotiation::Negotiation;

const CALLS: u64 = 1_600;
const TURNS_MAX: usize = 40;
const TARGET: f64 = 50.0;
const WALK_AWAY: f64 = 58.0;
const COMPETING: f64 = 53.0;

#[test]
fn whatever_they_ask_it_stays_within_and_ends() {
    let mut random = Random(11);
    let mut agreed = 0;
    for call in 0..CALLS {
        agreed += usize::from(haggle(call, &mut random));
    }
    assert!(agreed > 0, "not one of the calls came to an agreement");
}

fn haggle(number: u64, random: &mut Random) -> bool {
    let language = ["en", "es", "fr", "de"][(number % 4) as usize];
    let mut call = Negotiation::new(brief(language));
    let plan = call.plan();
    let mut transcript = Vec::new();
    say(&mut call, &mut transcript, Speaker::Agent, &plan.opening);
    let mut price = 45.0 + random.below(40) as f64;
    let mut table = Table::default();
    for _ in 0..TURNS_MAX {
        price = (price + random.below(9) as f64 - 5.0).max(30.0);
        let words = their_words(language, price, random);
        table.hear(&words);
        let guidance = call.heard(turn(Speaker::Callee, &words));
        transcript.push(turn(Speaker::Callee, &words));
        let guidance = guidance.expect("every turn is answered");
        let words = guidance.suggestion.expect("every answer has words");
        check_clause(&mut call, &words, number);
        say(&mut call, &mut transcript, Speaker::Agent, &words);
        if let Err(problem) = table.answer(&words) {
            panic!("{number}: {problem}:\n{}", written(&transcript));
        }
        if guidance.settled {
            return report(&mut call, &transcript, number);
        }
    }
    panic!("call {number} does not end:\n{}", written(&transcript));
}

/// What was named in a call so far.
#[derive(Default)]
struct Table {
    /// Their last price.
    theirs: Option<f64>,
    /// The last price of theirs that we took.
    taken: Option<f64>,
    /// The furthest price we named.
    ours: f64,
}

impl Table {
    fn hear(&mut self, words: &str) {
        self.theirs = prices(words).last().copied().or(self.theirs);
    }

    /// Nothing we say lies beyond the walk-away price, or goes back behind what we said before.
    fn answer(&mut self, words: &str) -> Result<(), String> {
        for offer in prices(words).into_iter().filter(|offer| !is_near(*offer, COMPETING)) {
            if offer > WALK_AWAY {
                return Err(format!("{offer} is beyond the walk-away price"));
            }
            // A price of theirs that is taken may be better than our last offer.
            let is_offer = |price: &f64| is_near(*price, offer);
            self.taken = self.theirs.filter(is_offer).or(self.taken);
            if offer < self.ours && !self.taken.is_some_and(|taken| is_offer(&taken)) {
                return Err(format!("back from {}", self.ours));
            }
            self.ours = self.ours.max(offer);
        }
        Ok(())
    }
}

fn is_near(one: f64, other: f64) -> bool {
    (one - other).abs() < 0.001
}

fn written(transcript: &[Turn]) -> String {
    let lines = transcript.iter().map(|turn| format!("{:?}: {}", turn.speaker, turn.text));
    lines.collect::<Vec<_>>().join("\n")
}

fn report(call: &mut Negotiation, transcript: &[Turn], number: u64) -> bool {
    let report = call.finish(transcript, None).expect("a report needs no draft");
    let data: serde_json::Value = serde_json::from_str(&report.data).expect("the data is JSON");
    if let Some(agreed) = data["agreed_price"].as_f64() {
        assert!(agreed <= WALK_AWAY, "{number}: agreed at {agreed}");
        assert_eq!(data["outcome"], "agreed", "{number}");
    }
    report.success
}

/// What the playbook suggests must pass its own check.
fn check_clause(call: &mut Negotiation, words: &str, number: u64) {
    let clause = Clause { turn: 1, index: 0, text: words.to_owned(), said: String::new() };
    let verdict = call.check(&clause);
    assert!(matches!(verdict, Verdict::Pass), "{number}: {words}: {verdict:?}");
}

fn brief(language: &str) -> Brief {
    Brief {
        objective: "Negotiate the price for 500 chairs".into(),
        context: Some(format!(
            "Target {TARGET} euros per unit. Walk away at {WALK_AWAY} euros. A competitor offers {COMPETING} euros."
        )),
        rules: vec![format!("Never agree to a price above {WALK_AWAY} euros per unit")],
        language: language.into(),
        ..Brief::default()
    }
}

fn their_words(language: &str, price: f64, random: &mut Random) -> String {
    let kind = random.below(8);
    let words = match (language, kind) {
        ("es", 0) => "No, imposible.",
        ("es", 1) => "{} euros, es mi última oferta.",
        ("es", _) => "Puedo hacer {} euros.",
        ("fr", 0) => "Non, impossible.",
        ("fr", 1) => "{} euros, c'est ma dernière offre.",
        ("fr", _) => "Je peux faire {} euros.",
        ("de", 0) => "Nein, das geht nicht.",
        ("de", 1) => "{} Euro, das ist mein letztes Angebot.",
        ("de", _) => "Ich kann {} Euro machen.",
        (_, 0) => "No way, I can't do that.",
        (_, 1) => "{} euros, that is my final offer.",
        (_, 2) => "Too low. {} euros per unit.",
        _ => "I could do {} euros.",
    };
    words.replace("{}", &price.to_string())
}

/// The amounts of money in our words: "42,50 euros", "$42.50".
fn prices(words: &str) -> Vec<f64> {
    let mut found = Vec::new();
    let mut before: Option<f64> = None;
    for word in words.split_whitespace() {
        let bare = word.trim_end_matches(['.', ',', '?', '!', ':']).to_lowercase();
        if matches!(bare.as_str(), "euros" | "euro") {
            found.extend(before);
        }
        before = bare.replace(',', ".").parse().ok();
    }
    found
}

fn say(call: &mut Negotiation, transcript: &mut Vec<Turn>, speaker: Speaker, text: &str) {
    call.spoke(turn(speaker, text));
    transcript.push(turn(speaker, text));
}

fn turn(speaker: Speaker, text: &str) -> Turn {
    Turn { speaker, text: text.to_owned(), started_ms: 0, ended_ms: 0, interrupted: false }
}

struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
