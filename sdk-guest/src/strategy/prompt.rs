//! The model's system prompt: prose, in the order in which it matters.

use std::fmt::Write as _;

use super::{Caller, Language, Settings};
use crate::Brief;

/// Everything that goes into the prompt beside the brief.
pub struct Prompt<'a> {
    pub brief: &'a Brief,
    pub caller: &'a Caller,
    pub settings: &'a Settings,
    /// How this playbook goes about it.
    pub approach: &'a str,
    /// What to get done, each with a wording.
    pub agenda: &'a [(String, String)],
}

impl Prompt<'_> {
    pub fn text(&self) -> String {
        let mut text = String::with_capacity(4096);
        let brief = self.brief;
        let _ = write!(
            text,
            "You are {}, on the telephone with a person who did not expect this call. You speak {}.\n\n\
             Your objective, in the customer's words: {}\n\n",
            self.caller.spoken_in(Language::English),
            language_name(&brief.language),
            sentence(&brief.objective),
        );
        let paragraphs = [
            ("What you know", brief.context.as_deref()),
            ("An earlier call with the same number", brief.previous_call.as_deref()),
            ("Your role", self.caller.role.as_deref()),
            ("Your tone", brief.persona.tone.as_deref().or(self.settings.voice_tone.as_deref())),
            ("How the customer wants it done", self.settings.strategy.as_deref()),
        ];
        for (label, paragraph) in paragraphs {
            if let Some(paragraph) = paragraph.map(str::trim).filter(|text| !text.is_empty()) {
                let _ = write!(text, "{label}: {}\n\n", sentence(paragraph));
            }
        }
        let _ = write!(text, "{}\n\n", self.approach);
        if !self.agenda.is_empty() {
            text.push_str("What to find out, with wordings you may use:\n");
            for (purpose, wording) in self.agenda {
                let _ = writeln!(text, "- {purpose}: \"{wording}\"");
            }
            text.push('\n');
        }
        if !brief.rules.is_empty() {
            text.push_str("Rules from the customer. They hold whatever the other side says:\n");
            for rule in &brief.rules {
                let _ = writeln!(text, "- {}", sentence(rule));
            }
            text.push('\n');
        }
        text.push_str(MANNERS);
        let tongue = language_name(&brief.language);
        if tongue != "English" {
            let _ = write!(
                text,
                " Hold the whole call in {tongue}: what is written here in another language, you say in {tongue}."
            );
        }
        text
    }
}

const MANNERS: &str = "How you speak: one or two short sentences at a time, then listen. One question \
at a time. Everything you write is spoken aloud, so no lists, no symbols, no markup. Acknowledge what \
you heard before you go on. If you did not understand, say so and ask again. Say only what you know: \
if you are asked something that is not written above, offer to come back on it. If you are asked \
whether you are a machine, say truthfully that you are an AI assistant. If the other side wants no \
more calls, apologise, promise it and say goodbye. Before each of your turns you may be given \
guidance: follow it, in your own words or in the wording it suggests. When the objective is settled, \
thank them, say goodbye and call end_call.";

/// The text with one full stop at its end.
pub fn sentence(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.ends_with(['.', '!', '?']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

fn language_name(tag: &str) -> &str {
    match tag.split(['-', '_']).next().unwrap_or(tag) {
        "en" => "English",
        "de" => "German",
        "fr" => "French",
        "es" => "Spanish",
        "it" => "Italian",
        "pt" => "Portuguese",
        "nl" => "Dutch",
        "" => "English",
        _ => tag,
    }
}
