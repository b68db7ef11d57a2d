//! Whatever is said or ruled, nothing panics.

use agenticcalling_playbook::rules::Rules;

use crate::spoken::Random;

const ROUNDS: u64 = 15_000;

const WORDS: &str = "sixty five six 6 60 1.200 1,200 1'200 and a half plus minus times double twice of the per dozen \
hundred thousand million k grand - — … . , ? ! $ € £ % / : # + ( ) \u{200b} é ß ñ ¿ ¡ sesenta y cinco mil con quatre vingt \
dix neuf soixante et onze cent pour zwei und siebzig hundert tausend einhalb gut je no not never nicht pas ne jamás above \
over more than less under up to at most from between don't we you it that deal accept your first offer option A one is \
March 15 8h30 am pm o'clock half past days months year units for in by after before mention always ask disclose budget \
maximum Globex 999999999999999999999 0 00 1/2 3/15 6.5e1 \"quoted\" 'x' contract longer delivery order 12 nights weeks \
d'accord l'offre qu'il im 1 050 euros dollars Euro if when unless twelve fifty ish or so give take";

fn text(words: &[&str], most: u64, random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..=random.below(most) {
        text.push_str(random.pick(words));
        if random.below(4) > 0 {
            text.push(' ');
        }
    }
    text
}

#[test]
fn no_text_makes_the_kit_panic() {
    let words: Vec<&str> = WORDS.split(' ').collect();
    let mut random = Random::new(0xBAD);
    for _ in 0..ROUNDS {
        let made = text(&words, 12, &mut random);
        let mut rules = Rules::compile(&[
            made.as_str(),
            "Never agree to price above $60/unit",
            "Never accept delivery after March 15",
            "Never agree to a contract longer than 12 months",
        ]);
        assert_eq!(rules.plans().len(), 4);
        rules.heard(&text(&words, 14, &mut random));
        rules.spoke(&text(&words, 14, &mut random));
        let (said, clause) = (text(&words, 8, &mut random), text(&words, 14, &mut random));
        let _verdict =
            (rules.violation(&said, &clause), rules.violation("", &clause), rules.may_end());
    }
}
