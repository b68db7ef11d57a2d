//! What numbers are read as.

use super::*;

/// `58.5 money each ~` for every quantity.
fn show(text: &str) -> String {
    let mut shown = Vec::new();
    for quantity in scan(text) {
        assert!(text.get(quantity.span.clone()).is_some(), "{text}");
        let mut line = format!("{}", quantity.value as f64 / 1e6);
        if let Some(high) = quantity.high {
            line += &format!("..{}", high as f64 / 1e6);
        }
        line += match quantity.kind {
            Kind::Money { currency: Some(Currency::Usd) } => " usd",
            Kind::Money { currency: Some(Currency::Eur) } => " eur",
            Kind::Money { currency: Some(Currency::Gbp) } => " gbp",
            Kind::Money { .. } => " money",
            Kind::Percent => " percent",
            Kind::Count { .. } => " count",
            Kind::Duration => " duration",
            Kind::Time => " time",
            Kind::Date => " date",
            Kind::Ordinal => " ordinal",
            Kind::Plain => "",
        };
        line += if quantity.per_unit { " each" } else { "" };
        line += if quantity.approx { " ~" } else { "" };
        shown.push(line);
    }
    shown.join("; ")
}

fn check(text: &str, expected: &str) {
    assert_eq!(show(text), expected, "{text}");
}

#[test]
fn spelled_and_written() {
    check("fifty-eight", "58");
    check("58.50", "58.5");
    check("1,200", "1200");
    check("twelve hundred", "1200");
    check("a hundred and five", "105");
    check("one point five million", "1500000");
    check("one and a half million", "1500000");
    check("half a million", "500000");
    check("a dozen", "12");
    check("58k", "58000");
    check("fifty eight fifty", "58.5..5850");
    check("sixty oh five", "60.05..6005");
    check("sixty point two five", "60.25");
    check("sixty and a half", "60.5");
    check("two hundred and fifty thousand", "250000");
    check("five thousand two hundred", "5200");
    check("a grand", "1000 money");
    check("six five", "65");
    check("ＳＩＸＴＹ－ｆｉｖｅ", "65");
    check("６５", "65");
    check("si\u{200b}xty-five", "65");
    check("sixty… five per unit", "65 money each");
    check("sixty, uh, five", "65");
    check("sixty, one more thing", "60");
    check("60 5 per unit", "65 money each");
}

#[test]
fn money() {
    check("58 bucks", "58 usd");
    check("$58", "58 usd");
    check("$58/unit", "58 usd each");
    check("60 dollars and fifty cents each", "60.5 usd each");
    check("ninety cents", "0.9 money");
    check("sixty and five cents each", "60.05 money each");
    check("$60 and fifty cents", "60.5 usd");
    check("700 dollars a dozen", "58.333333 usd each");
    check("$5,500 per hundred units", "55 usd each");
    check("1.234,50 €", "1234.5 eur");
    check("60,5 €", "60.5 eur");
    check("1.200 €", "1.2..1200 eur");
    check("1'200 francs", "1200 money");
    check("sixty-5 dollars", "65 usd");
    check("€40", "40 eur");
    check("40 euros a beam", "40 eur each");
    check("£1.5k", "1500 gbp");
    check("65 apiece", "65 money each");
    check("sixty-five a unit", "65 money each");
    check("USD 65", "65 usd");
    check("US$65", "65 usd");
    check("thirty grand", "30000 money");
    check("$30,000 for 500 units", "30000 usd; 500 count");
    check("sixty-ish", "60 ~");
    check("60ish dollars", "60 usd ~");
    check("about sixty", "60 ~");
    check("sixty bucks or so", "60 usd ~");
    check("high sixties", "60..69 ~");
    check("six fifty", "6.5..650");
}

#[test]
fn ranges() {
    check("55 to 60", "55..60");
    check("between fifty and sixty-five", "50..65");
    check("$55-60 per unit", "55..60 usd each");
    check("55–65", "55..65");
    check("from one hundred to two hundred", "100..200");
    check("between one hundred and two hundred", "100..200");
}

#[test]
fn not_prices() {
    check("the sixtieth", "60 ordinal");
    check("the sixty-fifth", "65 ordinal");
    check("65th", "65 ordinal");
    check("at 6:30", "6 time");
    check("at 6 pm", "6 time");
    check("March 15", "15 date");
    check("the 15th of March", "15 date");
    check("in 2026", "2026 date");
    check("by the end of 2026", "2026 date");
    check("March 15, 2026", "15 date; 2026 date");
    check("a price of 2026", "2026");
    check("okay, 2026 each", "2026 money each");
    check("3/15", "3 date");
    check("room 65", "65 ordinal");
    check("65 units", "65 count");
    check("65 steel beams", "65 count");
    check("65 days", "65 duration");
    check("in two hundred and fifty days", "250 duration");
    check("two hundred and fifty days", "200; 50 duration");
    check("sixty five business days", "65 duration");
    check("net 65", "65 duration");
    check("65 percent", "65 percent");
    check("65%", "65 percent");
    check("555-010-0123", "555 ordinal");
    check("five five five zero one two three", "5550123 ordinal");
    check("no one said so, one moment", "");
    check("", "");
}

#[test]
fn words_behind_a_price_are_no_unit() {
    check("sixty-five works", "65");
    check("sixty-five then", "65");
    check("sixty-five sounds fine", "65");
    check("65 is ok", "65");
}
