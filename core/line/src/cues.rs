//! Phrases that give away a machine, in English.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cue {
    /// An assistant asks who calls and why.
    Screening,
    /// The assistant has heard us and asks us to wait.
    Hold,
    Voicemail,
}

/// Words in order; between two of them up to two others may stand.
const SCREENING: [&str; 12] = [
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
    "is it urgent",
    "tell me more about why",
];
const HOLD: [&str; 5] = [
    "stay on the line",
    "hold while i",
    "one moment while i connect",
    "please hold",
    "hold the line",
];
const VOICEMAIL: [&str; 21] = [
    "leave a message",
    "leave me a message",
    "leave your message",
    "leave your name",
    "leave your number",
    "after the tone",
    "after the beep",
    "at the tone",
    "at the beep",
    "record your message",
    "you have reached the voicemail",
    "voice mail",
    "voicemail",
    "mailbox",
    "voice messaging system",
    "forwarded to",
    "subscriber",
    "not available right now",
    "cannot take your call",
    "can't take your call",
    "unable to take your call",
];
/// A person may use these words too, in a longer answer or a question.
const GAP_WORDS_MAX: usize = 2;

/// What the words give away, if anything. The first table that matches wins: a screener says "record
/// your name", a voicemail "record your message".
pub fn cue(words: &str) -> Option<Cue> {
    let words = normalised(words);
    let has = |phrases: &[&str]| phrases.iter().any(|phrase| contains(&words, phrase));
    if has(&VOICEMAIL) {
        return Some(Cue::Voicemail);
    }
    if has(&SCREENING) {
        return Some(Cue::Screening);
    }
    has(&HOLD).then_some(Cue::Hold)
}

fn normalised(text: &str) -> Vec<String> {
    let kept = |c: char| if c.is_alphanumeric() || c == '\'' { c } else { ' ' };
    let plain: String = text.to_lowercase().replace('’', "'").chars().map(kept).collect();
    plain.split_whitespace().map(str::to_owned).collect()
}

fn contains(words: &[String], phrase: &str) -> bool {
    let phrase: Vec<&str> = phrase.split(' ').collect();
    (0..words.len()).any(|start| starts_with(&words[start..], &phrase))
}

/// The phrase begins here, word for word or with a few words in between.
fn starts_with(words: &[String], phrase: &[&str]) -> bool {
    let Some((first, rest)) = phrase.split_first() else { return true };
    if words.first().is_none_or(|word| word != first) {
        return false;
    }
    if rest.is_empty() {
        return true;
    }
    let furthest = words.len().min(2 + GAP_WORDS_MAX);
    (1..furthest).any(|next| starts_with(&words[next..], rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<Cue>) {
        assert_eq!(cue(text), expected, "{text:?}");
    }

    #[test]
    fn phrases_are_told_apart() {
        check(
            "Hi, if you record your name and reason for calling, I'll see if this person is available.",
            Some(Cue::Screening),
        );
        check("Please state your name after the tone", Some(Cue::Voicemail));
        check("Go ahead and say your name, and why you're calling.", Some(Cue::Screening));
        check("Thanks. Please stay on the line.", Some(Cue::Hold));
        check("Please leave a brief message after the tone.", Some(Cue::Voicemail));
        check("I can’t take your call at the moment", Some(Cue::Voicemail));
        check("At the tone, please record your message.", Some(Cue::Voicemail));
        check("The mailbox is full.", Some(Cue::Voicemail));
        check("You have reached the voicemail of Ann.", Some(Cue::Voicemail));
        check("Hello?", None);
        check("Steel Supply Company, this is Mike Chen speaking. How can I help you?", None);
        check("Golden Dragon, what can I do for you?", None);
        check("", None);
        check("[unrecognised]", None);
    }

    #[test]
    fn hostile_text_is_harmless() {
        check(&"leave ".repeat(5000), None);
        check("leave\u{0} a\u{301} \u{202e}message", Some(Cue::Voicemail));
    }
}
