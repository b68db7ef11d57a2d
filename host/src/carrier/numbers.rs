//! Numbers to call from in the sandbox: they look right, and lead nowhere.

use domain::E164;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat, PhoneNumberType, Region};

/// Where a line can be had (ISO 3166-1).
pub const COUNTRIES: [&str; 48] = [
    "AR", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CO", "CY", "CZ", "DE", "DK", "EE", "ES",
    "FI", "FR", "GB", "GR", "HK", "HR", "HU", "ID", "IE", "IL", "IN", "IT", "JP", "KE", "KR", "LT",
    "LU", "LV", "MX", "MY", "NL", "NO", "NZ", "PE", "PH", "PL", "PT", "RO", "SE", "SG", "US", "ZA",
];
/// The exchange 555 of these belongs to nobody.
const US_AREAS: [u16; 12] = [212, 213, 305, 312, 404, 415, 512, 617, 702, 713, 718, 816];
const CA_AREAS: [u16; 6] = [403, 416, 514, 604, 613, 902];
/// Digits of a number that are drawn; those before them say what kind of number it is.
const DRAWN: usize = 5;
const DRAWS_MAX: u32 = 200;

/// A number of that country; `None` if there are none.
pub fn sandbox_number(country: &str, mut random: impl FnMut() -> u128) -> Option<E164> {
    if !COUNTRIES.contains(&country) {
        return None;
    }
    for _ in 0..DRAWS_MAX {
        let drawn = random();
        let text = match country {
            "US" => nobodys(&US_AREAS, drawn),
            "CA" => nobodys(&CA_AREAS, drawn),
            _ => like_the_example(country, drawn)?,
        };
        if region(&text).as_deref() == Some(country) {
            return text.parse().ok();
        }
    }
    None
}

/// The country of a number, as far as it has one.
pub fn region(number: &str) -> Option<String> {
    let parsed = PHONE_NUMBER_UTIL.parse(number, None).ok()?;
    parsed.get_region_code().map(|region| region.to_string())
}

fn nobodys(areas: &[u16], drawn: u128) -> String {
    let area = areas[(drawn % areas.len() as u128) as usize];
    format!("+1{area}555{:04}", drawn / 1000 % 10_000)
}

/// The metadata's own example of a number, with other digits at the end.
fn like_the_example(country: &str, drawn: u128) -> Option<String> {
    let region = Region::from_code(country).ok()?;
    let example = PHONE_NUMBER_UTIL
        .get_example_number_for_type_and_region(region, PhoneNumberType::FixedLine)
        .ok()?;
    let text = example.format_as(PhoneNumberFormat::E164).into_owned();
    let kept = text.len().checked_sub(DRAWN)?;
    Some(format!("{}{:0DRAWN$}", &text[..kept], drawn % 10u128.pow(DRAWN as u32)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_country_has_numbers_of_its_own() {
        let mut seed = 7u128;
        let mut random = || {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
            seed >> 20
        };
        for country in COUNTRIES {
            let mut numbers = BTreeSet::new();
            for _ in 0..50 {
                let number = sandbox_number(country, &mut random).expect(country);
                assert_eq!(region(number.as_str()).as_deref(), Some(country), "{number}");
                numbers.insert(number);
            }
            assert!(numbers.len() > 40, "{country} has only {}", numbers.len());
        }
        assert!(COUNTRIES.is_sorted() && COUNTRIES.len() > 40);
        assert_eq!(sandbox_number("XX", random), None);
    }
}
