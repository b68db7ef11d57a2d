//! How well an objective suits a price inquiry.

use agenticcalling_playbook::extract::words;

/// Less than a playbook that asks whatever it is told to.
const SEVERAL_QUESTIONS: u8 = 15;

pub(crate) fn score(objective: &str, language: &str) -> u8 {
    let words = words(objective);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let spoken = format!(" {} ", words.join(" "));
    let prices = has(&[
        "price",
        "prices",
        "pricing",
        "quote",
        "quotes",
        "quotation",
        "rates",
        "rate",
        "cost",
        "costs",
    ]) || spoken.contains(" how much ");
    let terms = has(&["moq", "bulk", "wholesale", "availability", "stock"])
        || spoken.contains(" lead time ")
        || spoken.contains(" minimum order ");
    let other = has(&[
        "negotiate",
        "haggle",
        "book",
        "reserve",
        "reservation",
        "cancel",
        "reschedule",
        "complain",
        "complaint",
        "survey",
        "refund",
        "sell",
        "pitch",
        "appointment",
    ]);
    // "Ask what the drill costs and whether it is in stock": a customer's questions, no quote.
    let several = [" whether ", " and when ", " and what ", " and if ", " and how "];
    let business = has(&[
        "bulk",
        "wholesale",
        "moq",
        "pricing",
        "units",
        "supplier",
        "suppliers",
        "quote",
        "quotation",
        "volume",
    ]);
    if several.iter().any(|link| spoken.contains(link)) && !business {
        return SEVERAL_QUESTIONS;
    }
    let score: u8 = match (prices, terms) {
        (true, true) => 95,
        (true, false) => 85,
        (false, true) => 65,
        (false, false) => 0,
    };
    let score = if other { score / 2 } else { score };
    let english = language.is_empty() || language.to_ascii_lowercase().starts_with("en");
    if english { score } else { score / 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objectives() {
        let check = |objective: &str, range: std::ops::RangeInclusive<u8>| {
            let score = score(objective, "en");
            assert!(range.contains(&score), "{objective}: {score}");
        };
        check("Get bulk pricing for 500 steel beams", 90..=100);
        check("Ask about pricing", 80..=90);
        check("How much is a haircut?", 80..=90);
        check("Check availability of rooms", 60..=70);
        check("Negotiate the price down to $50", 0..=50);
        check("Ask what time they close today", 0..=0);
        check("Book a table for 4 at 7pm Saturday", 0..=0);
        check("Ask what the cordless drill costs and whether it is in stock", 0..=15);
        check("Ask what an oil change costs and when they have time for it", 0..=15);
        check("Get a quote for 200 chairs and ask whether delivery is included", 80..=100);
        check("", 0..=0);
    }
}
