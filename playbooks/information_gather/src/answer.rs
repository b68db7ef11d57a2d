//! What an answer amounts to: a number in its range, one of the choices, yes or no, vague, refused.

use agenticcalling_playbook::extract::{Talk, yes_or_no};
use agenticcalling_playbook::strategy::{folded, says};

/// They will not or cannot answer this one.
pub(crate) fn refuses_question(text: &str) -> bool {
    let spoken = folded(text);
    if does_not_know(&spoken) {
        return true;
    }
    says(
        &spoken,
        &[
            "rather not",
            "prefer not to",
            "no comment",
            "next question",
            "skip that",
            "skip it",
            "skip this",
            "don t want to answer",
            "won t answer",
            "can t answer",
            "cannot answer",
            "not going to answer",
            "that s private",
            "that s personal",
            "it s private",
            "it s personal",
            "it is private",
            "it is personal",
            "that is private",
            "that is personal",
            "that is confidential",
            "it s confidential",
            "too personal",
            "that s confidential",
            "none of your business",
            "can t share",
            "cannot share",
            "can t disclose",
            "can t say",
            "can t tell you",
            "prefiero no",
            "no quiero contestar",
            "no quiero responder",
            "siguiente pregunta",
            "es privado",
            "es confidencial",
            "eso es personal",
            "es muy personal",
            "no puedo decir",
            "no puedo contestar",
            "sin comentarios",
            "je prefere ne pas",
            "je ne prefere pas",
            "je ne souhaite pas repondre",
            "je ne veux pas repondre",
            "question suivante",
            "c est prive",
            "c est confidentiel",
            "c est personnel",
            "je ne peux pas repondre",
            "sans commentaire",
            "mochte ich nicht",
            "will ich nicht",
            "mochte ich lieber nicht",
            "lieber nicht",
            "nachste frage",
            "das ist privat",
            "ist vertraulich",
            "das ist personlich",
            "keine angabe",
            "keine angaben",
            "kann ich nicht sagen",
            "geht sie nichts an",
            "kein kommentar",
            "dazu sage ich nichts",
        ],
    )
}

/// "I don't know"; not "I don't know, maybe a seven", which ventures an answer.
fn does_not_know(spoken: &str) -> bool {
    const UNKNOWING: &[&str] = &[
        "don t know",
        "do not know",
        "no idea",
        "no lo se",
        "no se",
        "ni idea",
        "je ne sais pas",
        "je sais pas",
        "aucune idee",
        "weiss ich nicht",
        "weiss nicht",
        "keine ahnung",
    ];
    const VENTURED: &[&str] = &[
        "maybe",
        "perhaps",
        "probably",
        "i guess",
        "i think",
        "i d say",
        "i would say",
        "let s say",
        "quizas",
        "quiza",
        "tal vez",
        "a lo mejor",
        "creo que",
        "yo diria",
        "digamos",
        "peut etre",
        "je pense",
        "je crois",
        "je dirais",
        "disons",
        "vielleicht",
        "ich glaube",
        "ich denke",
        "ich wurde sagen",
        "sagen wir",
        "wohl",
    ];
    says(spoken, UNKNOWING) && !says(spoken, VENTURED)
}

/// They want no more of the whole thing.
pub(crate) fn refuses_all(text: &str) -> bool {
    says(
        &folded(text),
        &[
            "not interested",
            "no interest in",
            "no time for",
            "don t have time",
            "don t have the time",
            "i have no time",
            "don t want to take part",
            "don t want to participate",
            "don t do surveys",
            "no surveys",
            "no more questions",
            "enough questions",
            "enough now",
            "that s enough",
            "leave me alone",
            "want to stop here",
            "let s stop here",
            "stop asking",
            "please stop",
            "i have to go",
            "i need to go",
            "i ve got to go",
            "no me interesa",
            "no tengo tiempo",
            "no quiero participar",
            "no hago encuestas",
            "no quiero seguir",
            "dejeme en paz",
            "ya basta",
            "tengo que irme",
            "no estoy interesado",
            "no estoy interesada",
            "ne m interesse pas",
            "pas interesse",
            "pas interessee",
            "pas le temps",
            "ne veux pas participer",
            "ne souhaite pas participer",
            "laissez moi tranquille",
            "plus de questions",
            "ca suffit",
            "je dois y aller",
            "je dois vous laisser",
            "kein interesse",
            "nicht interessiert",
            "keine zeit",
            "nicht teilnehmen",
            "nicht mitmachen",
            "keine umfragen",
            "lassen sie mich in ruhe",
            "keine fragen mehr",
            "das reicht jetzt",
            "ich muss los",
            "ich muss jetzt los",
            "ich muss auflegen",
        ],
    )
}

/// "Fine, I guess": true, and no use to anybody.
pub(crate) fn is_vague(text: &str) -> bool {
    const WORDS_MAX: usize = 7;
    const PHRASES: &[&str] = &[
        "fine",
        "okay",
        "ok",
        "good",
        "not bad",
        "so so",
        "depends",
        "hard to say",
        "kind of",
        "sort of",
        "more or less",
        "alright",
        "all right",
        "nothing special",
        "the usual",
        "normal",
        "average",
        "whatever",
        "i guess",
        "not great",
        "bad",
        "could be better",
        "bien",
        "mal",
        "regular",
        "mas o menos",
        "depende",
        "asi asi",
        "lo normal",
        "no esta mal",
        "dificil decir",
        "ca va",
        "comme ci comme ca",
        "pas mal",
        "ca depend",
        "plus ou moins",
        "rien de special",
        "difficile a dire",
        "moyen",
        "gut",
        "ganz gut",
        "geht so",
        "ganz okay",
        "naja",
        "na ja",
        "schlecht",
        "es geht",
        "kommt darauf an",
        "kommt drauf an",
        "mehr oder weniger",
        "nichts besonderes",
        "schwer zu sagen",
        "in ordnung",
        "ganz normal",
        "passt schon",
    ];
    let spoken = folded(text);
    let short = spoken.split_whitespace().count() <= WORDS_MAX;
    // A reason is what a probe would ask for.
    let reasoned = says(
        &spoken,
        &["because", "porque", "parce que", "weil", "since", "but", "pero", "mais", "aber"],
    );
    short && !reasoned && (says(&spoken, PHRASES) || is_only_yes_or_no(&spoken))
}

fn is_only_yes_or_no(spoken: &str) -> bool {
    const EITHER: &[&str] = &[
        "yes", "yeah", "yep", "no", "nope", "si", "oui", "non", "ja", "nein", "well", "hm", "mm",
        "sure", "claro", "klar",
    ];
    !spoken.trim().is_empty() && spoken.split_whitespace().all(|word| EITHER.contains(&word))
}

/// They did not hear or understand.
pub(crate) fn is_unclear(text: &str) -> bool {
    const WORDS_MAX: usize = 8;
    const PHRASES: &[&str] = &[
        "what was that",
        "say that again",
        "say it again",
        "come again",
        "didn t catch",
        "can t hear you",
        "couldn t hear",
        "repeat that",
        "repeat the question",
        "please repeat",
        "didn t understand",
        "don t understand",
        "como dice",
        "como ha dicho",
        "no le oigo",
        "no he entendido",
        "no entiendo",
        "puede repetir",
        "podria repetir",
        "puede repetirlo",
        "me lo repite",
        "repita",
        "je n ai pas compris",
        "je ne comprends pas",
        "pouvez vous repeter",
        "pourriez vous repeter",
        "vous pouvez repeter",
        "repetez",
        "je ne vous entends pas",
        "wie bitte",
        "nicht verstanden",
        "verstehe ich nicht",
        "sie das wiederholen",
        "sie die frage wiederholen",
        "bitte wiederholen",
        "wiederholen sie",
        "wiederholen bitte",
        "ich hore sie nicht",
        "noch mal bitte",
        "noch einmal bitte",
    ];
    let spoken = folded(text);
    let short = spoken.split_whitespace().count() <= WORDS_MAX;
    short && says(&spoken, PHRASES) || is_only_what(&spoken)
}

/// "Pardon?", "Comment ?": alone they ask to hear it again; within an answer they are words like any
/// other, as in "No comment" and "Perdón, un siete".
fn is_only_what(spoken: &str) -> bool {
    const WHAT: &[&str] = &["what", "pardon", "huh", "perdon", "como", "comment", "hein", "was"];
    const AROUND: &[&str] = &[
        "sorry",
        "excuse",
        "me",
        "i",
        "beg",
        "your",
        "eh",
        "ah",
        "oh",
        "did",
        "you",
        "say",
        "que",
        "ca",
        "excusez",
        "moi",
        "hm",
        "entschuldigung",
    ];
    let asked = spoken.split_whitespace().any(|word| WHAT.contains(&word));
    asked && spoken.split_whitespace().all(|word| WHAT.contains(&word) || AROUND.contains(&word))
}

/// A greeting or an "okay" answers nothing.
pub(crate) fn says_nothing(text: &str) -> bool {
    const FILLERS: &[&str] = &[
        "hello",
        "hi",
        "okay",
        "ok",
        "well",
        "um",
        "uh",
        "hm",
        "good",
        "morning",
        "afternoon",
        "hola",
        "bueno",
        "vale",
        "bonjour",
        "allo",
        "alors",
        "euh",
        "bon",
        "hallo",
        "guten",
        "tag",
        "also",
        "aha",
        "so",
    ];
    folded(text).split_whitespace().all(|word| FILLERS.contains(&word))
}

/// Asked for more, they have no more: "No, that is all."
pub(crate) fn adds_nothing(text: &str) -> bool {
    const WORDS_MAX: usize = 7;
    const PHRASES: &[&str] = &[
        "that s all",
        "that is all",
        "that s it",
        "nothing else",
        "nothing more",
        "not really",
        "eso es todo",
        "nada mas",
        "es todo",
        "c est tout",
        "rien d autre",
        "rien de plus",
        "pas vraiment",
        "das ist alles",
        "das war alles",
        "das war s",
        "das war es",
        "sonst nichts",
        "nichts weiter",
        "eigentlich nicht",
    ];
    let spoken = folded(text);
    let short = spoken.split_whitespace().count() <= WORDS_MAX;
    short && says(&spoken, PHRASES) || is_only_yes_or_no(&spoken) || refuses_question(text)
}

/// Yes or no, in any language of ours.
pub(crate) fn yes(text: &str) -> Option<bool> {
    if let Some(yes) = yes_or_no(text) {
        return Some(yes);
    }
    let spoken = folded(text);
    for word in spoken.split_whitespace().take(4) {
        match word {
            "no" | "non" | "nein" | "nee" | "nicht" | "tampoco" => return Some(false),
            "si" | "oui" | "ja" | "jawohl" | "claro" | "gern" | "gerne" | "adelante"
            | "natürlich" | "naturlich" | "volontiers" | "klar" | "vale" => return Some(true),
            _ => {}
        }
    }
    None
}

/// The number they settle on; with bounds, the last one within them that is not only the scale.
pub(crate) fn number(text: &str, bounds: Option<(f64, f64)>) -> Option<f64> {
    let mut numbers = Vec::new();
    for word in folded_numbers(text) {
        numbers.push(word);
    }
    let Some((least, most)) = bounds else {
        let mut talk = Talk::new();
        talk.push(true, text);
        let said = talk.facts().filter(|(_, fact)| !fact.corrected && !fact.negated);
        let said = said.filter_map(|(_, fact)| fact.value.number()).next_back();
        return said.or(numbers.last().copied());
    };
    numbers.retain(|number| (least..=most).contains(number));
    let between: Vec<f64> =
        numbers.iter().copied().filter(|number| *number != least && *number != most).collect();
    between.last().or(numbers.last()).copied()
}

/// Digits, and the words for nought to ten.
fn folded_numbers(text: &str) -> Vec<f64> {
    const WORDS: &[(&str, u8)] = &[
        ("zero", 0),
        ("cero", 0),
        ("null", 0),
        ("one", 1),
        ("eins", 1),
        ("two", 2),
        ("dos", 2),
        ("deux", 2),
        ("zwei", 2),
        ("three", 3),
        ("tres", 3),
        ("trois", 3),
        ("drei", 3),
        ("four", 4),
        ("cuatro", 4),
        ("quatre", 4),
        ("vier", 4),
        ("five", 5),
        ("cinco", 5),
        ("cinq", 5),
        ("funf", 5),
        ("six", 6),
        ("seis", 6),
        ("sechs", 6),
        ("seven", 7),
        ("siete", 7),
        ("sept", 7),
        ("sieben", 7),
        ("eight", 8),
        ("ocho", 8),
        ("huit", 8),
        ("acht", 8),
        ("nine", 9),
        ("nueve", 9),
        ("neuf", 9),
        ("neun", 9),
        ("ten", 10),
        ("diez", 10),
        ("dix", 10),
        ("zehn", 10),
    ];
    let mut numbers = Vec::new();
    for word in folded(text).split_whitespace() {
        if let Ok(number) = word.parse::<u32>() {
            numbers.push(f64::from(number));
        } else if let Some((_, number)) = WORDS.iter().find(|(name, _)| *name == word) {
            numbers.push(f64::from(*number));
        }
    }
    numbers
}

/// The one choice they named; none if they named several or ruled it out.
pub(crate) fn choice<'a>(text: &str, choices: &'a [String]) -> Option<&'a str> {
    let spoken = folded(text);
    let mut named: Option<&str> = None;
    for choice in choices {
        let wanted = folded(choice);
        let wanted = wanted.trim();
        let refused = ["not", "no", "pas", "nicht", "kein"]
            .iter()
            .any(|no| says(&spoken, &[format!("{no} {wanted}").as_str()]));
        if wanted.is_empty() || !says(&spoken, &[wanted]) || refused {
            continue;
        }
        match named {
            // "Very satisfied" names "satisfied" too: the longer one was meant.
            Some(other) if says(&folded(other), &[wanted]) => {}
            Some(other) if !says(&folded(choice), &[folded(other).trim()]) => return None,
            _ => named = Some(choice),
        }
    }
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratings() {
        let check = |text: &str, expected: Option<f64>| {
            assert_eq!(number(text, Some((1.0, 10.0))), expected, "{text}");
        };
        check("I'd say a seven.", Some(7.0));
        check("Seven out of ten.", Some(7.0));
        check("Ten out of ten!", Some(10.0));
        check("Six, no, eight.", Some(8.0));
        check("Twelve.", None);
        check("12", None);
        check("Un ocho.", Some(8.0));
        check("Huit sur dix.", Some(8.0));
        check("Neun von zehn.", Some(9.0));
        check("Great.", None);
    }

    #[test]
    fn refusals_and_what_only_sounds_like_them() {
        for text in [
            "No comment.",
            "I'd rather not say.",
            "That's private.",
            "I don't know, sorry.",
            "No lo sé.",
            "Sans commentaire.",
            "Nein, das möchte ich nicht sagen.",
            "Das möchte ich lieber nicht beantworten.",
        ] {
            assert!(refuses_question(text), "{text}");
            assert!(!is_unclear(text), "{text}");
        }
        for text in [
            "I don't know, maybe a seven.",
            "Weiß ich nicht, vielleicht eine Sieben.",
            "The service is personal and friendly.",
        ] {
            assert!(!refuses_question(text), "{text}");
        }
        assert!(!refuses_all("Nein, das möchte ich nicht sagen."));
    }

    #[test]
    fn nothing_to_add() {
        for text in ["No.", "No, that is all.", "No, eso es todo.", "Nein, das war's.", "No idea."]
        {
            assert!(adds_nothing(text), "{text}");
        }
        for text in ["The delivery was late.", "No, the delivery was late.", "Ja, die Lieferung."] {
            assert!(!adds_nothing(text), "{text}");
        }
    }

    #[test]
    fn not_understood() {
        for text in [
            "Pardon?",
            "Sorry, what?",
            "I beg your pardon?",
            "¿Cómo dice?",
            "¿Puede repetir la pregunta?",
            "Comment ?",
            "Pardon, comment ?",
            "Wie bitte?",
            "Können Sie das wiederholen?",
        ] {
            assert!(is_unclear(text), "{text}");
        }
        for text in [
            "No comment.",
            "Perdón, un siete.",
            "Pardon the noise, seven.",
            "Ich würde den Kauf wiederholen.",
            "Comme il faut, huit.",
        ] {
            assert!(!is_unclear(text), "{text}");
        }
    }

    #[test]
    fn choices_and_vagueness() {
        let choices = ["satisfied", "very satisfied", "dissatisfied"].map(str::to_owned);
        assert_eq!(choice("Very satisfied.", &choices), Some("very satisfied"));
        assert_eq!(choice("Not satisfied.", &choices), None);
        assert_eq!(choice("Satisfied or dissatisfied, who knows", &choices), None);
        for text in ["Fine.", "Yes.", "It depends.", "Geht so.", "Más o menos.", "Ça va."] {
            assert!(is_vague(text), "{text}");
        }
        for text in ["Twelve.", "Fine, because they answer within a day.", "Every Monday morning"] {
            assert!(!is_vague(text), "{text}");
        }
    }
}
