//! What the bargaining is about, in the customer's words.

/// Words that the name of a thing may have.
const WORDS_MAX: usize = 7;
/// Behind these words comes what it is about.
const LEADS: &[&str] = &[
    "for", "of", "on", "over", "sell", "selling", "buy", "buying", "purchase", "our", "my", "para",
    "de", "del", "por", "vender", "comprar", "pour", "des", "du", "vendre", "acheter", "sur",
    "für", "von", "über", "unseren", "unsere", "unser", "meinen", "meine", "mein", "nuestro",
    "nuestra", "notre", "nos",
];
/// With these the name begins; they are kept.
const KEPT: &[&str] = &[
    "our", "my", "unseren", "unsere", "unser", "meinen", "meine", "mein", "nuestro", "nuestra",
    "notre", "nos",
];
/// Words of bargaining, not of goods.
const BARGAINING: &[&str] = &[
    "price",
    "prices",
    "pricing",
    "rate",
    "rates",
    "deal",
    "discount",
    "quote",
    "offer",
    "cost",
    "better",
    "lower",
    "good",
    "best",
    "terms",
    "precio",
    "precios",
    "descuento",
    "oferta",
    "mejor",
    "prix",
    "remise",
    "offre",
    "meilleur",
    "preis",
    "preise",
    "rabatt",
    "angebot",
    "besseren",
    "me",
    "us",
    "at",
    "least",
];
const ARTICLES: &[&str] = &[
    "the", "a", "an", "la", "el", "los", "las", "un", "una", "le", "les", "une", "der", "die",
    "das", "den", "einen", "eine", "ein",
];
/// Where the name of a thing is over.
const STOPS: &[&str] = &[
    "at",
    "to",
    "down",
    "up",
    "with",
    "from",
    "and",
    "but",
    "by",
    "before",
    "below",
    "under",
    "if",
    "that",
    "so",
    "per",
    "in",
    "as",
    "a",
    "con",
    "y",
    "hasta",
    "por",
    "avec",
    "et",
    "à",
    "chez",
    "jusqu'à",
    "mit",
    "und",
    "auf",
    "bei",
    "zu",
    "verhandeln",
    "aushandeln",
    "runterhandeln",
    "kaufen",
    "verkaufen",
    "for",
];

/// "500 steel beams" of "Negotiate a better price for 500 steel beams with Acme".
pub(crate) fn of(objective: &str) -> Option<String> {
    let words: Vec<&str> = objective.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let lower = word.to_lowercase();
        if !LEADS.contains(&lower.as_str()) {
            continue;
        }
        let from = if KEPT.contains(&lower.as_str()) { at } else { at + 1 };
        if let Some(name) = name_at(&words[from.min(words.len())..]) {
            return Some(name);
        }
    }
    None
}

fn name_at(words: &[&str]) -> Option<String> {
    let mut name: Vec<&str> = Vec::new();
    for word in words {
        let bare = word.trim_end_matches([',', '.', ';', ':', '!', '?', ')']);
        let lower = bare.to_lowercase();
        let article = name.is_empty() && ARTICLES.contains(&lower.as_str());
        let stop = !article && STOPS.contains(&lower.as_str());
        let price = bare.contains(['$', '€', '£', '%']) || BARGAINING.contains(&lower.as_str());
        if stop || price || name.len() == WORDS_MAX {
            break;
        }
        name.push(bare);
        if bare.len() < word.len() {
            break;
        }
    }
    let bare = name.iter().any(|word| {
        let lower = word.to_lowercase();
        !ARTICLES.contains(&lower.as_str()) && !KEPT.contains(&lower.as_str())
    });
    bare.then(|| name.join(" "))
}

/// "The price for 400 oak boards" names a quantity and no price: the subject, where it is named as the
/// customer names it, is left without its number.
pub(crate) fn without_quantity(text: &str, subject: Option<&str>) -> String {
    let counted = subject.and_then(|subject| subject.split_once(' '));
    let counted = counted.filter(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()));
    match (subject, counted) {
        (Some(subject), Some((_, goods))) => text.replace(subject, goods),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_things_is_left_out() {
        let check = |text: &str, subject: Option<&str>, expected: &str| {
            assert_eq!(without_quantity(text, subject), expected);
        };
        check("It is about 400 oak boards.", Some("400 oak boards"), "It is about oak boards.");
        check("400 works for us.", Some("400 oak boards"), "400 works for us.");
        check("The 2019 Honda at 400.", Some("the 2019 Honda"), "The 2019 Honda at 400.");
        check("400 boards", None, "400 boards");
    }

    #[test]
    fn the_thing_is_found() {
        let check = |objective: &str, expected: Option<&str>| {
            assert_eq!(of(objective).as_deref(), expected, "{objective}");
        };
        check("Negotiate a better price for 500 steel beams with Acme", Some("500 steel beams"));
        check(
            "Get the price of the 2019 Honda Civic down to $15,000",
            Some("the 2019 Honda Civic"),
        );
        check("Haggle over office rent.", Some("office rent"));
        check("Sell our forklift for $9,000", Some("our forklift"));
        check("Lower our internet bill from $120 to $90", Some("our internet bill"));
        check("Negotiate the price down to $50", None);
        check("Negociar el precio de 500 sillas a 50 euros", Some("500 sillas"));
        check("Négocier le prix de 500 chaises", Some("500 chaises"));
        check("Den Preis für 500 Stühle verhandeln", Some("500 Stühle"));
        check("", None);
    }
}
