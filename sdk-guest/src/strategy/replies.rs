//! Answers to what the other side asks directly, from the brief and nothing else.

use super::phrase::{folded, says};
use super::{BriefFacts, Caller, Language, abroad};
use crate::extract::words;

/// What to do about a turn of the other side that asks something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// "How can I help?": say what the call is about.
    Invited,
    /// The brief has the answer.
    Say(String),
    /// Nothing in the brief answers it.
    ComeBack(String),
}

/// The reply to the last question in `text`, if it asks anything; asked and answered in the language
/// of the call.
pub fn reply(text: &str, caller: &Caller, facts: &BriefFacts) -> Option<Reply> {
    if caller.language != Language::English {
        return abroad::reply(text, caller, facts);
    }
    let question = last_question(text)?;
    let words = words(&question);
    let spoken = format!(" {} ", words.join(" "));
    let has =
        |phrases: &[&str]| phrases.iter().any(|phrase| spoken.contains(&format!(" {phrase} ")));
    if has(&[
        "help you",
        "can i help",
        "may i help",
        "could i help",
        "do for you",
        "calling about",
        "is this about",
        "it about",
        "call about",
        "are you looking for",
        "do you need",
        "you need something",
        "like to know",
        "want to know",
        "you want exactly",
        "do you want",
        "which tool",
        "reason for your call",
        "in regards to",
        "regarding",
        "what's this",
    ]) && !has(&["how many", "how much", "when do you need"])
    {
        return Some(Reply::Invited);
    }
    if has(&["still there", "you there", "hear me", "anybody there", "anyone there"]) {
        return Some(say("Yes, I am here.".into()));
    }
    if has(&["robot", "machine", "ai", "real person", "human", "recording", "bot", "computer"]) {
        let whom = caller.company.as_deref().map_or("a customer".to_owned(), str::to_owned);
        return Some(say(format!("Yes, I am an AI assistant calling for {whom}.")));
    }
    if has(&[
        "how many people",
        "how many guests",
        "how many persons",
        "party size",
        "size of your party",
        "how big is your party",
        "how many of you",
        "for how many",
    ]) && let Some(people) = facts.people
    {
        return Some(say(format!("For {people} people, please.")));
    }
    if has(&[
        "how many",
        "what quantity",
        "which quantity",
        "how much do you need",
        "quantity",
        "order size",
        "volume",
    ]) {
        return Some(match (facts.quantity, facts.people) {
            (Some(_), _) => say(format!("We are looking at {}.", facts.subject())),
            (None, Some(people)) => say(format!("For {people} people, please.")),
            (None, None) => come_back(),
        });
    }
    if has(&[
        "which company",
        "what company",
        "company name",
        "who are you with",
        "where are you calling from",
        "calling from",
        "on behalf",
        "what business",
        "who do you work for",
        "name of your company",
    ]) {
        return Some(match &caller.company {
            Some(company) => say(format!("I am calling for {company}.")),
            None => come_back(),
        });
    }
    if has(&[
        "what name",
        "which name",
        "under what",
        "a name",
        "name for the",
        "name please",
        "reservation under",
        "name of the",
    ]) && let Some(name) = &facts.name
    {
        return Some(say(format!("The name is {name}.")));
    }
    if has(&[
        "who is this",
        "who's this",
        "who is calling",
        "who's calling",
        "who am i speaking",
        "who am i talking",
        "your name",
        "who are you",
        "who is it",
        "may i ask who",
        "with whom",
        "a name",
        "what name",
        "who is speaking",
        "who's speaking",
    ]) {
        return Some(say(format!("This is {}.", caller.spoken())));
    }
    if has(&[
        "budget",
        "target price",
        "looking to pay",
        "willing to pay",
        "looking to spend",
        "price range",
        "price in mind",
        "willing to spend",
    ]) {
        return Some(say("I would rather hear your best price first.".into()));
    }
    if has(&["email", "e mail", "mail address"]) {
        return Some(match &facts.email {
            Some(address) => say(format!("The address is {}.", spoken_address(address))),
            None => come_back(),
        });
    }
    if has(&[
        "phone number",
        "call back number",
        "callback number",
        "your number",
        "reach you",
        "call you back",
    ]) {
        return Some(match &facts.phone {
            Some(number) => say(format!("The number is {}.", spaced(number))),
            None => come_back(),
        });
    }
    if has(&["what time", "at what time", "which time"])
        && let Some(time) = &facts.time
    {
        return Some(say(format!("At {time}, please.")));
    }
    if has(&["what day", "which day", "what date", "which date", "when", "for when"]) {
        return Some(match (&facts.day, &facts.time) {
            (Some(day), Some(time)) => say(format!("{}, at {time}.", capital(day))),
            (Some(day), None) => say(format!("{}.", capital(day))),
            (None, Some(time)) => say(format!("At {time}.")),
            (None, None) => from_sentences(&words, facts),
        });
    }
    if is_small_talk(&spoken) {
        return None;
    }
    Some(from_sentences(&words, facts))
}

fn say(text: String) -> Reply {
    Reply::Say(text)
}

fn come_back() -> Reply {
    Reply::ComeBack(Language::English.come_back().into())
}

/// The sentence of the brief that shares most content words with the question.
fn from_sentences(question: &[String], facts: &BriefFacts) -> Reply {
    const WORD_CHARS_MIN: usize = 4;
    const EMPTY: &[&str] = &[
        "what", "which", "when", "where", "that", "this", "your", "have", "would", "could", "will",
        "with", "like", "want", "need", "know", "about", "there", "they", "them", "does", "should",
        "tell", "please", "sure", "okay", "right", "more", "than", "just",
    ];
    let mut best: Option<(usize, &String)> = None;
    for sentence in &facts.sentences {
        let said = words(sentence);
        let mut hits = 0;
        for word in question.iter().map(|word| base(word)) {
            let empty = word.chars().count() < WORD_CHARS_MIN || EMPTY.contains(&word);
            hits += usize::from(!empty && said.iter().any(|other| base(other) == word));
        }
        let imperative = is_imperative(&said);
        if hits > 0 && !imperative && best.is_none_or(|(most, _)| hits > most) {
            best = Some((hits, sentence));
        }
    }
    match best {
        Some((_, sentence)) => say(super::sentence(sentence)),
        None => come_back(),
    }
}

/// "Patient's" asks for the patient, and a date of birth is when somebody was born.
fn base(word: &str) -> &str {
    match word.strip_suffix("'s").unwrap_or(word) {
        "birth" | "birthday" | "birthdate" => "born",
        word => word,
    }
}

pub(super) fn is_order(sentence: &str) -> bool {
    is_imperative(&words(sentence))
}

/// An order of the customer's to us is not for the other side's ears.
fn is_imperative(words: &[String]) -> bool {
    const ORDERS: &[&str] = &[
        "get",
        "ask",
        "book",
        "find",
        "tell",
        "call",
        "reserve",
        "make",
        "check",
        "confirm",
        "order",
        "schedule",
        "cancel",
        "request",
        "negotiate",
        "inquire",
        "always",
        "never",
        "if",
    ];
    words.first().is_some_and(|word| ORDERS.contains(&word.as_str()))
}

fn last_question(text: &str) -> Option<String> {
    let mut last = None;
    for sentence in text.split_inclusive(['.', '!', '?']) {
        let words = words(sentence);
        let first = words.first().map_or("", String::as_str);
        let second = words.get(1).map_or("", String::as_str);
        let asks = matches!(first, "who" | "which" | "what" | "how" | "when" | "where" | "who's")
            || matches!((first, second), ("i" | "i'll" | "we" | "we'll", "need"));
        if (sentence.trim_end().ends_with('?') || asks && words.len() > 1) && !words.is_empty() {
            last = Some(sentence.trim().to_owned());
        }
    }
    last
}

fn is_small_talk(spoken: &str) -> bool {
    const TALK: &[&str] = &[
        " how are you ",
        " hello ",
        " anything else ",
        " okay ",
        " right ",
        " does that work ",
        " sound good ",
        " is that okay ",
        " is that ok ",
        " does that help ",
        " sounds good ",
        " can we agree ",
        " can you do ",
        " do we have a deal ",
        " deal ",
        " would that work ",
        " is that fine ",
        " how does that sound ",
        " how about ",
        " what about ",
        " can you hold ",
        " could you hold ",
        " can i put you ",
        " may i put you ",
        " pardon ",
        " could you repeat ",
        " can you repeat ",
        " sorry ",
    ];
    TALK.iter().any(|phrase| spoken.contains(phrase))
}

/// The other side asks for a moment and says little else, in any language of ours.
pub fn is_hold(text: &str) -> bool {
    const WORDS_MAX: usize = 16;
    let words = words(text);
    let spoken = format!(" {} ", words.join(" "));
    let phrases = [
        " hold on ",
        " one moment ",
        " just a moment ",
        " one second ",
        " just a second ",
        " let me check ",
        " let me see ",
        " let me look ",
        " hang on ",
        " bear with me ",
        " can you hold ",
        " please hold ",
        " give me a second ",
        " give me a moment ",
        " a moment please ",
        " put you on hold ",
        " stay on the line ",
        " hold the line ",
    ];
    let holds = phrases.iter().any(|phrase| spoken.contains(phrase));
    words.len() <= WORDS_MAX && (holds || says(&folded(text), abroad::HOLD))
}

/// They put us through to somebody else.
pub fn is_transfer(text: &str) -> bool {
    const PHRASES: &[&str] = &[
        "put you through",
        "putting you through",
        "transfer you",
        "transferring you",
        "connect you",
        "connecting you",
        "hand you over",
        "pass you to",
        "pass you on",
        "pass you over",
    ];
    let spoken = folded(text);
    says(&spoken, PHRASES) || says(&spoken, abroad::TRANSFER)
}

pub fn is_farewell(text: &str) -> bool {
    let spoken = format!(" {} ", words(text).join(" "));
    [
        " goodbye ",
        " bye ",
        " bye bye ",
        " have a good day ",
        " have a nice day ",
        " good bye ",
        " take care ",
    ]
    .iter()
    .any(|phrase| spoken.contains(phrase))
        || says(&folded(text), abroad::FAREWELL)
}

pub fn is_wrong_number(text: &str) -> bool {
    let spoken = format!(" {} ", words(text).join(" "));
    [" wrong number ", " wrong person ", " no one here by that name ", " you have the wrong "]
        .iter()
        .any(|phrase| spoken.contains(phrase))
        || says(&folded(text), abroad::WRONG_NUMBER)
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// As it is read aloud: "mike at supplier dot com".
fn spoken_address(address: &str) -> String {
    address.replace('@', " at ").replace('.', " dot ").replace('_', " underscore ")
}

pub(super) fn spaced(number: &str) -> String {
    let mut spoken = String::new();
    for c in number.chars().filter(char::is_ascii_digit) {
        if !spoken.is_empty() {
            spoken.push(' ');
        }
        spoken.push(c);
    }
    spoken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Brief;

    fn check(question: &str, expected: Option<&str>) {
        let brief = Brief {
            objective: "Get bulk pricing for 500 steel beams".into(),
            context: Some(
                "We are Acme Corp. Delivery goes to Denver. Budget is $50-60 per unit.".into(),
            ),
            ..Brief::default()
        };
        let answer = reply(question, &Caller::of(&brief), &BriefFacts::of(&brief));
        let answer = answer.map(|reply| match reply {
            Reply::Invited => "(invited)".to_owned(),
            Reply::Say(text) | Reply::ComeBack(text) => text,
        });
        assert_eq!(answer.as_deref(), expected, "{question}");
    }

    #[test]
    fn direct_questions() {
        check("Sure, how many units?", Some("We are looking at 500 steel beams."));
        check("Who is calling?", Some("This is an assistant calling for Acme Corp."));
        check("Which company?", Some("I am calling for Acme Corp."));
        check("What's your budget?", Some("I would rather hear your best price first."));
        check("Are you a robot?", Some("Yes, I am an AI assistant calling for Acme Corp."));
        check("Where does the delivery go?", Some("Delivery goes to Denver."));
        check("What grade of steel?", Some("Let me come back to you on that."));
        check("Steel Supply, this is Mike. How can I help?", Some("(invited)"));
        check("Can we agree on seventy-two?", None);
        check("It is fifty dollars.", None);
        check("Hello? Are you still there?", Some("Yes, I am here."));
        check("So what would you like to know?", Some("(invited)"));
        check("Anything else?", None);
        check("", None);
    }

    #[test]
    fn facts_of_the_context() {
        let brief = Brief {
            objective: "Make an appointment for a check-up this week".into(),
            context: Some("The patient is Alex Morgan, born on the second of May 1980.".into()),
            ..Brief::default()
        };
        for question in [
            "What is the patient's name and date of birth?",
            "I need the name and the date of birth, please.",
            "The patient's name, please?",
            "And when was she born?",
        ] {
            let answer = reply(question, &Caller::of(&brief), &BriefFacts::of(&brief));
            let Some(Reply::Say(words)) = answer else { panic!("{question}: {answer:?}") };
            assert!(words.contains("Alex Morgan"), "{question}: {words}");
        }
    }

    #[test]
    fn holds_and_farewells() {
        assert!(is_hold("One moment, please."));
        assert!(!is_hold("The price is fifty."));
        assert!(is_farewell("Okay, bye."));
        assert!(is_wrong_number("Sorry, you have the wrong number."));
        for text in ["Un momento, por favor.", "Ne quittez pas.", "Einen Augenblick bitte."] {
            assert!(is_hold(text), "{text}");
        }
        for text in ["Gracias, adiós.", "Bonne journée !", "Tschüss!", "Auf Wiederhören"] {
            assert!(is_farewell(text), "{text}");
        }
        for text in ["Tiene el número equivocado.", "Vous faites erreur.", "Falsch verbunden!"] {
            assert!(is_wrong_number(text), "{text}");
        }
    }
}
