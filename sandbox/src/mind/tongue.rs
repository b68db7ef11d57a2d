//! What the mind says of its own, in the language its instructions name.
//!
//! It reads English only: pressed, asked or greeted in another language it follows the playbook's guidance
//! and nothing else.

/// The mind's own lines in one language.
pub(super) struct Tongue {
    pub(super) acknowledgements: &'static [&'static str],
    /// First words of a wording that needs no acknowledgement before it.
    pub(super) openings: &'static [&'static str],
    pub(super) sure: &'static str,
    pub(super) yes_please: &'static str,
    pub(super) repeats: &'static [&'static str],
    pub(super) bad_line_farewell: &'static str,
    pub(super) anything_else: &'static str,
    pub(super) farewell: &'static str,
    pub(super) settled_farewell: &'static str,
    /// Before going on after a goodbye that came too early.
    pub(super) one_more_thing: &'static str,
    pub(super) will_check: &'static str,
    pub(super) still_there: &'static str,
}

const ENGLISH: Tongue = Tongue {
    acknowledgements: &[
        "Got it.",
        "Okay, thank you.",
        "Understood.",
        "That's helpful, thanks.",
        "All right.",
    ],
    openings: &[
        "thanks",
        "thank",
        "okay",
        "ok",
        "great",
        "got",
        "understood",
        "sure",
        "sorry",
        "hello",
        "hi",
        "all",
        "yes",
        "no",
        "perfect",
        "good",
        "i",
    ],
    sure: "Sure.",
    yes_please: "Yes, please.",
    repeats: &[
        "Sorry, I didn't catch that. Could you say it again?",
        "I'm sorry, the line broke up. Could you repeat that?",
    ],
    bad_line_farewell: "I'm sorry, I can't understand you on this line. I will call again. Goodbye.",
    anything_else: "Is there anything else I should know?",
    farewell: "Thank you for your time. Goodbye.",
    settled_farewell: "Thank you very much for your help. Goodbye.",
    one_more_thing: "Oh, one more thing before we go.",
    will_check: "I'll have to check on that and get back to you.",
    still_there: "Hello, are you still there?",
};
const SPANISH: Tongue = Tongue {
    acknowledgements: &["Entendido.", "Muy bien.", "De acuerdo."],
    openings: &["gracias", "hola", "entiendo", "perdone", "lo", "sí", "no", "muy", "de", "claro"],
    sure: "Claro.",
    yes_please: "Sí, por favor.",
    repeats: &["Perdone, no le he entendido. ¿Podría repetirlo?"],
    bad_line_farewell: "Lo siento, no le oigo bien. Volveré a llamar. Adiós.",
    anything_else: "¿Hay algo más que deba saber?",
    farewell: "Gracias por su tiempo. Adiós.",
    settled_farewell: "Muchas gracias por su ayuda. Adiós.",
    one_more_thing: "Ah, una cosa más.",
    will_check: "Tendré que consultarlo y se lo diré.",
    still_there: "¿Hola? ¿Sigue ahí?",
};
const FRENCH: Tongue = Tongue {
    acknowledgements: &["Entendu.", "Très bien.", "D'accord."],
    openings: &["merci", "bonjour", "je", "pardon", "oui", "non", "très", "entendu", "bien"],
    sure: "Bien sûr.",
    yes_please: "Oui, s'il vous plaît.",
    repeats: &["Pardon, je n'ai pas compris. Pourriez-vous répéter ?"],
    bad_line_farewell: "Je suis désolé, je vous entends mal. Je rappellerai. Au revoir.",
    anything_else: "Y a-t-il autre chose que je devrais savoir ?",
    farewell: "Merci de votre temps. Au revoir.",
    settled_farewell: "Merci beaucoup pour votre aide. Au revoir.",
    one_more_thing: "Ah, encore une chose.",
    will_check: "Je dois vérifier et je reviendrai vers vous.",
    still_there: "Allô ? Vous êtes là ?",
};
const GERMAN: Tongue = Tongue {
    acknowledgements: &["Verstanden.", "Alles klar.", "Gut."],
    openings: &[
        "danke",
        "vielen",
        "guten",
        "ich",
        "es",
        "ja",
        "nein",
        "sehr",
        "gut",
        "das",
        "natürlich",
    ],
    sure: "Gern.",
    yes_please: "Ja, bitte.",
    repeats: &["Entschuldigung, das habe ich nicht verstanden. Könnten Sie es wiederholen?"],
    bad_line_farewell: "Es tut mir leid, ich verstehe Sie schlecht. Ich rufe wieder an. Auf Wiederhören.",
    anything_else: "Gibt es noch etwas, das ich wissen sollte?",
    farewell: "Vielen Dank für Ihre Zeit. Auf Wiederhören.",
    settled_farewell: "Vielen Dank für Ihre Hilfe. Auf Wiederhören.",
    one_more_thing: "Ach, noch etwas.",
    will_check: "Das muss ich klären und melde mich dann.",
    still_there: "Hallo? Sind Sie noch da?",
};

impl Tongue {
    /// By the sentence "You speak Spanish." of the instructions.
    pub(super) fn of(instructions: &str) -> &'static Tongue {
        let speaks = |name: &str| instructions.contains(&format!("You speak {name}."));
        let others = [("Spanish", &SPANISH), ("French", &FRENCH), ("German", &GERMAN)];
        others.into_iter().find(|(name, _)| speaks(name)).map_or(&ENGLISH, |(_, tongue)| tongue)
    }
}
