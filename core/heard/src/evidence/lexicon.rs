//! Which meanings a word has, whatever language it is in: `concepts.txt`, looked up.

use std::sync::OnceLock;

const TEXT: &str = include_str!("concepts.txt");
const SET_WORDS: usize = 4;
/// A part of a longer word leaves at least so much of it.
const PART_BYTES_LEFT_MIN: usize = 3;

/// One meaning, by its line in the table.
pub(super) type Concept = u8;

/// Some of the meanings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Set([u64; SET_WORDS]);

impl Set {
    pub(super) fn of(names: &[&str]) -> Self {
        let mut set = Self::default();
        for name in names {
            set.insert(concept(name));
        }
        set
    }

    pub(super) fn insert(&mut self, concept: Concept) {
        self.0[usize::from(concept) / 64] |= 1 << (concept % 64);
    }

    pub(super) fn add(&mut self, other: Set) {
        for (one, other) in self.0.iter_mut().zip(other.0) {
            *one |= other;
        }
    }

    pub(super) fn without(mut self, other: Set) -> Set {
        for (one, other) in self.0.iter_mut().zip(other.0) {
            *one &= !other;
        }
        self
    }

    pub(super) fn and(mut self, other: Set) -> Set {
        for (one, other) in self.0.iter_mut().zip(other.0) {
            *one &= other;
        }
        self
    }

    pub(super) fn meets(self, other: Set) -> bool {
        !self.and(other).is_empty()
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::default()
    }

    pub(super) fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

struct Lexicon {
    /// In their order, so that a concept is looked up fast.
    names: Vec<(&'static str, Concept)>,
    /// Meanings that say what kind of value is wanted, not of what.
    kinds: Set,
    words: Vec<(&'static str, Concept)>,
    beginnings: Vec<(&'static str, Concept)>,
    parts: Vec<(&'static str, Concept)>,
    /// By the first word; the words are joined with `_`.
    phrases: Vec<(&'static str, Concept)>,
}

fn lexicon() -> &'static Lexicon {
    static LEXICON: OnceLock<Lexicon> = OnceLock::new();
    LEXICON.get_or_init(read)
}

fn read() -> Lexicon {
    let mut lexicon = Lexicon {
        names: Vec::new(),
        kinds: Set::default(),
        words: Vec::new(),
        beginnings: Vec::new(),
        parts: Vec::new(),
        phrases: Vec::new(),
    };
    for line in TEXT.lines().filter(|line| !line.starts_with('#')) {
        let Some((name, forms)) = line.split_once(':') else { continue };
        let Ok(concept) = Concept::try_from(lexicon.names.len()) else { break };
        let plain = name.trim_end_matches('!');
        if plain.len() < name.len() {
            lexicon.kinds.insert(concept);
        }
        lexicon.names.push((plain, concept));
        for form in forms.split_whitespace() {
            let part = form.strip_prefix('+');
            let bare = part.unwrap_or(form);
            let beginning = bare.strip_suffix('*');
            let word = beginning.unwrap_or(bare);
            if part.is_some() {
                lexicon.parts.push((word, concept));
            }
            if beginning.is_some() {
                lexicon.beginnings.push((word, concept));
            } else if word.contains('_') {
                lexicon.phrases.push((word, concept));
            } else {
                lexicon.words.push((word, concept));
            }
        }
    }
    lexicon.names.sort_unstable();
    lexicon.words.sort_unstable();
    lexicon.beginnings.sort_unstable();
    lexicon.phrases.sort_unstable_by_key(|(phrase, _)| first_word(phrase));
    lexicon
}

fn first_word(phrase: &str) -> &str {
    phrase.split('_').next().unwrap_or(phrase)
}

/// The meaning of that name, which stands in the table.
pub(super) fn concept(name: &str) -> Concept {
    let names = &lexicon().names;
    let place = names.binary_search_by(|(one, _)| (*one).cmp(name)).ok();
    debug_assert!(place.is_some(), "no meaning is called {name}");
    place.map_or(Concept::MAX, |place| names[place].1)
}

/// The meanings that only say what kind of value is wanted.
pub(super) fn kinds() -> Set {
    lexicon().kinds
}

/// The meanings of words that stand in a row, for each of them.
pub(super) fn meanings(words: &[String]) -> Vec<Set> {
    let plain = |word: &'_ str| word.strip_suffix("'s").unwrap_or(word).to_owned();
    let mut sets: Vec<Set> = words.iter().map(|word| of_word(&plain(word))).collect();
    for at in 0..words.len() {
        for (concept, used) in phrases_at(words, at) {
            sets[at..at + used].iter_mut().for_each(|set| set.insert(concept));
        }
    }
    sets
}

fn of_word(word: &str) -> Set {
    let lexicon = lexicon();
    let mut set = Set::default();
    let mut add = |list: &[(&'static str, Concept)], word: &str| {
        let from = list.partition_point(|(one, _)| *one < word);
        for (_, concept) in list[from..].iter().take_while(|(one, _)| *one == word) {
            set.insert(*concept);
        }
    };
    add(&lexicon.words, word);
    for (end, _) in word.char_indices().skip(2) {
        add(&lexicon.beginnings, &word[..end]);
    }
    add(&lexicon.beginnings, word);
    for (part, concept) in &lexicon.parts {
        let left = word.len().saturating_sub(part.len());
        if left >= PART_BYTES_LEFT_MIN && (word.ends_with(part) || word.starts_with(part)) {
            set.insert(*concept);
        }
    }
    set
}

fn phrases_at(words: &[String], at: usize) -> Vec<(Concept, usize)> {
    let first = words[at].as_str();
    let phrases = &lexicon().phrases;
    let from = phrases.partition_point(|(phrase, _)| first_word(phrase) < first);
    let mut found = Vec::new();
    for (phrase, concept) in phrases[from..].iter().take_while(|(one, _)| first_word(one) == first)
    {
        let used = phrase.split('_').count();
        let stands =
            words.get(at..at + used).is_some_and(|words| words.iter().eq(phrase.split('_')));
        if stands {
            found.push((*concept, used));
        }
    }
    found
}

/// Lower case without accents.
pub(super) fn folded(word: &str) -> String {
    let mut folded = String::with_capacity(word.len());
    for c in word.chars().flat_map(char::to_lowercase) {
        match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' => folded.push('a'),
            'é' | 'è' | 'ê' | 'ë' => folded.push('e'),
            'í' | 'ì' | 'î' | 'ï' => folded.push('i'),
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' => folded.push('o'),
            'ú' | 'ù' | 'û' | 'ü' => folded.push('u'),
            'ñ' => folded.push('n'),
            'ç' => folded.push('c'),
            'ß' => folded.push_str("ss"),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            '’' => folded.push('\''),
            c => folded.push(c),
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_well_formed() {
        let lexicon = lexicon();
        assert!(lexicon.names.len() < SET_WORDS * 64, "{} meanings", lexicon.names.len());
        for pair in lexicon.names.windows(2) {
            assert_ne!(pair[0].0, pair[1].0, "it stands twice");
        }
        for line in TEXT.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            let (_, forms) = line.split_once(':').expect(line);
            for form in forms.split_whitespace() {
                assert_eq!(folded(form), form, "{line}");
            }
        }
    }

    #[test]
    fn words_mean_the_same_in_every_language() {
        let check = |words: &str, name: &str| {
            let words: Vec<String> = words.split(' ').map(folded).collect();
            let set = Set::of(&[name]);
            assert!(meanings(&words).iter().any(|one| one.meets(set)), "{words:?} is not {name}");
        };
        check("Stückpreis", "price");
        check("Mindestbestellmenge", "min");
        check("Auftragsnummer", "code");
        check("check out", "checkout");
        check("desayuno", "breakfast");
        check("acompte", "deposit");
        check("dogs", "pets");
    }
}
