//! Whether a word is a misspelling of another: a letter more, less or different, or two swapped.

/// Longer words are not taken for misspellings.
const LETTERS_MAX: usize = 24;
/// Shorter words have too many neighbours.
const LETTERS_MIN: usize = 5;
/// From here on two mistakes are forgiven.
const LONG_LETTERS_MIN: usize = 9;

/// Whether `word` could be meant for a cue. Both begin alike, as misspelt words do nearly always.
pub(super) fn is_near(word: &str, cue: &str, any_ending: bool) -> bool {
    let (word, cue) = (word.as_bytes(), cue.as_bytes());
    if cue.len() < LETTERS_MIN || word.len() > LETTERS_MAX || word.first() != cue.first() {
        return false;
    }
    let swapped = word.get(1) == cue.get(2) && word.get(2) == cue.get(1);
    if word.get(1) != cue.get(1) && !swapped {
        return false;
    }
    let allowed = if cue.len() >= LONG_LETTERS_MIN { 2 } else { 1 };
    if word.len() + allowed < cue.len() || (!any_ending && word.len() > cue.len() + allowed) {
        return false;
    }
    distance(word, cue, any_ending, allowed) <= allowed
}

/// Between the two, or between the cue and the beginning of the word; at most `allowed` + 1.
#[inline(never)]
fn distance(word: &[u8], cue: &[u8], any_ending: bool, allowed: usize) -> usize {
    // "Brake" is not "broke": in short words letters are swapped, forgotten or doubled.
    let change = if cue.len() >= LONG_LETTERS_MIN { 1 } else { 2 };
    let mut before = [0_usize; LETTERS_MAX + 1];
    let mut last = [0_usize; LETTERS_MAX + 1];
    let mut row = [0_usize; LETTERS_MAX + 1];
    for (column, cell) in last.iter_mut().enumerate() {
        *cell = column;
    }
    for (at, &letter) in cue.iter().enumerate() {
        row[0] = at + 1;
        let mut least = row[0];
        for (column, &other) in word.iter().enumerate() {
            let changed = last[column] + usize::from(letter != other) * change;
            let mut cell = changed.min(last[column + 1] + 1).min(row[column] + 1);
            let swapped =
                at > 0 && column > 0 && letter == word[column - 1] && cue[at - 1] == other;
            if swapped {
                cell = cell.min(before[column - 1] + 1);
            }
            row[column + 1] = cell;
            least = least.min(cell);
        }
        if least > allowed {
            return least;
        }
        before = last;
        last = row;
    }
    if any_ending {
        return last[..=word.len()].iter().copied().min().unwrap_or(usize::MAX);
    }
    last[word.len()]
}

#[cfg(test)]
mod tests {
    use super::is_near;

    #[test]
    fn misspellings() {
        for (word, cue) in [
            ("tabel", "table"),
            ("apointment", "appointment"),
            ("appoinmtent", "appointment"),
            ("negociate", "negotiate"),
            ("complian", "complain"),
            ("moechten", "mochten"),
            ("rezervation", "reservation"),
        ] {
            assert!(is_near(word, cue, false), "{word} {cue}");
        }
        assert!(is_near("resevations", "reserv", true));
        for (word, cue) in [("cost", "coat"), ("table", "cable"), ("refuse", "refund")] {
            assert!(!is_near(word, cue, false), "{word} {cue}");
        }
    }
}
