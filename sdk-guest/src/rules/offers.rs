//! What the other side has offered so far, for "the first one", "your second offer", "option B".

use super::phrase::stem;
use crate::numbers::token::Tokens;
use std::ops::Range;

/// Turns with a price that are remembered; the first is kept, the oldest behind it goes.
const TURNS_MAX: usize = 32;
/// Prices of the last choice that are remembered.
const ITEMS_MAX: usize = 12;
/// Words that are remembered beside one price.
const LABELS_MAX: usize = 12;

/// One price they named, and the words around it.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    pub(super) value: i64,
    pub(super) beyond: bool,
    labels: Vec<(bool, String)>,
}

impl Item {
    pub(super) fn new(tokens: &Tokens, range: Range<usize>, value: i64, beyond: bool) -> Self {
        let mut item = Self { value, beyond, labels: Vec::new() };
        for at in range {
            if let Some((lettered, label)) = label_at(tokens, at)
                && item.labels.len() < LABELS_MAX
            {
                item.labels.push((lettered, label.to_owned()));
            }
        }
        item
    }
}

/// A word that can tell one thing from another, and whether it is the letter of "option A".
fn label_at(tokens: &Tokens, at: usize) -> Option<(bool, &str)> {
    let (word, before) = (tokens.word(at), tokens.word_before(at, 1));
    let announced = one_of!(before;
        "option" "plan" "tier" "package" "variant" "version" "offer" "model" "type" "choice"
    );
    if announced && (word.len() == 1 || crate::numbers::words::part(word).is_some()) {
        return Some((true, word));
    }
    let alone = tokens.get(at + 1).is_none()
        || tokens.mark(at + 1).is_some()
        || matches!(tokens.word(at + 1), "is" | "works");
    if alone && matches!(word, "a" | "b" | "c" | "d") {
        return Some((true, word));
    }
    let number = crate::numbers::words::part(word).is_some();
    let plain = word.len() >= 3 && !number && !is_common(word);
    plain.then(|| (false, stem(word)))
}

fn is_common(word: &str) -> bool {
    one_of!(word;
        "the" "and" "one" "for" "you" "your" "our" "per" "each" "unit" "units" "price" "prices" "offer"
        "dollars" "dollar" "euros" "euro" "pounds" "bucks" "can" "could" "would" "will" "are" "was"
        "that" "this" "its" "it's" "with" "from" "but" "option" "tier" "package" "plan" "have" "has"
        "cost" "costs" "charge" "sell" "take" "fine" "works" "work" "good" "okay" "please" "let's"
        "goes" "about" "say" "give" "make" "made" "quote" "rate" "two" "three" "then" "we'll" "sounds"
        "version" "variant" "choice" "model" "type" "deal" "agreed" "accept" "agree" "want" "like"
    )
}

/// All that was offered, as far as it is remembered.
#[derive(Clone, Debug, Default)]
pub(super) struct Offers {
    /// For each turn with a price, whether what it came to lies beyond the limit.
    turns: Vec<bool>,
    /// The prices of the last turn that gave a choice, and single ones since.
    items: Vec<Item>,
}

impl Offers {
    pub(super) fn add(&mut self, beyond: bool, mut items: Vec<Item>) {
        if self.turns.len() == TURNS_MAX {
            self.turns.remove(1);
        }
        self.turns.push(beyond);
        match items.as_mut_slice() {
            // One price alone gives no choice that words could tell apart.
            [single] => single.labels.clear(),
            _ => self.items.clear(),
        }
        items.truncate(ITEMS_MAX);
        self.items.append(&mut items);
        let surplus = self.items.len().saturating_sub(ITEMS_MAX);
        self.items.drain(..surplus);
    }

    pub(super) fn any_beyond(&self) -> bool {
        self.turns.contains(&true) || self.items.iter().any(|item| item.beyond)
    }

    /// The last turn with a price came to one within the limit.
    pub(super) fn last_within(&self) -> bool {
        self.turns.last() == Some(&false)
    }

    /// Whether the offer that the sentence points at lies beyond, if it points at one.
    pub(super) fn pointed_at(&self, tokens: &Tokens, sentence: Range<usize>) -> Option<bool> {
        for at in sentence.clone() {
            if let Some(found) = self.in_a_row(tokens, at).or_else(|| self.compared(tokens, at)) {
                return Some(found);
            }
        }
        self.labelled(tokens, sentence)
    }

    /// "your second offer", "the first one", "the latter".
    fn in_a_row(&self, tokens: &Tokens, at: usize) -> Option<bool> {
        let place = match tokens.word(at) {
            "former" => Place::Nth(0),
            "first" | "original" | "initial" | "opening" => Place::Nth(0),
            "second" => Place::Nth(1),
            "third" => Place::Nth(2),
            "fourth" => Place::Nth(3),
            "last" | "latest" | "latter" | "final" | "newest" | "current" => Place::Last,
            "earlier" | "previous" | "prior" | "old" => Place::Earlier,
            _ => return None,
        };
        let alone = matches!(tokens.word(at), "former" | "latter");
        let noun = (at + 1..at + 3)
            .find(|near| is_choice(tokens.word(*near)) || is_offer(tokens.word(*near)));
        let ended = tokens.get(at + 1).is_none()
            || tokens.mark(at + 1).is_some()
            || matches!(tokens.word(at + 1), "is" | "works" | "please" | "would" | "sounds");
        let one = noun.is_some_and(|noun| is_choice(tokens.word(noun)));
        if noun.is_none() && !alone && !(ended && tokens.word_before(at, 1) == "the") {
            return None;
        }
        if (one || alone || noun.is_none()) && self.items.len() > 1 {
            let beyond: Vec<bool> = self.items.iter().map(|item| item.beyond).collect();
            return place.of(&beyond);
        }
        if tokens.word_before(at, 1) == "last" {
            return None;
        }
        place.of(&self.turns)
    }

    /// "the cheaper one", "the more expensive one".
    fn compared(&self, tokens: &Tokens, at: usize) -> Option<bool> {
        if self.items.len() < 2 {
            return None;
        }
        let word = tokens.word(at);
        let noun = is_choice(tokens.word(at + 1))
            || (is_offer(tokens.word(at + 1)) && tokens.word_before(at, 1) == "the");
        let less = word == "less" || tokens.word_before(at, 1) == "less";
        match word {
            "cheaper" | "cheapest" | "lower" | "lowest" | "smaller" if noun => {
                self.items.iter().min_by_key(|item| item.value).map(|item| item.beyond)
            }
            "expensive" | "higher" | "highest" | "pricier" | "dearer" | "priciest" if noun => {
                let item = if less {
                    self.items.iter().min_by_key(|item| item.value)
                } else {
                    self.items.iter().max_by_key(|item| item.value)
                };
                item.map(|item| item.beyond)
            }
            _ => None,
        }
    }

    /// "the light one", "option B": a word that stood beside only one of the prices.
    fn labelled(&self, tokens: &Tokens, sentence: Range<usize>) -> Option<bool> {
        if self.items.len() < 2 {
            return None;
        }
        let mut found = None;
        for at in sentence {
            let Some(label) = label_at(tokens, at) else { continue };
            let same = |(lettered, word): &(bool, String)| (*lettered, word.as_str()) == label;
            let mut owners = self.items.iter().filter(|item| item.labels.iter().any(same));
            let (first, second) = (owners.next(), owners.next());
            if let (Some(item), None) = (first, second) {
                found = Some(found.unwrap_or(false) || item.beyond);
            }
        }
        found
    }
}

#[derive(Clone, Copy)]
enum Place {
    Nth(usize),
    Last,
    /// Not the last one.
    Earlier,
}

impl Place {
    fn of(self, list: &[bool]) -> Option<bool> {
        match self {
            Self::Nth(number) => list.get(number).copied(),
            Self::Last => list.last().copied(),
            Self::Earlier => {
                let earlier = list.get(..list.len().checked_sub(1)?)?;
                (!earlier.is_empty()).then(|| earlier.contains(&true))
            }
        }
    }
}

fn is_choice(word: &str) -> bool {
    one_of!(word; "one" "option" "tier" "variant" "version" "choice" "alternative" "package" "model")
}

fn is_offer(word: &str) -> bool {
    one_of!(word; "offer" "price" "quote" "proposal" "number" "figure" "bid" "rate" "quotation")
}
