//! The transcript inside a drafting request: either the alternation of assistant and user messages,
//! or one message with a line per turn, such as `Agent: …` and `Callee: …`.

use super::numbers::{self, Said};
use super::{Message, Role, cues, facts};

/// One sentence somebody said.
#[derive(Clone, Debug)]
pub(super) struct Sentence {
    pub(super) by_agent: bool,
    pub(super) text: String,
    /// The words of the text, plain, for looking up.
    pub(super) plain: String,
    pub(super) stems: Vec<String>,
    pub(super) numbers: Vec<Said>,
}

const AGENT_LABELS: &[&str] = &["agent", "assistant", "ai", "us", "ours", "caller"];
const CALLEE_LABELS: &[&str] = &["callee", "human", "user", "them", "theirs", "customer", "person"];

pub(super) fn sentences(messages: &[Message]) -> Vec<Sentence> {
    let mut labelled = Vec::new();
    let mut alternating = Vec::new();
    for message in messages {
        for line in message.content.lines() {
            if let Some((by_agent, text)) = labelled_line(line) {
                push(&mut labelled, by_agent, text);
            }
        }
        match message.role {
            Role::Assistant => push(&mut alternating, true, &message.content),
            Role::User => push(&mut alternating, false, &message.content),
            Role::System | Role::Tool => {}
        }
    }
    if labelled.is_empty() { alternating } else { labelled }
}

/// "[00:12] Agent (Alex): Hello." gives who and what.
fn labelled_line(line: &str) -> Option<(bool, &str)> {
    let line = line.trim_start_matches(['-', '*', ' ', '\t']);
    let line = match line.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.1.trim_start(),
        None => line,
    };
    let (label, text) = line.split_once(':')?;
    let plain = cues::plain(label);
    let mut label_words = plain.split(' ');
    let first = label_words.next()?;
    if label_words.count() > 2 {
        return None;
    }
    if AGENT_LABELS.contains(&first) {
        return Some((true, text.trim()));
    }
    CALLEE_LABELS.contains(&first).then(|| (false, text.trim()))
}

fn push(into: &mut Vec<Sentence>, by_agent: bool, text: &str) {
    let text = text.replace(cues::UNRECOGNISED, " ");
    for sentence in cues::sentences(&text) {
        let plain = cues::plain(sentence);
        into.push(Sentence {
            by_agent,
            text: sentence.to_owned(),
            stems: facts::stems(&plain),
            plain,
            numbers: numbers::numbers(sentence),
        });
    }
}
