//! Takes an objective apart: what to ask, what to request, what to tell, and what is only background.
//!
//! "Ask what time they close today" becomes "Could you tell me what time you close today?". Nothing is
//! added that the customer did not write.

use agenticcalling_playbook::extract::words;

/// Most items that are taken from one objective.
pub(crate) const ITEMS_MAX: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Wants an answer.
    Ask,
    /// Wants a yes.
    Request,
    /// Only has to be said.
    Tell,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    pub(crate) kind: Kind,
    /// What to say.
    pub(crate) wording: String,
    /// The customer's words for it, turned to the person on the telephone.
    pub(crate) content: String,
    /// The customer's words as they are.
    pub(crate) source: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Objective {
    pub(crate) items: Vec<Item>,
    /// "If 8pm is unavailable, anything between 7:30 and 9pm works."
    pub(crate) fallback: Option<String>,
}

pub(crate) fn split(objective: &str) -> Objective {
    let mut found = Objective::default();
    for sentence in sentences(objective) {
        if is_label(&sentence) {
            continue;
        }
        if let Some(fallback) = fallback_of(&sentence) {
            found.fallback.get_or_insert(fallback);
            continue;
        }
        for part in parts(without_the_call(&sentence)) {
            if found.items.len() == ITEMS_MAX {
                return found;
            }
            found.items.extend(item_of(&part));
        }
    }
    found
}

/// A full stop inside "8.30" or "supplier.com" ends nothing.
fn sentences(text: &str) -> Vec<String> {
    let mut list = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '\n' | ';' => true,
            '.' | '!' | '?' => chars.peek().is_none_or(|(_, next)| next.is_whitespace()),
            _ => false,
        };
        if ends {
            // A question mark is kept: it tells a question from a task.
            let end = if c == '?' { at + c.len_utf8() } else { at };
            push_trimmed(&mut list, &text[start..end]);
            start = at + c.len_utf8();
        }
    }
    push_trimmed(&mut list, &text[start..]);
    list
}

fn push_trimmed(list: &mut Vec<String>, text: &str) {
    let text = text.trim().trim_start_matches(['-', '*', '•']).trim();
    if text.chars().any(char::is_alphanumeric) {
        list.push(text.to_owned());
    }
}

/// "Name: Alex Chen" is for answers, not for saying.
fn is_label(sentence: &str) -> bool {
    sentence.split_once(':').is_some_and(|(label, rest)| {
        words(label).len() <= 2
            && !rest.trim().is_empty()
            && label.chars().all(|c| c.is_alphabetic() || c == ' ')
            && !verb_of(label).is_some_and(|verb| verb.is_ask())
    })
}

/// "If … unavailable, X works": X, as something to offer.
fn fallback_of(sentence: &str) -> Option<String> {
    let lower = sentence.to_ascii_lowercase();
    let (_, rest) = sentence.split_once(',').filter(|_| lower.starts_with("if "))?;
    let rest = rest.trim().trim_end_matches(['.', '!']);
    let rest = rest.strip_prefix("then ").unwrap_or(rest);
    for ending in [
        " works",
        " is fine",
        " is ok",
        " is okay",
        " would work",
        " will do",
        " is good",
        " also works",
    ] {
        if let Some(offer) = rest.strip_suffix(ending) {
            return Some(to_them(offer));
        }
    }
    for lead in ["try ", "ask for ", "take ", "book ", "accept "] {
        if let Some(offer) = rest.strip_prefix(lead) {
            return Some(to_them(offer));
        }
    }
    None
}

/// "Call the bakery and order a cake" is about the cake.
fn without_the_call(sentence: &str) -> &str {
    const CALL_WORDS_MAX: usize = 7;
    let lower = sentence.to_ascii_lowercase();
    let polite = lower.strip_prefix("please ").unwrap_or(&lower);
    let calls =
        ["call ", "phone ", "ring ", "contact "].iter().any(|lead| polite.starts_with(lead));
    if !calls {
        return sentence;
    }
    let joint =
        [" and ", " to "].iter().filter_map(|joint| lower.find(joint).map(|at| at + joint.len()));
    match joint.min().filter(|at| words(&lower[..*at]).len() <= CALL_WORDS_MAX) {
        Some(at) => &sentence[at..],
        None => sentence,
    }
}

/// "Ask when they close and whether they deliver" is two questions.
fn parts(sentence: &str) -> Vec<String> {
    const JOINTS: &[&str] = &[
        " and if ",
        " and whether ",
        " and what ",
        " and when ",
        " and how ",
        " and where ",
        " and who ",
        " and which ",
        " and ask ",
        " and then ",
        ", then ",
        " and find out ",
        " and tell ",
        " and confirm ",
        " and check ",
        " and get ",
        " and request ",
        ", and ask ",
        ", ask ",
    ];
    let mut list = vec![sentence.to_owned()];
    for joint in JOINTS {
        let mut next = Vec::new();
        for part in list {
            split_at_joint(&part, joint, &mut next);
        }
        list = next;
    }
    let asks = verb_of(sentence).is_some_and(|verb| verb.is_ask());
    let mut whole = Vec::new();
    for part in list {
        // A second half without a verb of its own belongs to the asking of the first.
        let bare = starts_with_question_word(&part);
        whole.push(if asks && bare && !whole.is_empty() { format!("ask {part}") } else { part });
    }
    whole
}

fn split_at_joint(part: &str, joint: &str, out: &mut Vec<String>) {
    let lower = part.to_ascii_lowercase();
    let Some(at) = lower.find(joint) else {
        out.push(part.to_owned());
        return;
    };
    let keep = joint.trim_start_matches([',', ' ']);
    let keep = keep.strip_prefix("and ").unwrap_or(keep);
    let keep = keep.strip_prefix("then ").unwrap_or(keep);
    let rest = format!("{keep}{}", &part[at + joint.len()..]);
    push_trimmed(out, &part[..at]);
    push_trimmed(out, &rest);
}

fn starts_with_question_word(part: &str) -> bool {
    const QUESTION_WORDS: &[&str] =
        &["if", "whether", "what", "when", "how", "where", "who", "which", "why", "whose"];
    words(part).first().is_some_and(|word| QUESTION_WORDS.contains(&word.as_str()))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Ask,
    AskFor,
    AskAbout,
    Confirm,
    Get,
    Tell,
    Request,
}

impl Verb {
    fn is_ask(self) -> bool {
        matches!(self, Verb::Ask | Verb::AskFor | Verb::AskAbout | Verb::Confirm | Verb::Get)
    }
}

const LEADS: &[(&str, Verb)] = &[
    ("ask them about ", Verb::AskAbout),
    ("ask them for ", Verb::AskFor),
    ("ask them to ", Verb::Request),
    ("ask them ", Verb::Ask),
    ("ask about ", Verb::AskAbout),
    ("ask for ", Verb::AskFor),
    ("ask to ", Verb::Request),
    ("ask ", Verb::Ask),
    ("inquire about ", Verb::AskAbout),
    ("enquire about ", Verb::AskAbout),
    ("inquire ", Verb::Ask),
    ("find out about ", Verb::AskAbout),
    ("find out ", Verb::Ask),
    ("figure out ", Verb::Ask),
    ("learn ", Verb::Ask),
    ("check on ", Verb::AskAbout),
    ("check ", Verb::Ask),
    ("confirm that ", Verb::Confirm),
    ("confirm ", Verb::Confirm),
    ("verify that ", Verb::Confirm),
    ("verify ", Verb::Confirm),
    ("get ", Verb::Get),
    ("request ", Verb::AskFor),
    ("tell them that ", Verb::Tell),
    ("tell them ", Verb::Tell),
    ("let them know that ", Verb::Tell),
    ("let them know ", Verb::Tell),
    ("inform them that ", Verb::Tell),
    ("inform them ", Verb::Tell),
    ("say that ", Verb::Tell),
    ("say ", Verb::Tell),
    ("remind them that ", Verb::Tell),
    ("thank them ", Verb::Tell),
];
const ACTIONS: &[&str] = &[
    "book",
    "reserve",
    "order",
    "schedule",
    "make",
    "cancel",
    "move",
    "reschedule",
    "change",
    "arrange",
    "buy",
    "place",
    "return",
    "report",
    "renew",
    "extend",
    "set",
    "rent",
    "hire",
    "postpone",
    "register",
    "sign",
    "file",
    "leave",
    "pick",
    "speak",
    "talk",
    "follow",
    "discuss",
    "invite",
    "apply",
    "update",
];

fn verb_of(part: &str) -> Option<Verb> {
    let lower = format!("{} ", politeness_cut(&part.to_ascii_lowercase()));
    if let Some((_, verb)) = LEADS.iter().find(|(lead, _)| lower.starts_with(lead)) {
        return Some(*verb);
    }
    let first = lower.split(' ').next().unwrap_or("");
    ACTIONS.contains(&first).then_some(Verb::Request)
}

/// "Please call them and ask …" begins with the asking.
fn politeness_cut(lower: &str) -> &str {
    let mut rest = lower;
    for lead in [
        "please ",
        "call them and ",
        "call them to ",
        "call the store and ",
        "call to ",
        "call and ",
        "i want you to ",
        "i need you to ",
        "try to ",
        "first, ",
        "first ",
        "then ",
        "also ",
        "and ",
    ] {
        rest = rest.strip_prefix(lead).unwrap_or(rest);
    }
    rest
}

fn item_of(part: &str) -> Option<Item> {
    let lower = part.to_ascii_lowercase();
    let cut = part.len() - politeness_cut(&lower).len();
    let part = part.get(cut..)?.trim();
    let lower = part.to_ascii_lowercase();
    let item = |kind: Kind, wording: String, content: &str| {
        let source = part.trim_end_matches(['.', '!', '?']).to_owned();
        Some(Item { kind, wording, content: content.to_owned(), source })
    };
    if let Some((lead, verb)) = LEADS.iter().find(|(lead, _)| lower.starts_with(lead)) {
        let rest = to_them(part[lead.len()..].trim().trim_end_matches(['?', '.', ',']));
        if rest.is_empty() {
            return None;
        }
        return match verb {
            Verb::Ask if starts_with_question_word(&rest) => {
                item(Kind::Ask, format!("Could you tell me {rest}?"), &rest)
            }
            Verb::Ask | Verb::AskAbout => {
                item(Kind::Ask, format!("Could you tell me about {}?", with_your(&rest)), &rest)
            }
            Verb::AskFor if rest.chars().next().is_some_and(char::is_uppercase) => item(
                Kind::Request,
                format!("Could I speak with {rest}, please?"),
                &format!("speak with {rest}"),
            ),
            Verb::AskFor => {
                item(Kind::Ask, format!("Could I have {}, please?", with_article(&rest)), &rest)
            }
            Verb::Get => {
                item(Kind::Ask, format!("Could you give me {}?", with_article(&rest)), &rest)
            }
            Verb::Confirm if starts_with_question_word(&rest) => {
                item(Kind::Ask, format!("Could you confirm {rest}?"), &rest)
            }
            Verb::Confirm => {
                item(Kind::Request, format!("Could you confirm {}?", with_that(&rest)), &rest)
            }
            Verb::Tell => item(Kind::Tell, statement(&rest), &rest),
            Verb::Request => item(Kind::Request, format!("Could you {rest}?"), &rest),
        };
    }
    let text = part.trim_end_matches(['.', '!', '?']);
    let asked_outright = part.ends_with('?');
    if asked_outright {
        return item(
            Kind::Ask,
            format!("{}?", statement(&to_them(text)).trim_end_matches('.')),
            &lower_first(text),
        );
    }
    if starts_with_question_word(text) {
        let rest = to_them(&lower_first(text));
        return item(Kind::Ask, format!("Could you tell me {rest}?"), &rest);
    }
    let first = lower.split(' ').next().unwrap_or("");
    let rest = to_them(&lower_first(text));
    if ACTIONS.contains(&first) {
        return item(Kind::Request, format!("I would like to {rest}. Is that possible?"), &rest);
    }
    item(
        Kind::Request,
        format!("I am calling about the following: {rest}. Can you help me with that?"),
        &rest,
    )
}

fn statement(rest: &str) -> String {
    let mut chars = rest.chars();
    let first: String =
        chars.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    format!("{first}{}.", chars.as_str())
}

/// "business hours" are "your business hours" to them.
fn with_your(rest: &str) -> String {
    if has_determiner(rest) { rest.to_owned() } else { format!("your {rest}") }
}

fn with_article(rest: &str) -> String {
    let plural = rest.split(' ').next_back().is_some_and(|word| word.ends_with('s'));
    if has_determiner(rest) || plural { rest.to_owned() } else { format!("the {rest}") }
}

fn with_that(rest: &str) -> String {
    if has_determiner(rest) && !rest.contains(" is ") && !rest.contains(" are ") {
        rest.to_owned()
    } else {
        format!("that {rest}")
    }
}

fn has_determiner(rest: &str) -> bool {
    const DETERMINERS: &[&str] = &[
        "the", "a", "an", "your", "our", "my", "any", "some", "this", "that", "these", "those",
        "his", "her", "one", "two", "how", "what", "when", "if", "whether", "you", "i", "we",
    ];
    let first = rest.split(' ').next().unwrap_or("").to_ascii_lowercase();
    DETERMINERS.contains(&first.as_str()) || first.chars().any(|c| c.is_ascii_digit())
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let first: String =
        chars.next().map_or_else(String::new, |first| first.to_lowercase().collect());
    format!("{first}{}", chars.as_str())
}

/// The customer speaks of them; we speak to them.
fn to_them(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let bare = word.trim_end_matches([',', '.', ';', '?', '!']);
        let tail = &word[bare.len()..];
        let turned = match bare.to_ascii_lowercase().as_str() {
            "they" | "them" => "you",
            "their" => "your",
            "theirs" => "yours",
            "they're" => "you're",
            "they've" => "you've",
            "they'll" => "you'll",
            "they'd" => "you'd",
            _ => bare,
        };
        words.push(format!("{turned}{tail}"));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(objective: &str, expected: &[&str]) {
        let found = split(objective);
        let wordings: Vec<&str> = found.items.iter().map(|item| item.wording.as_str()).collect();
        assert_eq!(wordings, expected, "{objective}");
    }

    #[test]
    fn objectives_become_things_to_say() {
        check("Ask what time they close today", &["Could you tell me what time you close today?"]);
        check(
            "Ask what time they close today and whether they are open on Sunday.",
            &[
                "Could you tell me what time you close today?",
                "Could you tell me whether you are open on Sunday?",
            ],
        );
        check("Ask about their business hours", &["Could you tell me about your business hours?"]);
        check("Ask about business hours", &["Could you tell me about your business hours?"]);
        check(
            "Please call them and ask if they sell bikes",
            &["Could you tell me if you sell bikes?"],
        );
        check(
            "Call the bakery and order a cake",
            &["I would like to order a cake. Is that possible?"],
        );
        check("Ask for the manager's name", &["Could I have the manager's name, please?"]);
        check("Ask for John", &["Could I speak with John, please?"]);
        check("Find out when the store opens", &["Could you tell me when the store opens?"]);
        check("Confirm that the order is ready", &["Could you confirm that the order is ready?"]);
        check("Confirm my appointment on Friday", &["Could you confirm my appointment on Friday?"]);
        check("Tell them that we will be late.", &["We will be late."]);
        check("Ask them to send the invoice", &["Could you send the invoice?"]);
        check("Do you deliver to Boston?", &["Do you deliver to Boston?"]);
        check(
            "Cancel the appointment for Ann Lee",
            &["I would like to cancel the appointment for Ann Lee. Is that possible?"],
        );
        check(
            "Lost wallet",
            &["I am calling about the following: lost wallet. Can you help me with that?"],
        );
        check("", &[]);
        check("...", &[]);
    }

    #[test]
    fn a_reservation_with_its_fallback() {
        let found = split(
            "Book a table for 6 at 8pm this Friday. If 8pm unavailable, anything between 7:30-9pm works. Name: Alex Chen.",
        );
        assert_eq!(found.items.len(), 1);
        assert_eq!(
            found.items[0].wording,
            "I would like to book a table for 6 at 8pm this Friday. Is that possible?"
        );
        assert_eq!(found.fallback.as_deref(), Some("anything between 7:30-9pm"));
    }
}
