//! Who we say we are.

use crate::Brief;
use crate::rules::Rules;

/// The identity of the agent, from the persona or, failing that, from the context.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Caller {
    pub name: Option<String>,
    pub company: Option<String>,
    pub role: Option<String>,
    /// What a rule of the customer wants us introduced as.
    pub introduced_as: Option<String>,
}

impl Caller {
    pub fn of(brief: &Brief) -> Self {
        let given = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let context = brief.context.as_deref().unwrap_or("");
        Self {
            name: given(&brief.persona.caller_name).or_else(|| named_in(context)),
            company: given(&brief.persona.company).or_else(|| company_in(context)),
            role: given(&brief.persona.role),
            introduced_as: None,
        }
    }

    /// As [`Caller::of`], keeping a rule such as "Always identify yourself as Alex from Acme Corp".
    pub fn with_rules(brief: &Brief, rules: &Rules) -> Self {
        Self { introduced_as: rules.introduction().map(str::to_owned), ..Self::of(brief) }
    }

    /// "Alex from Acme Corp", "an assistant calling for Acme Corp".
    pub fn spoken(&self) -> String {
        if let Some(introduced) = &self.introduced_as {
            return match &self.name {
                Some(name) if !introduced.contains(name.as_str()) => {
                    format!("{name}, {introduced}")
                }
                _ => introduced.clone(),
            };
        }
        match (&self.name, &self.company) {
            (Some(name), Some(company)) => format!("{name} from {company}"),
            (Some(name), None) => name.clone(),
            (None, Some(company)) => format!("an assistant calling for {company}"),
            (None, None) => "an assistant calling for a customer".into(),
        }
    }

    /// "Hello, this is Alex from Acme Corp."
    pub fn greeting(&self) -> String {
        match (&self.name, &self.company) {
            _ if self.introduced_as.is_some() => format!("Hello, this is {}.", self.spoken()),
            (None, Some(company)) => format!("Hello, I am calling for {company}."),
            (None, None) => "Hello, I am an assistant calling for a customer.".into(),
            _ => format!("Hello, this is {}.", self.spoken()),
        }
    }
}

/// "We are Acme Corp.", "I'm calling from Acme Corp".
fn company_in(context: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "we are ",
        "we're ",
        "our company is ",
        "our company, ",
        "on behalf of ",
        "calling from ",
        "i work for ",
        "i work at ",
        "company: ",
    ];
    after_lead(context, LEADS, 5)
}

fn named_in(context: &str) -> Option<String> {
    const LEADS: &[&str] = &["my name is ", "i am called ", "caller name: ", "caller: "];
    after_lead(context, LEADS, 3)
}

/// The capitalised words behind the first of `leads` that is there.
fn after_lead(text: &str, leads: &[&str], words_max: usize) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    for lead in leads {
        let Some(start) = lower.find(lead) else { continue };
        let words = capitalised_words(&text[start + lead.len()..], words_max);
        if !words.is_empty() {
            return Some(words.join(" "));
        }
    }
    None
}

fn capitalised_words(text: &str, words_max: usize) -> Vec<&str> {
    let mut words = Vec::new();
    for word in text.split_whitespace() {
        let bare = word.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        let name = bare.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
        if !(name || bare == "&" || bare == "of" && !words.is_empty()) || words.len() == words_max {
            break;
        }
        words.push(bare);
        if bare.len() < word.len() {
            break;
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(context: &str, expected: &str) {
        let brief = Brief { context: Some(context.into()), ..Brief::default() };
        assert_eq!(Caller::of(&brief).greeting(), expected, "{context}");
    }

    #[test]
    fn a_rule_says_how_we_are_introduced() {
        let check = |name: Option<&str>, rule: &str, expected: &str| {
            let mut brief = Brief { rules: vec![rule.into()], ..Brief::default() };
            brief.persona.caller_name = name.map(str::to_owned);
            let caller = Caller::with_rules(&brief, &Rules::compile(&brief.rules));
            assert_eq!(caller.greeting(), expected, "{rule}");
        };
        check(None, "Always identify yourself as Ann from Acme", "Hello, this is Ann from Acme.");
        check(
            Some("Ann"),
            "Always identify yourself as an AI assistant",
            "Hello, this is Ann, an AI assistant.",
        );
        check(Some("Ann"), "Be polite", "Hello, this is Ann.");
    }

    #[test]
    fn we_say_who_we_are() {
        check("We are Acme Corp. Budget is $50-60 per unit.", "Hello, I am calling for Acme Corp.");
        check("My name is Ann Lee. We are Bolt & Nut.", "Hello, this is Ann Lee from Bolt & Nut.");
        check("we are in a hurry", "Hello, I am an assistant calling for a customer.");
        check("", "Hello, I am an assistant calling for a customer.");
    }
}
