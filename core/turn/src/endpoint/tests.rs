use super::*;
use Language::{English, French, German, Spanish};
use Reading::{Complete, Dictating, Open, Unclear};

fn check(language: Language, expected: Expected, readings: &[(&str, Reading)]) {
    for (text, reading) in readings {
        assert_eq!(Reading::of(text, language, expected), *reading, "{text:?}, {expected:?}");
    }
}

#[test]
fn a_whole_sentence_is_told_from_half_of_one() {
    let english = [
        ("We are open until nine.", Complete),
        ("What is it for?", Complete),
        ("Are you?", Complete),
        ("Yes it is.", Complete),
        ("yes", Complete),
        ("okay sure", Complete),
        ("Thank you, bye-bye", Complete),
        ("At nine a.m.", Complete),
        ("We open at 7:30.", Complete),
        ("It costs $99.50.", Complete),
        ("Ninety-nine dollars.", Complete),
        ("Fifty-four.", Complete),
        ("I would say Thursday", Unclear),
        ("[unrecognised]", Unclear),
        ("", Unclear),
        ("We close at nine and", Open),
        ("The price is", Open),
        ("The price is.", Open),
        ("That depends on the", Open),
        ("Well, um.", Open),
        ("I think that we...", Open),
        ("I think…", Open),
        ("On Monday,", Open),
        ("yes,", Open),
        ("It is for", Open),
    ];
    check(English, Expected::Nothing, &english);
    let german = [
        ("Wir haben bis neun offen.", Complete),
        ("Ja, genau", Complete),
        ("So ist es.", Complete),
        ("Am Freitag um drei", Unclear),
        ("Das kostet fünfzig Euro und", Open),
        ("Das liegt an der.", Open),
        ("Die Nummer ist", Open),
        ("Ähm", Open),
    ];
    check(German, Expected::Nothing, &german);
    let french = [
        ("Nous sommes ouverts jusqu’à neuf heures.", Complete),
        ("oui d'accord", Complete),
        ("Jeudi à midi", Unclear),
        ("Ça coûte cinquante euros et", Open),
        ("Je m'appelle", Open),
        ("Euh…", Open),
    ];
    check(French, Expected::Nothing, &french);
    let spanish = [
        ("Abrimos hasta las nueve de la noche.", Complete),
        ("sí, claro", Complete),
        ("El jueves al mediodía", Unclear),
        ("Cuesta cincuenta euros y", Open),
        ("Mi nombre es", Open),
        ("Pues, eh.", Open),
    ];
    check(Spanish, Expected::Nothing, &spanish);
}

#[test]
fn what_is_dictated_is_told_by_its_pieces() {
    let english = [
        ("My number is four one", Dictating),
        ("My number is 415.", Dictating),
        ("It's four one five.", Dictating),
        ("The code is double seven", Dictating),
        ("My number is 415-555", Dictating),
        ("My number is 555-0123.", Unclear),
        ("415-555-0123", Unclear),
        ("My phone number is 415-555-0123.", Complete),
        ("four one five five five five oh one two three", Complete),
        ("That is B-A-R-T", Dictating),
        ("S m i", Open),
        ("We have six.", Complete),
        ("I take vitamin C.", Complete),
        ("Is it 415?", Complete),
        ("In 2019.", Complete),
    ];
    check(English, Expected::Nothing, &english);
    check(German, Expected::Nothing, &[("Meine Nummer ist null eins sieben", Dictating)]);
    check(French, Expected::Nothing, &[("Mon numéro est zéro six", Dictating)]);
    check(Spanish, Expected::Nothing, &[("Mi teléfono es seis uno dos.", Dictating)]);
}

#[test]
fn after_a_question_for_a_number_more_is_awaited() {
    let asked = [
        ("415.", Dictating),
        ("Four", Dictating),
        ("B", Dictating),
        ("Sure.", Unclear),
        ("One moment, I have it here.", Unclear),
        ("Which number?", Complete),
        ("It's 415 555 0123.", Complete),
        ("It is", Open),
    ];
    check(English, Expected::Dictation, &asked);
    check(English, Expected::Answer, &[("Four.", Complete), ("Sure.", Complete)]);
}

#[test]
fn the_wait_grows_with_what_is_missing() {
    let adaptive = Endpointing::Adaptive { ms_min: 300, ms_max: 1300 };
    let waits = [Complete, Unclear, Open, Dictating].map(|reading| adaptive.wait_ms(reading));
    assert_eq!(waits, [300, 500, 1050, 1300]);
    let fixed = Endpointing::Fixed { ms: 200 };
    let waits = [Complete, Unclear, Open, Dictating].map(|reading| fixed.wait_ms(reading));
    assert_eq!(waits, [200; 4]);
    assert_eq!((adaptive.ms_max(), fixed.ms_max()), (1300, 200));
}

/// Whatever is recognised, the wait lies between its ends.
#[test]
fn any_text_has_a_reading() {
    let pieces = [
        "four", "one", "and", "B", "…", "'", "?", ".", " ", "-", "„", "é", "東京", "415", "is",
        "my", "number", "a.m.", "\u{0}", "ist", "no",
    ];
    let mut random = 7u64;
    for _ in 0..4000 {
        let mut text = String::new();
        for _ in 0..6 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            text.push_str(pieces[(random >> 33) as usize % pieces.len()]);
            if !random.is_multiple_of(3) {
                text.push(' ');
            }
        }
        let language = [English, German, French, Spanish, Language::Other][text.len() % 5];
        for expected in [Expected::Nothing, Expected::Answer, Expected::Dictation] {
            let wait = Endpointing::default().wait_ms(Reading::of(&text, language, expected));
            assert!((400..=1800).contains(&wait), "{text:?}");
        }
        let _ = Expected::after(&text, language);
    }
}
