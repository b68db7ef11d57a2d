//! What is said, in the four languages.

use agenticcalling_playbook::strategy::Language;

/// "I would like to book a table for 6 people on Friday at 8 pm, if possible with a window seat."
pub(crate) fn wish(language: Language, what: &str, when: &str, besides: Option<&str>) -> String {
    let when = if when.is_empty() { String::new() } else { format!(" {when}") };
    let besides = besides.map_or(String::new(), |besides| match language {
        Language::English => format!(", if possible with {besides}"),
        Language::Spanish => format!(", si es posible {besides}"),
        Language::French => format!(", si possible {besides}"),
        Language::German => format!(", wenn möglich {besides}"),
    });
    match language {
        Language::English => format!("I would like to book {what}{when}{besides}."),
        Language::Spanish => format!("Quisiera reservar {what}{when}{besides}."),
        Language::French => format!("Je voudrais réserver {what}{when}{besides}."),
        Language::German => {
            let when = when.trim_end_matches(',');
            format!("Ich möchte gern {}{what}{besides} reservieren.", lead(when))
        }
    }
}

fn lead(when: &str) -> String {
    let when = when.trim();
    if when.is_empty() { String::new() } else { format!("{when} ") }
}

pub(crate) fn possible(language: Language) -> &'static str {
    language.pick(["Is that possible?", "¿Es posible?", "Est-ce possible ?", "Ist das möglich?"])
}

/// "Arriving on Friday".
pub(crate) fn arriving(language: Language, day: &str) -> String {
    match language {
        Language::English => format!("arriving {day}"),
        Language::Spanish => format!("con llegada {day}"),
        Language::French => format!("avec arrivée {day}"),
        Language::German => format!("mit Anreise {}", day.trim_end_matches(',')),
    }
}

/// What they offer is taken.
pub(crate) fn take(language: Language, when: &str, name: Option<&str>) -> String {
    let when = capital(when.strip_prefix("on ").unwrap_or(when).trim_end_matches(','));
    match (language, name) {
        (Language::English, Some(name)) => {
            format!("{when} works for us. Please book it under the name {name}.")
        }
        (Language::English, None) => format!("{when} works for us. Please book it."),
        (Language::Spanish, Some(name)) => {
            format!("{when} nos viene bien. Resérvelo a nombre de {name}, por favor.")
        }
        (Language::Spanish, None) => format!("{when} nos viene bien. Resérvelo, por favor."),
        (Language::French, Some(name)) => {
            format!("{when}, cela nous convient. Réservez au nom de {name}, s'il vous plaît.")
        }
        (Language::French, None) => {
            format!("{when}, cela nous convient. Réservez, s'il vous plaît.")
        }
        (Language::German, Some(name)) => {
            format!("{when} passt uns. Bitte reservieren Sie auf den Namen {name}.")
        }
        (Language::German, None) => format!("{when} passt uns. Bitte reservieren Sie."),
    }
}

/// They said yes to what was asked for.
pub(crate) fn go_ahead(language: Language, name: Option<&str>) -> String {
    match (language, name) {
        (Language::English, Some(name)) => format!("Great, please book it under the name {name}."),
        (Language::English, None) => "Great, please book it.".to_owned(),
        (Language::Spanish, Some(name)) => {
            format!("Perfecto, resérvelo a nombre de {name}, por favor.")
        }
        (Language::Spanish, None) => "Perfecto, resérvelo, por favor.".to_owned(),
        (Language::French, Some(name)) => {
            format!("Parfait, réservez au nom de {name}, s'il vous plaît.")
        }
        (Language::French, None) => "Parfait, réservez, s'il vous plaît.".to_owned(),
        (Language::German, Some(name)) => {
            format!("Sehr gut, bitte reservieren Sie auf den Namen {name}.")
        }
        (Language::German, None) => "Sehr gut, bitte reservieren Sie.".to_owned(),
    }
}

/// The next alternative; `declines` what they offered.
pub(crate) fn alternative(language: Language, when: &str, declines: bool) -> String {
    let when = when.trim_end_matches(',');
    match (language, declines) {
        (Language::English, false) => format!("I understand. Would something {when} be possible?"),
        (Language::English, true) => {
            format!("I am sorry, that does not work for us. Do you have anything {when}?")
        }
        (Language::Spanish, false) => format!("Entiendo. ¿Sería posible algo {when}?"),
        (Language::Spanish, true) => {
            format!("Lo siento, eso no nos viene bien. ¿Tienen algo {when}?")
        }
        (Language::French, false) => {
            format!("Je comprends. Est-ce que quelque chose serait possible {when} ?")
        }
        (Language::French, true) => {
            format!("Je suis désolé, cela ne nous convient pas. Avez-vous quelque chose {when} ?")
        }
        (Language::German, false) => format!("Ich verstehe. Wäre etwas {when} möglich?"),
        (Language::German, true) => {
            format!("Das passt uns leider nicht. Haben Sie etwas {when}?")
        }
    }
}

/// "What time on Thursday would be possible?"
pub(crate) fn which_time(language: Language, days: &str) -> String {
    let days = days.trim_end_matches(',');
    match (language, days.is_empty()) {
        (Language::English, true) => "When would you have something?".to_owned(),
        (Language::English, false) => format!("What time would you have {days}?"),
        (Language::Spanish, true) => "¿Cuándo tendrían algo?".to_owned(),
        (Language::Spanish, false) => format!("¿A qué hora tendrían algo {days}?"),
        (Language::French, true) => "Quand auriez-vous quelque chose ?".to_owned(),
        (Language::French, false) => format!("À quelle heure serait-ce possible {days} ?"),
        (Language::German, true) => "Wann hätten Sie etwas?".to_owned(),
        (Language::German, false) => format!("Um wie viel Uhr hätten Sie {days} etwas?"),
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

/// Everything is said back: what, when, for whom.
pub(crate) fn repeat(language: Language, what: &str, when: &str, name: Option<&str>) -> String {
    let under = under(language, name);
    let whole = format!("{what} {when}{under}").replace(",,", ",");
    match language {
        Language::English => format!("Just to confirm: {whole}. Is that right?"),
        Language::Spanish => format!("Para confirmar: {whole}. ¿Es correcto?"),
        Language::French => format!("Pour confirmer : {whole}. C'est bien cela ?"),
        Language::German => format!("Zur Bestätigung: {whole}. Ist das richtig?"),
    }
}

fn under(language: Language, name: Option<&str>) -> String {
    let Some(name) = name else { return String::new() };
    match language {
        Language::English => format!(", under the name {name}"),
        Language::Spanish => format!(", a nombre de {name}"),
        Language::French => format!(", au nom de {name}"),
        Language::German => format!(", auf den Namen {name}"),
    }
}

/// The farewell that says back what they have confirmed themselves.
pub(crate) fn thanks(language: Language, what: &str, when: &str, name: Option<&str>) -> String {
    let whole = format!("{what} {when}{}", under(language, name)).replace(",,", ",");
    match language {
        Language::English => format!("Thank you, so {whole}. Goodbye."),
        Language::Spanish => format!("Gracias, entonces {whole}. Adiós."),
        Language::French => format!("Merci, donc {whole}. Au revoir."),
        Language::German => format!("Vielen Dank, also {whole}. Auf Wiederhören."),
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

pub(crate) fn number_please(language: Language) -> &'static str {
    language.pick([
        "Is there a confirmation number?",
        "¿Hay un número de confirmación?",
        "Y a-t-il un numéro de confirmation ?",
        "Gibt es eine Bestätigungsnummer?",
    ])
}

/// No card and no deposit on this call.
pub(crate) fn no_money(language: Language) -> &'static str {
    language.pick([
        "I am sorry, I cannot give card details or a deposit on this call; I will come back to you on that. Could you note the booking until then?",
        "Lo siento, en esta llamada no puedo dar datos de tarjeta ni un depósito; le responderé sobre eso más adelante. ¿Podría anotar la reserva hasta entonces?",
        "Je suis désolé, je ne peux pas donner de carte ni d'acompte pendant cet appel ; je reviendrai vers vous sur ce point. Pourriez-vous noter la réservation jusque-là ?",
        "Kartendaten oder eine Anzahlung kann ich in diesem Gespräch leider nicht geben, dazu melde ich mich noch einmal. Könnten Sie die Reservierung bis dahin vormerken?",
    ])
}

pub(crate) fn money_again(language: Language) -> &'static str {
    language.pick([
        "I understand. I will come back to you about the card or the deposit. Thank you, goodbye.",
        "Entiendo. Le responderé sobre la tarjeta o el depósito. Gracias, adiós.",
        "Je comprends. Je reviendrai vers vous pour la carte ou l'acompte. Merci, au revoir.",
        "Ich verstehe. Wegen der Karte oder der Anzahlung melde ich mich noch einmal. Danke, auf Wiederhören.",
    ])
}

/// Nothing that would do is possible.
pub(crate) fn nothing_left(language: Language) -> &'static str {
    language.pick([
        "I am sorry, then it does not work out today. I will pass that on and come back to you if that changes. Thank you, goodbye.",
        "Lo siento, entonces hoy no puede ser. Lo comunicaré y le llamaré si algo cambia. Gracias, adiós.",
        "Dommage, alors cela ne va pas aujourd'hui. Je transmets et je reviendrai vers vous si cela change. Merci, au revoir.",
        "Schade, dann geht es heute leider nicht. Ich gebe das weiter und melde mich, falls sich etwas ändert. Danke, auf Wiederhören.",
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

/// "For 6 people, please."
pub(crate) fn please(language: Language, words: &str) -> String {
    let words = capital(words.trim_end_matches(','));
    match language {
        Language::English => format!("{words}, please."),
        Language::Spanish => format!("{words}, por favor."),
        Language::French => format!("{words}, s'il vous plaît."),
        Language::German => format!("{words}, bitte."),
    }
}

pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}
