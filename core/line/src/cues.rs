//! Phrases that give away a machine, in English.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// An assistant asks who calls and why.
    Screening,
    /// Somebody has heard us, or is about to, and asks us to wait.
    Hold,
    Voicemail,
    /// A menu or an announcement of the network.
    Recording,
}

/// Only a voicemail says these.
const VOICEMAIL: [&str; 24] = [
    "leave a message",
    "leave me a message",
    "leave us a message",
    "leave your message",
    "leave your name",
    "leave your number",
    "record a message",
    "record your message",
    "you have reached the voicemail",
    "voice mail",
    "voicemail",
    "mailbox",
    "voice message system",
    "voice messaging system",
    "forwarded to voice",
    "google voice subscriber",
    "press 1 for more options",
    "press one for more options",
    "cannot take your call",
    "cant take your call",
    "cant come to the phone",
    "cannot come to the phone",
    "unable to take your call",
    "when you have finished recording",
];
const SCREENING: [&str; 14] = [
    "record your name",
    "reason for calling",
    "reason for your call",
    "see if this person is available",
    "screening service",
    "say your name",
    "state your name",
    "who may i say is calling",
    "who should i say is calling",
    "before i try to connect you",
    "call assist by google",
    "tell me more about why",
    "why you are calling",
    "is it urgent",
];
/// A voicemail says these, but so does a screener that records a name, or a person in passing.
const AFTER_TONE: [&str; 6] = [
    "after the tone",
    "after the beep",
    "at the tone",
    "at the beep",
    "after the signal",
    "wait for the beep",
];
const MAYBE_VOICEMAIL: [&str; 5] = [
    "not available",
    "is unavailable",
    "forwarded to",
    "the subscriber you",
    "away from the phone",
];
/// What only a person offers who answers for another.
const PERSON: [&str; 7] = [
    "take a message",
    "can i help",
    "may i help",
    "help you",
    "speaking",
    "want me to",
    "can i ask",
];
const RECORDING: [&str; 14] = [
    "press one for",
    "press 1 for",
    "press two for",
    "press 2 for",
    "press one to",
    "press 1 to",
    "para español",
    "main menu",
    "know your partys extension",
    "number you have dialed",
    "not in service",
    "cannot be completed as dialed",
    "has been disconnected",
    "all circuits are busy",
];
const HOLD: [&str; 11] = [
    "stay on the line",
    "hold while i",
    "one moment while i connect",
    "one moment please",
    "please hold",
    "please wait",
    "hold the line",
    "try to connect you",
    "trying to connect you",
    "recorded for quality",
    "transferring your call",
];
/// Between two words of a phrase so many others may stand: "leave a brief message".
const GAP_WORDS_MAX: usize = 2;
/// Longer words may differ by one letter: recognition makes "messages" of a "message".
const ALIKE_CHARS_MIN: usize = 5;
/// Longer than any utterance; the rest is not looked at.
const WORDS_MAX: usize = 400;

/// What the words give away, if anything. The order of the tables matters: a screener says "record
/// your name", a voicemail "record your message", and both may say "after the tone".
pub fn cue(words: &str) -> Option<Cue> {
    let words = normalised(words);
    if has(&words, &VOICEMAIL) {
        return Some(Cue::Voicemail);
    }
    if has(&words, &SCREENING) {
        return Some(Cue::Screening);
    }
    if has(&words, &AFTER_TONE) {
        return Some(Cue::Voicemail);
    }
    if has(&words, &RECORDING) {
        return Some(Cue::Recording);
    }
    if has(&words, &MAYBE_VOICEMAIL) && !has(&words, &PERSON) {
        return Some(Cue::Voicemail);
    }
    has(&words, &HOLD).then_some(Cue::Hold)
}

/// A tone is announced: whoever asked for something will beep before listening.
pub(crate) fn announces_tone(words: &str) -> bool {
    has(&normalised(words), &AFTER_TONE)
}

fn has(words: &[String], phrases: &[&str]) -> bool {
    phrases.iter().any(|phrase| contains(words, phrase))
}

/// Lower case, without punctuation; "can't" and "cant" are one word.
fn normalised(text: &str) -> Vec<String> {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\'' | '’' => {}
            _ if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ => plain.push(' '),
        }
    }
    plain.split_whitespace().take(WORDS_MAX).map(str::to_owned).collect()
}

fn contains(words: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    (0..words.len()).any(|start| starts_with(&words[start..], &phrase))
}

/// The phrase begins here, word for word or with a few words in between.
fn starts_with(words: &[String], phrase: &[&str]) -> bool {
    let Some((first, rest)) = phrase.split_first() else { return true };
    if words.first().is_none_or(|word| !alike(word, first)) {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let furthest = words.len().min(2 + GAP_WORDS_MAX);
    (1..furthest).any(|next| starts_with(&words[next..], rest))
}

/// The same word, or a long one with a letter more, fewer or changed.
fn alike(heard: &str, expected: &str) -> bool {
    if heard == expected {
        return true;
    }
    let heard: Vec<char> = heard.chars().collect();
    let expected: Vec<char> = expected.chars().collect();
    let (shorter, longer) = match heard.len() <= expected.len() {
        true => (&heard, &expected),
        false => (&expected, &heard),
    };
    if shorter.len() < ALIKE_CHARS_MIN || longer.len() - shorter.len() > 1 {
        return false;
    }
    let same = shorter.iter().zip(longer).take_while(|(a, b)| a == b).count();
    // Past the first difference everything must agree again.
    let skipped = same + usize::from(shorter.len() == longer.len());
    shorter[skipped.min(shorter.len())..] == longer[same + 1..]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Cue>) {
        assert_eq!(cue(text), expected, "{text:?}");
    }

    #[test]
    fn screeners() {
        let screening = Some(Cue::Screening);
        check(
            "Hi, if you record your name and reason for calling, I'll see if this person is available.",
            screening,
        );
        check("your name and reason for calling I'll see if this person's available", screening);
        check("Go ahead and say your name, and why you're calling.", screening);
        check("The person you're calling is using a screening service from Google.", screening);
        check("Please state your name after the tone", screening);
        check("At the tone, please record your name and the reason for your call.", screening);
        check("Who may I say is calling?", screening);
        check("Is it urgent?", screening);
    }

    #[test]
    fn voicemails() {
        let voicemail = Some(Cue::Voicemail);
        check("Please leave a brief message after the tone.", voicemail);
        check("I can’t take your call at the moment", voicemail);
        check("I cant take your call", voicemail);
        check("At the tone, please record your message.", voicemail);
        check("Say your name and leave a message after the beep", voicemail);
        check("Please leave your name and number.", voicemail);
        check("Your call has been forwarded to an automatic voice message system.", voicemail);
        check("Your call has been forwarded to an automated voice messaging system.", voicemail);
        check("The mailbox is full and cannot accept any messages.", voicemail);
        check("Her voicemail has not been set up yet.", voicemail);
        check("You have reached the voicemail of Ann.", voicemail);
        check("The person you are trying to reach is not available.", voicemail);
        check("press 1 for more options", voicemail);
        check("Hi, it's Bob, wait for the beep!", voicemail);
        // As recognition hears them.
        check("please leaf a massage after the tone", voicemail);
        check("please leave a messages", voicemail);
    }

    #[test]
    fn people() {
        check("Hello?", None);
        check("Steel Supply Company, this is Mike Chen speaking. How can I help you?", None);
        check("Golden Dragon, what can I do for you?", None);
        check("She's not available right now, can I take a message?", None);
        check("You've been forwarded to the sales desk, how may I help you?", None);
        check("Who is this?", None);
        check("", None);
        check("[unrecognised]", None);
    }

    #[test]
    fn those_who_ask_to_wait() {
        check("Thanks. Please stay on the line.", Some(Cue::Hold));
        check("Hold while I try to connect you.", Some(Cue::Hold));
        check("Golden Dragon, please hold.", Some(Cue::Hold));
        check("This call may be recorded for quality and training.", Some(Cue::Hold));
    }

    #[test]
    fn recordings() {
        let recording = Some(Cue::Recording);
        check("For sales, press one. Press two for support.", recording);
        check("If you know your party's extension, dial it now.", recording);
        check("Para español, oprima dos.", recording);
        check("The number you have dialed is not in service.", recording);
        check("We're sorry, your call cannot be completed as dialed.", recording);
    }

    #[test]
    fn words_are_alike_up_to_one_letter() {
        for (heard, expected, same) in [
            ("messages", "message", true),
            ("massage", "message", true),
            ("essage", "message", true),
            ("message", "message", true),
            ("passage", "message", false),
            ("messagings", "message", false),
            ("tome", "tone", false),
            ("ones", "one", false),
            ("", "message", false),
        ] {
            assert_eq!(alike(heard, expected), same, "{heard} {expected}");
            assert_eq!(alike(expected, heard), same, "{expected} {heard}");
        }
    }

    #[test]
    fn hostile_text_is_harmless() {
        check(&"leave ".repeat(5000), None);
        check(&"who may i say ".repeat(5000), None);
        check(&"x".repeat(100_000), None);
        check("leave\u{0} a\u{301} \u{202e}message", Some(Cue::Voicemail));
    }
}
