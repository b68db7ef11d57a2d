//! Plays the conversations of `corpus/*.txt`.
//!
//! ```text
//! rule: …     a behaviour rule; the first one behind another line, or an empty one, begins a new call
//! reads: …    how the last rule was understood
//! them: …     a turn of the other side
//! us: …       a turn of ours that was spoken
//! said: …     what of this turn already passed; for the next clause only
//! ok: …       a clause that may be spoken
//! no: …       a clause that is withheld, by rule 0 unless it begins with `#1 `
//! open: …     what must still be said before the call may end; `-` if nothing
//! ```

use agenticcalling_playbook::Enforcement;
use agenticcalling_playbook::rules::Rules;

const FILES: &[(&str, &str)] = &[
    ("ceilings", include_str!("corpus/ceilings.txt")),
    ("acceptance", include_str!("corpus/acceptance.txt")),
    ("floors", include_str!("corpus/floors.txt")),
    ("words", include_str!("corpus/words.txt")),
    ("readings", include_str!("corpus/readings.txt")),
    ("amounts", include_str!("corpus/amounts.txt")),
    ("references", include_str!("corpus/references.txt")),
    ("haggling", include_str!("corpus/haggling.txt")),
    ("languages", include_str!("corpus/languages.txt")),
    ("measures", include_str!("corpus/measures.txt")),
    ("duties", include_str!("corpus/duties.txt")),
    ("second_look", include_str!("corpus/second_look.txt")),
    ("understood", include_str!("corpus/understood.txt")),
    ("rooms", include_str!("corpus/rooms.txt")),
    ("closing", include_str!("corpus/closing.txt")),
    ("selling", include_str!("corpus/selling.txt")),
    ("mixed", include_str!("corpus/mixed.txt")),
    ("rehearsal", include_str!("corpus/rehearsal.txt")),
    ("abroad", include_str!("corpus/abroad.txt")),
    ("settings", include_str!("corpus/settings.txt")),
    ("polite", include_str!("corpus/polite.txt")),
    ("small_talk", include_str!("corpus/small_talk.txt")),
    ("across_turns", include_str!("corpus/across_turns.txt")),
    ("ninety", include_str!("corpus/ninety.txt")),
    ("terms", include_str!("corpus/terms.txt")),
    ("no_prices", include_str!("corpus/no_prices.txt")),
    ("parts", include_str!("corpus/parts.txt")),
    ("hours", include_str!("corpus/hours.txt")),
    ("shorthand", include_str!("corpus/shorthand.txt")),
    ("quantities", include_str!("corpus/quantities.txt")),
    ("days", include_str!("corpus/days.txt")),
    ("secrets", include_str!("corpus/secrets.txt")),
    ("disclosure", include_str!("corpus/disclosure.txt")),
    ("idioms", include_str!("corpus/idioms.txt")),
    ("agreed", include_str!("corpus/agreed.txt")),
    ("innocent", include_str!("corpus/innocent.txt")),
    ("asked", include_str!("corpus/asked.txt")),
    ("wordings", include_str!("corpus/wordings.txt")),
    ("second_set", include_str!("corpus/second_set.txt")),
    ("third_set", include_str!("corpus/third_set.txt")),
];

/// Verdicts the files must hold together.
const CASES_MIN: usize = 3_900;

#[derive(Default)]
struct Stage {
    texts: Vec<String>,
    rules: Rules,
    said: String,
    cases: usize,
}

impl Stage {
    fn step(&mut self, verb: &str, rest: &str, begins: bool) -> Result<(), String> {
        match verb {
            "rule" => {
                if begins {
                    self.texts.clear();
                }
                self.texts.push(rest.to_owned());
                self.rules = Rules::compile(&self.texts);
            }
            "reads" => return equal(&self.reading(), rest),
            "them" => self.rules.heard(rest),
            "us" => self.rules.spoke(rest),
            "said" => self.said = rest.to_owned(),
            "ok" => return self.verdict(rest, None),
            "no" => {
                let (rule, clause) = match rest.strip_prefix('#') {
                    Some(numbered) => numbered.split_once(' ').ok_or("no clause")?,
                    None => ("0", rest),
                };
                let rule = rule.parse().map_err(|_| "no number of a rule")?;
                return self.verdict(clause, Some(rule));
            }
            "open" => {
                let open = self.rules.open_obligations();
                let open: Vec<String> = open.into_iter().map(|(_, duty)| duty.todo).collect();
                let shown = if open.is_empty() { "-".to_owned() } else { open.join(" | ") };
                return equal(&shown, rest);
            }
            _ => return Err("unknown verb".into()),
        }
        Ok(())
    }

    fn reading(&self) -> String {
        let plans = self.rules.plans();
        let Some(plan) = plans.last() else { return String::new() };
        match plan.enforcement {
            Enforcement::Prompt => "prompt".to_owned(),
            Enforcement::Model => "model".to_owned(),
            _ => plan.reading.clone(),
        }
    }

    fn verdict(&mut self, clause: &str, expected: Option<u32>) -> Result<(), String> {
        self.cases += 1;
        let said = std::mem::take(&mut self.said);
        let found = self.rules.violation(&said, clause);
        match (found, expected) {
            (None, None) => Ok(()),
            (Some(found), Some(rule)) if found.rule == Some(rule) => Ok(()),
            (Some(found), _) => Err(format!("withheld by {:?}: {}", found.rule, found.reason)),
            (None, Some(_)) => Err("passed".into()),
        }
    }
}

fn equal(found: &str, expected: &str) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("it was `{found}`")) }
}

#[test]
fn every_written_case_is_decided_as_written() {
    let mut failures = Vec::new();
    let mut cases = 0;
    for (file, text) in FILES {
        let mut stage = Stage::default();
        let mut last = "";
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() {
                last = "";
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (verb, rest) = line.split_once(':').unwrap_or((line, ""));
            let begins = last != "rule" && last != "reads";
            if let Err(problem) = stage.step(verb, rest.trim(), begins) {
                failures.push(format!("{file}:{}: `{line}`: {problem}", number + 1));
            }
            last = verb;
        }
        cases += stage.cases;
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
    assert!(cases >= CASES_MIN, "only {cases} verdicts");
}

#[test]
fn the_lowest_ceiling_for_one_is_known() {
    let check = |rules: &[&str], expected: Option<(f64, Option<&str>)>| {
        assert_eq!(Rules::compile(rules).price_ceiling(), expected, "{rules:?}");
    };
    let dollars = |amount: f64| Some((amount, Some("USD")));
    check(&["Never agree to price above $60/unit"], dollars(60.0));
    check(&["Never commit above fifty-eight dollars"], dollars(58.0));
    check(&["Do not accept more than 45 euros per piece"], Some((45.0, Some("EUR"))));
    check(&["Never agree to price above $60/unit", "Never agree to more than $55"], dollars(55.0));
    check(&["Never commit to purchases over $10,000 without approval"], None);
    check(&["Never disclose our current supplier"], None);
    check(&["Always ask for more than one quote"], None);
}
