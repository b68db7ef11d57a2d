//! Answers direct questions from the system prompt, by words in common. Orders to the agent
//! ("never…", "ask…") are not facts and are never read out.

use super::cues::{has_phrase, plain, sentences};

const PURPOSE_QUESTIONS: &[&str] = &[
    "what is this about",
    "whats this about",
    "what is this regarding",
    "how can i help",
    "how may i help",
    "what can i do for you",
    "what do you need",
    "what are you looking for",
    "why are you calling",
    "what are you calling about",
];

const IDENTITY_QUESTIONS: &[&str] = &[
    "who is this",
    "whos this",
    "who am i speaking",
    "who am i talking",
    "who is calling",
    "whos calling",
    "who are you",
    "your name",
    "may i ask who",
    "where are you calling from",
    "which company",
    "what company",
];

const ORDERS: &[&str] = &[
    "never", "always", "do", "dont", "avoid", "ask", "say", "keep", "speak", "use", "if", "when",
    "only", "be", "make", "thank", "answer", "stay", "call", "end", "once", "refuse", "tell",
    "confirm", "follow", "rules", "rule", "must",
];

const STOP: &[&str] = &[
    "a", "about", "an", "and", "any", "are", "at", "be", "by", "can", "could", "do", "does", "for",
    "from", "get", "have", "how", "i", "in", "is", "it", "know", "like", "many", "may", "me",
    "much", "my", "need", "of", "on", "or", "our", "out", "please", "so", "some", "tell", "that",
    "the", "there", "they", "this", "to", "us", "was", "we", "what", "when", "where", "which",
    "who", "why", "will", "with", "would", "you", "your", "want", "looking", "going",
];

/// A spoken answer to the question, if the instructions hold one.
pub(super) fn answer(question: &str, instructions: &str) -> Option<String> {
    let asked = plain(question);
    let facts = facts(instructions);
    if IDENTITY_QUESTIONS.iter().any(|cue| has_phrase(&asked, cue)) {
        let identity = facts.iter().find(|fact| plain(fact).starts_with("you are "))?;
        return Some(spoken(identity));
    }
    if PURPOSE_QUESTIONS.iter().any(|cue| has_phrase(&asked, cue)) {
        return purpose(instructions);
    }
    let wanted = stems(&asked);
    let asks_count = has_phrase(&asked, "how many") || has_phrase(&asked, "quantity");
    let mut best: Option<(usize, &str)> = None;
    for fact in facts {
        let held = stems(&plain(fact));
        let score = wanted.iter().filter(|word| held.contains(word)).count();
        if score > best.map_or(0, |(score, _)| score) {
            best = Some((score, fact));
        }
    }
    if let Some((_, fact)) = best {
        return Some(spoken(fact));
    }
    purpose(instructions).filter(|purpose| {
        let held = stems(&plain(purpose));
        asks_count || wanted.iter().any(|word| held.contains(word))
    })
}

/// "I'm calling to get bulk pricing for 500 steel beams."
pub(super) fn purpose(instructions: &str) -> Option<String> {
    let objective = objective(instructions)?.trim_end_matches(['.', '!', '?']);
    let mut letters = objective.chars();
    let head = letters.next()?.to_lowercase();
    Some(format!("I'm calling to {head}{}.", letters.as_str()))
}

/// What stands after "Your task:" or under a heading "Objective".
fn objective(instructions: &str) -> Option<&str> {
    let mut under_heading = false;
    for line in instructions.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if under_heading {
            return sentences(line).first().copied();
        }
        under_heading = line.split(' ').count() <= 4 && is_objective(line);
        for sentence in sentences(line) {
            let Some((label, stated)) = sentence.split_once(':') else { continue };
            let stated = stated.trim_matches(|c: char| c == '*' || c.is_whitespace());
            if is_objective(label) && !stated.is_empty() {
                return Some(stated);
            }
        }
    }
    None
}

/// A sentence that states the objective is the agent's task, not something to say as it stands.
fn is_objective(sentence: &str) -> bool {
    let label = plain(sentence.split(':').next().unwrap_or(sentence));
    ["objective", "goal", "task"].iter().any(|word| has_phrase(&label, word))
}

fn facts(instructions: &str) -> Vec<&str> {
    let mut facts = Vec::new();
    let mut under_rules = false;
    for line in instructions.lines() {
        let is_item = line.trim_start().starts_with(['-', '*', '•']) || starts_numbered(line);
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '$');
        under_rules = (under_rules && (is_item || line.is_empty())) || names_rules(line);
        if under_rules {
            continue;
        }
        for sentence in sentences(line) {
            let plain = plain(sentence);
            let first = plain.split(' ').next().unwrap_or("");
            let orders = ORDERS.contains(&first) || has_phrase(&plain, "you must");
            let says_nothing = plain.is_empty() || sentence.ends_with(':');
            if !orders && !says_nothing && !is_objective(sentence) {
                facts.push(sentence);
            }
        }
    }
    facts
}

fn names_rules(line: &str) -> bool {
    let plain = plain(line);
    line.trim_end().ends_with(':') && has_phrase(&plain, "rules") || plain == "rules"
}

fn starts_numbered(line: &str) -> bool {
    let rest = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit());
    rest.len() < line.trim_start().len() && rest.starts_with(['.', ')'])
}

pub(super) fn stems(plain: &str) -> Vec<String> {
    let mut stems = Vec::new();
    for word in plain.split(' ').filter(|word| word.len() > 1 && !STOP.contains(word)) {
        let cut = ["ies", "ing", "ed", "es", "s"].iter().find_map(|end| word.strip_suffix(end));
        let stem = cut.filter(|stem| stem.len() >= 3).unwrap_or(word).to_owned();
        if !stems.contains(&stem) {
            stems.push(stem);
        }
    }
    stems
}

/// Turns a sentence that addresses the agent into one the agent can say.
fn spoken(fact: &str) -> String {
    let fact = match fact.split_once(": ") {
        Some((label, value)) if label.split(' ').count() <= 3 => value,
        _ => fact,
    };
    let mut said: Vec<String> = Vec::new();
    for word in fact.split_whitespace() {
        let previous = said.last().map(|word| word.to_lowercase());
        let spoken = match (previous.as_deref(), word.to_lowercase().as_str()) {
            (Some("i"), "are") => "am".to_owned(),
            (_, "you") => "I".to_owned(),
            (_, "you're") => "I'm".to_owned(),
            (_, "your") => if said.is_empty() { "My" } else { "my" }.to_owned(),
            _ => word.to_owned(),
        };
        said.push(spoken);
    }
    let mut sentence = said.join(" ");
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROMPT: &str = "You are Alex Morgan, calling on behalf of Northwind Construction.\n\
        Objective: Get bulk pricing for 500 steel beams\n\
        Context: The beams are for a bridge in Oakland. Your delivery address is Pier 9.\n\
        Rules:\n- Never disclose our current supplier.\n- Ask about delivery.";

    #[test]
    fn the_purpose_is_found_however_it_is_labelled() {
        let check = |prompt: &str, expected: Option<&str>| {
            assert_eq!(purpose(prompt).as_deref(), expected, "{prompt}");
        };
        let booked = Some("I'm calling to book a table.");
        check("Be kind. Your task: Book a table.\nRules you must keep:\n- Be brief.", booked);
        check("**Objective:** Book a table", booked);
        check("# Objective\n\nBook a table. Then hang up.", booked);
        check("You are Alex.", None);
    }

    #[test]
    fn rules_are_never_read_out() {
        let prompt = "Rules you must keep:\n- Our supplier is a secret.\n1. The supplier is ours.\n\
            Background: The site is in Oakland.";
        assert_eq!(answer("Who is your supplier?", prompt), None);
        assert_eq!(
            answer("Where is the site?", prompt).as_deref(),
            Some("The site is in Oakland.")
        );
    }

    #[test]
    fn questions_are_answered_from_the_prompt() {
        let check = |question: &str, expected: Option<&str>| {
            assert_eq!(answer(question, PROMPT).as_deref(), expected, "{question}");
        };
        check(
            "Who is calling?",
            Some("I am Alex Morgan, calling on behalf of Northwind Construction."),
        );
        check("How can I help you?", Some("I'm calling to get bulk pricing for 500 steel beams."));
        check("What is the delivery address?", Some("My delivery address is Pier 9."));
        check("What are the beams for?", Some("The beams are for a bridge in Oakland."));
        check("Who is your current supplier?", None);
        check("How many beams?", Some("The beams are for a bridge in Oakland."));
        check("What quantity?", Some("I'm calling to get bulk pricing for 500 steel beams."));
        check("Do you like opera?", None);
    }
}
