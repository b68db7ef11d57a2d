//! What an agent may be told of the earlier calls with the same number.

use domain::Time;

use crate::Status;

/// A call that is over.
#[derive(Clone, Copy, Debug)]
pub struct Past<'a> {
    pub at: Time,
    pub status: Status,
    pub summary: &'a str,
}

/// The summaries, the oldest first, as far as they fit; the newest are kept. None if there is nothing
/// to tell.
pub fn recall<'a>(
    newest_first: impl Iterator<Item = Past<'a>>,
    chars_max: usize,
) -> Option<String> {
    let mut lines = Vec::new();
    let mut room = chars_max;
    for past in newest_first {
        let day = jiff::Timestamp::from_millisecond(past.at.as_millis()).unwrap_or_default();
        let day = day.strftime("%Y-%m-%d");
        let line = format!("Call of {day} ({}): {}", past.status, past.summary.trim());
        let Some(left) = room.checked_sub(line.chars().count() + 1) else { break };
        room = left;
        lines.push(line);
    }
    lines.reverse();
    Some(lines.join("\n")).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_told_in_order() {
        let past = |days: i64, summary| Past {
            at: Time::from_secs(1_774_519_200 + days * 86_400),
            status: Status::Completed,
            summary,
        };
        let calls =
            [past(2, "They lowered it to 54."), past(1, "They asked 72. "), past(0, "Busy.")];
        let all = recall(calls.into_iter(), 4000).unwrap();
        assert_eq!(
            all,
            "Call of 2026-03-26 (completed): Busy.\n\
             Call of 2026-03-27 (completed): They asked 72.\n\
             Call of 2026-03-28 (completed): They lowered it to 54."
        );
        let newest = "Call of 2026-03-28 (completed): They lowered it to 54.";
        assert_eq!(recall(calls.into_iter(), newest.len() + 1).as_deref(), Some(newest));
        assert_eq!(recall(calls.into_iter(), 10), None);
        assert_eq!(recall([].into_iter(), 4000), None);
    }
}
