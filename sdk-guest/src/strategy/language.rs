//! The languages that the platform's lines are written in.

/// What a call is held in. A language without lines of its own is spoken as English, the model's
/// instructions excepted: those name the language as it was asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Spanish,
    French,
    German,
}

/// BCP 47 tags of the languages that have lines.
pub const LANGUAGES: [&str; 4] = ["en", "es", "fr", "de"];

impl Language {
    /// By a BCP 47 tag such as `es` or `de-AT`.
    pub fn of(tag: &str) -> Self {
        let primary = tag.split(['-', '_']).next().unwrap_or(tag);
        match primary.to_ascii_lowercase().as_str() {
            "es" => Self::Spanish,
            "fr" => Self::French,
            "de" => Self::German,
            _ => Self::English,
        }
    }

    /// The wording in this language of four in the order of [`LANGUAGES`].
    pub fn pick<T: Copy>(self, wordings: [T; 4]) -> T {
        let [english, spanish, french, german] = wordings;
        match self {
            Self::English => english,
            Self::Spanish => spanish,
            Self::French => french,
            Self::German => german,
        }
    }
}

/// Lines that every playbook needs.
impl Language {
    /// Before the host ends a call that reached its cap.
    pub fn closing(self) -> &'static str {
        self.pick([
            "I am afraid I have to end the call here. Thank you for your time. Goodbye.",
            "Lo siento, tengo que terminar la llamada aquí. Gracias por su tiempo. Adiós.",
            "Je suis désolé, je dois mettre fin à l'appel ici. Merci de votre temps. Au revoir.",
            "Leider muss ich das Gespräch hier beenden. Vielen Dank für Ihre Zeit. Auf Wiederhören.",
        ])
    }

    /// While they look something up.
    pub fn wait(self) -> &'static str {
        self.pick([
            "Of course, take your time.",
            "Claro, tómese su tiempo.",
            "Bien sûr, prenez votre temps.",
            "Natürlich, lassen Sie sich Zeit.",
        ])
    }

    /// When they put us through.
    pub fn hold(self) -> &'static str {
        self.pick([
            "Thank you, I will hold.",
            "Gracias, espero.",
            "Merci, je patiente.",
            "Danke, ich warte.",
        ])
    }

    /// When everything was said.
    pub fn goodbye(self) -> &'static str {
        self.pick([
            "Thank you. Goodbye.",
            "Gracias. Adiós.",
            "Merci. Au revoir.",
            "Vielen Dank. Auf Wiederhören.",
        ])
    }

    /// When the conversation goes in circles.
    pub fn in_circles(self) -> &'static str {
        self.pick([
            "I am afraid I cannot say more today. Thank you for your time. Goodbye.",
            "Me temo que hoy no puedo decirle más. Gracias por su tiempo. Adiós.",
            "Je ne peux malheureusement pas en dire plus aujourd'hui. Merci de votre temps. Au revoir.",
            "Mehr kann ich heute leider nicht sagen. Vielen Dank für Ihre Zeit. Auf Wiederhören.",
        ])
    }

    /// At the end of a message for a machine.
    pub fn later(self) -> &'static str {
        self.pick([
            "I will try again later. Thank you, goodbye.",
            "Volveré a llamar más tarde. Gracias, adiós.",
            "Je rappellerai plus tard. Merci, au revoir.",
            "Ich versuche es später noch einmal. Danke, auf Wiederhören.",
        ])
    }

    /// To a question that nothing in the brief answers.
    pub fn come_back(self) -> &'static str {
        self.pick([
            "Let me come back to you on that.",
            "Permítame responderle a eso más adelante.",
            "Je reviendrai vers vous sur ce point.",
            "Dazu melde ich mich noch einmal bei Ihnen.",
        ])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_languages() {
        for (tag, expected) in [
            ("en", Language::English),
            ("", Language::English),
            ("es-MX", Language::Spanish),
            ("FR", Language::French),
            ("de_AT", Language::German),
            ("ja", Language::English),
        ] {
            assert_eq!(Language::of(tag), expected, "{tag}");
        }
        assert_eq!(Language::of("de").pick(LANGUAGES), "de");
    }
}
