//! The small words of several languages: what they say about the language and about their neighbours.

use std::cmp::Ordering;

use super::words::Words;

/// What the small words of an objective say about its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    English,
    Other,
    Unknown,
}

impl Tongue {
    pub(super) fn of(words: &Words) -> Self {
        let (mut english, mut other) = (0, 0);
        for index in 0..words.len() {
            let word = words.text(index);
            english += usize::from(is_one_of(word, ENGLISH));
            other += usize::from(is_one_of(word, OTHERS));
        }
        match english.cmp(&other) {
            Ordering::Greater => Tongue::English,
            Ordering::Less => Tongue::Other,
            Ordering::Equal => Tongue::Unknown,
        }
    }
}

/// None that another language has too: not "a", "on" or "of".
const ENGLISH: &str = "the to for my our their and or if are we they them it its with i you your from about \
    than not what how when this that have please pls ask tell get see any his her by be want need book call \
    check find make out";

const OTHERS: &str = "el la los las un una de del que en y para por con mi si su al lo es pide \
    le les des du une pour avec et est je nous il ils sur dans ce mon ma notre l d qu \
    der die das den dem ein eine einen und fur fuer mit ist sie wir ich nach im auf zu ob um uber mein meine \
    meinen unser unsere bitte frag wie gli di per che se sono ho nostro nostra uma do da os com o e meu minha \
    het een van voor met ik mijn naar";

pub(super) fn is_article(word: &str) -> bool {
    is_one_of(word, "a an un una une ein eine einen einer uma um een")
}

pub(super) fn is_definite(word: &str) -> bool {
    is_one_of(word, "the el la los las le les der die das den dem il lo gli o os as het de")
}

/// One that makes a thing of the word behind it: "about the survey".
pub(super) fn is_preposition(word: &str) -> bool {
    is_one_of(word, "of on in about for del des du sobre zur zum")
}

pub(super) fn is_whether(word: &str) -> bool {
    is_one_of(word, "whether if si ob se of")
}

pub(super) fn is_nothing(word: &str) -> bool {
    is_one_of(word, "nothing nichts rien nada niente niets")
}

pub(super) fn is_currency(word: &str) -> bool {
    is_one_of(
        word,
        "dollar dollars usd bucks euro euros eur pounds gbp quid pesos francs franken chf reais",
    )
}

#[inline(never)]
pub(super) fn is_one_of(word: &str, list: &str) -> bool {
    list.split_ascii_whitespace().any(|listed| listed == word)
}
