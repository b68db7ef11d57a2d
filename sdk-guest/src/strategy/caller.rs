//! Who we say we are.

use super::Language;
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
    /// What the call is held in.
    pub language: Language,
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
            language: Language::of(&brief.language),
        }
    }

    /// As [`Caller::of`], keeping a rule such as "Always identify yourself as Alex from Acme Corp".
    pub fn with_rules(brief: &Brief, rules: &Rules) -> Self {
        Self { introduced_as: rules.introduction().map(str::to_owned), ..Self::of(brief) }
    }

    /// "Alex from Acme Corp", "an assistant calling for Acme Corp".
    pub fn spoken(&self) -> String {
        self.spoken_in(self.language)
    }

    /// As [`Caller::spoken`], in another language than the call's.
    pub fn spoken_in(&self, language: Language) -> String {
        if let Some(introduced) = &self.introduced_as {
            return match &self.name {
                Some(name) if !introduced.contains(name.as_str()) => {
                    format!("{name}, {introduced}")
                }
                _ => introduced.clone(),
            };
        }
        match (&self.name, &self.company) {
            (Some(name), Some(company)) => {
                let from = language.pick(["from", "de", "de chez", "von"]);
                format!("{name} {from} {company}")
            }
            (Some(name), None) => name.clone(),
            (None, Some(company)) => {
                let assistant = language.pick([
                    "an assistant calling for",
                    "un asistente que llama de parte de",
                    "un assistant qui appelle pour",
                    "ein Assistent im Auftrag von",
                ]);
                format!("{assistant} {company}")
            }
            (None, None) => language
                .pick([
                    "an assistant calling for a customer",
                    "un asistente que llama de parte de un cliente",
                    "un assistant qui appelle pour un client",
                    "ein Assistent im Auftrag eines Kunden",
                ])
                .into(),
        }
    }

    /// "This is Alex from Acme Corp."
    pub fn introduction(&self) -> String {
        let lead = self.language.pick(["This is", "Le habla", "Ici", "Hier ist"]);
        format!("{lead} {}.", self.spoken())
    }

    /// "Hello, this is Alex from Acme Corp."
    pub fn greeting(&self) -> String {
        let language = self.language;
        match (&self.name, &self.company) {
            _ if self.introduced_as.is_some() => self.greeting_by_name(),
            (None, Some(company)) => match language {
                Language::English => format!("Hello, I am calling for {company}."),
                Language::Spanish => format!("Hola, llamo de parte de {company}."),
                Language::French => format!("Bonjour, j'appelle pour {company}."),
                Language::German => format!("Guten Tag, ich rufe im Auftrag von {company} an."),
            },
            (None, None) => language
                .pick([
                    "Hello, I am an assistant calling for a customer.",
                    "Hola, soy un asistente y llamo de parte de un cliente.",
                    "Bonjour, je suis un assistant et j'appelle pour un client.",
                    "Guten Tag, ich bin ein Assistent und rufe im Auftrag eines Kunden an.",
                ])
                .into(),
            _ => self.greeting_by_name(),
        }
    }

    fn greeting_by_name(&self) -> String {
        let lead = self.language.pick([
            "Hello, this is",
            "Hola, le habla",
            "Bonjour, ici",
            "Guten Tag, hier ist",
        ]);
        format!("{lead} {}.", self.spoken())
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
        "somos ",
        "llamamos de parte de ",
        "nuestra empresa es ",
        "nous sommes ",
        "notre entreprise est ",
        "wir sind die firma ",
        "unsere firma ist ",
        "im auftrag von ",
    ];
    after_lead(context, LEADS, 5).or_else(|| german_company_in(context))
}

/// "Wir sind Bolzen GmbH."; German writes every noun with a capital, so the name must be all there is.
fn german_company_in(context: &str) -> Option<String> {
    for part in context.split(['.', ';', '\n']) {
        let Some(rest) = part.trim().strip_prefix("Wir sind ") else { continue };
        let words = capitalised_words(rest, 5);
        if !words.is_empty() && words.len() == rest.split_whitespace().count() {
            return Some(words.join(" "));
        }
    }
    None
}

fn named_in(context: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "my name is ",
        "i am called ",
        "caller name: ",
        "caller: ",
        "me llamo ",
        "mi nombre es ",
        "je m'appelle ",
        "mein name ist ",
        "ich heiße ",
    ];
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
    fn in_the_language_of_the_call() {
        let check = |language: &str, context: &str, greeting: &str, introduction: &str| {
            let brief = Brief {
                context: Some(context.into()),
                language: language.into(),
                ..Brief::default()
            };
            let caller = Caller::of(&brief);
            assert_eq!(caller.greeting(), greeting, "{context}");
            assert_eq!(caller.introduction(), introduction, "{context}");
        };
        check(
            "es-MX",
            "Me llamo Ana Ruiz. Somos Tornillos Norte.",
            "Hola, le habla Ana Ruiz de Tornillos Norte.",
            "Le habla Ana Ruiz de Tornillos Norte.",
        );
        check(
            "fr",
            "Nous sommes Boulons Martin.",
            "Bonjour, j'appelle pour Boulons Martin.",
            "Ici un assistant qui appelle pour Boulons Martin.",
        );
        check(
            "de",
            "Wir sind Bolzen GmbH. Wir sind Montag da.",
            "Guten Tag, ich rufe im Auftrag von Bolzen GmbH an.",
            "Hier ist ein Assistent im Auftrag von Bolzen GmbH.",
        );
        check(
            "de",
            "Wir sind Montag da.",
            "Guten Tag, ich bin ein Assistent und rufe im Auftrag eines Kunden an.",
            "Hier ist ein Assistent im Auftrag eines Kunden.",
        );
    }

    #[test]
    fn we_say_who_we_are() {
        check("We are Acme Corp. Budget is $50-60 per unit.", "Hello, I am calling for Acme Corp.");
        check("My name is Ann Lee. We are Bolt & Nut.", "Hello, this is Ann Lee from Bolt & Nut.");
        check("we are in a hurry", "Hello, I am an assistant calling for a customer.");
        check("", "Hello, I am an assistant calling for a customer.");
    }
}
