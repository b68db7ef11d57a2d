//! How amounts are said and how clauses come out of a model: spelled, in digits, with fillers.

/// The same numbers for the same seed.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, end: u64) -> u64 {
        (self.next() >> 11) % end.max(1)
    }

    pub(crate) fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

const ONES: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// A whole number below a million in words.
pub(crate) fn words(number: u64) -> String {
    match number {
        0..20 => ONES[number as usize].to_owned(),
        20..100 if number.is_multiple_of(10) => TENS[(number / 10) as usize].to_owned(),
        20..100 => format!("{}-{}", TENS[(number / 10) as usize], ONES[(number % 10) as usize]),
        100..1_000 if number.is_multiple_of(100) => format!("{} hundred", words(number / 100)),
        100..1_000 => format!("{} hundred and {}", words(number / 100), words(number % 100)),
        _ if number.is_multiple_of(1_000) => format!("{} thousand", words(number / 1_000)),
        _ => {
            let joint = if number % 1_000 < 100 { "and " } else { "" };
            format!("{} thousand {joint}{}", words(number / 1_000), words(number % 1_000))
        }
    }
}

/// An amount in dollars in one of many ways of saying it.
pub(crate) fn amount(cents: u64, style: u64) -> String {
    let (dollars, rest) = (cents / 100, cents % 100);
    let plain = if rest == 0 { dollars.to_string() } else { format!("{dollars}.{rest:02}") };
    let spelled = match rest {
        0 => format!("{} dollars", words(dollars)),
        _ => format!("{} dollars and {} cents", words(dollars), words(rest)),
    };
    let grouped = match dollars {
        1_000.. => format!("${},{:03}", dollars / 1_000, dollars % 1_000),
        _ => format!("${dollars}"),
    };
    match style % 16 {
        0 => spelled,
        1 => format!("${plain}"),
        2 => format!("{plain} dollars"),
        3 => format!("{plain} bucks"),
        4 => format!("{plain} USD"),
        5 if rest == 0 => words(dollars),
        6 if rest == 0 => words(dollars).replace('-', " "),
        7 if rest == 0 => format!("{} bucks", words(dollars)),
        8 if rest == 0 => format!("{} dollars", words(dollars).replace(" and ", " ")),
        9 if rest == 0 => grouped,
        10 if rest == 0 && dollars >= 1_000 && dollars.is_multiple_of(100) => {
            format!("{}.{}k", dollars / 1_000, dollars % 1_000 / 100)
        }
        11 if rest == 0 && (1_100..10_000).contains(&dollars) && dollars.is_multiple_of(100) => {
            format!("{} hundred dollars", words(dollars / 100))
        }
        12 if rest == 0 && (21..100).contains(&dollars) && dollars % 10 != 0 => {
            format!("{}… {}", TENS[(dollars / 10) as usize], ONES[(dollars % 10) as usize])
        }
        13 if rest == 50 => format!("{} and a half dollars", words(dollars)),
        14 if rest == 50 && dollars < 100 => format!("{} fifty", words(dollars)),
        15 => spelled.to_uppercase(),
        _ => plain,
    }
}

/// Fills `{}`, `{in}`, `{n}` and `{m}` of a form.
pub(crate) fn fill(form: &str, value: u64, within: u64, style: u64, random: &mut Random) -> String {
    let count = [12, 50, 65, 72, 90, 100, 250, 500, 1_000, 5_000][random.below(10) as usize];
    let count = if random.below(2) == 0 { count.to_string() } else { words(count) };
    let per = ["", "", "", " per unit", " each", " a beam", "/unit"][random.below(7) as usize];
    form.replace("{}", &format!("{}{per}", amount(value, style)))
        .replace("{in}", &format!("{}{per}", amount(within, style)))
        .replace("{n}", &count)
        .replace("{m}", ["15", "30", "45"][random.below(3) as usize])
}

/// What surrounds a clause: an opening word, other case, other apostrophes, no full stop.
pub(crate) fn noise(clause: String, random: &mut Random) -> String {
    let clause = match random.below(12) {
        0 => format!("Well, {clause}"),
        1 => format!("Right. {clause}"),
        2 => format!("Um, {clause}"),
        3 => format!("I see. {clause}"),
        4 => clause.replace('\'', "’"),
        5 => clause.to_lowercase(),
        6 => format!("Thank you, Mike. {clause}"),
        _ => clause,
    };
    let mut letters = clause.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}", letters.as_str())
}
