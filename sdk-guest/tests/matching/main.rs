//! Plays every set of labelled objectives in this folder and prints how often, and where, the
//! matching kit is right (`cargo test … --test matching -- --nocapture`).
//!
//! A set is a `.txt` file with lines `purpose | language | objective`; `#` begins a comment.

use std::fs;
use std::path::Path;

use agenticcalling_playbook::matching::{Purpose, score};

/// In per cent. `held_out` was written by somebody who did not know the kit, and nothing is tuned on it.
const ACCURACY_MIN: f64 = 95.0;
const ACCURACY_HELD_OUT_MIN: f64 = 92.0;
/// Objectives that the set has on which the kit was tuned.
const TUNING_MIN: usize = 300;

const PURPOSES: [(Purpose, &str); 9] = [
    (Purpose::Reservation, "reservation"),
    (Purpose::PriceInquiry, "price_inquiry"),
    (Purpose::Negotiation, "negotiation"),
    (Purpose::InformationGather, "information_gather"),
    (Purpose::Scheduling, "scheduling"),
    (Purpose::ColdOutreach, "cold_outreach"),
    (Purpose::Complaint, "complaint"),
    (Purpose::FollowUp, "follow_up"),
    (Purpose::General, "general"),
];

struct Case {
    expected: usize,
    language: String,
    objective: String,
}

#[test]
fn objectives_find_their_purpose() {
    let mut missed = Vec::new();
    for (name, cases) in sets() {
        let mut confusion = [[0; PURPOSES.len()]; PURPOSES.len()];
        println!("\n{name}, {} objectives", cases.len());
        for case in &cases {
            let found = winner(&case.objective, &case.language);
            confusion[case.expected][found] += 1;
            if found != case.expected {
                let [expected, found] = [case.expected, found].map(|index| PURPOSES[index].1);
                println!("  {expected} taken for {found}: {}", case.objective);
            }
        }
        let accuracy = print_confusion(&confusion);
        let accuracy_min = if name == "held_out" { ACCURACY_HELD_OUT_MIN } else { ACCURACY_MIN };
        if accuracy < accuracy_min {
            missed.push(format!("{name}: {accuracy:.1} % of {accuracy_min} %"));
        }
    }
    assert!(missed.is_empty(), "too many were missed: {}", missed.join(", "));
}

#[test]
fn the_tuning_set_is_large() {
    let tuning = sets().into_iter().find(|(name, _)| name == "tuning");
    let (_, cases) = tuning.expect("the set is in this folder");
    assert!(cases.len() >= TUNING_MIN, "{}", cases.len());
}

#[test]
fn scores_have_levels() {
    let check = |purpose: Purpose, objective: &str, range: std::ops::RangeInclusive<u8>| {
        let score = score(purpose, objective, "en");
        assert!(range.contains(&score), "{purpose:?}, {objective}: {score}");
    };
    check(Purpose::Reservation, "Book a table for 4 at 7pm Saturday", 80..=100);
    check(Purpose::Scheduling, "Book a table for 4 at 7pm Saturday", 0..=39);
    check(Purpose::PriceInquiry, "Get bulk pricing for 500 steel beams", 80..=100);
    check(Purpose::Negotiation, "Negotiate the price down to $50", 80..=100);
    check(Purpose::PriceInquiry, "Negotiate the price down to $50", 0..=39);
    check(Purpose::Reservation, "haircut thursday", 40..=79);
    for (purpose, _) in PURPOSES {
        let general = purpose == Purpose::General;
        for objective in ["Ask what time they close today", "", "…", "Zebedee", "電話してください"]
        {
            check(purpose, objective, if general { 20..=20 } else { 0..=15 });
        }
    }
}

/// Whatever a customer sends, there is a score.
#[test]
fn any_text_is_scored() {
    let long = "cancel my appointment, ".repeat(10_000);
    let tasks = "cancel ".repeat(600);
    let accents = "e\u{301}".repeat(3000);
    let odd = [
        "'", "$", "7:", "l'", "''s's", "%%", "\u{301}", "a'", "$ $ 5$", "ß'ß", &long, &tasks,
        &accents,
    ];
    for text in odd {
        for (purpose, _) in PURPOSES {
            assert!(score(purpose, text, "xx-not-a-tag") <= 100);
        }
    }
}

/// As the server chooses: the highest score; ties go to the general playbook.
fn winner(objective: &str, language: &str) -> usize {
    const GENERAL: usize = PURPOSES.len() - 1;
    let mut best = GENERAL;
    let mut best_score = 0;
    for (index, (purpose, _)) in PURPOSES.iter().enumerate() {
        let score = score(*purpose, objective, language);
        if score > best_score {
            (best, best_score) = (index, score);
        } else if score == best_score {
            best = GENERAL;
        }
    }
    best
}

fn sets() -> Vec<(String, Vec<Case>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/matching");
    let mut sets = Vec::new();
    for entry in fs::read_dir(folder).expect("this folder").flatten() {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "txt") {
            continue;
        }
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("a set is text");
        let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        sets.push((name, lines.map(case).collect()));
    }
    sets.sort_by(|one, other| one.0.cmp(&other.0));
    sets
}

fn case(line: &str) -> Case {
    let mut fields = line.splitn(3, '|').map(str::trim);
    let mut field = || fields.next().unwrap_or_else(|| panic!("three fields in `{line}`"));
    let (purpose, language, objective) = (field(), field(), field());
    let expected = PURPOSES.iter().position(|(_, name)| *name == purpose);
    Case {
        expected: expected.unwrap_or_else(|| panic!("no purpose {purpose}")),
        language: language.to_owned(),
        objective: objective.to_owned(),
    }
}

/// A row for each purpose, a column for what was found; returns the accuracy in per cent.
fn print_confusion(confusion: &[[usize; PURPOSES.len()]; PURPOSES.len()]) -> f64 {
    let mut head = String::new();
    for (_, name) in PURPOSES {
        head.push_str(&format!(" {:>6.6}", name));
    }
    println!("  {:20}{head}", "");
    let (mut right, mut all) = (0, 0);
    for (row, (_, name)) in PURPOSES.iter().enumerate() {
        let mut line = String::new();
        for (column, count) in confusion[row].iter().enumerate() {
            all += count;
            right += if row == column { *count } else { 0 };
            let shown = if *count == 0 { "·".to_owned() } else { count.to_string() };
            line.push_str(&format!(" {shown:>6}"));
        }
        println!("  {name:20}{line}");
    }
    let accuracy = 100.0 * right as f64 / all.max(1) as f64;
    println!("  {right} of {all}: {accuracy:.1} %");
    accuracy
}
