//! `platform.follow_up`: checks where something stands and takes a new promise.
//!
//! It always refers to what was said before. It asks for the status, then for what is missing, by when it
//! will be done and who sees to it; what is known already is not asked. An evasive answer is nudged once
//! and never twice. It closes by repeating the promise; its date is computed from what was said.

mod agenda;
mod matter;
mod promise;
mod status;

use std::cell::OnceCell;

use agenda::{Agenda, Topic};
use agenticcalling_playbook::extract::{self, Dropped, Grounded, Role, Schema, Talk};
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
use matter::Matter;
use serde_json::{Value, json};
use status::Status;

/// One call that follows up.
pub struct FollowUp {
    brief: Brief,
    caller: Caller,
    /// Read when first needed: a check does without.
    facts: OnceCell<BriefFacts>,
    settings: Settings,
    rules: Rules,
    matter: Matter,
    agenda: Agenda,
    opened: bool,
    over: bool,
    courtesy: Courtesy,
    patience: Patience,
}

const APPROACH: &str = "You are following up on something that was talked about before. Be friendly and \
matter-of-fact: nobody is being blamed, and you do not remark on how late it is. Name the earlier \
interaction in your first sentence, so that they know at once what this is about. Ask where it stands and \
listen. If it is done, thank them and end. If it is not, find out what is missing and whether you can help \
with it, by which day it will be done, and who sees to it. Do not ask for what they have told you already. \
If they stay vague about the day, ask once more for a rough one; if they still cannot say, accept it. Never \
press a second time, never threaten, never set a deadline that is not written here. Take a new promise as \
it is given, and before you say goodbye repeat it, the day and the name, so that both sides have heard it.";

impl Playbook for FollowUp {
    fn describe() -> Description {
        Description {
            config_schema: Settings::schema(),
            languages: LANGUAGES.map(str::to_owned).to_vec(),
            ..Description::new(
                "platform.follow_up",
                "1.0.0",
                "Follow-up",
                "Checks the status of something promised, politely, and takes a new promise with a date.",
            )
        }
    }

    fn score(objective: &str, language: &str) -> u8 {
        matching::score(Purpose::FollowUp, objective, language)
    }

    fn new(brief: Brief) -> Self {
        let rules = Rules::compile(&brief.rules);
        let caller = Caller::with_rules(&brief, &rules);
        let settings = Settings::read(&brief.settings);
        Self {
            matter: Matter::of(&brief),
            agenda: Agenda::new(
                obligations_in(&brief.rules, caller.language),
                settings.schema.as_ref(),
            ),
            caller,
            rules,
            settings,
            facts: OnceCell::new(),
            brief,
            opened: false,
            over: false,
            courtesy: Courtesy::default(),
            patience: Patience::default(),
        }
    }

    fn plan(&mut self) -> Plan {
        let mut agenda = Vec::new();
        for topic in self.agenda.topics() {
            agenda.push((purpose(topic).to_owned(), self.question(topic, false)));
        }
        let prompt = Prompt {
            brief: &self.brief,
            caller: &self.caller,
            settings: &self.settings,
            approach: APPROACH,
            agenda: &agenda,
        };
        let language = self.caller.language;
        Plan {
            instructions: prompt.text(),
            opening: self.opening(),
            voicemail: format!(
                "{} {} {}",
                self.caller.greeting(),
                self.reference(),
                language.later()
            ),
            screening: format!("{} {}", self.caller.introduction(), self.about()),
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
        let language = self.caller.language;
        if self.over {
            return Some(self.end("The call is over. Say goodbye.", language.goodbye()));
        }
        if strategy::is_hold(&turn.text) {
            return Some(advise("They need a moment. Let them look.", language.wait()));
        }
        if !self.opened {
            return Some(advise(
                "Say who you are, what was said before, and ask where it stands.",
                &self.opening(),
            ));
        }
        let reply = self.reply(&turn.text);
        let nudge =
            self.agenda.heard(&turn.text, reply.is_some(), self.brief.now_ms, &self.brief.zone);
        if nudge {
            return Some(self.nudge());
        }
        let guidance = self.proceed(reply, strategy::is_farewell(&turn.text));
        if self.patience.is_lost(guidance.suggestion.as_deref().unwrap_or_default()) {
            return Some(
                self.end(
                    "The conversation goes in circles. End it politely.",
                    language.in_circles(),
                ),
            );
        }
        Some(guidance)
    }

    fn spoke(&mut self, turn: Turn) {
        self.opened = true;
        self.rules.spoke(&turn.text);
        self.agenda.spoke(&turn.text);
    }

    fn check(&mut self, clause: &Clause) -> Verdict {
        self.rules.check(clause)
    }

    fn may_end(&mut self) -> Result<(), Guidance> {
        if self.over {
            return Ok(());
        }
        if !self.agenda.was_asked(Topic::Status) {
            let question = self.question(Topic::Status, false);
            self.agenda.plan(Some(Topic::Status));
            return Err(advise("You have not asked where it stands yet.", &question));
        }
        if let Some((topic, open)) = self.agenda.open_obligation() {
            let guidance =
                advise("Before you end the call, ask what the rules require.", &open.question);
            self.agenda.plan(Some(topic));
            return Err(guidance);
        }
        self.rules.may_end()
    }

    fn extraction(&mut self) -> ExtractionRequest {
        let mut schema = self.schema().json().clone();
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            let about = "whether the call was a success";
            properties.entry("success").or_insert(json!({"type": "boolean", "description": about}));
            let about = "one or two sentences on where it stands and what was promised";
            properties.entry("summary").or_insert(json!({"type": "string", "description": about}));
        }
        let criteria = self
            .settings
            .success_criteria
            .as_deref()
            .unwrap_or("it is done, or a date was promised");
        ExtractionRequest {
            schema: schema.to_string(),
            instructions: format!(
                "The call followed up on this: {} From the transcript, take what the other side said: the status, the \
                 last day they promised as YYYY-MM-DD, who sees to it, what they will do next and what stands in the \
                 way. An earlier promise is not a new one. Leave out what was not said. The call is a success if \
                 {criteria}.",
                strategy::sentence(&self.brief.objective)
            ),
        }
    }

    fn finish(&mut self, transcript: &[Turn], draft: Option<&str>) -> Result<Report, String> {
        // The transcript alone decides: it is played again.
        let mut replay = FollowUp::new(self.brief.clone());
        for turn in transcript {
            match turn.speaker {
                Speaker::Callee => drop(replay.heard(turn.clone())),
                Speaker::Agent => replay.spoke(turn.clone()),
            }
        }
        Ok(replay.report(transcript, draft))
    }
}

impl FollowUp {
    fn facts(&self) -> &BriefFacts {
        self.facts.get_or_init(|| BriefFacts::of(&self.brief))
    }

    fn end(&mut self, instruction: &str, suggestion: &str) -> Guidance {
        self.over = true;
        part(instruction, suggestion)
    }

    /// "I am following up on the quote you promised on Tuesday."
    fn about(&self) -> String {
        let language = self.caller.language;
        let Some(about) = &self.matter.about else {
            return language
                .pick([
                    "I am following up on our last conversation.",
                    "Llamo por nuestra última conversación.",
                    "Je vous rappelle à la suite de notre dernière conversation.",
                    "Ich melde mich wegen unseres letzten Gesprächs.",
                ])
                .into();
        };
        let words = language.pick([
            "I am following up on this: {}.",
            "Llamo para dar seguimiento a esto: {}.",
            "Je vous rappelle à ce sujet : {}.",
            "Ich melde mich noch einmal hierzu: {}.",
        ]);
        let noun = ["the ", "your ", "our ", "a ", "an ", "order ", "invoice "]
            .iter()
            .any(|lead| about.starts_with(lead));
        if noun && words.starts_with("I am") {
            return format!("I am following up on {about}.");
        }
        // "Wegen des Angebots" stands in its case already.
        if language == Language::German && about.starts_with("wegen ") {
            return format!("Ich melde mich noch einmal {about}.");
        }
        words.replace("{}", about)
    }

    /// What it is about, and what was said before.
    fn reference(&self) -> String {
        let Some(earlier) = &self.matter.earlier else { return self.about() };
        let words = self.caller.language.pick([
            "My note from before says: {}.",
            "Mi nota de la última vez dice: {}.",
            "Ma note de la dernière fois dit : {}.",
            "In meiner Notiz vom letzten Mal steht: {}.",
        ]);
        format!("{} {}", self.about(), words.replace("{}", earlier))
    }

    fn opening(&self) -> String {
        format!(
            "{} {} {}",
            self.caller.greeting(),
            self.reference(),
            self.question(Topic::Status, false)
        )
    }

    fn question(&self, topic: Topic, again: bool) -> String {
        let language = self.caller.language;
        let words = match (topic, again) {
            (Topic::Status, false) => language.pick([
                "Could you tell me where that stands?",
                "¿Podría decirme en qué punto está?",
                "Pourriez-vous me dire où cela en est ?",
                "Können Sie mir sagen, wie der Stand ist?",
            ]),
            (Topic::Status, true) => language.pick([
                "Has that been done, or is it still open?",
                "¿Está hecho o sigue pendiente?",
                "Est-ce que c'est fait, ou est-ce encore en suspens ?",
                "Ist das erledigt, oder ist es noch offen?",
            ]),
            (Topic::Missing, _) => language.pick([
                "Is anything still missing, or is there something we can help with?",
                "¿Falta algo todavía, o podemos ayudar en algo?",
                "Manque-t-il encore quelque chose, ou pouvons-nous aider ?",
                "Fehlt noch etwas, oder können wir bei etwas helfen?",
            ]),
            (Topic::Date, _) => language.pick([
                "By what day do you expect it to be done?",
                "¿Para qué día cree que estará listo?",
                "Pour quel jour pensez-vous que ce sera fait ?",
                "Bis zu welchem Tag wird es voraussichtlich erledigt sein?",
            ]),
            (Topic::Responsible, _) => language.pick([
                "Who will be taking care of it?",
                "¿Quién se encargará de ello?",
                "Qui va s'en occuper ?",
                "Wer kümmert sich darum?",
            ]),
            (Topic::Extra(place), _) => {
                let about = self.agenda.extra(place);
                if about.ends_with('?') {
                    return about.to_owned();
                }
                let words = language.pick([
                    "Could you also tell me this: {}?",
                    "¿Podría decirme también esto: {}?",
                    "Pourriez-vous aussi me dire ceci : {} ?",
                    "Können Sie mir auch das noch sagen: {}?",
                ]);
                return words.replace("{}", about);
            }
            (Topic::Rule(place), _) => self.agenda.obligation(place),
        };
        words.to_owned()
    }

    fn nudge(&mut self) -> Guidance {
        self.agenda.plan(Some(Topic::Date));
        advise(
            "The answer is evasive. Ask once more for a rough day, politely. Do not press again after that.",
            self.caller.language.pick([
                "I understand. Even a rough day would help me: by when do you think it could be done?",
                "Entiendo. Me ayudaría incluso un día aproximado: ¿para cuándo cree que podría estar?",
                "Je comprends. Même une date approximative m'aiderait : pour quand pensez-vous que ce sera possible ?",
                "Verstehe. Auch ein ungefährer Tag würde mir helfen: Bis wann könnte es Ihrer Meinung nach fertig sein?",
            ]),
        )
    }

    fn reply(&self, text: &str) -> Option<String> {
        let spoken = extract::words(text).join(" ");
        // "Which quote?", "What did I promise?": the reference again.
        if text.contains('?')
            && (spoken.starts_with("which ")
                || spoken.contains("did i ")
                || spoken.contains("did we "))
        {
            return Some(self.reference());
        }
        match strategy::reply(text, &self.caller, self.facts())? {
            Reply::Invited => Some(self.about()),
            Reply::Say(words) | Reply::ComeBack(words) => Some(words),
        }
    }

    /// Answer what was asked, then the next open question, then goodbye.
    fn proceed(&mut self, reply: Option<String>, farewell: bool) -> Guidance {
        let next =
            self.agenda.next().filter(|(topic, _)| !farewell || matches!(topic, Topic::Rule(_)));
        let Some((topic, again)) = next else { return self.close(reply) };
        let question = self.question(topic, again);
        self.agenda.plan(Some(topic));
        match reply {
            Some(words) => advise(
                "Answer their question from what you know, invent nothing, then ask the open question.",
                &format!("{words} {question}"),
            ),
            None => {
                let thanks =
                    self.caller.language.pick(["Thank you.", "Gracias.", "Merci.", "Danke."]);
                advise(
                    "Acknowledge what they said without blame and ask the next open question.",
                    &format!("{thanks} {question}"),
                )
            }
        }
    }

    /// Thanks with the promise repeated, unless a rule still wants something said.
    fn close(&mut self, reply: Option<String>) -> Guidance {
        if let Err(open) = self.rules.may_end() {
            return open;
        }
        let language = self.caller.language;
        let mut said = Vec::from_iter(reply);
        if let Some(promise) = self.agenda.promise.as_ref().filter(|_| !self.is_settled()) {
            let words = language.pick([
                "So I have noted this day: {}.",
                "He anotado entonces este día: {}.",
                "J'ai donc noté ce jour : {}.",
                "Ich habe mir also diesen Tag notiert: {}.",
            ]);
            said.push(words.replace("{}", &promise.words));
        }
        if let Some(who) = self.agenda.responsible.as_ref().filter(|_| !self.is_settled()) {
            let words = language.pick([
                "Responsible is: {}.",
                "Se encarga: {}.",
                "La personne chargée : {}.",
                "Zuständig ist: {}.",
            ]);
            said.push(words.replace("{}", who));
        }
        let thanks = language.pick([
            "Thank you very much for your help. Goodbye.",
            "Muchas gracias por su ayuda. Adiós.",
            "Merci beaucoup pour votre aide. Au revoir.",
            "Vielen Dank für Ihre Hilfe. Auf Wiederhören.",
        ]);
        said.push(thanks.to_owned());
        self.end(
            "You know where it stands. Repeat the promise, if there is one, and say goodbye.",
            &said.join(" "),
        )
    }

    fn is_settled(&self) -> bool {
        matches!(self.agenda.status, Some(Status::Done | Status::Declined))
    }

    fn schema(&self) -> Schema {
        self.settings.schema.clone().unwrap_or_else(|| {
            Schema::read(&json!({"type": "object", "properties": {
                "status": {"type": "string", "enum": Status::NAMES, "description": "where it stands"},
                "promised_date": {"type": "string", "description": "the last day they promised, as YYYY-MM-DD"},
                "responsible": {"type": "string", "description": "who sees to it"},
                "next_steps": {"type": "string", "description": "what they will do next"},
                "blocker": {"type": "string", "description": "what is missing or in the way"},
            }}))
        })
    }

    fn report(&self, transcript: &[Turn], draft: Option<&str>) -> Report {
        let talk = strategy::talk_of(transcript, &self.caller, &self.brief);
        let schema = self.schema();
        let (mut grounded, own) = strategy::ground_draft(&schema, draft, &talk);
        self.settle(&schema, &talk, draft, &mut grounded);
        let wishes = strategy::wishes(&talk, &self.brief);
        let judged = own.get("success").and_then(Value::as_bool);
        let judged = judged.filter(|_| self.settings.success_criteria.is_some());
        let known = self.agenda.status == Some(Status::Done)
            || self.agenda.promise.is_some() && !self.is_settled();
        let mut notes = std::mem::take(&mut grounded.notes);
        notes.extend(rules::unmet(&self.brief.rules, transcript));
        let summary = strategy::spoken_summary(own.get("summary"), &talk);
        Report {
            success: judged.unwrap_or(known && wishes.do_not_call.is_none()),
            summary: summary.unwrap_or_else(|| self.summary(&talk, &wishes)),
            ungrounded: strategy::list_ungrounded(&grounded),
            data: Value::Object(grounded.data).to_string(),
            call_back: wishes.call_back,
            do_not_call: wishes.do_not_call,
            switch_channel: wishes.switch_channel,
            notes,
        }
    }

    /// What the course of the call decides: the last status, the last promise. A draft that says otherwise
    /// is not data.
    fn settle(&self, schema: &Schema, talk: &Talk, draft: Option<&str>, grounded: &mut Grounded) {
        let written: Value =
            draft.and_then(|draft| serde_json::from_str(draft).ok()).unwrap_or_default();
        for field in &schema.fields {
            let name = field.name.as_str();
            let promised =
                field.role == Role::Date || matches!(name, "promised_date" | "deadline" | "eta");
            let known = match name {
                _ if promised => self
                    .agenda
                    .promise
                    .as_ref()
                    .filter(|_| !self.is_settled())
                    .map(|one| one.written().to_owned()),
                "status" => self.agenda.status.map(|status| status.name().to_owned()),
                "responsible" => self.responsible(talk),
                "next_steps" => self.agenda.next_steps.clone(),
                "blocker" => self.agenda.blocker.clone().filter(|_| !self.is_settled()),
                _ => continue,
            };
            let drafted = grounded.data.get(name).cloned();
            let free = matches!(name, "next_steps" | "blocker" | "responsible");
            // Free text that was said may stay in the draft's wording. What was only read from the talk,
            // without knowing its course, is no better than what is known here.
            if free && drafted.is_some() {
                let is_drafted = written.get(name).is_some_and(|value| !value.is_null())
                    && grounded.ungrounded.iter().all(|dropped| dropped.field != name);
                if is_drafted {
                    continue;
                }
                grounded.data.remove(name);
            }
            let allowed = match &field.kind {
                extract::FieldType::Choice(choices) => {
                    known.as_ref().is_none_or(|one| choices.contains(one))
                }
                extract::FieldType::String | extract::FieldType::Any => true,
                _ => false,
            };
            if !allowed {
                continue;
            }
            if let Some(drafted) = drafted.filter(|drafted| known.as_deref() != drafted.as_str())
                && draft_is_wrong(name, promised, known.as_deref())
            {
                let reason = match &known {
                    Some(known) => format!("they said {known}"),
                    None => "they promised no such day".to_owned(),
                };
                if !same_day(&drafted, self.agenda.promise.as_ref()) {
                    grounded.ungrounded.push(Dropped {
                        field: name.to_owned(),
                        value: drafted,
                        reason,
                    });
                }
                grounded.data.remove(name);
            }
            if let Some(known) = known {
                grounded.data.insert(name.to_owned(), json!(known));
            }
        }
    }

    fn responsible(&self, talk: &Talk) -> Option<String> {
        let named = self.agenda.responsible.clone();
        let speaker =
            || Some(extract::contact_name(talk).unwrap_or_else(|| "the person spoken with".into()));
        named.or_else(|| if self.agenda.speaker_responsible { speaker() } else { None })
    }

    fn summary(&self, talk: &Talk, wishes: &Wishes) -> String {
        let mut sentences = Vec::new();
        if wishes.do_not_call.is_some() {
            sentences.push("They asked not to be called again.".to_owned());
        } else if wishes.call_back.is_some() {
            sentences.push("They asked to be called back.".to_owned());
        }
        match self.agenda.status {
            Some(status) => sentences.push(format!("Status: {}.", status.name().replace('_', " "))),
            None => sentences.push("The status is not known.".to_owned()),
        }
        if let Some(promise) = self.agenda.promise.as_ref().filter(|_| !self.is_settled()) {
            sentences.push(format!("They promised it for {}.", promise.written()));
        }
        if let Some(who) = self.responsible(talk).filter(|_| !self.is_settled()) {
            sentences.push(format!("Responsible: {who}."));
        }
        sentences.join(" ")
    }
}

/// A status is judged by the model where nothing was recognised; a day is not.
fn draft_is_wrong(name: &str, promised: bool, known: Option<&str>) -> bool {
    promised || name == "status" && known.is_some()
}

fn same_day(drafted: &Value, promise: Option<&promise::Promise>) -> bool {
    let (Some(drafted), Some(promise)) = (drafted.as_str(), promise) else { return false };
    promise.words.eq_ignore_ascii_case(drafted) || promise.date.as_deref() == Some(drafted)
}

fn purpose(topic: Topic) -> &'static str {
    match topic {
        Topic::Status => "where it stands",
        Topic::Missing => "what is missing",
        Topic::Date => "by which day it will be done",
        Topic::Responsible => "who sees to it",
        Topic::Extra(_) => "what the customer also wants to know",
        Topic::Rule(_) => "what a rule wants asked in every call",
    }
}

export!(FollowUp);
