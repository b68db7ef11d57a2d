//! Small readings of what the other side just said: pressing, parting, greeting, asking.

pub(super) use crate::ear::UNRECOGNISED;

/// How hard the other side asks for a yes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Press {
    No,
    /// "Does that work for you?": a yes if nothing better is at hand.
    Mild,
    /// "Do we have a deal?": a yes whatever the rules say.
    Hard,
}

const HARD: &[&str] = &[
    "can we agree",
    "could we agree",
    "do we agree",
    "are we agreed",
    "so agreed",
    "have a deal",
    "is it a deal",
    "is that a deal",
    "call it a deal",
    "got a deal",
    "put you down",
    "sign you up",
    "shall we say",
    "should we say",
    "lock that in",
    "lock it in",
    "lock this in",
    "lock in",
    "write that up",
    "write it up",
    "can you commit",
    "will you commit",
    "ready to commit",
    "sound good",
    "say yes to",
];

const MILD: &[&str] = &[
    "does that work",
    "would that work",
    "will that work",
    "work for you",
    "is that okay",
    "is that ok",
    "is that all right",
    "is that alright",
    "are you happy with",
];

const PARTING: &[&str] = &[
    "goodbye",
    "good bye",
    "bye",
    "good night",
    "have a good day",
    "have a great day",
    "have a nice day",
    "have a good one",
    "have a good evening",
    "take care",
    "talk to you soon",
    "talk to you later",
    "adiós",
    "hasta luego",
    "au revoir",
    "auf wiederhören",
    "auf wiedersehen",
    "tschüss",
];

const GREETING: &[&str] = &[
    "hello",
    "hi",
    "hey",
    "good morning",
    "good afternoon",
    "good evening",
    "thanks for calling",
    "thank you for calling",
];

const ASKING: &[&str] = &[
    "who",
    "what",
    "when",
    "where",
    "why",
    "which",
    "how",
    "do you",
    "are you",
    "can you",
    "could you",
    "would you",
    "is this",
    "is that",
    "may i ask",
    "can i ask",
    "tell me",
];

pub(super) fn press(text: &str) -> Press {
    let plain = plain(text);
    let asks = text.contains('?');
    let bare_deal = text.to_lowercase().contains("deal?");
    if bare_deal || HARD.iter().any(|cue| has_phrase(&plain, cue)) && (asks || !negated(&plain)) {
        return Press::Hard;
    }
    if asks && MILD.iter().any(|cue| has_phrase(&plain, cue)) {
        return Press::Mild;
    }
    Press::No
}

pub(super) fn is_parting(text: &str) -> bool {
    sentences(text).iter().any(|sentence| {
        let plain = plain(sentence);
        !sentence.ends_with('?') && PARTING.iter().any(|cue| has_phrase(&plain, cue))
    })
}

pub(super) fn is_greeting(text: &str) -> bool {
    let plain = plain(text);
    GREETING.iter().any(|cue| plain == *cue || plain.starts_with(&format!("{cue} ")))
        || has_phrase(&plain, "thank you for calling")
        || has_phrase(&plain, "thanks for calling")
}

/// "Hello?" asks nothing; "Hello, who is this?" does.
pub(super) fn asks_beyond_greeting(text: &str) -> bool {
    sentences(text).iter().any(|sentence| {
        let plain = plain(sentence);
        is_question(sentence) && !GREETING.contains(&plain.as_str())
    })
}

pub(super) fn is_question(text: &str) -> bool {
    let plain = plain(text);
    text.contains('?') || ASKING.iter().any(|cue| plain.starts_with(&format!("{cue} ")))
}

/// Nothing that could be understood; words beside an unrecognised part can.
pub(super) fn is_unintelligible(text: &str) -> bool {
    !text.replace(UNRECOGNISED, "").contains(char::is_alphanumeric)
}

/// The sentences of a text, each with its closing mark.
pub(super) fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some(end) = sentence_end(rest) {
        let (sentence, after) = rest.split_at(end);
        found.push(sentence.trim());
        rest = after.trim_start();
    }
    if !rest.is_empty() {
        found.push(rest);
    }
    found
}

/// A closing mark ends a sentence when white space follows, so that "58.50" stays whole.
fn sentence_end(text: &str) -> Option<usize> {
    let mut marked = false;
    for (at, character) in text.char_indices() {
        if character == '\n' || (marked && character.is_whitespace()) {
            return Some(at);
        }
        marked = matches!(character, '.' | '!' | '?') && !ends_with_title(&text[..at]);
    }
    None
}

fn ends_with_title(before: &str) -> bool {
    let word = before.rsplit(char::is_whitespace).next().unwrap_or("");
    matches!(word, "Mr" | "Mrs" | "Ms" | "Dr" | "St" | "No" | "e.g" | "i.e")
}

/// Lower case words separated by single spaces; apostrophes dropped.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars().filter(|character| !matches!(character, '\'' | '’')) {
        if character.is_alphanumeric() {
            plain.extend(character.to_lowercase());
        } else if !plain.ends_with(' ') && !plain.is_empty() {
            plain.push(' ');
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

pub(super) fn has_phrase(plain: &str, phrase: &str) -> bool {
    format!(" {plain} ").contains(&format!(" {phrase} "))
}

fn negated(plain: &str) -> bool {
    ["dont", "cant", "cannot", "wont", "not", "never"].iter().any(|word| has_phrase(plain, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pressing_is_told_from_talking() {
        let check = |text: &str, expected: Press| assert_eq!(press(text), expected, "{text}");
        check("Can we agree on seventy-two dollars per unit?", Press::Hard);
        check("Seventy dollars, deal?", Press::Hard);
        check("So do we have a deal?", Press::Hard);
        check("Shall I put you down for five hundred?", Press::Hard);
        check("I could do sixty-eight, sound good?", Press::Hard);
        check("Shall we say seventy?", Press::Hard);
        check("Want me to lock that in?", Press::Hard);
        check("I'll put you down for seventy-two then.", Press::Hard);
        check("We have a table at seven. Does that work?", Press::Mild);
        check("That sounds good.", Press::No);
        check("We can't lock in a price today.", Press::No);
        check("We deal with steel.", Press::No);
        check("What is your budget?", Press::No);
        check("", Press::No);
    }

    #[test]
    fn parting_is_told_from_talking() {
        let check = |text: &str, expected: bool| assert_eq!(is_parting(text), expected, "{text}");
        check("Thanks, bye.", true);
        check("All right. Have a good day!", true);
        check("Goodbye", true);
        check("Anything else before we say goodbye?", false);
        check("We buy and sell.", false);
        check("Vielen Dank. Auf Wiederhören.", true);
    }

    #[test]
    fn what_was_partly_understood_is_understood() {
        let check = |text: &str, expected: bool| {
            assert_eq!(is_unintelligible(text), expected, "{text}");
        };
        check("", true);
        check(" [unrecognised] ", true);
        check("[unrecognised] … [unrecognised]", true);
        check("[unrecognised] Do we have a deal?", false);
    }

    #[test]
    fn greetings_and_questions() {
        assert!(is_greeting("Hello?"));
        assert!(is_greeting("Apex Steel, thanks for calling."));
        assert!(!asks_beyond_greeting("Hello?"));
        assert!(asks_beyond_greeting("Hello, who is this?"));
        assert!(asks_beyond_greeting("Apex Steel, thanks for calling. How can I help?"));
        assert!(!is_greeting("Hidden fees do not apply."));
        assert!(is_question("what size do you need"));
        assert!(!is_question("It is fifty dollars."));
    }

    #[test]
    fn sentences_keep_decimals_and_titles() {
        let text = "It's $58.50 each. Ask for Dr. Lee! Okay?";
        assert_eq!(sentences(text), ["It's $58.50 each.", "Ask for Dr. Lee!", "Okay?"]);
    }
}
