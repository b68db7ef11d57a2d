//! What the host says by itself, in the language of the call.

/// Lines that belong to no playbook.
pub(super) struct Lines {
    /// To somebody who has been silent, in turn.
    pub(super) nudges: [&'static str; 2],
    pub(super) not_understood: &'static str,
    /// Before a call ends because a vendor failed.
    pub(super) trouble: &'static str,
    /// When everything the model offered for a turn was withheld.
    pub(super) neutral: &'static str,
    recording: &'static str,
}

const ENGLISH: Lines = Lines {
    nudges: ["Hello? Are you still there?", "I can't hear you. Are you there?"],
    not_understood: "Sorry, I didn't catch that. Could you say it again?",
    trouble: "I'm sorry, I'm having technical trouble. We will call again. Goodbye.",
    neutral: "Let me think about that for a moment.",
    recording: "This call is recorded.",
};
const SPANISH: Lines = Lines {
    nudges: ["¿Hola? ¿Sigue usted ahí?", "No le oigo. ¿Está usted ahí?"],
    not_understood: "Perdone, no le he entendido. ¿Podría repetirlo?",
    trouble: "Lo siento, tengo un problema técnico. Volveremos a llamar. Adiós.",
    neutral: "Déjeme pensarlo un momento.",
    recording: "Esta llamada se graba.",
};
const FRENCH: Lines = Lines {
    nudges: ["Allô ? Vous êtes toujours là ?", "Je ne vous entends pas. Vous êtes là ?"],
    not_understood: "Pardon, je n'ai pas compris. Pourriez-vous répéter ?",
    trouble: "Je suis désolé, j'ai un problème technique. Nous rappellerons. Au revoir.",
    neutral: "Laissez-moi y réfléchir un instant.",
    recording: "Cet appel est enregistré.",
};
const GERMAN: Lines = Lines {
    nudges: ["Hallo? Sind Sie noch da?", "Ich höre Sie nicht. Sind Sie da?"],
    not_understood: "Entschuldigung, das habe ich nicht verstanden. Könnten Sie es wiederholen?",
    trouble: "Es tut mir leid, ich habe ein technisches Problem. Wir rufen wieder an. Auf Wiederhören.",
    neutral: "Lassen Sie mich kurz darüber nachdenken.",
    recording: "Dieses Gespräch wird aufgezeichnet.",
};

impl Lines {
    /// By a BCP 47 tag; English where there are none of the language.
    pub(super) fn of(tag: &str) -> &'static Lines {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        match primary.to_ascii_lowercase().as_str() {
            "es" => &SPANISH,
            "fr" => &FRENCH,
            "de" => &GERMAN,
            _ => &ENGLISH,
        }
    }
}

/// Said where the other side must know that the call is recorded.
pub(crate) fn recording_notice(language: &str) -> &'static str {
    Lines::of(language).recording
}
