//! Written text to what a voice can read: amounts, numbers, addresses and signs become words.

/// The words of a text as they are spoken, lower-case and without punctuation. Two texts that sound
/// alike give the same words: "$72" and "seventy-two dollars".
pub fn spoken_words(text: &str) -> Vec<String> {
    let kept = |c: char| if c.is_ascii_alphanumeric() || c == '\'' { c } else { ' ' };
    let plain: String = speakable(text).to_lowercase().chars().map(kept).collect();
    plain.split_whitespace().map(|word| word.replace('\'', "")).collect()
}

/// Plain ASCII words and punctuation; empty if there is nothing to say.
pub fn speakable(text: &str) -> String {
    let mut spoken = Vec::new();
    for token in plain(text).split_whitespace() {
        let word = speak_token(token);
        if !word.is_empty() {
            spoken.push(word);
        }
    }
    let spoken = spoken.join(" ");
    if spoken.contains(|c: char| c.is_ascii_alphanumeric()) { spoken } else { String::new() }
}

/// Whole sentences with their closing marks. Decimals, titles and "9 a.m." end none.
pub fn sentences(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, mark) in text.char_indices() {
        let end = at + mark.len_utf8();
        if end > start && ends_sentence(&text[start..end], &text[end..]) {
            found.push(text[start..end].trim());
            start = end;
        }
    }
    found.push(text[start..].trim());
    found.retain(|sentence| !sentence.is_empty());
    found
}

const ABBREVIATIONS: [&str; 16] = [
    "dr", "mr", "mrs", "ms", "st", "inc", "co", "ltd", "vs", "approx", "dept", "a.m", "p.m", "e.g",
    "i.e", "u.s",
];

fn ends_sentence(before: &str, after: &str) -> bool {
    let Some(next) = after.chars().next() else { return false };
    let closes = before.ends_with(['.', '!', '?', '…', '"', '”', ')']) && next.is_whitespace();
    let closed = before.trim_end_matches(['"', '”', ')']);
    if !closes || !closed.ends_with(['.', '!', '?', '…']) {
        return false;
    }
    let goes_on = after.trim_start().chars().next().is_some_and(char::is_lowercase);
    if goes_on || !closed.ends_with('.') {
        return !goes_on;
    }
    let last = closed.trim_end_matches('.').rsplit(char::is_whitespace).next().unwrap_or("");
    let last = last.to_lowercase();
    last.chars().count() > 1 && !ABBREVIATIONS.contains(&last.as_str())
}

/// Typographic characters to ASCII; markup and what no English voice can say are dropped.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '’' | '‘' | '`' => plain.push('\''),
            '–' | '—' => plain.push_str(", "),
            '…' => plain.push_str(". "),
            '“' | '”' | '"' | '*' | '_' | '~' | '|' | '<' | '>' | '{' | '}' | '\\' | '^' => {}
            '(' | ')' | '[' | ']' => plain.push_str(", "),
            '&' => plain.push_str(" and "),
            '=' => plain.push_str(" equals "),
            '€' | '£' => plain.push(c),
            c if c.is_ascii_graphic() => plain.push(c),
            c if c.is_whitespace() => plain.push(' '),
            c => plain.push_str(unaccented(c)),
        }
    }
    plain.replace(" ,", ",").replace(",,", ",")
}

fn unaccented(c: char) -> &'static str {
    match c {
        'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => "a",
        'Á' | 'À' | 'Â' | 'Ä' | 'Ã' | 'Å' => "A",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'É' | 'È' | 'Ê' | 'Ë' => "E",
        'í' | 'ì' | 'î' | 'ï' => "i",
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => "o",
        'Ó' | 'Ò' | 'Ô' | 'Ö' | 'Õ' | 'Ø' => "O",
        'ú' | 'ù' | 'û' | 'ü' => "u",
        'Ú' | 'Ù' | 'Û' | 'Ü' => "U",
        'ñ' => "n",
        'ç' => "c",
        'ß' => "ss",
        _ => "",
    }
}

fn speak_token(token: &str) -> String {
    let core = token.trim_end_matches([',', '.', '!', '?', ';', ':']);
    // One mark is enough for a voice.
    let mark = token[core.len()..].chars().next().map(|mark| match mark {
        ';' | ':' => ",".to_owned(),
        mark => mark.to_string(),
    });
    let core = core.trim_start_matches([',', ';', ':', '\'']);
    let spoken = speak_core(core);
    if spoken.is_empty() { mark.unwrap_or_default() } else { spoken + &mark.unwrap_or_default() }
}

fn speak_core(core: &str) -> String {
    if let Some((name, host)) =
        core.split_once('@').filter(|(name, host)| !name.is_empty() && host.contains('.'))
    {
        return format!("{} at {}", speak_address(name), speak_address(host));
    }
    if let Some(rest) = core.strip_prefix("https://").or_else(|| core.strip_prefix("http://")) {
        return speak_address(rest);
    }
    if let Some(digits) = telephone(core) {
        return digits;
    }
    if let Some((left, right)) = core.split_once('/') {
        let between = match left.contains(|c: char| c.is_ascii_digit()) {
            true if !right.starts_with(|c: char| c.is_ascii_digit()) => "per",
            _ => "",
        };
        return words([&speak_core(left), between, &speak_core(right)]);
    }
    if let Some((left, right)) = core.split_once('-').filter(|(left, right)| {
        left.ends_with(|c: char| c.is_ascii_digit())
            && right.starts_with(|c: char| c.is_ascii_digit() || c == '$')
    }) {
        return words([&speak_core(left), "to", &speak_core(right)]);
    }
    speak_quantity(core)
}

/// "$1,200.50", "€3k", "5%", "#4", "10:30", "9pm", "3rd", "B2", "72".
fn speak_quantity(core: &str) -> String {
    if !core.contains(|c: char| c.is_ascii_digit()) {
        return spell_signs(core);
    }
    let signs = [("$", "dollar"), ("€", "euro"), ("£", "pound")];
    for (sign, name) in signs {
        if let Some(rest) = core.strip_prefix(sign).or_else(|| core.strip_suffix(sign)) {
            return speak_money(rest, name);
        }
    }
    if let Some(rest) = core.strip_suffix('%') {
        return words([&speak_quantity(rest), "percent", ""]);
    }
    if let Some(rest) = core.strip_prefix('#') {
        return words(["number", &speak_quantity(rest), ""]);
    }
    if let Some((hours, minutes)) = core.split_once(':') {
        return words([&speak_quantity(hours), &speak_minutes(minutes), ""]);
    }
    let end = core.find(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'));
    let (number, suffix) = core.split_at(end.unwrap_or(core.len()));
    if number.is_empty() {
        let digits = core.find(|c: char| c.is_ascii_digit()).unwrap_or(0);
        return words([&spell_signs(&core[..digits]), &speak_quantity(&core[digits..]), ""]);
    }
    let ending = match suffix.to_lowercase().as_str() {
        "am" | "a.m" => "a m".to_owned(),
        "pm" | "p.m" => "p m".to_owned(),
        "k" => "thousand".to_owned(),
        "m" => "million".to_owned(),
        "st" | "nd" | "rd" | "th" => return ordinal(&speak_number(number)),
        other if other.contains(|c: char| c.is_ascii_digit()) => speak_core(other),
        other => spell_signs(other),
    };
    words([&speak_number(number), &ending, ""])
}

fn speak_money(rest: &str, name: &str) -> String {
    let lower = rest.to_lowercase();
    let (amount, scale) = match lower.strip_suffix('k') {
        Some(amount) => (amount, "thousand"),
        None => match lower.strip_suffix('m') {
            Some(amount) => (amount, "million"),
            None => (lower.as_str(), ""),
        },
    };
    let plural = format!("{name}s");
    if !scale.is_empty() {
        return words([&speak_number(amount), scale, &plural]);
    }
    let (whole, cents) = amount.split_once('.').unwrap_or((amount, ""));
    let unit = if whole == "1" { name } else { &plural };
    let spoken = words([&speak_number(whole), unit, ""]);
    match cents.parse::<u64>() {
        Ok(count) if count > 0 && cents.len() == 2 => {
            let cent = if count == 1 { "cent" } else { "cents" };
            format!("{spoken} and {} {cent}", speak_integer(count))
        }
        Ok(count) if count > 0 => words([&speak_number(amount), &plural, ""]),
        _ => spoken,
    }
}

fn speak_minutes(minutes: &str) -> String {
    let end = minutes.find(|c: char| !c.is_ascii_digit()).unwrap_or(minutes.len());
    let (digits, suffix) = minutes.split_at(end);
    let spoken = match digits {
        "00" => String::new(),
        digits if digits.starts_with('0') => format!("oh {}", speak_number(&digits[1..])),
        digits => speak_number(digits),
    };
    let ending = if suffix.is_empty() { String::new() } else { spell_letters(suffix) };
    words([&spoken, &ending, ""])
}

/// Digits of a telephone number one by one.
fn telephone(core: &str) -> Option<String> {
    let digits: Vec<u32> = core.chars().filter_map(|c| c.to_digit(10)).collect();
    let only = core.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let looks =
        core.starts_with('+') || (core.contains('-') && digits.len() >= 7) || digits.len() >= 10;
    if !only || !looks || digits.len() < 4 {
        return None;
    }
    let spoken: Vec<&str> = digits.iter().map(|&digit| SMALL[digit as usize]).collect();
    Some(spoken.join(" "))
}

fn speak_address(address: &str) -> String {
    let mut spoken = String::new();
    for c in address.chars() {
        match c {
            '.' => spoken.push_str(" dot "),
            '-' => spoken.push_str(" dash "),
            '_' => spoken.push_str(" underscore "),
            '/' => spoken.push_str(" slash "),
            '+' => spoken.push_str(" plus "),
            c if c.is_ascii_digit() => {
                spoken.push(' ');
                spoken.push_str(SMALL[c as usize - '0' as usize]);
                spoken.push(' ');
            }
            c if c.is_ascii_alphabetic() => spoken.push(c),
            _ => {}
        }
    }
    spoken.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn spell_signs(word: &str) -> String {
    let spoken = word.replace('%', " percent ").replace('@', " at ").replace('+', " plus ");
    let kept = |c: &char| {
        c.is_ascii_alphanumeric() || matches!(c, '\'' | '-' | '.' | ',' | ' ' | '?' | '!')
    };
    let spoken: String = spoken.chars().filter(kept).collect();
    let spoken = spoken.split_whitespace().collect::<Vec<_>>().join(" ");
    if spoken.chars().all(|c| matches!(c, '-' | '.' | '\'' | ',')) { String::new() } else { spoken }
}

fn spell_letters(word: &str) -> String {
    let letters = word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_string());
    letters.collect::<Vec<_>>().join(" ")
}

fn words(parts: [&str; 3]) -> String {
    let filled: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    filled.join(" ")
}

/// Zero to nineteen.
pub(crate) const SMALL: [&str; 20] = [
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
/// By their first digit.
pub(crate) const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const SCALES: [(u64, &str); 3] =
    [(1_000_000_000, "billion"), (1_000_000, "million"), (1000, "thousand")];
/// Longer numbers are read digit by digit.
const DIGITS_MAX: usize = 12;

fn speak_number(number: &str) -> String {
    let number = number.replace(',', "");
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    let mut spoken = match whole.parse::<u64>() {
        Ok(value) if whole.len() <= DIGITS_MAX => speak_integer(value),
        _ => speak_digits(whole),
    };
    if !fraction.is_empty() {
        spoken = format!("{spoken} point {}", speak_digits(fraction));
    }
    spoken
}

fn speak_digits(digits: &str) -> String {
    let digits = digits.chars().filter_map(|c| c.to_digit(10));
    digits.map(|digit| SMALL[digit as usize]).collect::<Vec<_>>().join(" ")
}

fn speak_integer(value: u64) -> String {
    if value < 20 {
        return SMALL[value as usize].to_owned();
    }
    if value < 100 {
        let ten = TENS[(value / 10) as usize];
        return match value % 10 {
            0 => ten.to_owned(),
            rest => format!("{ten} {}", SMALL[rest as usize]),
        };
    }
    let (size, name) =
        SCALES.iter().find(|(size, _)| value >= *size).copied().unwrap_or((100, "hundred"));
    let head = format!("{} {name}", speak_integer(value / size));
    match value % size {
        0 => head,
        rest => format!("{head} {}", speak_integer(rest)),
    }
}

fn ordinal(cardinal: &str) -> String {
    let (head, last) = match cardinal.rsplit_once(' ') {
        Some((head, last)) => (format!("{head} "), last),
        None => (String::new(), cardinal),
    };
    let last = match last {
        "one" => "first".to_owned(),
        "two" => "second".to_owned(),
        "three" => "third".to_owned(),
        "five" => "fifth".to_owned(),
        "eight" => "eighth".to_owned(),
        "nine" => "ninth".to_owned(),
        "twelve" => "twelfth".to_owned(),
        last if last.ends_with('y') => format!("{}ieth", &last[..last.len() - 1]),
        last => format!("{last}th"),
    };
    head + &last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_text_becomes_words() {
        let check = |text: &str, expected: &str| assert_eq!(speakable(text), expected, "{text}");
        check("It's $52/unit.", "It's fifty two dollars per unit.");
        check("$1,200.50, okay?", "one thousand two hundred dollars and fifty cents, okay?");
        check("$3k or €1", "three thousand dollars or one euro");
        check("Send it to mike@supplier.com.", "Send it to mike at supplier dot com.");
        check("See https://a-b.com/x2", "See a dash b dot com slash x two");
        check("Call +12025550101", "Call one two zero two five five five zero one zero one");
        check("Call 415-555-1234!", "Call four one five five five five one two three four!");
        check("9pm, 10:30 a.m. and 9:05pm", "nine p m, ten thirty a.m. and nine oh five p m");
        check("5% of 1,000,000", "five percent of one million");
        check("14-21 days", "fourteen to twenty one days");
        check("a well-known twenty-one", "a well-known twenty-one");
        check("the 21st, the 30th", "the twenty first, the thirtieth");
        check("**Net 30** — fine…", "Net thirty, fine.");
        check("and/or R&D #4 B2", "and or R and D number four B two");
        check("Crème brûlée “now”", "Creme brulee now");
        check("Peter; Paul: Mary!!", "Peter, Paul, Mary!");
        check("3.75", "three point seven five");
    }

    #[test]
    fn what_cannot_be_said_is_left_out() {
        let check = |text: &str| assert_eq!(speakable(text), "", "{text:?}");
        check("");
        check(" … ?!");
        check("你好");
        check("\u{0}\u{1b}[");
        assert_eq!(speakable("a\u{0}b \u{202e}c"), "ab c");
        assert_eq!(speakable("$"), "");
        speakable(
            "$$ $. %% #: 1: :1 /1 1/ -- 1--2 @.a a@. 1,,2.3.4 $k $.5 99999999999999999999999",
        );
    }

    #[test]
    fn numbers_in_digits_and_words_sound_alike() {
        let check = |a: &str, b: &str| assert_eq!(spoken_words(a), spoken_words(b), "{a} and {b}");
        check("$72!", "Seventy-two dollars");
        check("500 units", "five hundred units");
        check("1999", "one thousand nine hundred ninety nine");
        check("I’m here", "Im here");
    }

    #[test]
    fn sentences_end_where_they_end() {
        let check = |text: &str, expected: &[&str]| assert_eq!(sentences(text), expected, "{text}");
        check("Hello. How are you?", &["Hello.", "How are you?"]);
        check("It's $58.50 each. Ask Dr. Lee! Ok", &["It's $58.50 each.", "Ask Dr. Lee!", "Ok"]);
        check("We open at 9 a.m. Monday.", &["We open at 9 a.m. Monday."]);
        check("Well… maybe. no", &["Well… maybe. no"]);
        check("He said \"No.\" Then left.", &["He said \"No.\"", "Then left."]);
        check("  ", &[]);
        check("...", &["..."]);
    }
}
