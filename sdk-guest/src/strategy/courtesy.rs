//! What outranks the objective: no more calls, a wrong number, another time, another channel.

use super::{Language, is_wrong_number};
use crate::extract::{self, Channel, Talk};
use crate::{Brief, Guidance};

/// Heeds what the other side asks for itself.
#[derive(Clone, Debug, Default)]
pub struct Courtesy {
    asked_for_address: bool,
}

impl Courtesy {
    /// What to do about a turn of theirs, if it asks for any of this. Settled guidance ends the call.
    pub fn heed(&mut self, text: &str, brief: &Brief) -> Option<Guidance> {
        let language = Language::of(&brief.language);
        let mut said = Talk::new();
        said.push(true, text);
        if extract::do_not_call(&said).is_some() {
            return Some(part("They want no more calls.", never_again(language)));
        }
        if is_wrong_number(text) {
            return Some(part("It is the wrong number.", wrong_number(language)));
        }
        if extract::call_back(&said, brief.now_ms, &brief.zone).is_some() {
            return Some(part("They want to be called back. Promise it.", call_back(language)));
        }
        let wish = extract::channel_wish(&said)?;
        if wish.address.is_none() && !self.asked_for_address {
            self.asked_for_address = true;
            let question = match wish.channel {
                Channel::Email => which_address(language),
                Channel::Sms => which_number(language),
            };
            return Some(advise("They want to go on in writing. Ask where to write.", question));
        }
        Some(part("They want to go on in writing.", in_writing(language)))
    }
}

fn never_again(language: Language) -> &'static str {
    language.pick([
        "I am sorry for the trouble. We will not call you again. Goodbye.",
        "Disculpe la molestia. No volveremos a llamarle. Adiós.",
        "Veuillez nous excuser du dérangement. Nous ne vous rappellerons plus. Au revoir.",
        "Bitte entschuldigen Sie die Störung. Wir rufen Sie nicht wieder an. Auf Wiederhören.",
    ])
}

fn wrong_number(language: Language) -> &'static str {
    language.pick([
        "I am sorry, I have the wrong number. Goodbye.",
        "Disculpe, tengo el número equivocado. Adiós.",
        "Excusez-moi, c'est une erreur de numéro. Au revoir.",
        "Entschuldigung, da habe ich die falsche Nummer. Auf Wiederhören.",
    ])
}

fn call_back(language: Language) -> &'static str {
    language.pick([
        "Of course, I will call back then. Thank you, goodbye.",
        "Por supuesto, llamaré entonces. Gracias, adiós.",
        "Bien sûr, je rappellerai à ce moment-là. Merci, au revoir.",
        "Natürlich, ich rufe dann wieder an. Danke, auf Wiederhören.",
    ])
}

fn which_address(language: Language) -> &'static str {
    language.pick([
        "Gladly. Which e-mail address should we write to?",
        "Con mucho gusto. ¿A qué dirección de correo le escribimos?",
        "Volontiers. À quelle adresse e-mail pouvons-nous vous écrire ?",
        "Gern. An welche E-Mail-Adresse dürfen wir schreiben?",
    ])
}

fn which_number(language: Language) -> &'static str {
    language.pick([
        "Gladly. Which number should the message go to?",
        "Con mucho gusto. ¿A qué número enviamos el mensaje?",
        "Volontiers. À quel numéro pouvons-nous envoyer le message ?",
        "Gern. An welche Nummer soll die Nachricht gehen?",
    ])
}

fn in_writing(language: Language) -> &'static str {
    language.pick([
        "Thank you. We will write to you there. Goodbye.",
        "Gracias. Le escribiremos ahí. Adiós.",
        "Merci. Nous vous y écrirons. Au revoir.",
        "Danke. Wir schreiben Ihnen dorthin. Auf Wiederhören.",
    ])
}

/// Advice for the next turn, with words for it.
pub fn advise(instruction: &str, suggestion: &str) -> Guidance {
    Guidance {
        instruction: instruction.to_owned(),
        suggestion: Some(suggestion.trim().to_owned()),
        ..Guidance::default()
    }
}

/// Advice to end the call, with words for it.
pub fn part(instruction: &str, suggestion: &str) -> Guidance {
    Guidance { settled: true, ..advise(instruction, suggestion) }
}
