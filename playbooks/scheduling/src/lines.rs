//! What is said, in the four languages.

use agenticcalling_playbook::strategy::Language;

/// "The appointment of Ann Lee on Tuesday at 3 pm".
pub(crate) fn appointment(language: Language, name: Option<&str>, when: &str) -> String {
    let when = if when.is_empty() { String::new() } else { format!(" {}", bare(when)) };
    match (language, name) {
        (Language::English, Some(name)) => format!("the appointment of {name}{when}"),
        (Language::English, None) => format!("the appointment{when}"),
        (Language::Spanish, Some(name)) => format!("la cita de {name}{when}"),
        (Language::Spanish, None) => format!("la cita{when}"),
        (Language::French, Some(name)) => format!("le rendez-vous de {name}{when}"),
        (Language::French, None) => format!("le rendez-vous{when}"),
        (Language::German, Some(name)) => format!("den Termin von {name}{when}"),
        (Language::German, None) => format!("den Termin{when}"),
    }
}

pub(crate) fn move_it(language: Language, appointment: &str) -> String {
    match language {
        Language::English => format!("I would like to move {appointment}."),
        Language::Spanish => format!("Quisiera cambiar {appointment}."),
        Language::French => format!("Je voudrais déplacer {appointment}."),
        Language::German => format!("Ich möchte gern {appointment} verschieben."),
    }
}

pub(crate) fn cancel_it(language: Language, appointment: &str) -> String {
    match language {
        Language::English => format!("I would like to cancel {appointment}."),
        Language::Spanish => format!("Quisiera cancelar {appointment}."),
        Language::French => format!("Je voudrais annuler {appointment}."),
        Language::German => format!("Ich möchte gern {appointment} absagen."),
    }
}

pub(crate) fn confirm_it(language: Language, appointment: &str) -> String {
    match language {
        Language::English => format!("I would like to confirm {appointment}."),
        Language::Spanish => format!("Quisiera confirmar {appointment}."),
        Language::French => format!("Je voudrais confirmer {appointment}."),
        Language::German => format!("Ich möchte gern {appointment} bestätigen."),
    }
}

pub(crate) fn make_one(language: Language, name: Option<&str>, when: &str) -> String {
    let when = if when.is_empty() { String::new() } else { format!(" {}", bare(when)) };
    match language {
        Language::English => {
            let whom = name.map_or(String::new(), |name| format!(" for {name}"));
            format!("I would like to make an appointment{whom}{when}.")
        }
        Language::Spanish => {
            let whom = name.map_or(String::new(), |name| format!(" para {name}"));
            format!("Quisiera pedir una cita{whom}{when}.")
        }
        Language::French => {
            let whom = name.map_or(String::new(), |name| format!(" pour {name}"));
            format!("Je voudrais prendre un rendez-vous{whom}{when}.")
        }
        Language::German => {
            let whom = name.map_or(String::new(), |name| format!(" für {name}"));
            format!("Ich möchte gern{when} einen Termin{whom} vereinbaren.")
        }
    }
}

/// They found the appointment.
pub(crate) fn that_one(language: Language) -> &'static str {
    language.pick(["Yes, that one.", "Sí, esa.", "Oui, celui-là.", "Ja, genau der."])
}

/// "Do you have anything on Thursday at 10 am instead?"
pub(crate) fn instead(language: Language, when: &str) -> String {
    let when = bare(when);
    match (language, when.is_empty()) {
        (Language::English, true) => "When would you have something else?".to_owned(),
        (Language::English, false) => format!("Do you have anything {when} instead?"),
        (Language::Spanish, true) => "¿Cuándo tendrían otra hora?".to_owned(),
        (Language::Spanish, false) => format!("¿Tendrían algo {when} en su lugar?"),
        (Language::French, true) => "Quand auriez-vous autre chose ?".to_owned(),
        (Language::French, false) => format!("Auriez-vous quelque chose {when} à la place ?"),
        (Language::German, true) => "Wann hätten Sie etwas anderes?".to_owned(),
        (Language::German, false) => format!("Hätten Sie stattdessen etwas {when}?"),
    }
}

pub(crate) fn could_you(language: Language) -> &'static str {
    language.pick([
        "Could you do that, please?",
        "¿Podría hacerlo, por favor?",
        "Pourriez-vous le faire, s'il vous plaît ?",
        "Könnten Sie das bitte machen?",
    ])
}

pub(crate) fn possible(language: Language) -> &'static str {
    language.pick(["Is that possible?", "¿Es posible?", "Est-ce possible ?", "Ist das möglich?"])
}

pub(crate) fn still_so(language: Language) -> &'static str {
    language.pick([
        "Is that still as agreed?",
        "¿Sigue en pie?",
        "Est-il toujours prévu ?",
        "Bleibt es dabei?",
    ])
}

/// They have another time in their book.
pub(crate) fn look_again(language: Language, when: &str) -> String {
    let when = bare(when);
    match language {
        Language::English => {
            format!("I am sorry, I have it down {when}. Could you look once more?")
        }
        Language::Spanish => {
            format!("Perdone, yo la tengo apuntada {when}. ¿Podría mirarlo otra vez?")
        }
        Language::French => {
            format!("Excusez-moi, je l'ai noté {when}. Pourriez-vous vérifier encore une fois ?")
        }
        Language::German => {
            format!(
                "Entschuldigung, ich habe ihn {when} notiert. Könnten Sie noch einmal nachsehen?"
            )
        }
    }
}

pub(crate) fn take(language: Language, when: &str, moves: bool) -> String {
    let when = bare(when);
    let when = capital(when.strip_prefix("on ").unwrap_or(when));
    match (language, moves) {
        (Language::English, true) => format!("{when} works. Please move it there."),
        (Language::English, false) => format!("{when} works. Please book it."),
        (Language::Spanish, true) => format!("{when} nos viene bien. Cámbiela, por favor."),
        (Language::Spanish, false) => format!("{when} nos viene bien. Resérvela, por favor."),
        (Language::French, true) => {
            format!("{when}, cela nous convient. Déplacez-le, s'il vous plaît.")
        }
        (Language::French, false) => {
            format!("{when}, cela nous convient. Réservez, s'il vous plaît.")
        }
        (Language::German, true) => format!("{when} passt. Bitte verlegen Sie ihn dorthin."),
        (Language::German, false) => format!("{when} passt. Bitte tragen Sie ihn ein."),
    }
}

pub(crate) fn go_ahead(language: Language) -> &'static str {
    language.pick([
        "Great, please do that.",
        "Perfecto, hágalo, por favor.",
        "Parfait, faites-le, s'il vous plaît.",
        "Sehr gut, machen Sie das bitte.",
    ])
}

/// The next alternative; `declines` what they offered.
pub(crate) fn alternative(language: Language, when: &str, declines: bool) -> String {
    let when = bare(when);
    if when.is_empty() {
        return which_time(language, "");
    }
    match (language, declines) {
        (Language::English, false) => format!("I understand. Would something {when} be possible?"),
        (Language::English, true) => {
            format!("I am sorry, that does not work. Do you have anything {when}?")
        }
        (Language::Spanish, false) => format!("Entiendo. ¿Sería posible algo {when}?"),
        (Language::Spanish, true) => {
            format!("Lo siento, eso no nos viene bien. ¿Tienen algo {when}?")
        }
        (Language::French, false) => {
            format!("Je comprends. Est-ce que quelque chose serait possible {when} ?")
        }
        (Language::French, true) => {
            format!("Je suis désolé, cela ne convient pas. Avez-vous quelque chose {when} ?")
        }
        (Language::German, false) => format!("Ich verstehe. Wäre etwas {when} möglich?"),
        (Language::German, true) => format!("Das passt leider nicht. Haben Sie etwas {when}?"),
    }
}

pub(crate) fn which_time(language: Language, days: &str) -> String {
    let days = bare(days);
    match (language, days.is_empty()) {
        (Language::English, true) => "At what time would that be?".to_owned(),
        (Language::English, false) => format!("What time would it be {days}?"),
        (Language::Spanish, true) => "¿A qué hora sería?".to_owned(),
        (Language::Spanish, false) => format!("¿A qué hora sería {days}?"),
        (Language::French, true) => "À quelle heure serait-ce ?".to_owned(),
        (Language::French, false) => format!("À quelle heure serait-ce {days} ?"),
        (Language::German, true) => "Um wie viel Uhr wäre das?".to_owned(),
        (Language::German, false) => format!("Um wie viel Uhr wäre das {days}?"),
    }
}

pub(crate) fn which_day(language: Language, time: &str) -> String {
    match language {
        Language::English => format!("On which day {time} would that be?"),
        Language::Spanish => format!("¿Qué día sería {time}?"),
        Language::French => format!("Quel jour serait-ce {time} ?"),
        Language::German => format!("An welchem Tag {time} wäre das?"),
    }
}

/// Old and new time, said back.
pub(crate) fn moved(language: Language, name: Option<&str>, old: &str, new: &str) -> String {
    let (old, new) = (bare(old), bare(new));
    let whose = whose(language, name);
    let past = |words: &str| if old.is_empty() { String::new() } else { format!("{words} {old}") };
    match language {
        Language::English => {
            let past = past(", and no longer");
            format!("Just to confirm: the appointment{whose} is now {new}{past}. Is that right?")
        }
        Language::Spanish => {
            let past = past(", y ya no");
            format!("Para confirmar: la cita{whose} es ahora {new}{past}. ¿Es correcto?")
        }
        Language::French => {
            let past = past(", et non plus");
            format!(
                "Pour confirmer : le rendez-vous{whose} est maintenant {new}{past}. C'est bien cela ?"
            )
        }
        Language::German => {
            let past = past(" und nicht mehr");
            format!("Zur Bestätigung: Der Termin{whose} ist jetzt {new}{past}. Ist das richtig?")
        }
    }
}

pub(crate) fn made(language: Language, name: Option<&str>, new: &str) -> String {
    let new = bare(new);
    let whose = whose(language, name);
    match language {
        Language::English => {
            format!("Just to confirm: the appointment{whose} is {new}. Is that right?")
        }
        Language::Spanish => format!("Para confirmar: la cita{whose} es {new}. ¿Es correcto?"),
        Language::French => {
            format!("Pour confirmer : le rendez-vous{whose} est {new}. C'est bien cela ?")
        }
        Language::German => {
            format!("Zur Bestätigung: Der Termin{whose} ist {new}. Ist das richtig?")
        }
    }
}

/// "So the appointment … is cancelled. Does a fee apply?"
pub(crate) fn cancelled(language: Language, name: Option<&str>, when: &str) -> String {
    let whose = whose(language, name);
    let when = if when.is_empty() { String::new() } else { format!(" {}", bare(when)) };
    match language {
        Language::English => {
            format!("Thank you, so the appointment{whose}{when} is cancelled. Does a fee apply?")
        }
        Language::Spanish => {
            format!("Gracias, entonces la cita{whose}{when} queda cancelada. ¿Tiene algún coste?")
        }
        Language::French => {
            format!("Merci, donc le rendez-vous{whose}{when} est annulé. Y a-t-il des frais ?")
        }
        Language::German => {
            format!("Danke, der Termin{whose}{when} ist also abgesagt. Fällt dafür eine Gebühr an?")
        }
    }
}

fn whose(language: Language, name: Option<&str>) -> String {
    let Some(name) = name else { return String::new() };
    let of = language.pick(["of", "de", "de", "von"]);
    format!(" {of} {name}")
}

/// A fee that the customer knows nothing of.
pub(crate) fn fee_first(language: Language) -> &'static str {
    language.pick([
        "I cannot agree to a fee on this call. Please leave the appointment as it is, I will come back to you on that. Thank you, goodbye.",
        "No puedo aceptar un coste en esta llamada. Déjela como está, por favor, le responderé sobre eso. Gracias, adiós.",
        "Je ne peux pas accepter de frais pendant cet appel. Laissez le rendez-vous tel quel, je reviendrai vers vous. Merci, au revoir.",
        "Einer Gebühr kann ich in diesem Gespräch nicht zustimmen. Lassen Sie den Termin bitte so, ich melde mich dazu. Danke, auf Wiederhören.",
    ])
}

pub(crate) fn no_money(language: Language) -> &'static str {
    language.pick([
        "I am sorry, I cannot give card details or a deposit on this call; I will come back to you on that. Could you go on without it?",
        "Lo siento, en esta llamada no puedo dar datos de tarjeta ni un depósito; le responderé sobre eso. ¿Podría continuar sin ello?",
        "Je suis désolé, je ne peux pas donner de carte ni d'acompte pendant cet appel ; je reviendrai vers vous. Pourriez-vous continuer sans cela ?",
        "Kartendaten oder eine Anzahlung kann ich in diesem Gespräch leider nicht geben, dazu melde ich mich noch einmal. Geht es auch ohne?",
    ])
}

pub(crate) fn money_again(language: Language) -> &'static str {
    language.pick([
        "I understand. I will come back to you about that. Thank you, goodbye.",
        "Entiendo. Le responderé sobre eso. Gracias, adiós.",
        "Je comprends. Je reviendrai vers vous à ce sujet. Merci, au revoir.",
        "Ich verstehe. Dazu melde ich mich noch einmal. Danke, auf Wiederhören.",
    ])
}

pub(crate) fn nothing_left(language: Language) -> &'static str {
    language.pick([
        "I am sorry, then please leave it as it is. I will pass that on and come back to you. Thank you, goodbye.",
        "Entonces déjelo como está, por favor. Lo comunicaré y le responderé. Gracias, adiós.",
        "Alors laissez-le tel quel, s'il vous plaît. Je transmets et je reviendrai vers vous. Merci, au revoir.",
        "Dann lassen Sie es bitte so, wie es ist. Ich gebe das weiter und melde mich. Danke, auf Wiederhören.",
    ])
}

pub(crate) fn confirmed(language: Language, when: &str) -> String {
    let when = if when.is_empty() { String::new() } else { format!(" {}", bare(when)) };
    match language {
        Language::English => format!("Thank you, so it stays{when}. Goodbye."),
        Language::Spanish => format!("Gracias, entonces queda{when}. Adiós."),
        Language::French => format!("Merci, donc c'est bien{when}. Au revoir."),
        Language::German => format!("Vielen Dank, es bleibt also{when}. Auf Wiederhören."),
    }
}

pub(crate) fn that_is_all(language: Language) -> &'static str {
    language.pick([
        "Thank you very much, that is everything. Goodbye.",
        "Muchas gracias, eso es todo. Adiós.",
        "Merci beaucoup, c'est tout. Au revoir.",
        "Vielen Dank, das ist alles. Auf Wiederhören.",
    ])
}

pub(crate) fn again(language: Language, words: &str) -> String {
    let lead = language.pick([
        "Sorry, I will say it again.",
        "Perdón, se lo repito.",
        "Pardon, je répète.",
        "Entschuldigung, ich sage es noch einmal.",
    ]);
    format!("{lead} {words}")
}

pub(crate) fn please(language: Language, words: &str) -> String {
    let words = capital(bare(words));
    match language {
        Language::English => format!("{words}, please."),
        Language::Spanish => format!("{words}, por favor."),
        Language::French => format!("{words}, s'il vous plaît."),
        Language::German => format!("{words}, bitte."),
    }
}

/// The appointment as it is, where they ask for that.
pub(crate) fn it_is(language: Language, when: &str) -> String {
    let when = bare(when);
    match language {
        Language::English => format!("It is {when}."),
        Language::Spanish => format!("Es {when}."),
        Language::French => format!("C'est {when}."),
        Language::German => format!("Er ist {when}."),
    }
}

fn bare(words: &str) -> &str {
    words.trim().trim_end_matches(',')
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
