//! Where a number is called, as far as its digits tell: time zones, and whether the law there may ask for
//! a recording to be announced.
//!
//! A prefix does not prove where a telephone is (numbers are portable), but it is the usual proxy. Where
//! it allows several zones, the law of all of them is kept.
//! Zones: the prefix table of libphonenumber's metadata (Apache-2.0), reduced to area codes for +1;
//! toll-free numbers are taken to be anywhere in the United States.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use domain::E164;

static ZONES: LazyLock<BTreeMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut zones = BTreeMap::new();
    for line in include_str!("region/zones.txt").lines() {
        let mut words = line.split(' ');
        zones.insert(words.next().unwrap_or_default(), words.collect());
    }
    zones
});
const PREFIX_DIGITS_MAX: usize = 10;

/// IANA names; empty if nothing is known.
pub fn zones(number: &E164) -> &'static [&'static str] {
    let digits = number.as_str().trim_start_matches('+');
    for length in (1..=PREFIX_DIGITS_MAX.min(digits.len())).rev() {
        if let Some(zones) = ZONES.get(&digits[..length]) {
            return zones;
        }
    }
    &[]
}

/// False only where one party's consent is known to suffice: area codes of the states of the United
/// States that no list counts as asking for the consent of all. (18 USC 2511(2)(d); lists disagree on
/// Connecticut, Delaware, Michigan, Nevada and Oregon, which are counted as asking.)
pub fn may_require_disclosure(number: &E164) -> bool {
    let area = number.as_str().strip_prefix("+1").and_then(|national| national.get(..3));
    area.is_none_or(|area| !ONE_PARTY.split_whitespace().any(|code| code == area))
}

const ONE_PARTY: &str = "\
    201 202 205 207 208 210 212 214 216 218 219 220 225 228 229 234 235 251 252 254 256 260 262 270 274 \
    276 281 283 303 304 307 308 314 315 316 317 318 319 320 325 326 327 329 330 332 334 336 337 346 347 \
    353 361 363 364 380 385 401 402 404 405 409 414 417 419 423 430 432 434 435 440 463 469 470 472 478 \
    479 480 501 502 504 505 507 512 513 515 516 518 520 531 534 539 540 551 557 563 567 571 572 573 574 \
    575 580 585 601 602 605 606 607 608 609 612 614 615 620 623 629 631 636 640 641 646 651 659 660 662 \
    678 680 681 682 686 701 703 704 706 712 715 716 719 720 726 731 732 737 740 743 748 757 762 763 765 \
    769 770 771 785 801 802 803 804 806 808 812 816 817 821 826 828 830 832 838 839 843 845 848 854 856 \
    859 862 864 865 870 901 903 907 908 910 912 913 914 915 917 918 919 920 928 929 930 931 936 937 938 \
    940 943 945 948 952 956 970 972 973 975 979 980 983 984 985 986";

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> E164 {
        text.parse().unwrap()
    }

    #[test]
    fn the_longest_prefix_decides() {
        let check = |text: &str, expected: &[&str]| {
            assert_eq!(zones(&number(text)), expected, "{text}");
        };
        check("+14155551234", &["America/Los_Angeles"]);
        check("+12025550100", &["America/New_York"]);
        check("+16065550100", &["America/Chicago", "America/New_York"]);
        check("+493012345678", &["Europe/Berlin"]);
        check("+81312345678", &["Asia/Tokyo"]);
        check("+74951234567", &["Europe/Moscow"]);
        // No such country code, no such area code.
        check("+21012345678", &[]);
        check("+12105550100", &["America/Chicago"]);
        check("+12005550100", &[]);
        assert!(zones(&number("+18005550100")).len() > 5, "anywhere in the United States");
    }

    #[test]
    fn every_zone_of_the_table_exists() {
        for (prefix, zones) in ZONES.iter() {
            assert!(!zones.is_empty(), "{prefix}");
            for zone in zones {
                assert!(jiff::tz::TimeZone::get(zone).is_ok(), "{prefix}: {zone}");
            }
        }
    }

    #[test]
    fn a_recording_is_announced_unless_one_party_suffices() {
        for (text, expected) in [
            ("+12025550100", false),
            ("+12125550100", false),
            // California, Florida, Illinois; toll-free; Canada; Germany.
            ("+14155550100", true),
            ("+13055550100", true),
            ("+13125550100", true),
            ("+18005550100", true),
            ("+14165550100", true),
            ("+493012345678", true),
        ] {
            assert_eq!(may_require_disclosure(&number(text)), expected, "{text}");
        }
    }
}
