//! Puts the number words of a language together: "mil doscientos", "quatre-vingt-dix-neuf".

/// What one word adds to a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// 0 to 9.
    Unit(i64),
    /// 11 to 29 that take nothing behind them.
    Teen(i64),
    /// 10 to 90, which units may follow.
    Tens(i64),
    /// 200 in one word.
    Hundreds(i64),
    /// A hundred that counts what stands before it.
    Hundred,
    Scale(i64),
    /// A finished number above ninety-nine.
    Whole(i64),
    And,
}

/// The number whose words `piece` gives from `at`, and the place behind it. A lone "one" is an article.
/// With `only_one` an "and" joins nothing but one and eleven, as in French.
pub(super) fn number(
    piece: impl Fn(usize) -> Option<Piece>,
    at: usize,
    only_one: bool,
) -> Option<(i64, usize)> {
    let mut sum = Sum::default();
    let mut end = at;
    let mut next = at;
    let mut words = 0;
    while let Some(found) = piece(next) {
        if found == Piece::And {
            let joins = end > at
                && next == end
                && sum.takes_and(piece(next + 1), piece(next + 2))
                && (!only_one || matches!(piece(next + 1), Some(Piece::Unit(1) | Piece::Teen(11))));
            if !joins {
                break;
            }
            next += 1;
            continue;
        }
        if !sum.add(found, next > end) {
            break;
        }
        words += 1;
        next += 1;
        end = next;
    }
    if words == 0 || (words == 1 && piece(at) == Some(Piece::Unit(1))) {
        return None;
    }
    Some((sum.total.saturating_add(sum.group), end))
}

#[derive(Default)]
struct Sum {
    total: i64,
    group: i64,
    any: bool,
    scaled: Option<i64>,
    /// The last word was a unit or a teen, so nothing smaller than a hundred may follow.
    full: bool,
}

impl Sum {
    /// "sesenta y cinco", "vingt et un", "zwei und siebzig", "hundert und fünf".
    fn takes_and(&self, next: Option<Piece>, behind: Option<Piece>) -> bool {
        let counts_on = matches!(behind, Some(Piece::Hundred | Piece::Scale(_)));
        match next {
            Some(Piece::Unit(1..)) => !self.full && (!counts_on || self.group % 100 != 0),
            Some(Piece::Teen(teen)) => {
                self.group % 100 == 60 || (self.group % 100 == 0 && teen > 0 && !self.full)
            }
            Some(Piece::Tens(tens)) => {
                (1..10).contains(&self.group) && tens >= 20 || self.group % 100 == 0 && !self.full
            }
            _ => false,
        }
    }

    fn add(&mut self, piece: Piece, behind_and: bool) -> bool {
        let low = self.group % 100;
        match piece {
            Piece::Unit(unit) => {
                if self.full || (unit == 0 && self.any) || (self.any && low != 0 && low < 10) {
                    return false;
                }
                self.group += unit;
                self.full = true;
            }
            Piece::Teen(teen) => {
                let french = matches!(low, 60 | 80) && teen < 20;
                if (self.full || low != 0) && !french {
                    return false;
                }
                self.group += teen;
                self.full = true;
            }
            Piece::Tens(20) if self.group % 100 == 4 && !behind_and => {
                self.group += 76;
                self.full = false;
            }
            Piece::Tens(tens) => {
                let reversed = behind_and && (1..10).contains(&low) && tens >= 20;
                let french = matches!(low, 60 | 80) && tens == 10;
                if !reversed && !french && (low != 0 || self.full) {
                    return false;
                }
                self.group += tens;
                self.full = reversed;
            }
            Piece::Hundreds(hundreds) => {
                if self.group != 0 {
                    return false;
                }
                self.group = hundreds;
                self.full = false;
            }
            Piece::Hundred => {
                if self.group >= 100 || (self.group == 0 && self.full) {
                    return false;
                }
                self.group = self.group.max(1) * 100;
                self.full = false;
            }
            Piece::Scale(scale) => {
                if self.scaled.is_some_and(|last| last <= scale) || (self.full && self.group == 0) {
                    return false;
                }
                self.total = self.total.saturating_add(self.group.max(1).saturating_mul(scale));
                self.group = 0;
                self.scaled = Some(scale);
                self.full = false;
            }
            Piece::Whole(value) => {
                if self.group != 0 || self.full {
                    return false;
                }
                self.group = value;
                self.full = true;
            }
            Piece::And => return false,
        }
        self.any = true;
        true
    }
}
