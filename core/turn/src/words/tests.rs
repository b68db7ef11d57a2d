use super::*;

fn check(language: Language, expected: Expected, remarks: &[(&str, Remark)]) {
    for (text, meant) in remarks {
        assert_eq!(remark(text, language, expected), *meant, "{text}, {expected:?}");
    }
}

const LISTENS: Remark = Remark::Backchannel;

#[test]
fn signs_of_listening_are_told_from_words() {
    let nothing = Expected::Nothing;
    let english = [
        ("Mm-hm.", LISTENS),
        ("mm-hmm", LISTENS),
        ("Uh-huh, right.", LISTENS),
        ("Yeah, okay.", LISTENS),
        ("I see.", LISTENS),
        ("Oh, all right. Sure.", LISTENS),
        ("That’s right.", LISTENS),
        ("Okay, but", Remark::Stop),
        ("No.", Remark::Stop),
        ("Hold on a second", Remark::Stop),
        ("Okay, on Thursday then", Remark::Words),
        ("Yes yes yes yes yes yes", Remark::Words),
        ("Thank you", Remark::Words),
        ("", Remark::Words),
    ];
    check(Language::English, nothing, &english);
    let german = [
        ("Aha, genau.", LISTENS),
        ("Ach so!", LISTENS),
        ("Ja, alles klar.", LISTENS),
        ("Moment mal", Remark::Stop),
        ("Nein.", Remark::Stop),
        ("Ja, am Freitag", Remark::Words),
    ];
    check(Language::German, nothing, &german);
    let french = [
        ("D’accord.", LISTENS),
        ("Ah oui, tout à fait.", LISTENS),
        ("Bien sûr, voilà.", LISTENS),
        ("Attendez !", Remark::Stop),
        ("Oui, le jeudi", Remark::Words),
    ];
    check(Language::French, nothing, &french);
    let spanish = [
        ("Vale, vale.", LISTENS),
        ("Ajá, sí, claro.", LISTENS),
        ("De acuerdo.", LISTENS),
        ("Espere un momento", Remark::Stop),
        ("Sí, el jueves", Remark::Words),
    ];
    check(Language::Spanish, nothing, &spanish);
    check(Language::Other, nothing, &[("Aha, ok.", LISTENS), ("Tak.", Remark::Words)]);
}

#[test]
fn what_would_answer_a_question_answers_it() {
    for expected in [Expected::Answer, Expected::Dictation] {
        check(Language::English, expected, &[("Yes.", Remark::Words), ("Hmm.", LISTENS)]);
        check(Language::English, expected, &[("Uh-huh.", Remark::Words), ("I see.", LISTENS)]);
        check(Language::German, expected, &[("Genau.", Remark::Words), ("Aha.", LISTENS)]);
        check(Language::French, expected, &[("D'accord.", Remark::Words), ("Ah bon", LISTENS)]);
        check(Language::Spanish, expected, &[("Vale.", Remark::Words), ("Ya veo.", LISTENS)]);
    }
}

#[test]
fn what_we_asked_for_is_read_off_our_last_sentence() {
    use Expected::{Answer, Dictation, Nothing};
    use Language::{English, French, German, Spanish};
    let table = [
        (English, "Thank you. What is your phone number?", Dictation),
        (English, "Could you spell that for me?", Dictation),
        (English, "Please give me the confirmation number.", Dictation),
        (English, "What does it cost?", Answer),
        (English, "He said \"may I?\"", Answer),
        (English, "What is the price? I ask for a customer.", Nothing),
        (English, "I have your phone number here.", Nothing),
        (English, "Would Thursday suit you? I could al", Answer),
        (English, "What is your phone number? I", Dictation),
        (English, "", Nothing),
        (English, "?", Answer),
        (German, "Wie lautet Ihre Telefonnummer?", Dictation),
        (German, "Können Sie das buchstabieren?", Dictation),
        (German, "Passt Ihnen Freitag?", Answer),
        (French, "Quel est votre numéro de téléphone ?", Dictation),
        (French, "Cela vous convient ?", Answer),
        (Spanish, "Gracias. ¿Me da su número de teléfono?", Dictation),
        (Spanish, "¿Le viene bien el jueves?", Answer),
        (Language::Other, "Jaki jest numer?", Answer),
    ];
    for (language, said, expected) in table {
        assert_eq!(Expected::after(said, language), expected, "{said}");
    }
}

#[test]
fn words_are_compared_without_their_marks() {
    assert_eq!(
        words("Uh-huh — that’s “it”, at nine a.m."),
        ["uh", "huh", "that's", "it", "at", "nine", "am"]
    );
    assert_eq!(words("…!? ''"), [] as [&str; 0]);
    assert_eq!(words("7:30, $2.50"), ["7", "30", "2", "50"]);
}

/// Longer phrases would never be found.
#[test]
fn phrases_are_as_short_as_they_are_looked_for() {
    for table in [tables::ENGLISH, tables::SPANISH, tables::FRENCH, tables::GERMAN, tables::OTHER] {
        for list in [table.sounds, table.agrees, table.answers, table.hanging, table.joining] {
            for phrase in list {
                assert!(phrase.split(' ').count() <= 2, "{phrase}");
            }
        }
    }
}
