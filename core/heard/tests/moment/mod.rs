//! When a written conversation took place.

/// `2026-11-27 09:30 Europe/Madrid`, the clock being that of the zone in winter.
pub(crate) fn moment(text: &str) -> (u64, String) {
    let mut parts = text.split(' ');
    let date = numbers(parts.next().expect("a moment has a date"), '-');
    let clock = numbers(parts.next().expect("a moment has a time of day"), ':');
    let zone = parts.next().unwrap_or("UTC");
    let ahead_hours: i64 = match zone {
        "UTC" | "Europe/London" => 0,
        "America/New_York" => -5,
        "America/Chicago" => -6,
        "America/Los_Angeles" => -8,
        _ => 1,
    };
    let mut days = 0;
    for year in 1970..date[0] {
        days += if u64::is_multiple_of(year, 4) { 366 } else { 365 };
    }
    let lengths = [
        31,
        if date[0].is_multiple_of(4) { 29 } else { 28 },
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    days += lengths.iter().take(date[1] as usize - 1).sum::<u64>() + date[2] - 1;
    let minutes = days * 1440 + clock[0] * 60 + clock[1];
    ((minutes as i64 - ahead_hours * 60) as u64 * 60_000, zone.to_owned())
}

fn numbers(text: &str, between: char) -> Vec<u64> {
    text.split(between).map(|part| part.parse().expect("a moment is written in numbers")).collect()
}
