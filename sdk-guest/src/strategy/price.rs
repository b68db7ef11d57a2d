//! An amount of money as it is said in the call's language.

use super::Language;

impl Language {
    /// "$54", "54 euros"; "54 Euro", "52,50 euros".
    pub fn price(self, amount: f64, currency: Option<&str>) -> String {
        let figure = self.figure(amount);
        let name = match currency {
            None => return figure,
            Some("USD") if self == Self::English => return format!("${figure}"),
            Some("USD") => self.pick(["dollars", "dólares", "dollars", "Dollar"]),
            Some("EUR") => self.pick(["euros", "euros", "euros", "Euro"]),
            Some("GBP") => self.pick(["pounds", "libras", "livres", "Pfund"]),
            Some("CHF") => self.pick(["francs", "francos", "francs", "Franken"]),
            Some(code) => code,
        };
        format!("{figure} {name}")
    }

    fn figure(self, amount: f64) -> String {
        let figure =
            if amount.fract() == 0.0 { format!("{amount}") } else { format!("{amount:.2}") };
        if self == Self::English { grouped(&figure) } else { figure.replace('.', ",") }
    }
}

/// "12500.50" as "12,500.50". Other languages are spoken as well without groups, and their signs for
/// groups and fractions are easily confused.
fn grouped(figure: &str) -> String {
    let (whole, cents) =
        figure.split_once('.').map_or((figure, ""), |(whole, cents)| (whole, cents));
    let mut text = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    if cents.is_empty() { text } else { format!("{text}.{cents}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_said() {
        let check = |language: Language, amount: f64, currency: Option<&str>, expected: &str| {
            assert_eq!(language.price(amount, currency), expected);
        };
        check(Language::English, 54.0, Some("USD"), "$54");
        check(Language::English, 52.5, Some("EUR"), "52.50 euros");
        check(Language::German, 52.5, Some("EUR"), "52,50 Euro");
        check(Language::Spanish, 40.0, Some("USD"), "40 dólares");
        check(Language::French, 40.0, Some("XAU"), "40 XAU");
        check(Language::French, 40.0, None, "40");
        check(Language::English, 12_500.5, Some("USD"), "$12,500.50");
        check(Language::English, 1_000_000.0, None, "1,000,000");
        check(Language::English, 500.0, None, "500");
        check(Language::German, 12_500.0, Some("EUR"), "12500 Euro");
    }
}
