use super::*;

fn all(text: &str) -> Vec<String> {
    let mut clauses = Clauses::new();
    let mut out = clauses.push(text);
    out.extend(clauses.finish());
    out
}

fn check(text: &str, expected: &[&str]) {
    assert_eq!(all(text), expected, "whole: {text:?}");
    for size in 1..6 {
        let mut clauses = Clauses::new();
        let mut out = Vec::new();
        let chars: Vec<char> = text.chars().collect();
        for piece in chars.chunks(size) {
            out.extend(clauses.push(&piece.iter().collect::<String>()));
        }
        out.extend(clauses.finish());
        assert_eq!(out, expected, "in pieces of {size}: {text:?}");
    }
}

#[test]
fn sentences_are_clauses() {
    check("Hello. How are you? Fine!", &["Hello.", "How are you?", "Fine!"]);
    check("No border", &["No border"]);
    check("  spaces \n and\tlines  ", &["spaces", "and lines"]);
    check("", &[]);
    check("...", &["..."]);
    check("Well… I see.", &["Well…", "I see."]);
}

#[test]
fn sentences_end_inside_their_marks() {
    check("He said \"stop.\" Then he left.", &["He said \"stop.\"", "Then he left."]);
    check("(Really?) Yes.", &["(Really?)", "Yes."]);
    check("The dogs' bowl is here.", &["The dogs' bowl is here."]);
    check("Meet (Mr. Chen, Dr.) there.", &["Meet (Mr. Chen, Dr.) there."]);
    check("東京です。いいですか？はい", &["東京です。", "いいですか？", "はい"]);
}

#[test]
fn numbers_are_not_cut() {
    check("It is $3.50 each. Or 1,200 in total.", &["It is $3.50 each.", "Or 1,200 in total."]);
    check("At 6:30, please.", &["At 6:30, please."]);
    check("Version 2.0.1 works.", &["Version 2.0.1 works."]);
    check("1. First the price. 2. Then the date.", &["1. First the price.", "2. Then the date."]);
    check("We need 5. Not 6.", &["We need 5.", "Not 6."]);
}

#[test]
fn abbreviations_are_not_cut() {
    check("Ask Mr. Chen at 9 a.m. tomorrow.", &["Ask Mr. Chen at 9 a.m. tomorrow."]);
    check(
        "Order No. 5 is late. No. That is fine.",
        &["Order No. 5 is late.", "No.", "That is fine."],
    );
    check("No.", &["No."]);
    check("Say e.g. ten. Then J. Smith.", &["Say e.g. ten.", "Then J. Smith."]);
}

#[test]
fn commas_cut_only_long_clauses() {
    check("Yes, of course, sir.", &["Yes, of course, sir."]);
    check(
        "We would need five hundred steel beams, and we would like your best price.",
        &["We would need five hundred steel beams,", "and we would like your best price."],
    );
}

#[test]
fn dashes_cut_only_between_words() {
    check(
        "That would be the delivery in the spring - or later if you like.",
        &["That would be the delivery in the spring -", "or later if you like."],
    );
    check(
        "We would take the well-known twenty-five millimetre steel rods.",
        &["We would take the well-known twenty-five millimetre steel rods."],
    );
    check(
        "We can deliver all of them by Friday — if you pay now; otherwise in the week after that.",
        &[
            "We can deliver all of them by Friday —",
            "if you pay now; otherwise in the week after that.",
        ],
    );
}

#[test]
fn an_endless_clause_is_cut_at_a_space() {
    let clauses = all(&"word ".repeat(200));
    assert!(clauses.iter().all(|clause| clause.chars().count() <= CLAUSE_CHARS_MAX));
    assert_eq!(clauses.join(" "), "word ".repeat(200).trim());
    assert_eq!(all(&"x".repeat(1000)).concat(), "x".repeat(1000));
    let mut clauses = Clauses::new();
    let mut out = clauses.push("No.");
    for _ in 0..2000 {
        out.extend(clauses.push(" \t"));
    }
    assert!(clauses.text.len() <= UNDECIDED_BYTES_MAX, "white space does not pile up");
    assert_eq!(out, ["No."]);
}

/// Whatever the text and its pieces, nothing is lost, added or moved, and no clause is too long.
#[test]
fn no_text_is_lost() {
    let alphabet: Vec<char> = "abN o .,;:!?…—-\n\t39$é東。\u{301}'\"()".chars().collect();
    let mut random = 7u64;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random as usize
    };
    for _ in 0..3000 {
        let mut clauses = Clauses::new();
        let (mut whole, mut out) = (String::new(), Vec::new());
        for _ in 0..next() % 40 {
            let piece: String =
                (0..next() % 12).map(|_| alphabet[next() % alphabet.len()]).collect();
            whole.push_str(&piece);
            out.extend(clauses.push(&piece));
        }
        out.extend(clauses.finish());
        let squeezed = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(squeezed(&out.concat()), squeezed(&whole));
        assert!(out.iter().all(|clause| {
            clause.chars().count() <= CLAUSE_CHARS_MAX
                && clause.trim() == clause
                && !clause.is_empty()
        }));
    }
}
