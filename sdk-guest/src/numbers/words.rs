//! The words that numbers, money and measures are made of.

/// What a word contributes to a spelled number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// 0 to 9.
    Digit(i64),
    /// 10 to 19.
    Teen(i64),
    /// 20 to 90.
    Tens(i64),
    Hundred,
    Scale(i64),
}

pub(crate) fn part(word: &str) -> Option<Part> {
    let part = match word {
        "zero" | "nil" => Part::Digit(0),
        "one" => Part::Digit(1),
        "two" => Part::Digit(2),
        "three" => Part::Digit(3),
        "four" => Part::Digit(4),
        "five" => Part::Digit(5),
        "six" => Part::Digit(6),
        "seven" => Part::Digit(7),
        "eight" => Part::Digit(8),
        "nine" | "niner" => Part::Digit(9),
        "ten" => Part::Teen(10),
        "eleven" => Part::Teen(11),
        "twelve" => Part::Teen(12),
        "thirteen" => Part::Teen(13),
        "fourteen" => Part::Teen(14),
        "fifteen" => Part::Teen(15),
        "sixteen" => Part::Teen(16),
        "seventeen" => Part::Teen(17),
        "eighteen" => Part::Teen(18),
        "nineteen" => Part::Teen(19),
        "twenty" => Part::Tens(20),
        "thirty" => Part::Tens(30),
        "forty" | "fourty" => Part::Tens(40),
        "fifty" => Part::Tens(50),
        "sixty" => Part::Tens(60),
        "seventy" => Part::Tens(70),
        "eighty" => Part::Tens(80),
        "ninety" => Part::Tens(90),
        "hundred" | "hundreds" => Part::Hundred,
        "thousand" | "thousands" | "grand" => Part::Scale(1_000),
        "million" | "millions" => Part::Scale(1_000_000),
        "billion" | "billions" => Part::Scale(1_000_000_000),
        _ => return None,
    };
    Some(part)
}

/// "sixties": the tens they begin with.
pub(crate) fn decade(word: &str) -> Option<i64> {
    let tens = match word {
        "twenties" => 20,
        "thirties" => 30,
        "forties" => 40,
        "fifties" => 50,
        "sixties" => 60,
        "seventies" => 70,
        "eighties" => 80,
        "nineties" => 90,
        _ => return None,
    };
    Some(tens)
}

/// "third", "sixtieth".
pub(crate) fn ordinal(word: &str) -> Option<i64> {
    let value = match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        "thirteenth" => 13,
        "fourteenth" => 14,
        "fifteenth" => 15,
        "sixteenth" => 16,
        "seventeenth" => 17,
        "eighteenth" => 18,
        "nineteenth" => 19,
        "twentieth" => 20,
        "thirtieth" => 30,
        "fortieth" => 40,
        "fiftieth" => 50,
        "sixtieth" => 60,
        "seventieth" => 70,
        "eightieth" => 80,
        "ninetieth" => 90,
        "hundredth" => 100,
        _ => return None,
    };
    Some(value)
}

/// A money of which the kit knows the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Currency {
    Usd,
    Eur,
    Gbp,
    Other,
}

impl Currency {
    pub fn code(self) -> &'static str {
        match self {
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Gbp => "GBP",
            Self::Other => "of another currency",
        }
    }
}

pub(crate) fn symbol(mark: char) -> Option<Currency> {
    match mark {
        '$' => Some(Currency::Usd),
        '€' => Some(Currency::Eur),
        '£' => Some(Currency::Gbp),
        '¥' | '₹' | '₽' | '₩' | '₺' | '₴' | '₪' => Some(Currency::Other),
        _ => None,
    }
}

/// The currency a word names, and whether it is the hundredth part.
pub(crate) fn currency(word: &str) -> Option<(Currency, bool)> {
    let found = match word {
        "dollar" | "dollars" | "buck" | "bucks" | "usd" => (Currency::Usd, false),
        "cent" | "cents" => (Currency::Usd, true),
        "euro" | "euros" | "eur" => (Currency::Eur, false),
        "pound" | "pounds" | "quid" | "gbp" | "sterling" => (Currency::Gbp, false),
        "pence" | "penny" => (Currency::Gbp, true),
        "yen" | "jpy" | "rupee" | "rupees" | "inr" | "franc" | "francs" | "chf" | "cad" | "aud"
        | "yuan" | "rmb" | "cny" | "peso" | "pesos" | "mxn" => (Currency::Other, false),
        _ => return None,
    };
    Some(found)
}

pub(crate) fn is_duration(word: &str) -> bool {
    matches!(
        word,
        "day"
            | "days"
            | "week"
            | "weeks"
            | "month"
            | "months"
            | "year"
            | "years"
            | "hour"
            | "hours"
            | "hr"
            | "hrs"
            | "minute"
            | "minutes"
            | "min"
            | "mins"
            | "second"
            | "seconds"
            | "sec"
            | "secs"
            | "weekday"
            | "weekdays"
            | "night"
            | "nights"
            | "decades"
            | "quarters"
    )
}

pub(crate) fn is_month(word: &str) -> bool {
    matches!(
        word,
        "january"
            | "february"
            | "march"
            | "april"
            | "may"
            | "june"
            | "july"
            | "august"
            | "september"
            | "october"
            | "november"
            | "december"
            | "jan"
            | "feb"
            | "mar"
            | "apr"
            | "jun"
            | "jul"
            | "aug"
            | "sep"
            | "sept"
            | "oct"
            | "nov"
            | "dec"
    )
}

/// Words before a number that make it a name: "room 65", "net 30" aside.
pub(crate) fn is_label(word: &str) -> bool {
    matches!(
        word,
        "room"
            | "suite"
            | "apartment"
            | "apt"
            | "floor"
            | "gate"
            | "flight"
            | "track"
            | "highway"
            | "route"
            | "interstate"
            | "exit"
            | "page"
            | "line"
            | "item"
            | "part"
            | "option"
            | "step"
            | "phase"
            | "section"
            | "article"
            | "chapter"
            | "model"
            | "grade"
            | "gauge"
            | "size"
            | "version"
            | "extension"
            | "ext"
            | "zip"
            | "zipcode"
            | "postcode"
            | "code"
            | "iso"
            | "channel"
            | "bus"
            | "lot"
            | "serial"
            | "number"
            | "building"
            | "dock"
            | "door"
            | "bay"
            | "aisle"
            | "table"
            | "area"
            | "box"
            | "type"
            | "class"
            | "level"
            | "unit"
            | "age"
            | "aged"
            | "sku"
            | "po"
            | "invoice"
            | "reference"
            | "ref"
            | "id"
            | "batch"
            | "schedule"
            | "moq"
            | "quantity"
            | "qty"
            | "press"
            | "dial"
            | "digit"
            | "digits"
            | "row"
            | "seat"
            | "hall"
            | "terminal"
            | "platform"
            | "coach"
            | "rows"
            | "seats"
    )
}

/// Nouns that are counted, so that a number before them is no price.
pub(crate) fn is_counted(word: &str) -> bool {
    matches!(
        word,
        "unit"
            | "units"
            | "people"
            | "person"
            | "piece"
            | "item"
            | "beam"
            | "ton"
            | "tonne"
            | "box"
            | "case"
            | "pallet"
            | "guest"
            | "pcs"
            | "kg"
            | "kilos"
            | "lbs"
            | "lb"
            | "feet"
            | "foot"
            | "ft"
            | "inch"
            | "inches"
            | "meter"
            | "metre"
            | "mm"
            | "cm"
            | "km"
            | "mile"
            | "litre"
            | "liter"
            | "order"
            | "truck"
            | "truckload"
            | "container"
            | "seat"
            | "staff"
            | "men"
            | "women"
            | "children"
            | "degree"
            | "mph"
            | "calls"
            | "times"
            | "sheet"
            | "bag"
            | "roll"
            | "part"
            | "set"
            | "pair"
            | "location"
            | "sites"
            | "adults"
            | "kids"
            | "pack"
            | "dozen"
            | "watt"
            | "volt"
            | "amp"
            | "horsepower"
            | "gram"
            | "yard"
            | "gallon"
            | "ounce"
            | "page"
            | "employee"
            | "worker"
            | "customer"
            | "night"
            | "psi"
            | "hertz"
            | "rpm"
            | "bar"
            | "thanks"
            | "story"
            | "storey"
    )
}

/// Words in -s behind a number that are verbs or little words, not something counted.
pub(crate) fn is_no_noun(word: &str) -> bool {
    matches!(
        word,
        "is" | "was"
            | "as"
            | "us"
            | "this"
            | "yes"
            | "plus"
            | "minus"
            | "less"
            | "unless"
            | "thus"
            | "has"
            | "does"
            | "works"
            | "sounds"
            | "seems"
            | "looks"
            | "gets"
            | "makes"
            | "fits"
            | "goes"
            | "suits"
            | "feels"
            | "stands"
            | "holds"
            | "remains"
            | "always"
            | "perhaps"
            | "thanks"
            | "across"
            | "besides"
            | "sometimes"
            | "buys"
            | "takes"
            | "covers"
            | "includes"
            | "leaves"
            | "helps"
            | "comes"
            | "wins"
            | "keeps"
            | "pays"
            | "it's"
            | "that's"
            | "let's"
            | "he's"
            | "she's"
            | "what's"
            | "there's"
            | "here's"
            | "means"
            | "cuts"
            | "gives"
            | "puts"
            | "gross"
            | "rocks"
            | "rules"
            | "settles"
            | "seals"
            | "closes"
            | "does't"
            | "checks"
            | "meets"
            | "matches"
            | "hits"
            | "lands"
            | "ends"
            | "saves"
            | "brings"
            | "sits"
            | "pleases"
            | "satisfies"
            | "counts"
            | "passes"
            | "qualifies"
            | "his"
            | "hers"
            | "ours"
            | "yours"
            | "theirs"
            | "its"
            | "flies"
            | "clinches"
            | "wraps"
            | "starts"
            | "begins"
            | "happens"
            | "becomes"
            | "exceeds"
            | "appears"
            | "concludes"
            | "does'nt"
            | "kills"
            | "nails"
            | "flats"
            | "sells"
            | "costs"
            | "tops"
            | "max"
            | "press"
            | "express"
            | "pass"
            | "ships"
            | "lets"
            | "boss"
            | "serves"
            | "considers"
            | "reflects"
            | "represents"
            | "strikes"
            | "breaks"
            | "gals"
            | "guys"
            | "folks"
            | "cheers"
            | "congrats"
            | "nevertheless"
            | "regardless"
            | "afterwards"
            | "upwards"
            | "towards"
            | "nowadays"
            | "else's"
            | "whereas"
            | "versus"
            | "vs"
            | "yours'"
    )
}

/// Adjectives and materials that may stand between a number and what it counts.
pub(crate) fn is_quality(word: &str) -> bool {
    matches!(
        word,
        "steel"
            | "metal"
            | "wood"
            | "wooden"
            | "large"
            | "small"
            | "big"
            | "new"
            | "more"
            | "other"
            | "different"
            | "extra"
            | "additional"
            | "business"
            | "working"
            | "calendar"
            | "square"
            | "cubic"
            | "metric"
            | "full"
            | "whole"
            | "red"
            | "white"
            | "black"
            | "blue"
            | "green"
            | "i"
            | "such"
            | "identical"
            | "standard"
            | "galvanized"
            | "stainless"
            | "separate"
            | "of"
            | "the"
            | "these"
            | "those"
            | "your"
    )
}
