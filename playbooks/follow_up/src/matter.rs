//! What the call refers to: the earlier interaction, in the customer's words turned to the listener.

use agenticcalling_playbook::Brief;
use agenticcalling_playbook::extract::days_from_civil;
use agenticcalling_playbook::strategy::slots::{Calendar, spoken};
use agenticcalling_playbook::strategy::{Language, folded, says};

/// What is followed up on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Matter {
    /// "the quote you promised on Tuesday".
    pub(crate) about: Option<String>,
    /// A sentence on what was said before, as the brief has it.
    pub(crate) earlier: Option<String>,
}

impl Matter {
    pub(crate) fn of(brief: &Brief) -> Self {
        let about = about(&brief.objective);
        let earlier = brief.previous_call.as_deref().and_then(promise_in);
        let earlier = earlier.or_else(|| brief.context.as_deref().and_then(promise_only));
        let earlier = earlier.map(|text| with_spoken_days(&text, brief));
        Self { about, earlier }
    }
}

/// The objective without its orders.
fn about(objective: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "follow up with them on ",
        "follow up with them about ",
        "follow up on ",
        "follow up about ",
        "follow-up on ",
        "following up on ",
        "follow up regarding ",
        "check on the status of ",
        "check the status of ",
        "ask about the status of ",
        "ask for the status of ",
        "get the status of ",
        "get a status update on ",
        "get an update on ",
        "ask for an update on ",
        "find out the status of ",
        "check in about ",
        "check in on ",
        "check on ",
        "remind them about ",
        "remind them of ",
        "remind them to ",
        "remind them that ",
        "nudge them about ",
        "nudge them on ",
        "nudge them to ",
        "chase up ",
        "chase ",
        "ask about ",
        "ask whether ",
        "ask if ",
        "find out whether ",
        "find out if ",
        "see whether ",
        "see if ",
        "check whether ",
        "check if ",
        "check that ",
        "status of ",
        "nachfassen ",
        "hacer seguimiento de ",
        "dar seguimiento a ",
        "haz seguimiento de ",
        "relancer au sujet de ",
        "faire le suivi de ",
        "relance au sujet de ",
    ];
    let sentence = objective.split(['\n', ';']).next().unwrap_or("");
    let sentence = first_sentence(sentence);
    let lower = sentence.to_ascii_lowercase();
    // The lead that comes first; of two at one place the longer.
    let mut best: Option<(usize, usize)> = None;
    for lead in LEADS {
        let Some(at) = lower.find(lead).filter(|at| *at == 0 || lower[..*at].ends_with(' ')) else {
            continue;
        };
        let end = at + lead.len();
        if best.is_none_or(|(start, stop)| at < start || at == start && end > stop) {
            best = Some((at, end));
        }
    }
    let rest = best.map_or(sentence, |(_, end)| &sentence[end..]);
    let cut =
        [" and ask ", " and get ", " and find out ", ", ask ", " and nudge ", " and request "];
    let lower = rest.to_ascii_lowercase();
    let end = cut.iter().filter_map(|joint| lower.find(joint)).min().unwrap_or(rest.len());
    let text = to_them(rest[..end].trim().trim_end_matches(['.', '!', '?', ',']));
    (!text.is_empty()).then_some(text)
}

/// A full stop inside "8.30" ends nothing.
fn first_sentence(text: &str) -> &str {
    for (at, mark) in text.match_indices(['.', '!', '?']) {
        let next = text[at + mark.len()..].chars().next();
        if next.is_none_or(char::is_whitespace) {
            return text[..at].trim();
        }
    }
    text.trim()
}

const PROMISES: &[&str] = &[
    "promised",
    "agreed",
    "would send",
    "will send",
    "said",
    "committed",
    "was going to",
    "told us",
    "prometio",
    "acordo",
    "acordamos",
    "dijo",
    "quedo en",
    "promis",
    "convenu",
    "devait",
    "a dit",
    "versprochen",
    "zugesagt",
    "vereinbart",
    "wollte",
    "versprach",
];

fn promise_only(text: &str) -> Option<String> {
    sentences(text).find(|sentence| says(&folded(sentence), PROMISES)).map(to_them)
}

/// The promise of the last call that had one, else the first sentence on the last call.
fn promise_in(text: &str) -> Option<String> {
    let notes = notes(text);
    let promise = notes.iter().find_map(|note| promise_only(note));
    promise.or_else(|| notes.first().and_then(|note| sentences(note).next()).map(to_them))
}

/// The server recalls calls as "Call of 2026-03-26 (completed): …", a line for each: what was said in them,
/// the newest first. Everything else is one note.
fn notes(text: &str) -> Vec<&str> {
    let mut notes = Vec::new();
    for line in text.lines() {
        let recalled = line.strip_prefix("Call of ").and_then(|rest| rest.split_once("): "));
        notes.extend(recalled.map(|(_, told)| told));
    }
    if notes.is_empty() {
        return vec![text];
    }
    notes.reverse();
    notes
}

/// "2026-11-27" as it is said: "Friday", "Friday, December 4th".
fn with_spoken_days(text: &str, brief: &Brief) -> String {
    if Language::of(&brief.language) != Language::English {
        return text.to_owned();
    }
    let mut said = Vec::new();
    for word in text.split(' ') {
        let bare = word.trim_end_matches([',', '.', ';', '!', '?']);
        said.push(match written_day(bare) {
            Some(day) => {
                let spoken = spoken::day(day, Calendar::of(brief), Language::English);
                format!("{}{}", spoken.trim_start_matches("on "), &word[bare.len()..])
            }
            None => word.to_owned(),
        });
    }
    said.join(" ")
}

fn written_day(word: &str) -> Option<i64> {
    let mut parts = word.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || parts.next().is_some() {
        return None;
    }
    let (month, day) = (month.parse().ok()?, day.parse().ok()?);
    let real = (1..=12).contains(&month) && (1..=31).contains(&day);
    real.then(|| days_from_civil(year.parse().unwrap_or_default(), month, day))
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', ';'])
        .flat_map(|line| line.split(". "))
        .map(|one| one.trim().trim_end_matches('.'))
        .filter(|one| !one.is_empty())
}

/// The customer speaks of them; we speak to them.
fn to_them(text: &str) -> String {
    let mut turned = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let bare = word.trim_end_matches([',', '.', ';', '?', '!']);
        let new = match bare {
            "they" | "them" => "you",
            "They" => "You",
            "their" => "your",
            "Their" => "Your",
            "they've" => "you've",
            "they're" => "you're",
            "they'd" => "you'd",
            "they'll" => "you'll",
            _ => bare,
        };
        turned.push(format!("{new}{}", &word[bare.len()..]));
    }
    turned.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_it_is_about() {
        let check = |objective: &str, expected: &str| {
            assert_eq!(about(objective).as_deref(), Some(expected), "{objective}");
        };
        check(
            "Follow up on the quote they promised on Tuesday",
            "the quote you promised on Tuesday",
        );
        check("Check the status of order 4471 and ask when it ships.", "order 4471");
        check("Call Mike and follow up on their invoice. Be polite.", "your invoice");
        check("Remind them to send the signed contract", "send the signed contract");
        check("The overdue report", "The overdue report");
        assert_eq!(about(" . "), None);
    }

    #[test]
    fn of_earlier_calls_the_last_promise_counts() {
        let check = |previous: &str, expected: &str| {
            let brief = Brief {
                objective: "Follow up on the quote".into(),
                previous_call: Some(previous.into()),
                // A Monday, 2026-11-23, in the morning.
                now_ms: 1_795_449_600_000,
                zone: "America/New_York".into(),
                language: "en".into(),
                ..Brief::default()
            };
            assert_eq!(Matter::of(&brief).earlier.as_deref(), Some(expected), "{previous}");
        };
        check("Spoke with Mike. They promised it by Tuesday.", "You promised it by Tuesday");
        check(
            "Call of 2026-11-18 (completed): Status: in progress. They promised it for 2026-11-20.\n\
             Call of 2026-11-20 (completed): Status: blocked. They promised it for 2026-11-27.",
            "You promised it for Friday",
        );
        check(
            "Call of 2026-11-20 (completed): They promised it for 2026-12-04.",
            "You promised it for Friday, December 4th",
        );
        check("Call of 2026-11-20 (completed): Status: blocked.", "Status: blocked");
        check("They promised part 4711-12-99.", "You promised part 4711-12-99");
    }
}
