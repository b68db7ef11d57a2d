//! The case as the brief tells it: what is wrong, the facts that prove it, and what the customer wants.

use agenticcalling_playbook::Brief;
use agenticcalling_playbook::extract::{Talk, Utterance, Value};
use agenticcalling_playbook::strategy::{BriefFacts, Settings, Spoken};

/// What can put a complaint right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resolution {
    Refund,
    Replacement,
    Credit,
    Repair,
    Apology,
}

impl Resolution {
    pub(crate) const ALL: [Self; 5] =
        [Self::Refund, Self::Replacement, Self::Credit, Self::Repair, Self::Apology];

    /// For the data.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Refund => "refund",
            Self::Replacement => "replacement",
            Self::Credit => "credit",
            Self::Repair => "repair",
            Self::Apology => "apology",
        }
    }

    /// Words for it in all four languages; the customer may write in another than the call's.
    pub(crate) fn cues(self) -> &'static [&'static str] {
        match self {
            Self::Refund => &[
                "refund*",
                "money back",
                "reimburs*",
                "pay back",
                "reembols*",
                "devolución del dinero",
                "devolver el dinero",
                "rembours*",
                "erstatt*",
                "rückerstatt*",
                "zurückerstatt*",
                "geld zurück",
            ],
            Self::Replacement => &[
                "replac*",
                "exchange",
                "new one",
                "send another",
                "resend",
                "reemplaz*",
                "sustitu*",
                "cambiar por",
                "uno nuevo",
                "remplac*",
                "échang*",
                "ersatz*",
                "umtausch*",
                "austausch*",
                "neues gerät",
                "neulieferung",
            ],
            Self::Credit => &[
                "credit",
                "credits",
                "voucher",
                "gift card",
                "store credit",
                "abono",
                "vale",
                "crédito",
                "avoir",
                "bon d'achat",
                "geste commercial",
                "gutschrift",
                "gutschein*",
            ],
            Self::Repair => &[
                "repair*",
                "fix",
                "fixed",
                "reparar",
                "repara*",
                "réparation",
                "réparer",
                "répar*",
                "reparatur",
                "reparier*",
                "nachbesser*",
            ],
            Self::Apology => &[
                "apolog*",
                "disculpas",
                "una disculpa",
                "excuses",
                "présenter des excuses",
                "entschuldigung",
            ],
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Case {
    /// "a broken blender".
    pub(crate) issue: Option<String>,
    pub(crate) order: Option<String>,
    pub(crate) date: Option<String>,
    pub(crate) amount: Option<(f64, Option<&'static str>)>,
    /// In the order of preference.
    pub(crate) wanted: Vec<Resolution>,
    pub(crate) unwanted: Vec<Resolution>,
}

impl Case {
    pub(crate) fn of(brief: &Brief, settings: &Settings, facts: &BriefFacts) -> Self {
        let context = brief.context.as_deref().unwrap_or("");
        let strategy = settings.strategy.as_deref().unwrap_or("");
        let mut case = Self {
            issue: issue_of(&brief.objective),
            order: number_of(&brief.objective).or_else(|| number_of(context)),
            date: facts.day.clone(),
            ..Self::default()
        };
        let told =
            Talk::read(&[Utterance::ours(brief.objective.as_str()), Utterance::ours(context)]);
        case.amount = told.facts().find_map(|(_, fact)| match fact.value {
            Value::Money { amount, currency, .. } if amount > 0.0 => Some((amount, currency)),
            _ => None,
        });
        for text in [&brief.objective, context, strategy] {
            case.read_wishes(text, false);
        }
        for rule in &brief.rules {
            case.read_wishes(rule, true);
        }
        let unwanted = case.unwanted.clone();
        case.wanted.retain(|one| !unwanted.contains(one));
        case
    }

    /// A rule only forbids; everything else also asks.
    fn read_wishes(&mut self, text: &str, is_rule: bool) {
        for clause in text.split(['.', ';', '!', '?', '\n', ',']) {
            let spoken = Spoken::of(clause);
            let barred = spoken.has(NEVER);
            // "If a refund is not possible" forbids none.
            if barred && spoken.has(IF) {
                continue;
            }
            let mut found = Vec::new();
            for resolution in Resolution::ALL {
                let place = resolution.cues().iter().filter_map(|cue| spoken.before(cue)).min();
                found.extend(place.map(|place| (place, resolution)));
            }
            found.sort_by_key(|(place, _)| *place);
            for (_, resolution) in found {
                let list = if barred { &mut self.unwanted } else { &mut self.wanted };
                if (barred || !is_rule) && !list.contains(&resolution) {
                    list.push(resolution);
                }
            }
        }
    }
}

const NEVER: &[&str] = &[
    "not",
    "never",
    "no",
    "don't",
    "nunca",
    "jamais",
    "pas",
    "nicht",
    "kein",
    "keine",
    "keinen",
    "nie",
    "without",
    "sin",
    "sans",
    "ohne",
    "instead of",
    "refuse",
    "reject",
];

const IF: &[&str] =
    &["if", "unless", "should", "otherwise", "si", "sinon", "wenn", "falls", "sonst", "sollte"];

/// What stands behind "complain about" up to what is to be done about it.
fn issue_of(objective: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "complain about ",
        "complain that ",
        "complaint about ",
        "complaint regarding ",
        "complain to ",
        "an issue with ",
        "a problem with ",
        "the problem with ",
        "regarding ",
        "because ",
        "about ",
        "reclamar por ",
        "reclamar que ",
        "reclamar ",
        "reclamación por ",
        "reclamación sobre ",
        "quejarse de ",
        "quejarse por ",
        "queja por ",
        "se plaindre de ",
        "se plaindre d'",
        "plainte concernant ",
        "plainte pour ",
        "réclamation pour ",
        "réclamation concernant ",
        "au sujet de ",
        "beschweren über ",
        "beschwere dich über ",
        "beschwerde über ",
        "wegen ",
        "über ",
    ];
    const ENDS: &[&str] = &[
        ". ",
        "; ",
        "! ",
        "\n",
        " and get ",
        " and ask ",
        " and request ",
        " and demand ",
        " and have ",
        " and obtain ",
        ", ask ",
        ", get ",
        ", request ",
        " y pedir ",
        " y solicitar ",
        " y obtener ",
        " et demander ",
        " et obtenir ",
        " und verlang",
        " und forder",
        " und eine ",
        " und bitte ",
        " reklamieren",
        " beschweren",
    ];
    let lower = objective.to_lowercase();
    // A lower-case text of another length does not share its places.
    let text = if lower.len() == objective.len() { objective } else { &lower };
    let start = LEADS.iter().find_map(|lead| lower.find(lead).map(|at| at + lead.len()))?;
    let rest = text.get(start..)?;
    let end = ENDS.iter().filter_map(|end| rest.to_lowercase().find(end)).min();
    let issue = rest.get(..end.unwrap_or(rest.len()))?;
    let issue = issue.trim().trim_end_matches(['.', '!', '?', ',', ';']).trim();
    (!issue.is_empty()).then(|| issue.to_owned())
}

/// "Order #12345", "Bestellnummer 47-11": the number behind its name.
fn number_of(text: &str) -> Option<String> {
    const NAMES: &[&str] = &[
        "order",
        "pedido",
        "commande",
        "bestellung",
        "bestellnummer",
        "auftrag",
        "auftragsnummer",
        "invoice",
        "factura",
        "facture",
        "rechnung",
        "rechnungsnummer",
        "booking",
        "reservation",
        "reserva",
        "réservation",
        "buchung",
        "buchungsnummer",
        "account",
        "contract",
        "contrato",
        "contrat",
        "vertrag",
        "vertragsnummer",
        "kundennummer",
        "policy",
        "tracking",
        "case",
        "ticket",
        "number",
        "número",
        "numéro",
        "nummer",
    ];
    const FILLERS: &[&str] = &[
        "number", "no", "nr", "num", "n°", "nº", "número", "numéro", "nummer", "#", "is", "id",
        "de", "with", "the", "ist", "es", "est",
    ];
    const AHEAD_MAX: usize = 3;
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        if word.starts_with('#')
            && let Some(code) = code_in(word)
        {
            return Some(code);
        }
        let name = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if !NAMES.contains(&name.as_str()) {
            continue;
        }
        for next in words.iter().skip(at + 1).take(AHEAD_MAX) {
            if let Some(code) = code_in(next) {
                return Some(code);
            }
            let filler = next.trim_matches([':', '.', ',', '(']).to_lowercase();
            if !FILLERS.contains(&filler.as_str()) {
                break;
            }
        }
    }
    None
}

/// Three or more letters and digits, one a digit at least.
pub(crate) fn code_in(word: &str) -> Option<String> {
    const CHARS_MIN: usize = 3;
    const CHARS_MAX: usize = 30;
    let code = word.trim_matches(|c: char| !c.is_alphanumeric());
    let money = word.contains(['$', '€', '£', '%', ':']);
    let fits = (CHARS_MIN..=CHARS_MAX).contains(&code.chars().count());
    let made = code.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '/'));
    (fits && made && !money && code.chars().any(|c| c.is_ascii_digit())).then(|| code.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(objective: &str, context: &str, rules: &[&str]) -> Case {
        let brief = Brief {
            objective: objective.into(),
            context: Some(context.into()),
            rules: rules.iter().map(|rule| (*rule).to_owned()).collect(),
            ..Brief::default()
        };
        Case::of(&brief, &Settings::default(), &BriefFacts::of(&brief))
    }

    #[test]
    fn the_case_is_understood() {
        let found = case(
            "Complain about a broken blender and get a refund",
            "Order #12345, delivered on Monday, paid $89. If not, a replacement is fine.",
            &["Never accept store credit"],
        );
        assert_eq!(found.issue.as_deref(), Some("a broken blender"));
        assert_eq!(found.order.as_deref(), Some("12345"));
        assert_eq!(found.amount, Some((89.0, Some("USD"))));
        assert_eq!(found.wanted, [Resolution::Refund, Resolution::Replacement]);
        assert_eq!(found.unwanted, [Resolution::Credit]);
    }

    #[test]
    fn numbers_and_issues_in_four_languages() {
        let check = |objective: &str, issue: &str, order: &str| {
            let found = case(objective, "", &[]);
            assert_eq!(found.issue.as_deref(), Some(issue), "{objective}");
            assert_eq!(found.order.as_deref(), Some(order), "{objective}");
            assert_eq!(found.wanted.first(), Some(&Resolution::Refund), "{objective}");
        };
        check(
            "Reclamar por una lavadora rota, pedido 4711, y pedir un reembolso",
            "una lavadora rota, pedido 4711",
            "4711",
        );
        check(
            "Se plaindre d'une livraison en retard. Commande n° A-77. Demander un remboursement.",
            "une livraison en retard",
            "A-77",
        );
        check(
            "Beschwere dich über den defekten Mixer und verlange eine Erstattung. Bestellnummer: 47-11.",
            "den defekten Mixer",
            "47-11",
        );
    }

    #[test]
    fn an_empty_brief_is_an_empty_case() {
        assert_eq!(case("", "", &[]), Case::default());
    }
}
