//! Who asks for a drill or a haircut is no buyer of steel: nobody wants to hear of minimum orders then.

use agenticcalling_playbook::extract::words;
use agenticcalling_playbook::strategy::{Caller, folded, says};

/// Questions of the objective that are taken over.
const QUESTIONS_MAX: usize = 5;
/// From so many pieces on it is an order, not a purchase.
const ORDER_PIECES_MIN: f64 = 10.0;

/// One question of the customer, as it is put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) wording: String,
    pub(crate) about_price: bool,
    /// The field of the data that its answer goes into, and the field's type.
    pub(crate) field: (String, &'static str),
}

/// Whether the inquiry is a business's: about quantities, supply and terms.
pub(crate) fn is_trade(objective: &str, caller: &Caller) -> bool {
    const TRADE: &[&str] = &[
        "bulk",
        "pricing",
        "wholesale",
        "moq",
        "minimum order",
        "supplier",
        "suppliers",
        "supply",
        "vendor",
        "vendors",
        "units",
        "per unit",
        "pieces",
        "pcs",
        "pallet",
        "pallets",
        "tons",
        "tonnes",
        "lead time",
        "payment terms",
        "manufacturer",
        "distributor",
        "reseller",
        "volume",
        "al por mayor",
        "proveedor",
        "proveedores",
        "unidades",
        "pedido minimo",
        "plazo de entrega",
        "en gros",
        "fournisseur",
        "fournisseurs",
        "unites",
        "delai de livraison",
        "grosshandel",
        "lieferant",
        "lieferanten",
        "stuck",
        "stueck",
        "mindestbestellmenge",
        "lieferzeit",
    ];
    let is_order =
        |word: &String| word.parse::<f64>().is_ok_and(|pieces| pieces >= ORDER_PIECES_MIN);
    caller.company.is_some()
        || words(objective).iter().any(is_order)
        || says(&folded(objective), TRADE)
}

/// The questions of an English objective, in its order: "what the drill costs", "whether it is in stock".
pub(crate) fn questions(objective: &str) -> Vec<Question> {
    let words = words(objective);
    let mut starts = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before].as_str());
        if is_lead(word)
            && matches!(before, "ask" | "and" | "them" | "out" | "or" | "check" | "know" | "me")
        {
            starts.push(at);
        }
    }
    let mut found = Vec::new();
    for (index, start) in starts.iter().enumerate().take(QUESTIONS_MAX) {
        let end = starts.get(index + 1).copied().unwrap_or(words.len());
        let mut part: Vec<&str> = words[*start..end].iter().map(String::as_str).collect();
        while part.last().is_some_and(|word| matches!(*word, "and" | "or" | "ask" | "check")) {
            part.pop();
        }
        if part.len() > 1 {
            found.push(question(&part));
        }
    }
    found
}

fn is_lead(word: &str) -> bool {
    matches!(word, "whether" | "if" | "what" | "how" | "when" | "where" | "which" | "who")
}

fn question(part: &[&str]) -> Question {
    let about_price = part.iter().any(|word| {
        matches!(
            *word,
            "cost"
                | "costs"
                | "price"
                | "prices"
                | "charge"
                | "charges"
                | "fee"
                | "fees"
                | "rate"
                | "rates"
                | "much"
        )
    });
    let mut turned = Vec::with_capacity(part.len());
    for word in part {
        turned.push(match *word {
            "they" | "them" => "you",
            "their" => "your",
            "if" => "whether",
            word => word,
        });
    }
    let wording = format!("Could you tell me {}?", turned.join(" "));
    Question { wording, about_price, field: field(&turned) }
}

/// "whether it is in stock": `in_stock`, a boolean.
fn field(turned: &[&str]) -> (String, &'static str) {
    const NAME_WORDS_MAX: usize = 4;
    const EMPTY: &[&str] = &[
        "it", "is", "are", "you", "your", "have", "has", "do", "does", "the", "a", "an", "there",
        "still", "can", "could", "would", "for", "to", "of", "at", "be", "will", "this", "that",
    ];
    let (lead, rest) = turned.split_first().unwrap_or((&"", &[]));
    let named = rest.iter().filter(|word| !EMPTY.contains(word) && word.is_ascii());
    let name: Vec<&str> = named.take(NAME_WORDS_MAX).copied().collect();
    let kind = if *lead == "whether" { "boolean" } else { "string" };
    let name = name.join("_").replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    (if name.is_empty() { "answer".to_owned() } else { name }, kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_of_an_objective() {
        let check = |objective: &str, expected: &[(&str, bool)]| {
            let found = questions(objective);
            let found: Vec<(&str, bool)> =
                found.iter().map(|one| (one.wording.as_str(), one.about_price)).collect();
            assert_eq!(found, expected, "{objective}");
        };
        check(
            "Ask what the cordless drill costs and whether it is in stock",
            &[
                ("Could you tell me what the cordless drill costs?", true),
                ("Could you tell me whether it is in stock?", false),
            ],
        );
        check(
            "Ask what an oil change costs and when they have time for it",
            &[
                ("Could you tell me what an oil change costs?", true),
                ("Could you tell me when you have time for it?", false),
            ],
        );
        check("Get a quote for painting the fence", &[]);
        check("", &[]);
        let stock = &questions("Ask what it costs and whether it is in stock")[1];
        assert_eq!(stock.field, ("in_stock".to_owned(), "boolean"));
    }

    #[test]
    fn a_business_is_known_by_its_words() {
        let none = Caller::default();
        let check = |objective: &str, expected: bool| {
            let found = is_trade(objective, &none);
            assert_eq!(found, expected, "{objective}");
        };
        check("Get bulk pricing for steel beams", true);
        check("Find out the MOQ and the lead time", true);
        check("How much is a haircut?", false);
        check("Ask what the cordless drill costs", false);
        let company = Caller { company: Some("Acme".into()), ..Caller::default() };
        assert!(is_trade("Ask what paper costs", &company));
        check("Ask what 500 chairs cost", true);
    }
}
