//! How far the call has come: each item from open to answered, done or refused.

use agenticcalling_playbook::extract::{Talk, Value, words, yes_or_no};
use agenticcalling_playbook::strategy::{Language, Obligation, folded, is_hold, says};

use crate::objective::{Item, Kind, Objective};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Open,
    /// Answered, agreed or told.
    Done,
    Refused,
}

pub(crate) struct Step {
    pub(crate) item: Item,
    pub(crate) state: State,
    pub(crate) asked: u8,
    /// What they answered.
    pub(crate) answer: String,
    rule: bool,
}

/// What their turn did to the item that was put to them last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Settled,
    /// They offered something else, and the fallback of the objective covers it.
    OfferAccepted,
    /// They said no, and there is a fallback to offer.
    OfferFallback,
    /// They did not understand.
    Repeat,
    Waiting,
}

/// A question is put this often before it is given up.
const ASKED_MAX: u8 = 3;

pub(crate) struct Progress {
    pub(crate) steps: Vec<Step>,
    fallback: Option<String>,
    fallback_offered: bool,
    language: Language,
}

impl Progress {
    pub(crate) fn new(
        objective: Objective,
        obligations: &[Obligation],
        language: Language,
    ) -> Self {
        let mut steps = Vec::new();
        let step = |item: Item, rule: bool| Step {
            item,
            state: State::Open,
            asked: 0,
            answer: String::new(),
            rule,
        };
        for item in objective.items {
            steps.push(step(item, false));
        }
        for obligation in obligations {
            let content = obligation.topic.join(" ");
            let item = Item {
                kind: Kind::Ask,
                wording: obligation.question.clone(),
                source: content.clone(),
                content,
            };
            steps.push(step(item, true));
        }
        Self { steps, fallback: objective.fallback, fallback_offered: false, language }
    }

    pub(crate) fn fallback(&self) -> Option<&str> {
        self.fallback.as_deref()
    }

    /// We spoke. Items are recognised by their words, however the model put them.
    pub(crate) fn spoke(&mut self, text: &str) {
        let said = words(text);
        let mut named = false;
        for step in self.steps.iter_mut().filter(|step| step.state == State::Open) {
            if !covers(&said, &step.item.content) {
                continue;
            }
            named = true;
            step.asked = step.asked.saturating_add(1);
            if step.item.kind == Kind::Tell {
                step.state = State::Done;
            }
        }
        if !named && self.language != Language::English {
            self.spoke_abroad(text);
        }
    }

    /// The model says an objective in English in the language of the call, so that none of its words
    /// can be found: a question of ours then puts the next item.
    fn spoke_abroad(&mut self, text: &str) {
        const TELLING_WORDS_MIN: usize = 5;
        let asks = text.contains('?');
        let tells = words(text).len() >= TELLING_WORDS_MIN;
        for step in self.steps.iter_mut().filter(|step| step.state == State::Open) {
            if step.item.kind == Kind::Tell {
                if tells {
                    step.asked = step.asked.saturating_add(1);
                    step.state = State::Done;
                }
                continue;
            }
            step.asked = step.asked.saturating_add(u8::from(asks));
            return;
        }
    }

    /// They spoke. `asks` if their turn asked us something that we can answer or must come back on.
    /// With `any_time` the customer has named none, so that any that is offered will do.
    pub(crate) fn heard(&mut self, text: &str, asks: bool, any_time: bool) -> Effect {
        let fallback = self.fallback.clone();
        let offered = self.fallback_offered;
        let Some(step) = self.pending() else { return Effect::Waiting };
        let statement = statements(text);
        if is_hold(text) {
            return Effect::Waiting;
        }
        if is_unclear(text) {
            return if step.asked >= ASKED_MAX { refuse(step) } else { Effect::Repeat };
        }
        match step.item.kind {
            Kind::Ask => {
                // "Okay." answers nothing but a question for yes or no.
                let either = matches!(
                    words(&step.item.content).first().map(String::as_str),
                    Some("whether" | "if" | "ob" | "si")
                );
                let agrees = yes_or_no(&statement) == Some(true) || agrees_abroad(&statement);
                let yes = either && agrees && !text.contains('?');
                if says_nothing(&statement) && !yes {
                    return if step.asked >= ASKED_MAX { refuse(step) } else { Effect::Waiting };
                }
                step.answer = text.trim().to_owned();
                if does_not_know(text) { refuse(step) } else { settle(step) }
            }
            Kind::Request | Kind::Tell => {
                let covered = fallback.as_deref().is_some_and(|range| offer_within(text, range));
                let no = is_refusal(&statement);
                let free = any_time && fallback.is_none() && offers_time(text);
                if free || covered && !says_yes(&statement) {
                    return Effect::OfferAccepted;
                }
                if no && fallback.is_some() && !offered {
                    self.fallback_offered = true;
                    return Effect::OfferFallback;
                }
                step.answer = text.trim().to_owned();
                if no {
                    return refuse(step);
                }
                if asks {
                    return Effect::Waiting;
                }
                if says_yes(&statement) || step.asked >= ASKED_MAX {
                    return settle(step);
                }
                Effect::Repeat
            }
        }
    }

    /// The item that was put to them and is still open.
    fn pending(&mut self) -> Option<&mut Step> {
        self.steps.iter_mut().find(|step| step.state == State::Open && step.asked > 0)
    }

    pub(crate) fn next(&self) -> Option<&Step> {
        self.steps.iter().find(|step| step.state == State::Open)
    }

    /// Open items that only have to be said before the next question, then that question.
    pub(crate) fn next_words(&self) -> Option<String> {
        let mut said = Vec::new();
        for step in self.steps.iter().filter(|step| step.state == State::Open) {
            said.push(step.item.wording.as_str());
            if step.item.kind != Kind::Tell {
                break;
            }
        }
        (!said.is_empty()).then(|| said.join(" "))
    }

    pub(crate) fn is_settled(&self) -> bool {
        self.steps.iter().all(|step| step.state != State::Open)
    }

    /// What has not been put to them at all, the rules' questions first.
    pub(crate) fn unasked(&self) -> Option<&Step> {
        let unasked = |step: &&Step| step.state == State::Open && step.asked == 0;
        self.steps.iter().filter(unasked).find(|step| step.rule).or(self.steps.iter().find(unasked))
    }

    pub(crate) fn succeeded(&self) -> bool {
        let asked: Vec<&Step> = self.steps.iter().filter(|step| !step.rule).collect();
        !asked.is_empty() && asked.iter().all(|step| step.state == State::Done)
    }
}

fn settle(step: &mut Step) -> Effect {
    step.state = State::Done;
    Effect::Settled
}

fn refuse(step: &mut Step) -> Effect {
    step.state = State::Refused;
    Effect::Settled
}

/// Two thirds of the longer words of `content` were said.
fn covers(said: &[String], content: &str) -> bool {
    let mut wanted = words(content);
    wanted.retain(|word| word.chars().count() > 2 || word.chars().all(|c| c.is_ascii_digit()));
    if wanted.is_empty() {
        wanted = words(content);
    }
    let hits = wanted.iter().filter(|word| said.contains(word)).count();
    !wanted.is_empty() && hits * 3 >= wanted.len() * 2
}

/// The turn without its questions.
fn statements(text: &str) -> String {
    let parts = text.split_inclusive(['.', '!', '?']);
    parts.filter(|part| !part.trim_end().ends_with('?')).collect::<String>().trim().to_owned()
}

fn says_nothing(statement: &str) -> bool {
    const GREETINGS: &[&str] = &[
        "hello",
        "hi",
        "sure",
        "okay",
        "ok",
        "yes",
        "yeah",
        "well",
        "um",
        "uh",
        "good",
        "morning",
        "afternoon",
        "evening",
        "hola",
        "buenos",
        "buenas",
        "días",
        "tardes",
        "bueno",
        "vale",
        "bonjour",
        "allô",
        "oui",
        "alors",
        "hallo",
        "guten",
        "tag",
        "morgen",
        "abend",
        "ja",
        "also",
        "sí",
    ];
    const NAMING_WORDS_MAX: usize = 5;
    let words = words(statement);
    // "Hello, this is Susan." answers nothing either.
    let names = words.len() <= NAMING_WORDS_MAX
        && (phrase_in(statement, &[" this is "])
            || says(&folded(statement), &["le habla", "soy", "ici", "hier ist", "mein name ist"]));
    names || words.iter().all(|word| GREETINGS.contains(&word.as_str()))
}

fn phrase_in(text: &str, phrases: &[&str]) -> bool {
    let spoken = format!(" {} ", words(text).join(" "));
    phrases.iter().any(|phrase| spoken.contains(phrase))
}

fn is_unclear(text: &str) -> bool {
    const WORDS_MAX: usize = 7;
    let abroad = [
        "como dice",
        "no le oigo",
        "no entiendo",
        "puede repetir",
        "repetir",
        "je n ai pas compris",
        "vous pouvez repeter",
        "je ne vous entends pas",
        "wie bitte",
        "nicht verstanden",
        "wiederholen",
        "ich hore sie nicht",
    ];
    words(text).len() <= WORDS_MAX && says(&folded(text), &abroad)
        || words(text).len() <= WORDS_MAX
            && phrase_in(
                text,
                &[
                    " pardon ",
                    " sorry what ",
                    " what was that ",
                    " say that again ",
                    " come again ",
                    " didn't catch ",
                    " can't hear you ",
                    " didn't hear ",
                    " repeat that ",
                    " unrecognised ",
                    " excuse me what ",
                    " didn't understand ",
                ],
            )
}

fn does_not_know(text: &str) -> bool {
    phrase_in(
        text,
        &[
            " don't know ",
            " do not know ",
            " no idea ",
            " not sure ",
            " can't say ",
            " cannot say ",
            " can't tell you ",
            " cannot tell you ",
            " can't help you ",
            " can't help with ",
        ],
    ) || says(
        &folded(text),
        &[
            "no lo se",
            "no se decirle",
            "ni idea",
            "no le puedo decir",
            "no puedo decirle",
            "no puedo ayudarle",
            "je ne sais pas",
            "aucune idee",
            "je ne peux pas vous dire",
            "je ne peux pas vous aider",
            "weiss ich nicht",
            "weiss nicht",
            "keine ahnung",
            "kann ich ihnen nicht sagen",
            "kann ich nicht sagen",
            "nicht helfen",
        ],
    )
}

fn says_yes(statement: &str) -> bool {
    yes_or_no(statement) == Some(true)
        || phrase_in(
            statement,
            &[
                " booked ",
                " confirmed ",
                " all set ",
                " reserved ",
                " you're set ",
                " it's done ",
                " is done ",
                " see you ",
                " got it ",
                " perfect ",
                " i've put you ",
                " taken care of ",
                " no problem ",
                " cancelled ",
                " canceled ",
                " scheduled ",
                " is made ",
                " made the appointment ",
                " great ",
            ],
        ) && !is_refusal(statement)
        || !is_refusal(statement) && agrees_abroad(statement)
}

/// "Ja, gern." and its like: at the beginning, where "si" is no "if".
fn agrees_abroad(statement: &str) -> bool {
    const FIRST: &[&str] = &[
        "si",
        "claro",
        "vale",
        "oui",
        "volontiers",
        "ja",
        "gern",
        "gerne",
        "jawohl",
        "naturlich",
        "klar",
    ];
    let spoken = folded(statement);
    spoken.split_whitespace().next().is_some_and(|word| FIRST.contains(&word))
        || says(
            &spoken,
            &[
                "reservado",
                "reservada",
                "confirmado",
                "confirmada",
                "de acuerdo",
                "por supuesto",
                "sin problema",
                "perfecto",
                "c est reserve",
                "c est note",
                "c est confirme",
                "d accord",
                "bien sur",
                "pas de probleme",
                "parfait",
                "reserviert",
                "gebucht",
                "eingetragen",
                "bestatigt",
                "in ordnung",
                "kein problem",
                "alles klar",
                "das geht",
                "perfekt",
                "notiert",
            ],
        )
}

fn is_refusal(statement: &str) -> bool {
    yes_or_no(statement) == Some(false)
        || phrase_in(
            statement,
            &[
                " fully booked ",
                " no tables ",
                " nothing available ",
                " not available ",
                " unavailable ",
                " booked out ",
                " sold out ",
                " we're full ",
                " we are full ",
                " can't do ",
                " cannot do ",
                " not possible ",
                " don't have anything ",
                " is taken ",
                " nothing at ",
                " closed ",
            ],
        )
        || refuses_abroad(statement)
}

fn refuses_abroad(statement: &str) -> bool {
    const FIRST: &[&str] = &["non", "nein", "leider", "lamentablemente", "malheureusement"];
    let spoken = folded(statement);
    let first = spoken.split_whitespace().next().unwrap_or("");
    FIRST.contains(&first)
        || says(
            &spoken,
            &[
                "no es posible",
                "no podemos",
                "no puedo",
                "no tenemos",
                "no hay mesa",
                "no queda",
                "esta completo",
                "estamos completos",
                "imposible",
                "n est pas possible",
                "pas possible",
                "nous ne pouvons pas",
                "on ne peut pas",
                "nous sommes complets",
                "c est complet",
                "nicht moglich",
                "geht nicht",
                "geht leider nicht",
                "ausgebucht",
                "ist voll",
                "konnen wir nicht",
                "kann ich nicht",
                "haben wir nicht",
                "nichts frei",
                "unmoglich",
            ],
        )
}

/// "I have Thursday at two. Would that suit you?"
fn offers_time(text: &str) -> bool {
    let asks = phrase_in(
        text,
        &[
            " suit you ",
            " work for you ",
            " would that ",
            " does that ",
            " shall i take ",
            " is that a yes ",
            " is that okay ",
            " is that all right ",
            " would you like that ",
        ],
    );
    let mut talk = Talk::new();
    talk.push(true, text);
    let names_time = |value: &Value| matches!(value, Value::Clock { .. } | Value::Date(_));
    asks && text.contains('?')
        && talk.facts().any(|(_, fact)| !fact.negated && names_time(&fact.value))
}

/// They named a time that lies in the fallback's range: "we have eight fifteen".
fn offer_within(text: &str, range: &str) -> bool {
    let clocks = |text: &str| -> Vec<u16> {
        let mut talk = Talk::new();
        talk.push(true, &format!("The time is open: {text}"));
        let minutes = talk.facts().filter(|(_, fact)| !fact.negated).filter_map(|(_, fact)| {
            match fact.value {
                Value::Clock { minute, .. } => Some(minute % 720),
                _ => None,
            }
        });
        minutes.collect()
    };
    let bounds = clocks(range);
    let (Some(from), Some(to)) = (bounds.first(), bounds.last()) else { return false };
    let (from, to) = (from.min(to), from.max(to));
    clocks(text).last().is_some_and(|minute| (from..=to).contains(&minute))
}
