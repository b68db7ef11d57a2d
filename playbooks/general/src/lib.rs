//! `platform.general`: follows the objective literally, whatever it is.
//!
//! The objective is taken apart into what to ask, what to request and what to tell; each is put in
//! turn, in the customer's own words turned to the listener. Direct questions are answered from the
//! brief or deferred, never guessed. When everything is answered, done or refused, the call is over.

mod abroad;
mod infer;
mod objective;
mod progress;

use std::cell::OnceCell;

use agenticcalling_playbook::extract::{self, Schema};
use agenticcalling_playbook::matching::{self, Purpose};
use agenticcalling_playbook::rules::{self, Rules};
use agenticcalling_playbook::strategy::{
    self, BriefFacts, Caller, Courtesy, LANGUAGES, Language, Patience, Prompt, Reply, Settings,
    Wishes, advise, obligations_in, part,
};
use agenticcalling_playbook::{
    Brief, Clause, Description, ExtractionRequest, Guidance, Plan, Playbook, Report, Speaker, Turn,
    Verdict, export,
};
use objective::Kind;
use progress::{Effect, Progress, State};
use serde_json::{Value, json};

/// One call about anything.
pub struct General {
    brief: Brief,
    caller: Caller,
    /// Read when first needed: a check does without.
    facts: OnceCell<BriefFacts>,
    settings: OnceCell<Settings>,
    rules: Rules,
    progress: Progress,
    opened: bool,
    over: bool,
    courtesy: Courtesy,
    patience: Patience,
}

const APPROACH: &str = "Follow the objective literally: ask what it asks, request what it requests, tell \
what it tells, and nothing more. Take one point at a time and listen to the answer before the next. If \
what the customer wants is not possible, offer the alternative the customer named, if there is one, and \
otherwise accept the answer politely. Repeat back a time, a date, a name or a number that you were given \
when it matters. Answer questions about the customer's wish from what is written here.";

impl Playbook for General {
    fn describe() -> Description {
        Description {
            config_schema: Settings::schema(),
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            ..Description::new(
                "platform.general",
                "1.0.0",
                "General",
                "Follows any objective literally: asks, requests and tells what it says, point by point.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::General, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let language = Language::of(&brief.language);
        let mut objective = objective::split(&brief.objective);
        abroad::word(&mut objective, &brief.objective, language);
        let rules = Rules::compile(&brief.rules);
        Self {
            caller: Caller::with_rules(&brief, &rules),
            rules,
            facts: OnceCell::new(),
            settings: OnceCell::new(),
            progress: Progress::new(objective, &obligations_in(&brief.rules, language), language),
            brief,
            opened: false,
            over: false,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
        }
    }

    fn plan(&mut self) -> Plan {
        let mut agenda = Vec::new();
        for step in &self.progress.steps {
            agenda.push((step.item.source.clone(), step.item.wording.clone()));
        }
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: self.settings(),
            approach: APPROACH,
            agenda: &agenda,
        };
        let greeting = self.caller.greeting();
        let language = self.caller.language;
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: format!("{greeting} {} {}", self.message(), language.later()),
            screening: self.screening(),
            closing: language.closing().into(),
            rules: self.rules.plans(),
            ..Plan::for_brief(&self.brief)
        }
    }

    fn heard(&mut self, turn: Turn) -> Option<Guidance> {
        self.rules.heard(&turn.text);
        if let Some(guidance) = self.courtesy.heed(&turn.text, &self.brief) {
            self.over |= guidance.settled;
            return Some(guidance);
        }
        if self.over {
            return Some(
                self.end("The call is over. Say goodbye.", self.caller.language.goodbye()),
            );
        }
        if !self.opened {
            return Some(advise(
                "Say who you are and what you are calling about.",
                &self.opening(),
            ));
        }
        let reply = strategy::reply(&turn.text, &self.caller, self.facts());
        let asks = matches!(reply, Some(Reply::Say(_) | Reply::ComeBack(_)));
        let any_time = self.facts().time.is_none();
        let effect = self.progress.heard(&turn.text, asks, any_time);
        if strategy::is_hold(&turn.text) {
            return Some(advise("They need a moment. Wait.", self.caller.language.wait()));
        }
        let farewell = strategy::is_farewell(&turn.text);
        if self.progress.is_settled() || farewell && self.progress.unasked().is_none() {
            return Some(self.close(reply));
        }
        let guidance = self.proceed(effect, reply);
        if self.patience.is_lost(guidance.suggestion.as_deref().unwrap_or_default()) {
            return Some(self.end(
                "The conversation goes in circles. End it politely.",
                self.caller.language.in_circles(),
            ));
        }
        Some(guidance)
    }

    fn spoke(&mut self, turn: Turn) {
        self.opened = true;
        self.rules.spoke(&turn.text);
        self.progress.spoke(&turn.text);
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        self.rules.check(clause)
    }

    fn may_end(&mut self) -> Result<(), Guidance> {
        if self.over {
            return Ok(());
        }
        match self.progress.unasked() {
            Some(step) => Err(advise(
                "You have not raised this yet; do it before you end the call.",
                &step.item.wording,
            )),
            None => self.rules.may_end(),
        }
    }

    fn extraction(&mut self) -> ExtractionRequest {
        let mut schema = self.schema().json().clone();
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            let about = "whether the objective was reached";
            properties.entry("success").or_insert(json!({"type": "boolean", "description": about}));
            let about = "one or two sentences on what came of the call";
            properties.entry("summary").or_insert(json!({"type": "string", "description": about}));
        }
        let criteria =
            self.settings().success_criteria.as_deref().unwrap_or("the objective was reached");
        ExtractionRequest {
            schema: schema.to_string(),
            instructions: format!(
                "The objective was: {} From the transcript, take what the other side said. Times as HH:MM, and \
                 the corrected value where something was corrected. Leave out what was not said. The call is a \
                 success if {criteria}.",
                strategy::sentence(&self.brief.objective)
            ),
        }
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        // The transcript alone decides: it is played again, so that nothing depends on the turns
        // having been told before.
        let mut replay = General::new(self.brief.clone());
        for turn in transcript {
            match turn.speaker {
                Speaker::Callee => drop(replay.heard(turn.clone())),
                Speaker::Agent => replay.spoke(turn.clone()),
            }
        }
        Ok(replay.report(transcript, draft))
    }
}

impl General {
    fn facts(&self) -> &BriefFacts {
        self.facts.get_or_init(|| BriefFacts::of(&self.brief))
    }

    fn settings(&self) -> &Settings {
        self.settings.get_or_init(|| Settings::read(&self.brief.settings))
    }

    fn purpose(&self) -> String {
        let objective = self.brief.objective.trim().trim_end_matches(['.', '!', '?']);
        let first = self.progress.steps.first();
        first.map_or(objective, |step| step.item.content.as_str()).to_owned()
    }

    /// For a machine: the request as a wish, not as a question to somebody who is not there.
    fn message(&self) -> String {
        let Some(step) = self.progress.steps.first() else { return String::new() };
        let language = self.caller.language;
        let words = match step.item.kind {
            Kind::Ask => language.pick([
                "I have a question: {}.",
                "Tengo una pregunta: {}.",
                "J'ai une question : {}.",
                "Ich habe eine Frage: {}.",
            ]),
            Kind::Request => language.pick([
                "I am calling with a request: {}.",
                "Llamo con una petición: {}.",
                "J'appelle avec une demande : {}.",
                "Ich rufe mit einem Anliegen an: {}.",
            ]),
            Kind::Tell => return step.item.wording.clone(),
        };
        words.replace("{}", &step.item.content)
    }

    fn screening(&self) -> String {
        let purpose = self.purpose();
        match self.caller.language {
            Language::English => {
                format!("This is {}, calling about this: {purpose}.", self.caller.spoken())
            }
            Language::Spanish => {
                format!("{} Llamo por esto: {purpose}.", self.caller.introduction())
            }
            Language::French => {
                format!("{} J'appelle pour ceci : {purpose}.", self.caller.introduction())
            }
            Language::German => {
                format!("{} Es geht um Folgendes: {purpose}.", self.caller.introduction())
            }
        }
    }

    fn opening(&self) -> String {
        let words = self.progress.next_words();
        let words = words.unwrap_or_else(|| {
            let hello = [
                "How are you today?",
                "¿Cómo está usted?",
                "Comment allez-vous ?",
                "Wie geht es Ihnen?",
            ];
            self.caller.language.pick(hello).into()
        });
        format!("{} {words}", self.caller.greeting())
    }

    fn schema(&self) -> Schema {
        let items = self.progress.steps.iter().map(|step| &step.item);
        self.settings().schema.clone().unwrap_or_else(|| infer::schema(items, self.facts()))
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    /// Answer what was asked, then go on with the objective.
    fn proceed(&self, effect: Effect, reply: Option<Reply>) -> Guidance {
        let language = self.caller.language;
        let next = self.progress.next_words().unwrap_or_default();
        let waiting_for_yes = self
            .progress
            .next()
            .is_some_and(|step| step.item.kind == Kind::Request && step.asked > 0);
        match (effect, reply) {
            (Effect::OfferAccepted, _) => advise(
                "What they offer is within what the customer accepts. Take it.",
                language.pick([
                    "That works for us. Could you book that, please?",
                    "Nos viene bien. ¿Podría reservarlo, por favor?",
                    "Cela nous convient. Pourriez-vous le réserver, s'il vous plaît ?",
                    "Das passt uns. Könnten Sie das bitte eintragen?",
                ]),
            ),
            (Effect::OfferFallback, _) => {
                let another = ["another time", "otra hora", "une autre heure", "eine andere Zeit"];
                let offer = self.progress.fallback().unwrap_or(language.pick(another));
                let words = language.pick([
                    "I understand. We are flexible, {} would work too. Is that possible?",
                    "Entiendo. Somos flexibles, también nos serviría esto: {}. ¿Es posible?",
                    "Je comprends. Nous sommes flexibles, ceci conviendrait aussi : {}. Est-ce possible ?",
                    "Verstehe. Wir sind flexibel, auch das ginge: {}. Ist das möglich?",
                ]);
                let words = words.replace("{}", offer);
                advise("It is not possible as wished. Offer the customer's alternative.", &words)
            }
            (_, Some(Reply::Say(words))) => {
                let instruction = "Answer their question from the brief, then go on.";
                if waiting_for_yes {
                    advise(instruction, &words)
                } else {
                    advise(instruction, &format!("{words} {next}"))
                }
            }
            (_, Some(Reply::ComeBack(words))) => {
                let instruction = "You do not know the answer: say you will come back on it, invent nothing, go on.";
                if waiting_for_yes {
                    advise(instruction, &words)
                } else {
                    advise(instruction, &format!("{words} {next}"))
                }
            }
            (Effect::Repeat, _) if waiting_for_yes => advise(
                "It is not clear whether they agreed. Ask again.",
                &format!(
                    "{} {next}",
                    language.pick([
                        "Just to be sure.",
                        "Solo para asegurarme.",
                        "Juste pour être sûr.",
                        "Nur zur Sicherheit.",
                    ])
                ),
            ),
            (Effect::Repeat, _) => advise(
                "They did not understand. Say it again, slowly.",
                &format!(
                    "{} {next}",
                    language.pick([
                        "Sorry, I will say it again.",
                        "Disculpe, se lo repito.",
                        "Pardon, je répète.",
                        "Entschuldigung, ich sage es noch einmal.",
                    ])
                ),
            ),
            _ => advise("Acknowledge what they said and raise the next point.", &next),
        }
    }

    /// Farewell, unless a rule still wants something said.
    fn close(&mut self, reply: Option<Reply>) -> Guidance {
        if let Err(open) = self.rules.may_end() {
            return open;
        }
        self.over = true;
        let answer = match reply {
            Some(Reply::Say(words) | Reply::ComeBack(words)) => format!("{words} "),
            _ => String::new(),
        };
        let thanks = self.caller.language.pick([
            "Thank you very much for your help. Goodbye.",
            "Muchas gracias por su ayuda. Adiós.",
            "Merci beaucoup pour votre aide. Au revoir.",
            "Vielen Dank für Ihre Hilfe. Auf Wiederhören.",
        ]);
        let words = format!("{answer}{thanks}");
        part("Everything the objective asks for is settled.", &words)
    }

    fn report(&self, transcript: &[Turn], draft: Option<&str>) -> Report {
        let talk = strategy::talk_of(transcript, &self.caller, &self.brief);
        let schema = self.schema();
        let (mut grounded, own) = strategy::ground_draft(&schema, draft, &talk);
        self.insert_outcomes(&schema, &mut grounded);
        let wishes = strategy::wishes(&talk, &self.brief);
        let judged = own.get("success").and_then(Value::as_bool);
        let judged = judged.filter(|_| self.settings().success_criteria.is_some());
        let reached = self.progress.succeeded() && wishes.do_not_call.is_none();
        let mut notes = std::mem::take(&mut grounded.notes);
        notes.extend(rules::unmet(&self.brief.rules, transcript));
        let summary = strategy::spoken_summary(own.get("summary"), &talk);
        Report {
            success: judged.unwrap_or(reached),
            summary: summary.unwrap_or_else(|| self.summary(&wishes)),
            ungrounded: strategy::list_ungrounded(&grounded),
            data: Value::Object(grounded.data).to_string(),
            call_back: wishes.call_back,
            do_not_call: wishes.do_not_call,
            switch_channel: wishes.switch_channel,
            notes,
        }
    }

    /// What the course of the call decides better than any single sentence.
    fn insert_outcomes(&self, schema: &Schema, grounded: &mut extract::Grounded) {
        let requests: Vec<_> =
            self.progress.steps.iter().filter(|step| step.item.kind == Kind::Request).collect();
        if requests.is_empty() || self.settings().schema.is_some() {
            return;
        }
        let own = [infer::CONFIRMATION, infer::PARTY_SIZE];
        grounded.ungrounded.retain(|dropped| !own.contains(&dropped.field.as_str()));
        own.iter().for_each(|field| drop(grounded.data.remove(*field)));
        let done = requests.iter().all(|step| step.state == State::Done);
        let refused = requests.iter().any(|step| step.state == State::Refused);
        if schema.field(infer::CONFIRMATION).is_some() && (done || refused) {
            grounded.data.insert(infer::CONFIRMATION.into(), json!(done));
        }
        if !done {
            for field in ["date", "time", "confirmation_number"] {
                grounded.data.remove(field);
            }
        } else if let Some(people) = self.facts().people {
            grounded.data.insert(infer::PARTY_SIZE.into(), json!(people as i64));
        }
    }

    fn summary(&self, wishes: &Wishes) -> String {
        const SENTENCES_MAX: usize = 2;
        let mut sentences = Vec::new();
        if wishes.do_not_call.is_some() {
            sentences.push("They asked not to be called again.".to_owned());
        } else if wishes.call_back.is_some() {
            sentences.push("They asked to be called back.".to_owned());
        }
        for step in &self.progress.steps {
            let sentence = match (step.state, step.item.kind) {
                (State::Done, Kind::Ask) => {
                    format!("{}: \"{}\"", capital(&step.item.content), step.answer.trim())
                }
                (State::Done, Kind::Request) => {
                    format!("They agreed to this: {}.", step.item.content)
                }
                (State::Done, Kind::Tell) => format!("They were told: {}.", step.item.content),
                (State::Refused, _) => {
                    format!("They could not help with this: {}.", step.item.content)
                }
                (State::Open, _) => continue,
            };
            if sentences.len() < SENTENCES_MAX {
                sentences.push(sentence);
            }
        }
        if sentences.is_empty() {
            "The objective was not reached.".into()
        } else {
            sentences.join(" ")
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first: String =
        chars.next().map_or_else(String::new, |first| first.to_uppercase().collect());
    format!("{first}{}", chars.as_str())
}

export!(General);
